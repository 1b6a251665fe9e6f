/* The editor of a live cell: a text area in the place of the code, and below it what the reader's code shows.
   attncues.edit({ name, block, button, linked, data }) opens it: `block` holds the published code, `button`
   opens it again, `linked` is code from a link, `data` the cells of the page (docs/hooks/book/live.py). */

attncues.edit = (() => {
  const zh = attncues.lang.startsWith("zh");
  const words = zh
    ? {
      code: "单元格 {} 的代码", keys: "Tab 缩进；Esc 离开编辑框；Ctrl+Enter 运行", run: "运行", stop: "停止",
      reset: "还原", link: "复制链接", copied: "已复制", close: "关闭", loading: "正在启动 Python……", ready: "Python 已就绪",
      running: "正在运行……", nothing: "运行完毕，没有输出", done: "运行完毕", output: "你的输出", line: "第 {} 行",
      limit: "运行超过 10 秒，已停止。", stopped: "已停止。", long: "代码太长，放不进链接。",
      linked: "这段代码来自链接，还没有运行。先读一读，再决定是否运行。", restored: "这是你上次的修改。", before: "本页前面的代码",
      absent: "名字 {} 在本页有，但浏览器里的小型 Python 没有；要用它，请从页末下载笔记本。",
      colon: "：",
    }
    : {
      code: "Code of the cell {}", keys: "Tab indents; Esc leaves the text; Ctrl+Enter runs it", run: "Run", stop: "Stop",
      reset: "Reset", link: "Copy link", copied: "Copied", close: "Close", loading: "Starting Python…", ready: "Python is ready",
      running: "Running…", nothing: "Done; it shows nothing", done: "Done", output: "Your output", line: "Line {}",
      limit: "Stopped after ten seconds.", stopped: "Stopped.", long: "This code is too long for a link.",
      linked: "This code came with the link. It has not run: read it before you run it.", restored: "This is your edit from before.",
      before: "Earlier code of this page",
      absent: "{} is on this page, but not in the small Python of the browser; to use it, download the notebook at the end of the page.",
      colon: ": ",
    };
  const MOST_LINKED = 4000; // signs of code that a link holds
  const page = location.pathname.replace(/\/zh\//, "/").replace(/(index)?(\.html)?$/, "");
  const editors = new Map();

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // What a reader has written stays with them, under a name for each cell.
  const stored = (name) => `attncues-live:${page}#${name}`;
  function remember(name, code) {
    try {
      if (code === null) localStorage.removeItem(stored(name));
      else localStorage.setItem(stored(name), code);
    } catch { /* a browser may keep nothing */ }
  }
  function recall(name) {
    try {
      return localStorage.getItem(stored(name));
    } catch {
      return null;
    }
  }

  /** Put text in the place of what is selected, so that it can be undone. */
  function type(area, text, start = area.selectionStart, end = area.selectionEnd) {
    area.focus();
    area.setSelectionRange(start, end);
    const done = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
    if (!done) area.setRangeText(text, start, end, "end");
  }

  /** Move the lines that are selected to the right, or back. */
  function indent(area, back) {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const from = value.lastIndexOf("\n", start - 1) + 1;
    if (!back && !value.slice(start, end).includes("\n")) {
      type(area, " ".repeat(4 - ((start - from) % 4)));
      return;
    }
    const to = (value.indexOf("\n", Math.max(end - 1, start)) + 1 || value.length + 1) - 1;
    const lines = value.slice(from, to).split("\n").map((line) => (back ? line.replace(/^ {1,4}/, "") : line && `    ${line}`));
    const text = lines.join("\n");
    if (text === value.slice(from, to)) return;
    type(area, text, from, to);
    if (start === end) {
      const caret = Math.max(from, start + text.length - (to - from));
      area.setSelectionRange(caret, caret);
    } else area.setSelectionRange(from, from + text.length);
  }

  /** Begin a new line as far in as the last, and further after a colon. */
  function newline(area) {
    const above = area.value.slice(0, area.selectionStart).split("\n").at(-1);
    type(area, `\n${above.match(/^ */)[0]}${/:\s*(#.*)?$/.test(above) ? "    " : ""}`);
  }

  function open({ name, block, button, linked, data }) {
    const cell = data.cells[name];
    let run = null;

    const area = make("textarea", {
      className: "live-code", spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off",
      ariaLabel: words.code.replace("{}", name),
    });
    area.setAttribute("autocorrect", "off");
    const help = make("p", { className: "live-help", id: `live-${name}-help` }, words.keys);
    area.setAttribute("aria-describedby", help.id);
    const note = make("p", { className: "live-note", hidden: true });
    const result = make("div", { className: "live-result" });
    const bar = make("div", { className: "explorer-controls live-bar" });
    const status = make("span", { className: "live-status" });
    const section = make("div", { className: "live-cell wide" }, note, area, help, bar, result);
    section.setAttribute("role", "group");
    section.ariaLabel = area.ariaLabel;
    const say = attncues.announcer(section);
    const add = (label, act) => {
      const made = make("button", { type: "button", onclick: act }, label);
      bar.append(made);
      return made;
    };

    const fit = () => { area.rows = Math.max(2, area.value.split("\n").length); };
    function write(code) {
      area.value = code;
      fit();
    }
    function tell(text) {
      note.textContent = text;
      note.hidden = !text;
    }
    function show(text) {
      status.textContent = text;
      say(text);
    }

    // Running.
    const start = add(words.run, () => (run ? run.stop() : go()));
    async function go() {
      tell("");
      result.replaceChildren();
      start.textContent = words.stop;
      status.textContent = words.running;
      const output = make("pre", { className: "output", tabIndex: 0, ariaLabel: words.output, hidden: true });
      output.setAttribute("role", "group");
      result.append(output);
      const print = (text) => {
        output.hidden = false;
        output.append(text);
      };
      run = attncues.python.run({ code: area.value, prelude: cell.prelude.map((at) => data.lines[at]), print });
      let said;
      try {
        said = await run.answer;
      } catch (error) {
        said = { printed: "", text: null, heatmaps: [], error: null, stopped: null, failed: error.message };
      }
      run = null;
      start.textContent = words.run;
      if (said.text !== null) print(said.text);
      if (!section.isConnected) return;
      said.heatmaps.forEach((heatmap, at) => {
        const figure = attncues.heatmap(heatmap, `live-${name}-${at}`, Math.min(result.clientWidth, 620));
        result.append(figure);
        figure.begin();
      });
      const wrong = said.failed ?? { limit: words.limit, reader: words.stopped }[said.stopped];
      if (said.error) fail(said.error);
      else if (wrong) {
        result.append(make("p", { className: "live-error" }, wrong));
        show(wrong);
      } else {
        const shown = said.printed || said.text !== null || said.heatmaps.length;
        show(shown ? words.done : words.nothing);
        if (shown) say(`${words.done}${words.colon}${(said.printed + (said.text ?? "")).slice(0, 300)}`);
      }
    }

    function fail({ type: kind, message, line, earlier }) {
      const text = make("p", { className: "live-error" });
      const where = line && words.line.replace("{}", line);
      if (where) {
        text.append(make("button", { type: "button", onclick: () => select(line) }, where), words.colon);
      } else if (earlier) text.append(`${words.before}${words.colon}`);
      text.append(make("strong", {}, kind), `${words.colon}${message}`);
      const [, missing] = (kind === "NameError" && message.match(/'(.+?)'/)) || [];
      if (cell.absent.includes(missing)) text.append(" ", words.absent.replace("{}", missing));
      result.append(text);
      status.textContent = "";
      say(text.textContent);
    }

    function select(line) {
      const lines = area.value.split("\n");
      const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(from, from + lines[line - 1].length);
    }

    add(words.reset, () => {
      type(area, cell.code, 0, area.value.length);
      write(area.value); // whatever the browser made of it
      remember(name, null);
      result.replaceChildren();
      tell("");
      show("");
      history.replaceState(history.state, "", location.pathname + location.search);
    });
    const link = add(words.link, async () => {
      if (area.value.length > MOST_LINKED) {
        show(words.long);
        return;
      }
      const bytes = String.fromCharCode(...new TextEncoder().encode(area.value));
      const code = btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      const url = new URL(location);
      url.hash = `live=${name}:${code}`;
      try {
        await navigator.clipboard.writeText(url.href);
        link.textContent = words.copied;
        say(words.copied);
        setTimeout(() => { link.textContent = words.link; }, 2000);
      } catch {
        prompt(words.link, url.href); // where nothing may be copied, a reader can
      }
    });
    add(words.close, () => {
      run?.stop();
      section.remove();
      block.hidden = false;
      editors.delete(name);
      button.focus();
    });
    bar.append(status);

    // Writing.
    area.addEventListener("input", () => {
      fit();
      remember(name, area.value === cell.code ? null : area.value);
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (!run) go();
      } else if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) {
        // a key of the browser, or half a sign
      } else if (event.key === "Tab") {
        event.preventDefault();
        indent(area, event.shiftKey);
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        newline(area);
      } else if (event.key === "Escape") start.focus();
    });

    // What it opens with.
    const kept = recall(name);
    write(linked ?? kept ?? cell.code);
    if (linked !== undefined) tell(words.linked);
    else if (kept !== null) tell(words.restored);
    block.hidden = true;
    block.after(section);
    fit();
    if (linked === undefined) area.focus({ preventScroll: true });
    else section.scrollIntoView({ block: "center", behavior: "instant" });
    status.textContent = words.loading;
    attncues.python.ready().then(() => {
      if (status.textContent === words.loading) show(words.ready);
    }, (error) => {
      status.textContent = "";
      result.replaceChildren(make("p", { className: "live-error" }, error.message));
      say(error.message);
    });
    return { link(code) { write(code); tell(words.linked); result.replaceChildren(); } };
  }

  return (asked) => {
    const known = editors.get(asked.name);
    if (!known) editors.set(asked.name, open(asked));
    else if (asked.linked !== undefined) known.link(asked.linked);
  };
})();
