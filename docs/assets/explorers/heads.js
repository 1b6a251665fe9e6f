/* A reader browses the heads of a language model: all maps small, one of them large with its tokens.

   attncues/diagrams/browsing.py has drawn how much of each kind the heads are, and hands over the
   weights of each passage as bytes, in a file that is loaded when a reader chooses it. The address
   names passage, layer and head: ?heads=code.18.6. */

attncues.explorer("heads", (svg, data) => {
  const RED = [0xd9, 0x2b, 0x20]; // as opaque as the weight is large, so it suits any ground
  const MOST = 3, LEAST = 0.05; // of the places that are told
  const { layers, heads, kinds, later } = data;
  const words = data.words[attncues.lang];
  const passages = Object.keys(later), names = Object.keys(kinds);
  const best = (kind) => kinds[kind].indexOf(Math.max(...kinds[kind]));
  const title = (at) => words.head
    .replace("{layer}", Math.floor(at / heads)).replace("{head}", at % heads);

  const options = (all, of) => all.map((one) => `<option value="${one}">${of(one)}</option>`).join("");
  const box = document.createElement("div");
  box.className = "heads";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.group);
  box.innerHTML = `<div class="explorer-controls">
    <label>${words.passage} <select>${options(passages, (one) => words[one])}</select></label>
    <label>${words.order} <select>${options(["", ...names], (one) => words[one || "layers"])}</select></label></div>
    <div class="all" role="group" aria-label="${words.all}"></div>
    <p class="name"></p>
    <div class="one"><div class="map"><canvas role="img"></canvas><i></i><i></i></div>
    <div><p class="tokens" role="group" aria-label="${words.tokens}"></p><p class="told"></p><p class="hint">${words.hint}</p></div></div>`;
  const [passage, order] = box.querySelectorAll("select");
  const [all, name, map, text, told] = [".all", ".name", ".map", ".tokens", ".told"].map((one) => box.querySelector(one));
  const [large, row, column] = map.children;
  const announce = attncues.announcer(box);
  Object.assign(box.dataset, { explorer: svg.dataset.explorer, figure: svg.dataset.figure });
  svg.replaceWith(box);
  all.append(...Array.from({ length: layers * heads }, (_, at) => {
    const button = document.createElement("button");
    if (at % heads === 0) button.className = "first"; // of its layer
    Object.assign(button, { type: "button", tabIndex: -1, ariaLabel: title(at), title: title(at) });
    button.dataset.at = at;
    button.append(document.createElement("canvas"));
    return button;
  }));
  const buttons = [...all.children];
  all.style.setProperty("--heads", heads);

  let chosen, at = best(names[0]), token;
  let shown; // {tokens, bytes, size, area}

  const weight = (head, query, key) => (key > query ? 0 : shown.bytes[head * shown.area + query * (query + 1) / 2 + key] / 255);

  function paint(canvas, head) {
    const { size } = shown;
    canvas.width = canvas.height = size;
    const image = new ImageData(size, size);
    for (let query = 0; query < size; query += 1) {
      for (let key = 0; key <= query; key += 1) {
        image.data.set([...RED, Math.round(255 * weight(head, query, key))], 4 * (query * size + key));
      }
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function sort() {
    const scores = kinds[order.value];
    all.append(...scores ? buttons.toSorted((a, b) => scores[b.dataset.at] - scores[a.dataset.at]) : buttons);
    all.classList.toggle("sorted", Boolean(scores));
  }

  /** Show one head: its map and what of each kind it is. */
  function open(head) {
    buttons[at].tabIndex = -1;
    buttons[at].removeAttribute("aria-current");
    at = head;
    buttons[at].tabIndex = 0;
    buttons[at].setAttribute("aria-current", "true");
    const { offsetTop, offsetHeight } = buttons[at], { scrollTop, clientHeight } = all;
    const above = offsetTop - all.offsetTop; // where room is short, all heads scroll in a box
    if (above < scrollTop || above + offsetHeight > scrollTop + clientHeight) all.scrollTop = above - clientHeight / 2;
    const scores = names.map((kind) => words.score
      .replace("{kind}", words[kind]).replace("{score}", kinds[kind][at].toFixed(2)));
    name.innerHTML = `<strong>${title(at)}</strong> · ${scores.join(" · ")}`;
    paint(large, at);
    large.ariaLabel = words.map.replace("{head}", title(at));
    look(token);
  }

  const list = (places) => places.filter(([share], rank) => !rank || share >= LEAST).slice(0, MOST)
    .map(([share, index]) => words.place.replace("{token}", visible(shown.tokens[index])).replace("{weight}", share.toFixed(2)))
    .join(words.and);
  const visible = (one) => one.replaceAll("\n", "\\n").trim() || one.replaceAll(" ", "␣").replaceAll("\n", "\\n");
  const down = ([one], [other]) => other - one;

  /** Tint the tokens by where one looks, underline those that look at it, and say both. */
  function look(index) {
    const { size, tokens } = shown;
    const looks = tokens.map((_, key) => [weight(at, index, key), key]);
    const seen = tokens.map((_, query) => [query > index ? weight(at, query, index) : 0, query]);
    [...text.children].forEach((one, place) => {
      one.style.setProperty("--weight", looks[place][0].toFixed(3));
      one.style.setProperty("--seen", seen[place][0].toFixed(3));
      one.tabIndex = place === token ? 0 : -1;
      one.setAttribute("aria-pressed", String(place === index));
    });
    row.style.cssText = `top: ${100 * index / size}%; height: ${100 / size}%; width: 100%`;
    column.style.cssText = `left: ${100 * index / size}%; width: ${100 / size}%; height: 100%`;
    const others = seen.toSorted(down);
    told.textContent = [
      words.looks.replace("{token}", visible(tokens[index])).replace("{places}", list(looks.toSorted(down))),
      others[0][0] >= LEAST ? words.seen.replace("{places}", list(others)) : words.unseen,
    ].join(attncues.lang === "zh" ? "" : " ");
  }

  function choose(index, focus = false) {
    token = index;
    look(token);
    if (focus) text.children[token].focus();
    announce(told.textContent);
  }

  /** Load a passage, and show the head in it. */
  async function read(which, head) {
    chosen = passage.value = which;
    if (!shown) name.textContent = words.loading;
    let loaded;
    try {
      loaded = await attncues.more(svg, later[which]);
    } catch {
      name.textContent = words.failed;
      return;
    }
    if (chosen !== which) return; // another was chosen meanwhile
    const size = loaded.tokens.length;
    const bytes = Uint8Array.from(atob(loaded.weights), (one) => one.charCodeAt(0));
    shown = { tokens: loaded.tokens, bytes, size, area: size * (size + 1) / 2 };
    text.replaceChildren(...loaded.tokens.flatMap((one, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = visible(one);
      button.addEventListener("pointerenter", () => look(index));
      button.addEventListener("click", () => choose(index));
      return /^\s/.test(one) ? [" ", button] : [button];
    }));
    token = Math.floor(size / 2); // has something before it, and after
    buttons.forEach((button) => paint(button.firstChild, Number(button.dataset.at)));
    box.dataset.passage = which;
    open(head);
  }

  function note() {
    attncues.write({ heads: `${passages.indexOf(chosen)}.${Math.floor(at / heads)}.${at % heads}` });
  }

  function take(head) {
    open(head);
    announce(name.textContent);
    note();
  }

  passage.addEventListener("change", async () => {
    await read(passage.value, at);
    announce(`${words[chosen]}. ${told.textContent}`);
    note();
  });
  order.addEventListener("change", () => {
    sort();
    take(order.value ? best(order.value) : at);
  });
  all.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button && shown) take(Number(button.dataset.at));
  });

  /** Return which of some buttons an arrow key leads to; up and down by where they stand. */
  function arrow(event, among, now) {
    const last = among.length - 1;
    const simple = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (simple !== undefined) return among[Math.min(Math.max(simple, 0), last)];
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return undefined;
    const place = (one) => one.getBoundingClientRect();
    const here = place(among[now]);
    return among.filter((one) => step * (place(one).top - here.top) > 1)
      .toSorted((one, other) => Math.hypot(place(one).left - here.left, 4 * (place(one).top - here.top))
        - Math.hypot(place(other).left - here.left, 4 * (place(other).top - here.top)))[0];
  }
  for (const [group, act] of [[all, (one) => take(Number(one.dataset.at))], [text, (one) => choose([...text.children].indexOf(one))]]) {
    group.addEventListener("keydown", (event) => {
      const among = [...group.children];
      const to = arrow(event, among, among.indexOf(document.activeElement));
      if (!to) return;
      event.preventDefault();
      act(to);
      to.focus();
    });
  }
  text.addEventListener("pointerleave", () => look(token));
  const under = ({ offsetX, offsetY }) => Math.min(shown.size - 1, Math.max(0, Math.floor(offsetY / large.clientHeight * shown.size)));
  map.addEventListener("pointermove", (event) => { if (shown) look(under(event)); });
  map.addEventListener("pointerleave", () => { if (shown) look(token); });
  map.addEventListener("click", (event) => { if (shown) choose(under(event)); });

  /** Show what the address names, or else the best head in the first passage. */
  function follow() {
    const [which, layer, head] = (attncues.read("heads") ?? "").split(".").map(Number);
    const there = passages[which] && layer >= 0 && layer < layers && head >= 0 && head < heads;
    const to = there ? layer * heads + head : at;
    read(passages[there ? which : 0], to);
    return title(to);
  }
  follow();
  return follow;
});
