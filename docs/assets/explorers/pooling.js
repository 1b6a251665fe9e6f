/* Attention pooling whose query a reader moves among the keys.

   attncues/diagrams/plane.py has drawn the figure and named in it, as data-part, what changes with
   the query. The formulas are those of attncues/pooling.py, and tests compare the numbers. What is
   shown is in the address: ?query=0.3,0.7 or ?query=book, &temperature=0.1, &score=dot_product. */

(() => {
  const WORDS = {
    en: {
      group: "Explore attention pooling",
      score: "Score",
      temperature: "Temperature",
      query: "Query",
      reset: "Reset",
      hint: "Drag the query q, or choose a place or a key. On its sliders the arrow keys move it both ways; Shift makes larger steps, and Home takes it back.",
    },
    zh: {
      group: "探索注意力汇聚",
      score: "得分",
      temperature: "温度",
      query: "查询",
      reset: "重置",
      hint: "拖动查询 q，或者点选平面上的某个位置或某个物体的圆圈。选中“查询”的任一滑块后，四个方向键都能移动查询；按住 Shift，一次移得更远；按 Home，回到起点。",
    },
  };
  const SCORES = {
    gaussian: (q, k) => -((q[0] - k[0]) ** 2 + (q[1] - k[1]) ** 2) / 2,
    dot_product: (q, k) => q[0] * k[0] + q[1] * k[1],
    scaled_dot_product: (q, k) => SCORES.dot_product(q, k) / Math.SQRT2,
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const COLDEST = -2, HOTTEST = 2; // powers of ten

  const round = (number) => Math.round(100 * number) / 100 || 0; // and no -0
  const show = (number) => round(number).toFixed(2).replace("-", "−");
  const within = (number, low, high) => Math.min(Math.max(number, low), high);
  const number = (text) => (text?.trim() ? Number(text) : NaN);

  attncues.explorer("pooling", (svg, data) => {
    const { names, keys, values, reach, origin, unit } = data;
    const words = { ...data.words[attncues.lang], ...WORDS[attncues.lang] };
    const part = (name) => svg.querySelector(`[data-part="${name}"]`);
    const shape = (name) => part(name).firstElementChild;
    const start = { ...data.start, query: data.start.query.map(round) };
    const state = { query: start.query, temperature: start.temperature, score: start.score };

    const controls = document.createElement("div");
    controls.className = "explorer-controls pooling";
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", words.group);
    const slider = (label, low, high, step) => `<div><label>${label}
      <input type="range" min="${low}" max="${high}" step="${step}"></label><output aria-live="off"></output></div>`;
    const scores = Object.keys(SCORES).map((name) => `<option value="${name}">${words[name]}</option>`).join("");
    const along = (name, axis) => `${words.query} ${"→↑"[axis]} ${words[name]}`;
    const directions = data.features.map((name, axis) => slider(along(name, axis), -reach[axis], reach[axis], 0.01)).join("");
    controls.innerHTML = `<div><label>${words.score} <select>${scores}</select></label>
      <button type="button">${words.reset}</button></div>
      ${slider(words.temperature, COLDEST, HOTTEST, 0.05)}
      ${directions}
      <p>${words.hint}</p>`;
    svg.after(controls);
    const choice = controls.querySelector("select");
    const [heat, ...axes] = controls.querySelectorAll("input");
    const announce = attncues.announcer(controls);

    /** Text that stands for a place: the name of its key, or two numbers. */
    function told(query) {
      const key = keys.findIndex((one) => one[0] === query[0] && one[1] === query[1]);
      return names[key] ?? query.map((one) => one.toFixed(2)).join();
    }

    function read() {
      const { query, temperature, score } = start;
      const place = attncues.read("query") ?? "", degree = number(attncues.read("temperature"));
      const given = keys[names.indexOf(place)] ?? place.split(",").map(number);
      const known = given.length === 2 && given.every(Number.isFinite);
      state.query = known ? given : query;
      if (!keys.includes(given)) state.query = state.query.map(bounded);
      state.temperature = degree > 0 ? within(degree, 10 ** COLDEST, 10 ** HOTTEST) : temperature;
      const named = attncues.read("score");
      state.score = Object.hasOwn(SCORES, named ?? "") ? named : score;
    }

    const bounded = (one, axis) => round(within(one, -reach[axis], reach[axis]));
    function change(changes) {
      Object.assign(state, changes);
      announce(draw());
      const [now, then] = [state, start].map((one) => ({ ...one, query: told(one.query) }));
      for (const name in then) if (now[name] === then[name]) now[name] = null;
      attncues.write(now);
    }

    const place = ([x, y]) => `${origin[0] + unit * x} ${origin[1] - unit * y}`;
    const line = (from, to) => `M${place(from)}L${place(to)}`;
    const circle = (middle, r) =>
      `M${place(middle)}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

    /** Show the state; return it in words. */
    function draw() {
      const { query, temperature, score } = state, near = score === "gaussian";
      const scores = keys.map((key) => SCORES[score](query, key));
      const best = Math.max(...scores);
      const shares = scores.map((one) => Math.exp((one - best) / temperature));
      const sum = shares.reduce((one, other) => one + other);
      const weights = shares.map((one) => one / sum);
      const output = [0, 1, 2].map((colour) =>
        weights.reduce((total, weight, key) => total + weight * values[key][colour], 0));

      weights.forEach((weight, key) => {
        shape(`disc-${key}`).setAttribute("d", circle(keys[key], data.full * Math.sqrt(weight)));
        const colours = data.cells.length / 6, cell = Math.min(Math.floor(weight * colours), colours - 1);
        shape(`cell-${key}`).style.fill = `#${data.cells.slice(6 * cell, 6 * cell + 6)}`;
        shape(`weight-${key}`).style.fill = cell < data.white ? "#000" : "#fff";
        for (const name of ["share", "weight"]) shape(`${name}-${key}`).textContent = show(weight);
      });
      const colours = ["red", "green", "blue"].map((name, one) => `${words[name]} ${show(output[one])}`);
      colours.forEach((text, one) => { shape(`output-${one}`).textContent = text; });
      shape("output").style.fill = `rgb(${output.map((one) => 255 * one).join()})`;

      let levels = "";
      for (let halved = 0; halved < data.lines; halved++) {
        const level = best - halved * Math.LN2 * temperature;
        if (near) levels += circle(query, unit * Math.sqrt(-2 * level));
        else if (query.some(Boolean)) {
          const far = level / SCORES[score](query, query), long = 9 / Math.hypot(...query);
          levels += line(...[-long, long].map((side) =>
            [far * query[0] - side * query[1], far * query[1] + side * query[0]]));
        }
      }
      const middle = near ? query : [0, 0];
      shape("levels").setAttribute("d", levels);
      shape("rays").setAttribute("d", keys.map((key) => line(middle, key)).join(""));
      shape("arm").setAttribute("d", line(middle, query));
      const [right, up] = query.map((one, axis) => unit * (one - data.start.query[axis]));
      part("query").setAttribute("transform", `translate(${right} ${-up})`);

      choice.value = score;
      heat.value = Math.log10(temperature);
      axes.forEach((slider, axis) => { slider.value = query[axis]; });
      const texts = [String(Number(temperature.toPrecision(3))), ...query.map(show)];
      [heat, ...axes].forEach((slider, one) => {
        slider.setAttribute("aria-valuetext", texts[one]);
        slider.parentElement.nextElementSibling.textContent = texts[one];
      });
      svg.dataset.weights = JSON.stringify(weights);
      svg.dataset.output = JSON.stringify(output);
      const story = {
        x: texts[1], y: texts[2], temperature: texts[0], score: words[score],
        weights: names.map((name, key) => `${words[name]} ${show(weights[key])}`).join(words.and),
        output: colours.join(words.and),
      };
      const text = words.story.replace(/{(\w+)}/g, (_, name) => story[name]);
      svg.querySelector("desc").textContent = text;
      return text;
    }

    choice.addEventListener("change", () => change({ score: choice.value }));
    heat.addEventListener("input", () =>
      change({ temperature: Number((10 ** heat.value).toPrecision(3)) }));
    axes.forEach((slider, axis) => {
      slider.addEventListener("input", () =>
        change({ query: state.query.with(axis, Number(slider.value)) }));
      slider.addEventListener("keydown", (event) => {
        const step = event.shiftKey ? 0.25 : 0.05, arrow = ARROWS[event.key];
        if (!arrow && event.key !== "Home") return;
        event.preventDefault();
        change({ query: arrow ? state.query.map((one, at) => bounded(one + step * arrow[at], at)) : start.query });
      });
    });
    controls.querySelector("button").addEventListener("click", () => change(start));

    // A finger that is not on the query scrolls the page; a tap moves the query all the same.
    const handle = part("query");
    handle.append(shape("letter"));
    const target = shape("query").cloneNode();
    target.setAttribute("d", circle(data.start.query, 2.2 * data.handle));
    target.style.cssText = "fill: transparent; stroke: none";
    handle.append(target);
    let grip, moved;
    function pointed(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [(x - origin[0]) / unit, (origin[1] - y) / unit];
    }
    const inside = (point) => point.every((one, axis) => Math.abs(one) <= reach[axis]);
    svg.addEventListener("pointerdown", (event) => {
      const point = pointed(event), held = handle.contains(event.target);
      moved = false;
      grip = null;
      if (event.button || !inside(point) || (event.pointerType === "touch" && !held)) return;
      grip = held ? point.map((one, axis) => state.query[axis] - one) : [0, 0];
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!grip) return;
      moved = true;
      change({ query: pointed(event).map((one, axis) => bounded(one + grip[axis], axis)) });
    });
    svg.addEventListener("lostpointercapture", () => { grip = null; });
    // Inside of an SVG, Chromium 156 does not heed touch-action.
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    svg.addEventListener("click", (event) => {
      const point = pointed(event);
      if (!inside(point)) return;
      axes[0].focus({ preventScroll: true });
      if (moved) return;
      const key = keys.find((one) => Math.hypot(one[0] - point[0], one[1] - point[1]) * unit < data.full);
      change({ query: key ?? point.map(bounded) });
    });

    draw();
    return () => {
      read();
      return draw();
    };
  });
})();
