/* The framework of queries, keys and values: one computation, from the query to the output.

   A table takes the place of the figure of attncues/diagrams/query_keys_values.py, with the same
   numbers: a row for each object, with its key, score, weight and value. The formulas are those of
   attncues/pooling.py, and tests compare the numbers. What is shown is in the address:
   ?framework=QUERY,TEMPERATURE and the names of masked objects. */

(() => {
  const COLDEST = -2, HOTTEST = 2; // powers of ten
  const STEPS = 5, PAUSE = 5000; // ms
  const PARTS = ["red", "green", "blue"];

  const round = (number) => Math.round(100 * number) / 100 || 0; // and no -0
  const show = (number) => round(number).toFixed(2).replace("-", "−");
  const degree = (temperature) => String(Number(temperature.toPrecision(3)));
  const dot = (one, other) => one.reduce((sum, number, at) => sum + number * other[at], 0);
  const rgb = (colour) => `rgb(${colour.map((part) => 255 * part).join()})`;

  /** Black or white, whichever is seen better on a colour, as attncues/style/ink.py chooses. */
  function inkOn(colour) {
    const linear = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return dot(linear, [0.2126, 0.7152, 0.0722]) < 0.179 ? "#fff" : "#000";
  }

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  attncues.explorer("framework", (svg, data) => {
    const { names, features, keys, values, queries, start } = data;
    const words = data.words[attncues.lang];
    const fill = (text, told) => text.replace(/{(\w+)}/g, (_, name) => told[name]);
    const longest = Math.max(...Object.values(queries).flat().map(Math.abs)) || 1;
    const largest = Math.max(...keys.flat());
    const state = { ...start, step: 0 };
    let clock;

    // The controls.
    const radios = Object.keys(queries).map((value) => make("input", {
      type: "radio", name: `${svg.dataset.figure}-query`, value, onchange: () => change({ query: value }),
    }));
    const asks = make("fieldset", {}, make("legend", {}, words.asks), ...radios.map((radio) =>
      make("label", {}, radio, words[radio.value])));
    const heat = make("input", {
      type: "range", min: COLDEST, max: HOTTEST, step: 0.05,
      oninput: () => change({ temperature: Number((10 ** heat.value).toPrecision(3)) }),
    });
    const hot = make("output", {});
    hot.setAttribute("aria-live", "off");
    const warmth = make("td", { className: "heat", colSpan: 3 }, make("label", {}, words.temperature, heat), hot);
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);
    const play = button(words.play, () => (clock ? pause() : run()));
    const buttons = make(
      "div",
      { className: "explorer-controls" },
      button(words.step, () => { pause(); next(); }),
      play,
      button(words.reset, () => { pause(); change({ ...start, step: 0 }); }),
    );

    // The table. The steps that light up are classes, s1 to s5; so are query, keys and so on.
    const cells = (numbers, tag, className) =>
      numbers.map((number) => make(tag, { className }, show(number)));
    const heading = (name, step, formula = "") => {
      const number = step ? [make("b", {}, step)] : [];
      return make(
        "th",
        { className: `lead ${name.replace(/s$/, "")} s${step || 1}`, scope: "col" },
        make("span", {}, ...number, words[name]),
        make("small", {}, formula),
      );
    };
    const wanted = features.map(() => make("b", {}));
    const softmax = heading("weights", 3);
    const rows = names.map((name, at) => {
      const mask = button(words[name], () => toggle(name));
      mask.ariaLabel = fill(words.mask, { name: words[name] });
      const key = cells(keys[at], "td", "key s1");
      key.forEach((cell, one) => cell.style.setProperty("--share", keys[at][one] / largest));
      const [score, bar, weight] = ["td", "i", "b"].map((tag) => make(tag, {}));
      score.className = "score s2";
      const row = make(
        "tr",
        {},
        make("th", { scope: "row" }, mask),
        ...key,
        score,
        make("td", { className: "weight s3" }, make("span", {}, bar), weight),
        make("td", { className: "value s4" }, ...cells(values[at], "span", "")),
      );
      paint(row.lastChild, values[at]);
      return { row, mask, score, bar, weight };
    });
    const mixed = names.map((_, at) => make("i", {}));
    mixed.forEach((part, at) => { part.style.background = rgb(values[at]); });
    const output = make("td", { className: "value s5" }, ...PARTS.map(() => make("span", {})));
    const row = names.map(() => make("b", { className: "weight s3" }));
    const first = heading("query", 1);
    first.scope = "row";
    const last = heading("output", 5);
    last.scope = "row";
    const table = make(
      "table",
      { className: "framework-table" },
      make("caption", { className: "explorer-live" }, svg.querySelector("title").textContent),
      make(
        "thead",
        {},
        make("tr", { className: "ask" }, first, ...features.map((feature, at) =>
          make("th", { className: "query s1", scope: "col" }, words[feature], wanted[at])), warmth),
        make(
          "tr",
          { className: "heads" },
          make("td", {}),
          Object.assign(heading("keys", 0), { colSpan: features.length }),
          heading("scores", 2, words.dot),
          softmax,
          heading("values", 4, words.colours),
        ),
      ),
      make("tbody", {}, ...rows.map((one) => one.row)),
      make(
        "tfoot",
        {},
        make(
          "tr",
          { className: "sum" },
          last,
          make(
            "td",
            { className: "mix", colSpan: features.length + 2 },
            make("small", {}, words.sum),
            make("span", { className: "s4" }, ...mixed),
          ),
          output,
        ),
      ),
    );
    // Each value flows into the output, in a stream as broad as its weight.
    const drawn = (tag, parent) => parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
    const sum = make("div", { className: "framework-sum" }, table);
    const river = drawn("svg", sum);
    river.ariaHidden = true;
    const streams = names.map((_, at) => [drawn("path", river), drawn("path", river)].map((stream, inside) => {
      stream.setAttribute("pathLength", 1);
      if (inside) stream.style.stroke = rgb(values[at]);
      return stream;
    }));
    const heatmap = make("div", { className: "framework-row" }, make("span", {}, words.row),
      ...names.map((name, at) => make("span", {}, words[name], row[at])));
    const told = make("p", {});
    const explorer = make("div", { className: "framework" },
      make("div", { className: "explorer-controls" }, asks), sum, heatmap, buttons, told);
    explorer.style.setProperty("--features", features.length);
    explorer.setAttribute("role", "group");
    explorer.ariaLabel = words.group;
    svg.style.display = "none";
    svg.after(explorer);
    const announce = attncues.announcer(explorer);

    function paint(cell, colour) {
      cell.style.background = rgb(colour);
      cell.style.color = inkOn(colour);
    }

    /** Attention pooling as the state says. */
    function pooled({ query, temperature, masked }) {
      const scores = keys.map((key) => dot(queries[query], key));
      const open = names.map((name) => !masked.includes(name));
      const most = Math.max(...scores.filter((_, at) => open[at]));
      const best = scores.findIndex((score, at) => open[at] && score === most);
      const shares = scores.map((score, at) => (open[at] ? Math.exp((score - most) / temperature) : 0));
      const sum = shares.reduce((one, other) => one + other);
      const weights = shares.map((share) => share / sum);
      const colour = PARTS.map((_, part) => dot(weights, values.map((value) => value[part])));
      return { scores, open, best, weights, colour };
    }

    /** Lay the streams beside the table, as broad as there is room; the last value takes the inner way. */
    function flow(weights = pooled(state).weights) {
      const frame = sum.getBoundingClientRect(), goal = output.getBoundingClientRect();
      const edge = goal.right - frame.left;
      const cell = rows[0].row.lastChild.getBoundingClientRect();
      const all = Math.min(cell.height, frame.right - goal.right - 2); // of a weight of one
      const start = goal.top - frame.top + (goal.height - all) / 2;
      let inner = 0;
      for (let at = names.length - 1; at >= 0; at--) {
        const broad = all * weights[at], turn = inner + broad / 2;
        const { top, height } = rows[at].row.lastChild.getBoundingClientRect();
        const y = top + height / 2 - frame.top, end = start + turn, x = edge + turn;
        streams[at].forEach((stream, inside) => {
          stream.setAttribute("d", `M${edge} ${y}Q${x} ${y} ${x} ${y + turn}V${end - turn}Q${x} ${end} ${edge} ${end}`);
          stream.style.strokeWidth = broad < 0.1 ? 0 : broad + (inside ? 0 : 1.5);
        });
        inner += broad;
      }
    }

    /** Show the state; return it in words. */
    function draw() {
      const { query, temperature, step } = state;
      const { scores, open, best, weights, colour } = pooled(state);
      radios.forEach((radio) => { radio.checked = radio.value === query; });
      heat.value = Math.log10(temperature);
      heat.setAttribute("aria-valuetext", hot.textContent = degree(temperature));
      softmax.lastChild.textContent = fill(words.softmax, { temperature: degree(temperature) });
      wanted.forEach((cell, at) => {
        const number = queries[query][at], { classList, style } = cell.parentElement;
        cell.textContent = show(number);
        classList.toggle("against", number < 0);
        style.setProperty("--share", Math.abs(number) / longest);
      });
      rows.forEach(({ row: line, mask, score, bar, weight }, at) => {
        line.classList.toggle("masked", !open[at]);
        line.classList.toggle("best", at === best);
        mask.ariaPressed = !open[at];
        mask.ariaDisabled = open[at] && open.filter(Boolean).length === 1;
        score.textContent = show(scores[at]);
        bar.style.width = mixed[at].style.width = `${100 * weights[at]}%`;
        weight.textContent = open[at] ? show(weights[at]) : words.masked;
        row[at].textContent = show(weights[at]);
        const count = data.cells.length / 6;
        const cell = Math.min(Math.floor(weights[at] * count), count - 1);
        const tint = data.cells.slice(6 * cell, 6 * cell + 6);
        paint(row[at], [0, 2, 4].map((place) => parseInt(tint.slice(place, place + 2), 16) / 255));
      });
      paint(output, colour);
      [...output.children].forEach((cell, part) => { cell.textContent = show(colour[part]); });
      flow(weights);
      explorer.dataset.step = step;
      explorer.dataset.weights = JSON.stringify(weights);
      explorer.dataset.output = JSON.stringify(colour);

      const wish = queries[query], most = Math.max(...wish), least = Math.min(...wish);
      const wished = (number) =>
        features.filter((_, at) => wish[at] === number).map((name) => words[name]).join(words.both);
      const far = values.map((value) => Math.hypot(...value.map((part, at) => part - colour[at])));
      const terms = wish.map((number, at) => number * keys[best][at]);
      const even = most === least;
      return told.textContent = fill(words[step === 1 && even ? "even" : `step${step}`], {
        best: words[names[best]],
        closest: words[names[far.indexOf(Math.min(...far))]],
        most: wished(most),
        least: wished(least),
        score: show(scores[best]),
        temperature: degree(temperature),
        cooled: show(scores[best] / temperature),
        weight: show(weights[best]),
        weights: names.map((name, at) => `${words[name]} ${show(weights[at])}`).join(words.and),
        red: show(colour[0]),
        products: step === 2
          ? terms.map(show).join(" + ").replaceAll("+ −", "− ")
          : weights.map((weight, at) => `${show(weight)} × ${show(values[at][0])}`)
            .filter((_, at) => open[at]).join(" + "),
      });
    }

    function change(changes) {
      Object.assign(state, changes);
      announce(draw());
      const [now, then] = [state, start].map(({ query, temperature, masked }) =>
        [query, temperature, ...masked].join());
      attncues.write({ framework: now === then ? null : now });
    }

    function toggle(name) {
      const { masked } = state;
      if (masked.includes(name)) change({ masked: masked.filter((one) => one !== name) });
      else if (masked.length < names.length - 1) change({ masked: [...masked, name] });
      else announce(told.textContent = fill(words.last, { best: words[name] }));
    }

    const next = () => change({ step: state.step % STEPS + 1 });

    function pause() {
      clearInterval(clock);
      clock = null;
      play.textContent = words.play;
    }

    /** Go on by itself, to the last step. */
    function run() {
      if (state.step === STEPS) state.step = 0;
      next();
      clock = setInterval(() => {
        next();
        if (state.step === STEPS) pause();
      }, PAUSE);
      play.textContent = words.pause;
    }

    function follow() {
      const [query, warm, ...masked] = (attncues.read("framework") ?? "").split(",");
      const known = names.filter((name) => masked.includes(name));
      state.query = Object.hasOwn(queries, query) ? query : start.query;
      state.temperature = Number(warm) > 0
        ? Math.min(Math.max(Number(warm), 10 ** COLDEST), 10 ** HOTTEST)
        : start.temperature;
      state.masked = known.length < names.length ? known : [];
      return draw();
    }
    new ResizeObserver(() => flow()).observe(sum);
    draw();
    return follow;
  });
})();
