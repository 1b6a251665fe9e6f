/* The heatmap reader: the cell under the pointer, or chosen by arrow keys, says its query, its key
   and its weight. All values also stand in a table, and the figure can have the whole window.
   The address names the cell that is read, ?heatmap=FIGURE.PANEL.ROW.COLUMN: a figure by its name,
   the rest counted from zero.
   Values, names and places come from attncues/heatmaps/reading.py. */

(() => {
  const zh = attncues.lang === "zh";
  const words = zh
    ? {
      table: "数据表", copy: "复制", copied: "已复制", enlarge: "放大", close: "关闭", panel: "热图",
      masked: "已遮盖", keys: "方向键逐格读数", pages: "；Page Up / Page Down 换热图", end: "；Esc 结束",
      comma: "，", colon: "：", dash: "，",
    }
    : {
      table: "Table", copy: "Copy", copied: "Copied", enlarge: "Enlarge", close: "Close", panel: "Panel",
      masked: "masked", keys: "Arrow keys read the cells", pages: "; Page Up and Page Down, other panels",
      end: "; Escape ends", comma: ", ", colon: ": ", dash: " – ",
    };

  /** Forget the cell that is kept, whichever figure it is in: the address names one. */
  let forget = () => {};

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  /** Write a value with five digits, a whole number with all. */
  function format(value) {
    if (value === null) return words.masked;
    if (typeof value === "string") return value;
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(5))).replace(/-/g, "−");
  }

  function begin(svg, { shape: [rows, columns], values, [attncues.lang]: said }) {
    const { title, panels } = said;
    const figure = svg.dataset.figure;
    let kept = null;

    // Names.
    const name = (axis, labels, at) =>
      labels ? `${axis}${zh ? "" : " "}“${labels[at]}”` : `${axis} ${at}`;
    const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
    const last = [panels.length - 1, rows - 1, columns - 1];
    const value = ([panel, i, j]) => values[panel][i * columns + j];
    const sentence = (cell) => capital(
      (panels[cell[0]][0] && panels[cell[0]][0] + words.dash)
      + name(said.row, said.rows, cell[1]) + words.comma
      + name(said.column, said.columns, cell[2]) + words.colon + format(value(cell)),
    );

    // The controls, and what a screen reader is told of them.
    const several = panels.length > 1;
    const text = words.keys + (several ? words.pages : "") + words.end;
    const help = make("p", { className: "explorer-live", id: `heatmap-${figure}-help` }, text);
    const readout = make("p", { className: "heatmap-value" });
    readout.dataset.help = text; // shown when the figure is chosen by keys
    const controls = make("div", { className: "explorer-controls heatmap-controls" }, readout, help);
    const say = attncues.announcer(controls);
    const button = (text, act) => {
      const made = make("button", { type: "button", onclick: act }, text);
      controls.append(made);
      return made;
    };
    const label = svg.querySelector("title");
    const description = svg.querySelector("desc");
    description.id = `heatmap-${figure}-description`;
    svg.setAttribute("aria-label", label.textContent);
    label.remove(); // browsers would show it as a tooltip, over the cells
    svg.setAttribute("aria-describedby", `${description.id} ${help.id}`);
    svg.setAttribute("tabindex", "0");

    // The mark: a dark line with a light edge shows on every colour.
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "g");
    mark.setAttribute("class", "heatmap-mark");
    mark.innerHTML = "<path/>".repeat(4);
    svg.append(mark);

    function show(cell) {
      if (dialog.open && kept && several) {
        const [, x, y, width, height] = panels[kept[0]];
        const below = whole.split(" ")[3] - panels.at(-1)[2] - height; // for the keys' labels
        svg.setAttribute("viewBox", [x - 9, y - 18, width + 18, height + 18 + below].join(" "));
      }
      readout.textContent = cell ? sentence(cell) : "";
      if (!cell) {
        for (const path of mark.children) path.removeAttribute("d");
        return;
      }
      const [, left, top, width, height] = panels[cell[0]];
      const [wide, high] = [width / columns, height / rows];
      const [x, y] = [left + cell[2] * wide, top + cell[1] * high];
      const lines = `M${left} ${y}h${width}M${left} ${y + high}h${width}`
        + `M${x} ${top}v${height}M${x + wide} ${top}v${height}`;
      const box = `M${x} ${y}h${wide}v${high}h${-wide}z`;
      [lines, lines, box, box].forEach((d, at) => mark.children[at].setAttribute("d", d));
    }

    function drop() {
      kept = null;
      show(null);
    }

    /** Keep a cell, or none, while the pointer is elsewhere. */
    function hold(cell) {
      if (forget !== drop) forget();
      forget = drop;
      kept = cell;
      show(cell);
      say(readout.textContent);
      if (cell && !data.hidden) tabulate(cell[0]);
    }

    /** Keep a cell, or none, and say so in the address. */
    function keep(cell) {
      hold(cell);
      if (svg.dataset.source) attncues.write({ heatmap: cell && [figure, ...cell].join(".") });
    }

    // Pointers.
    function cellAt(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      for (const [panel, [, left, top, width, height]] of panels.entries()) {
        const [i, j] = [(y - top) / height * rows, (x - left) / width * columns].map(Math.floor);
        if (i >= 0 && i < rows && j >= 0 && j < columns) return [panel, i, j];
      }
      return null;
    }
    for (const type of ["pointerdown", "pointermove"]) {
      svg.addEventListener(type, (event) => show(cellAt(event) ?? kept));
    }
    for (const type of ["pointerleave", "pointercancel"]) {
      svg.addEventListener(type, () => show(kept));
    }
    svg.addEventListener("pointerup", (event) => {
      const cell = cellAt(event);
      if (cell && event.button === 0) keep(String(cell) === String(kept) ? null : cell);
    });

    // Keys.
    svg.addEventListener("keydown", (event) => {
      if (event.altKey || event.metaKey) return;
      if (event.key === "Escape" && kept && !dialog.open) keep(null);
      const [panel, i, j] = kept ?? [0, 0, 0];
      const all = event.ctrlKey;
      const to = {
        ArrowUp: [panel, i - 1, j],
        ArrowDown: [panel, i + 1, j],
        ArrowLeft: [panel, i, j - 1],
        ArrowRight: [panel, i, j + 1],
        Home: [panel, all ? 0 : i, 0],
        End: [panel, all ? rows - 1 : i, columns - 1],
        PageUp: several && [panel - 1, i, j],
        PageDown: several && [panel + 1, i, j],
      }[event.key];
      if (!to) return;
      event.preventDefault();
      keep(kept ? to.map((at, axis) => Math.min(Math.max(at, 0), last[axis])) : [0, 0, 0]);
    });

    // The table.
    const table = make("table", { className: "heatmap-numbers" });
    const region = make("div", { className: "heatmap-table", tabIndex: 0 }, table);
    region.setAttribute("role", "region");
    const choose = make("select", { ariaLabel: words.panel, onchange: () => tabulate(+choose.value) });
    choose.append(...panels.map(([text], at) => make("option", { value: at }, text)));
    const copy = make("button", {
      type: "button",
      onclick: async () => {
        const texts = [...table.rows].map((line) =>
          [...line.cells].map((cell) => cell.dataset.value ?? cell.textContent).join("\t"));
        try {
          await navigator.clipboard.writeText(texts.join("\n"));
          copy.textContent = words.copied;
          say(words.copied);
        } catch {
          getSelection().selectAllChildren(table); // to be copied by the reader
        }
      },
    });
    const tools = make("div", { className: "explorer-controls" }, ...(several ? [choose] : []), copy);
    const data = make("div", { id: `heatmap-${figure}-data`, hidden: true }, tools, region);

    let tabulated;
    function tabulate(panel) {
      if (tabulated === panel) return;
      tabulated = choose.value = panel;
      copy.textContent = words.copy;
      const text = [panels[panel][0], title].filter(Boolean).join(words.dash);
      region.ariaLabel = text;
      const head = (scope, labels, at) => make("th", { scope }, labels ? labels[at] : String(at));
      const range = (length) => Array.from({ length }, (_, at) => at);
      table.replaceChildren(
        make("caption", {}, text),
        make("thead", {}, make(
          "tr",
          {},
          make("td", {}, `${capital(said.row)} ↓ ${said.column} →`),
          ...range(columns).map((j) => head("col", said.columns, j)),
        )),
        make("tbody", {}, ...range(rows).map((i) => make(
          "tr",
          {},
          head("row", said.rows, i),
          ...range(columns).map((j) => {
            const cell = make("td", {}, format(value([panel, i, j])));
            cell.dataset.value = value([panel, i, j]) ?? "";
            return cell;
          }),
        ))),
      );
    }

    const open = button(words.table, () => {
      data.hidden = !data.hidden;
      open.ariaExpanded = !data.hidden;
      if (!data.hidden) tabulate(kept ? kept[0] : 0);
    });
    open.ariaExpanded = false;
    open.setAttribute("aria-controls", data.id);

    // The window: the figure itself moves into it and back, with all that it shows. Of several
    // panels the one that is read fills it.
    const whole = svg.getAttribute("viewBox");
    const dialog = make("dialog", { className: "heatmap-dialog", ariaLabel: svg.ariaLabel });
    const space = make("div", {});
    const enlarge = button(words.enlarge, () => {
      if (dialog.open) {
        dialog.close();
        return;
      }
      const parent = svg.parentElement;
      const height = () => parent.getBoundingClientRect().height;
      const before = height();
      svg.before(space, dialog);
      dialog.append(svg, controls, data);
      space.style.height = "1px"; // so that no margins meet through it
      space.style.height = `${1 + before - height()}px`;
      parent.style.minHeight = `${before}px`; // where the caption stands beside the figure
      enlarge.textContent = words.close;
      dialog.showModal();
      show(kept);
      svg.focus();
    });
    dialog.addEventListener("close", () => {
      space.replaceWith(svg, controls, data);
      svg.parentElement.style.minHeight = "";
      dialog.remove();
      svg.setAttribute("viewBox", whole);
      show(kept); // the pointer has not left, but the figure has
      enlarge.textContent = words.enlarge;
      enlarge.focus();
    });

    controls.style.maxWidth = `max(24rem, ${svg.getAttribute("width")})`;
    svg.classList.add("heatmap-read");
    svg.after(controls, data);

    // The cell that the address names.
    function named() {
      const [at, ...places] = (attncues.read("heatmap") ?? "").split(".");
      const cell = places.map(Number);
      const there = (one, axis) => Number.isInteger(one) && one >= 0 && one <= last[axis];
      return at === figure && cell.length === 3 && cell.every(there) ? cell : null;
    }
    return () => {
      const cell = named();
      if (cell) hold(cell);
      else if (kept) drop();
    };
  }

  attncues.explorer("heatmap", begin);
})();
