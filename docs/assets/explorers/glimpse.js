/* The glimpse: go through the training of a network with hard attention, see where it looks, and
   look yourself before it does.

   attncues/diagrams/practising.py hands over networks and images. What is computed here is what
   `Looker` of attncues/glimpse.py computes, and tests compare the numbers. The address names what
   is shown: ?glimpse=STEP,IMAGE and, where a reader has looked, the place, or "turn" before. */

(() => {
  const LEAST = 0.003; // a smaller weight is not drawn
  const PAUSE = 1500; // ms at each step, when it goes on by itself
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const softmax = (scores) => {
    const most = Math.max(...scores), shares = scores.map((score) => Math.exp(score - most));
    const sum = shares.reduce((one, other) => one + other);
    return shares.map((share) => share / sum);
  };
  const largest = (numbers) => numbers.indexOf(Math.max(...numbers));
  const total = (numbers) => numbers.reduce((one, other) => one + other, 0);
  const show = (number) => number.toFixed(2);

  /** Return a network: where it looks in an image, and what it says of a glimpse. */
  function looker(weights, { side, step, window: wide }) {
    const [across, border] = [side / step, (wide - step) / 2];
    const numbers = Object.fromEntries(Object.entries(weights)
      .map(([name, text]) => [name, new Float32Array(bytes(text).buffer)]));
    const linear = (name, input) => Array.from(numbers[`${name}.bias`], (bias, row) =>
      input.reduce((sum, one, at) => sum + one * numbers[`${name}.weight`][row * input.length + at], bias));

    function blurred(image) {
      const sums = Array(across * across).fill(0);
      image.forEach((value, at) => {
        sums[Math.floor(at / side / step) * across + Math.floor(at % side / step)] += value / step ** 2;
      });
      return sums;
    }
    /** Read a square of a picture; beyond its edges there is nothing. */
    const square = (picture, width, top, left, size) => Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [top + Math.floor(at / size), left + at % size];
      return row >= 0 && column >= 0 && row < width && column < width ? picture[row * width + column] : 0;
    });
    return {
      blurred,
      weights(image) {
        const view = blurred(image);
        return softmax(view.map((_, place) => {
          const around = square(view, across, Math.floor(place / across) - 1, place % across - 1, 3);
          return total(linear("key", around).map((one, at) => Math.tanh(one) * numbers.query[at]));
        }));
      },
      window: (image, place) =>
        square(image, side, Math.floor(place / across) * step - border, place % across * step - border, wide),
      name: (seen) => softmax(linear("read.2", linear("read.0", seen).map((one) => Math.max(0, one)))),
    };
  }

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  /** Draw grey values, from nothing to most, one pixel each. */
  function paint(canvas, values, most = 1) {
    canvas.width = canvas.height = Math.sqrt(values.length);
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(canvas.width, canvas.width);
    values.forEach((value, at) => pixels.data.set([0, 0, 0].fill(255 * value / most).concat(255), 4 * at));
    context.putImageData(pixels, 0, 0);
  }

  attncues.explorer("glimpse", (svg, data) => {
    const { side, step, labels, centres, steps } = data;
    const [count, across] = [labels.length, side / step], places = across * across;
    const words = data.words[attncues.lang], signs = words.signs.split("|");
    const fill = (text, told) => text.replace(/{(\w+)}/g, (_, name) => told[name]);
    const pixels = bytes(data.images);
    const images = labels.map((_, at) =>
      Array.from(pixels.subarray(at * side * side, (at + 1) * side * side), (value) => value / 255));
    const networks = data.lookers.map((weights) => looker(weights, data));
    const middle = (place) => [Math.floor(place / across), place % across].map((at) => at * step + (step - 1) / 2);
    const away = (place, image) => middle(place).map((at, axis) => at - centres[image][axis]);
    const at = (place) => ({ row: Math.floor(place / across) + 1, column: place % across + 1 });
    const spread = (weights) => Math.exp(-total(weights.map((weight) => weight && weight * Math.log(weight))));
    const last = steps.length - 1;
    const start = { stage: 0, image: 0, own: null };
    const state = { ...start };
    const score = { games: 0, own: 0, network: 0 };

    // The image, with a button for each place, and the windows that are looked at.
    const picture = make("canvas", { ariaHidden: true });
    const [theirs, ours] = ["theirs", "ours"].map((className) => make("span", { className }));
    const rings = Array.from({ length: places }, () => make("i", {}));
    const buttons = rings.map((ring, place) =>
      make("button", { type: "button", tabIndex: place ? -1 : 0, onclick: () => choose(place) }, ring));
    const stage = make("div", { className: "glimpse-stage", ariaLabel: words.places }, picture, ...buttons, theirs, ours);
    stage.setAttribute("role", "group");

    // What is seen there, and what it is taken for.
    const seen = ["network", "you"].map((who) => {
      const [canvas, said] = [make("canvas", { ariaHidden: true }), make("span", {})];
      return { canvas, said, box: make("div", { className: who }, canvas, make("p", {}, make("b", {}, words[who]), said)) };
    });
    const key = make("p", { className: "signs", ariaHidden: true }, ...signs.map((name, at) => {
      const canvas = make("canvas", {});
      paint(canvas, data.signs[at].flat());
      return make("span", {}, canvas, name);
    }));
    const around = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    around.setAttribute("viewBox", `${-side} ${-side} ${2 * side} ${2 * side}`);
    around.setAttribute("aria-hidden", true);
    around.innerHTML = `<path class="cross" d="M${-side} 0h${2 * side}M0 ${-side}v${2 * side}"/><path class="dots"/>`;
    const sums = make("span", {});
    const games = make("p", { className: "games" });
    const told = make("p", { className: "told" });

    const moment = make("input", {
      type: "range", max: last, step: 1, oninput: () => turnTo(moment.valueAsNumber),
    });
    const shown = make("output", {});
    shown.setAttribute("aria-live", "off");
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);
    const other = () => (state.image + 1) % count;
    let clock = null;
    const play = button(words.learn, () => (clock ? pause() : learn()));
    const box = make(
      "div",
      { className: "glimpse", ariaLabel: words.group },
      make(
        "div",
        { className: "explorer-controls" },
        make("label", {}, words.step, moment, shown),
        play,
        button(words.another, () => change({ image: other(), own: null })),
        button(words.turn, () => {
          stop();
          change({ image: other(), own: "turn" });
          buttons.find(({ tabIndex }) => tabIndex === 0).focus({ preventScroll: true });
        }),
      ),
      stage,
      make("div", { className: "glimpse-seen" }, ...seen.map((one) => one.box), games, key),
      make(
        "div",
        { className: "glimpse-around" },
        around,
        make("p", {}, make("b", {}, fill(words.around, { count })), sums),
      ),
      told,
    );
    box.setAttribute("role", "group");
    svg.style.display = "none";
    svg.after(box);
    const announce = attncues.announcer(box);

    /** What a network makes of all images: where it looks, and what it would say at each place. */
    const made = [];
    function practised(stage) {
      made[stage] ??= images.map((image) => {
        const weights = networks[stage].weights(image);
        const named = weights.map((_, place) => networks[stage].name(networks[stage].window(image, place)));
        return { weights, named };
      });
      return made[stage];
    }

    const verdict = (named, image) => {
      const best = largest(named);
      return {
        answer: fill(words.answer, { sign: signs[best], share: show(named[best]) }),
        verdict: best === labels[image] ? words.right : fill(words.wrong, { sign: signs[labels[image]] }),
      };
    };

    function frame(element, place) {
      element.hidden = place === null;
      const [row, column] = middle(place ?? 0).map((at) => `${100 * (at + 0.5 - data.window / 2) / side}%`);
      Object.assign(element.style, { top: row, left: column });
    }

    /** Show the state; return it in words. */
    function draw() {
      const { stage: moved, image, own } = state, hidden = own === "turn";
      const network = networks[moved], all = practised(moved);
      const { weights, named } = all[image];
      const place = largest(weights);
      moment.value = moved;
      moment.setAttribute("aria-valuetext", shown.textContent = steps[moved]);

      const view = network.blurred(images[image]);
      paint(picture, hidden ? view : images[image], hidden ? Math.max(...view) : 1);
      box.classList.toggle("hidden", hidden);
      weights.forEach((weight, one) => {
        rings[one].hidden = hidden || weight < LEAST;
        rings[one].style.width = `${100 * Math.sqrt(weight)}%`;
        buttons[one].ariaLabel = fill(hidden ? words.place : words.weight, { ...at(one), weight: show(weight) });
      });
      frame(theirs, hidden ? null : place);
      frame(ours, hidden ? null : own);
      [hidden ? null : place, hidden ? null : own].forEach((one, who) => {
        const { canvas, said } = seen[who];
        paint(canvas, one === null ? Array(data.window ** 2).fill(0.5) : network.window(images[image], one));
        const result = one !== null && verdict(named[one], image);
        said.textContent = result ? `${result.answer} – ${result.verdict}` : words[who ? "nothing" : "waits"];
        if (hidden && who) said.textContent = "";
      });
      games.textContent = score.games ? fill(words.score, score) : "";

      // All images upon each other, their signs in the middle: a glimpse's area is its weight.
      let dots = "";
      const mean = (of) => total(all.map((one, number) => total(one.weights.map((weight, to) => weight * of(one, to, number))))) / count;
      all.forEach((one, number) => one.weights.forEach((weight, to) => {
        if (weight < LEAST) return;
        const [down, right] = away(to, number), r = 2 * Math.sqrt(weight);
        dots += `M${right - r} ${down}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
      }));
      around.lastChild.setAttribute("d", dots);
      const totals = {
        right: mean((one, to, number) => largest(one.named[to]) === labels[number]),
        distance: mean((_, to, number) => Math.hypot(...away(to, number))),
        spread: total(all.map((one) => spread(one.weights))) / count,
      };
      sums.textContent = fill(words.all, {
        right: show(totals.right), distance: totals.distance.toFixed(1), spread: totals.spread.toFixed(1),
      });
      box.explored = { weights, named, totals }; // for whoever wants to check

      const say = (text, one) => fill(text, {
        ...at(one), ...verdict(named[one], image), image: image + 1, count, places, step: steps[moved],
        distance: Math.hypot(...away(one, image)).toFixed(1), spread: spread(weights).toFixed(1),
      });
      told.textContent = hidden ? words.hidden : say(words.told, place) + (own === null ? "" : say(words.own, own));
      return told.textContent;
    }

    function change(changes) {
      set(changes);
      write();
    }

    function set(changes) {
      Object.assign(state, changes);
      announce(draw());
    }

    function write() {
      const name = ({ stage: one, image, own }) => [steps[one], image + 1, own ?? []].flat().join();
      attncues.write({ glimpse: name(state) === name(start) ? null : name(state) });
    }

    function stop() {
      clearInterval(clock);
      clock = null;
      play.textContent = words.learn;
    }

    function pause() {
      stop();
      write();
    }

    /** Go through training by itself, to its end; the address waits for that. */
    function learn() {
      const own = state.own === "turn" ? null : state.own; // who watches does not look first
      set({ stage: state.stage === last ? 0 : state.stage + 1, own });
      if (state.stage === last) return pause();
      play.textContent = words.pause;
      clock = setInterval(() => {
        set({ stage: state.stage + 1 });
        if (state.stage === last) pause();
      }, PAUSE);
    }

    function turnTo(stage) {
      stop();
      change({ stage });
    }

    /** Look at a place; if the network has waited for it, this counts. */
    function choose(place) {
      if (state.own === "turn") {
        const { weights, named } = practised(state.stage)[state.image];
        const right = (one) => Number(largest(named[one]) === labels[state.image]);
        score.games += 1;
        score.own += right(place);
        score.network += right(largest(weights));
      }
      reach(place);
      change({ own: place });
    }

    function reach(place) {
      buttons.forEach((one, at) => { one.tabIndex = at === place ? 0 : -1; });
    }
    stage.addEventListener("keydown", (event) => {
      const now = buttons.indexOf(event.target), [row, column] = [Math.floor(now / across), now % across];
      const to = {
        ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1], Home: [row, 0], End: [row, across - 1],
      }[event.key];
      if (!to || now < 0) return;
      event.preventDefault();
      const [down, right] = to.map((one) => Math.min(Math.max(one, 0), across - 1));
      reach(down * across + right);
      buttons[down * across + right].focus();
    });

    draw();
    return () => {
      stop();
      const [stage, image, own] = (attncues.read("glimpse") ?? "").split(",");
      const within = (text, most) => (/^\d+$/.test(text ?? "") && Number(text) < most ? Number(text) : null);
      state.stage = steps.includes(Number(stage)) ? steps.indexOf(Number(stage)) : start.stage;
      state.image = within(String(image - 1), count) ?? start.image;
      state.own = own === "turn" ? own : within(own, places);
      return draw();
    };
  });
})();
