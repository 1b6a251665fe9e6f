/* Draws a heatmap that a reader's code has shown, in the manner of attncues/heatmaps, and hands it to the
   site's heatmap reader. attncues.heatmap(data, name, width) returns a figure; `data` is what
   docs/live/python/attncues/heatmaps.py says. `begin()` of the figure is called once it stands on the page. */

attncues.heatmap = (() => {
  const zh = attncues.lang.startsWith("zh");
  const REDS = "fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d".split(" ");
  const SIGNED = "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f".split(" ");
  const NAMES = {
    Keys: "键", Queries: "查询", Objects: "物体", Temperature: "温度", "Attention weights": "注意力权重",
    newspaper: "报纸", paper: "论文", cup: "咖啡杯", notebook: "笔记本", book: "书",
    "high temperature": "高温", "low temperature": "低温", "over the keys": "沿着键", "over the queries": "沿着查询",
    "panels 0": "第 0 列", "panels 1": "第 1 列", "panels 2": "第 2 列",
  };
  const named = (text) => (zh && NAMES[text]) || text;
  const one = (label) => ({ Keys: "key", Queries: "query", Objects: "object" })[label] ?? label;
  const SIZE = 13, LINE = 18; // of text, in pixels of the page
  const INK = "fill:#1b1f24", EDGE = "fill:none;stroke:#1b1f24;stroke-width:0.8"; // as in other figures: dark pages change them

  const HIDDEN = "#58a6a6"; // a colour of its own, which is on no scale

  const svgs = "http://www.w3.org/2000/svg";
  function add(parent, tag, attributes, text) {
    const made = parent.appendChild(document.createElementNS(svgs, tag));
    if (tag === "text" && !attributes.class) made.setAttribute("style", INK);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** The colour of a place from 0 to 1 on a list of colours. */
  function colour(list, at) {
    const place = Math.min(Math.max(at, 0), 1) * (list.length - 1);
    const low = Math.min(Math.floor(place), list.length - 2);
    return [0, 2, 4].map((part) => {
      const [a, b] = [list[low], list[low + 1]].map((code) => parseInt(code.slice(part, part + 2), 16));
      return Math.round(a + (b - a) * (place - low));
    });
  }

  /** Whether white stands out from a colour more than black. */
  const deep = (dot) => {
    const [r, g, b] = dot.map((part) => (part / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
  };

  /** A picture of one dot for each value; null has none. */
  function picture(columns, rows, paint) {
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    const brush = canvas.getContext("2d");
    for (let at = 0; at < columns * rows; at += 1) {
      const dot = paint(at);
      if (!dot) continue;
      brush.fillStyle = `rgb(${dot.join()})`;
      brush.fillRect(at % columns, Math.floor(at / columns), 1, 1);
    }
    return canvas.toDataURL();
  }

  function scaleOf(values, { vmin, vmax }) {
    const numbers = values.flat().filter((value) => typeof value === "number");
    let low = vmin ?? Math.min(0, ...numbers);
    let high = vmax ?? Math.max(0, ...numbers);
    const signed = low < 0 && high > 0;
    if (signed && vmin === null) low = -Math.max(-low, high);
    if (signed && vmax === null) high = Math.max(-low, high);
    if (low === high) high = low + 1;
    return { low, high, colours: signed ? SIGNED : REDS, kind: signed ? "diverging" : "reds" };
  }

  const short = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

  return (data, name, room) => {
    const [queries, keys] = data.shape;
    let [rows, columns] = data.grid;
    const labels = (list, count) => list?.map(named) ?? Array.from({ length: count }, (_, at) => String(at));
    const [below, beside] = [labels(data.columns, keys), labels(data.rows, queries)];
    const wide = (texts) => Math.max(...texts.map((text) => [...text].reduce((sum, sign) => sum + (sign > "⺀" ? SIZE : SIZE * 0.58), 0)));

    // Where everything stands.
    const left = wide(beside) + LINE + 10, bar = 64, gap = 16;
    const least = Math.max(46, Math.min(keys, 12) * 4);
    let across = columns;
    if (rows === 1) across = Math.min(columns, Math.max(1, Math.floor((room - left - bar + gap) / (Math.max(least, 120) + gap))));
    while (columns % across) across -= 1;
    if (rows === 1 && across < columns) [rows, columns] = [Math.ceil(columns / across), across];
    const panelWide = Math.max(least, Math.min(360, keys * 58, (room - left - bar - gap * (columns - 1)) / columns));
    const panelHigh = Math.min(360, Math.max(24, panelWide / keys * queries));
    const turned = data.columns && wide(below) > panelWide / keys - 4;
    const under = (turned ? wide(below) * 0.75 + 8 : LINE) + LINE + 4;
    const each = data.scale === "panel" && data.values.length > 1;
    const above = (data.titles || each ? LINE : 0) + (each ? LINE : 0) + 4;
    const width = left + columns * panelWide + (columns - 1) * gap + bar;
    const bars = data.scale !== "panel" || data.values.length === 1;
    const masked = data.values.flat().includes(null);
    const height = rows * (above + panelHigh) + (rows - 1) * 6 + under + (masked ? LINE : 0);

    const title = zh ? `${named(data.ylabel)}与${named(data.xlabel)}的热图` : `Heatmap of ${data.ylabel} by ${data.xlabel}`;
    const figure = document.createElement("figure");
    figure.className = "live-figure";
    const svg = add(figure, "svg", { "data-map": "",
      role: "img", width, height, viewBox: `0 0 ${width} ${height}`, "font-size": SIZE,
      style: `aspect-ratio: ${width} / ${height}`,
      "data-explorer": "heatmap", "data-figure": name,
    });
    add(svg, "title", {}, title);
    const frame = (x, y, wide, high) => add(svg, "path", { d: `M${x} ${y}h${wide}v${high}h${-wide}z`, style: EDGE });
    const shared = scaleOf(data.values, data);
    const numbers = data.values.flat().filter((value) => typeof value === "number");
    const [from, to] = [Math.min(...numbers), Math.max(...numbers)].map(short);
    add(svg, "desc", {}, zh
      ? `${data.values.length} 幅热图，${queries} 行（${named(data.ylabel)}），${keys} 列（${named(data.xlabel)}）。数值从 ${from} 到 ${to}。`
      : `${data.values.length === 1 ? "One heatmap" : `${data.values.length} heatmaps`}: ${queries} rows (${data.ylabel}) by ${keys} columns (${data.xlabel}). Values run from ${from} to ${to}.`);

    const [every, everyRow] = [Math.ceil(14 / (panelWide / keys)), Math.ceil(12 / (panelHigh / queries))];
    const panels = data.values.map((values, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      const x = left + j * (panelWide + gap), y = above + i * (panelHigh + above + 6);
      const scale = data.scale === "panel" ? scaleOf([values], data) : shared;
      const text = data.titles ? named(data.titles[data.titles.length === data.values.length ? at : at % data.grid[1]]) : "";
      const middle = x + panelWide / 2;
      if (text) add(svg, "text", { x: middle, y: y - 6 - (each ? LINE : 0), "text-anchor": "middle" }, text);
      if (each) add(svg, "text", { x: middle, y: y - 6, "text-anchor": "middle" }, `${short(scale.low)} – ${short(scale.high)}`);
      add(svg, "image", {
        class: scale.kind, x, y, width: panelWide, height: panelHigh, preserveAspectRatio: "none", style: "image-rendering: pixelated",
        href: picture(keys, queries, (cell) => (typeof values[cell] === "number" ? colour(scale.colours, (values[cell] - scale.low) / (scale.high - scale.low)) : null)),
      });
      values.forEach((value, cell) => {
        if (typeof value === "number") return;
        const [wideOne, high] = [panelWide / keys, panelHigh / queries];
        add(svg, "rect", { x: x + (cell % keys) * wideOne, y: y + Math.floor(cell / keys) * high, width: wideOne, height: high, fill: HIDDEN, "shape-rendering": "crispEdges" });
      });
      const [cellWide, cellHigh] = [panelWide / keys, panelHigh / queries];
      const whole = values.every((value) => Number.isInteger(value) || typeof value !== "number");
      if (cellWide >= 36 && cellHigh >= 18 && data.values.flat().length <= 80) {
        values.forEach((value, cell) => {
          if (typeof value !== "number") return;
          const dark = deep(colour(scale.colours, (value - scale.low) / (scale.high - scale.low)));
          const text = add(svg, "text", {
            class: "live-value", x: x + (cell % keys + 0.5) * cellWide, y: y + (Math.floor(cell / keys) + 0.5) * cellHigh + SIZE * 0.35,
            "text-anchor": "middle",
          }, (whole ? String(value) : value.toFixed(2)).replace("-", "−"));
          if (dark) text.setAttribute("style", "fill:#ffffff");
        });
      }
      frame(x, y, panelWide, panelHigh);
      if (j === 0) {
        beside.forEach((label, row) => {
          if (row % everyRow === 0) add(svg, "text", { x: x - 5, y: y + (row + 0.5) / queries * panelHigh + SIZE * 0.35, "text-anchor": "end" }, label);
        });
        const [tx, ty] = [SIZE, y + panelHigh / 2];
        add(svg, "text", { x: tx, y: ty, "text-anchor": "middle", transform: `rotate(-90 ${tx} ${ty})` }, named(data.ylabel));
      }
      if (at + columns >= data.values.length) {
        below.forEach((label, key) => {
          if (key % every) return;
          const [tx, ty] = [x + (key + 0.5) / keys * panelWide, y + panelHigh + LINE - 2];
          add(svg, "text", turned
            ? { x: tx + 4, y: ty - 2, "text-anchor": "end", transform: `rotate(-45 ${tx} ${ty})` }
            : { x: tx, y: ty, "text-anchor": "middle" }, label);
        });
        add(svg, "text", { x: middle, y: y + panelHigh + under - 6, "text-anchor": "middle" }, named(data.xlabel));
      }
      let called = text;
      if (!called && data.values.length > 1) called = zh ? `第 ${at} 幅` : `Panel ${at}`;
      return [called, x, y, panelWide, panelHigh];
    });
    if (bars) {
      const x = width - bar + 12, y = above, high = Math.min(panelHigh, 160);
      add(svg, "image", {
        class: shared.kind, x, y, width: 10, height: high, preserveAspectRatio: "none",
        href: picture(1, 64, (at) => colour(shared.colours, 1 - at / 63)),
      });
      frame(x, y, 10, high);
      for (const at of high > 60 ? [0, 0.5, 1] : [0, 1]) {
        add(svg, "text", { x: x + 14, y: y + (1 - at) * high + SIZE * 0.35 }, short(shared.low + at * (shared.high - shared.low)));
      }
    }
    if (masked) {
      add(svg, "rect", { x: left, y: height - SIZE, width: SIZE, height: SIZE - 1, fill: HIDDEN });
      add(svg, "text", { x: left + SIZE + 5, y: height - 2 }, zh ? "已遮盖" : "masked");
    }

    const said = {
      title, panels, row: zh ? named(data.ylabel) : one(data.ylabel), column: zh ? named(data.xlabel) : one(data.xlabel),
      rows: data.rows && beside, columns: data.columns && below,
    };
    figure.begin = () => attncues.begin(svg, { shape: data.shape, values: data.values, [attncues.lang]: said });
    return figure;
  };
})();
