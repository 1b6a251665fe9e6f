/* Explorers: figures that a reader can touch.

   The build marks a figure with the kind of its explorer and with the file of its data
   (docs/hooks/book/figures.py). When such a figure comes near, this loads the data and the script of
   the kind, explorers/KIND.js, and starts it. Without scripts the figure stands as it is.
   All of this works from file://, too, which knows no modules and no fetch. */

const attncues = (() => {
  const assets = new URL(".", document.currentScript.src);
  const loads = new Map();
  const data = new Map();
  const kinds = new Map();
  const readers = []; // what reads the address again, one of each explorer that has started
  const waiting = new Set(); // figures that have not started
  let search = location.search; // what the explorers show
  let unwritten = {}, timer;

  function load(url) {
    if (!loads.has(url)) {
      loads.set(url, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = url;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${url} cannot be loaded`));
        document.head.append(script);
      }));
    }
    return loads.get(url);
  }

  async function start(svg) {
    const { explorer: kind, source } = svg.dataset;
    const url = new URL(source, location.href).href;
    await Promise.all([load(new URL(`explorers/${kind}.js`, assets).href), load(url)]);
    const figure = svg.closest("figure");
    const asked = location.search && figure.id && location.hash === `#${figure.id}`;
    readers.push(kinds.get(kind)(svg, data.get(url)));
    if (kind !== "heatmap") offerLink(figure); // which has such a link for each of its cells
    if (asked) announcer(figure)(svg.querySelector("desc").textContent);
  }

  /** Let a reader take along a link to an explorer in its state; who follows it is told that state. */
  function offerLink(figure) {
    const [copy, copied] = document.documentElement.lang === "zh" ? ["复制链接", "已复制"] : ["Copy link", "Copied"];
    const say = announcer(figure);
    const button = document.createElement("button");
    button.className = "explorer-link";
    button.type = "button";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      write();
      const url = new URL(location.href);
      url.hash = figure.id;
      try {
        await navigator.clipboard.writeText(url.href);
        button.textContent = copied;
        say(copied);
        setTimeout(() => { button.textContent = copy; }, 2000);
      } catch {
        location.hash = figure.id; // where nothing may be copied, the address bar has it
      }
    });
    figure.append(button);
  }

  /** Return a function that tells a screen reader the last of several texts, once they rest. */
  function announcer(parent) {
    const region = document.createElement("p");
    region.className = "explorer-live";
    region.setAttribute("role", "status");
    parent.append(region);
    let timer;
    return (text) => {
      clearTimeout(timer);
      timer = setTimeout(() => { region.textContent = text; }, 600);
    };
  }

  /** Put into the address what changed; a page may not change it often, so changes wait. */
  function write() {
    clearTimeout(timer);
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(unwritten)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    unwritten = {};
    url.search = url.search.replaceAll("%2C", ","); // which means nothing else there
    if (url.href !== location.href) history.replaceState(history.state, "", url);
    search = location.search;
  }

  // Before a link is followed, the address that is left must say what is shown.
  addEventListener("click", () => { if (Object.keys(unwritten).length) write(); }, true);

  // Going back and forward on the page, a reader finds what each address says.
  addEventListener("popstate", () => {
    if (location.search === search) return;
    clearTimeout(timer);
    unwritten = {};
    search = location.search;
    for (const read of readers) read();
    startThoseAsked();
  });

  /** An address may name a figure that is far away, as ?heatmap=... does. */
  function startThoseAsked() {
    const asked = new URLSearchParams(location.search);
    for (const svg of waiting) {
      if (!asked.has(svg.dataset.explorer)) continue;
      waiting.delete(svg);
      start(svg);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        if (waiting.delete(target)) start(target);
      }
    }, { rootMargin: "50%" });
    for (const svg of document.querySelectorAll("svg[data-explorer]")) waiting.add(svg);
    startThoseAsked();
    for (const svg of waiting) near.observe(svg);
  });

  return {
    /** The language of the page, "en" or "zh". */
    lang: document.documentElement.lang,

    /** Called by a file of data. */
    data: (value) => data.set(document.currentScript.src, value),

    /** Called by the script of a kind; `begin(svg, data)` turns a figure into an explorer, and
        returns a function that shows what the address says, once a reader has gone back there. */
    explorer: (kind, begin) => kinds.set(kind, begin),

    /** Read what the address says of an explorer: the texts of its parameters, or null. */
    read: (name) => new URLSearchParams(location.search).get(name),

    /** Put parameters into the address, so that it can be handed on; null takes one out. They
        get there once they rest, or when a link is followed. */
    write(parameters) {
      Object.assign(unwritten, parameters);
      clearTimeout(timer);
      timer = setTimeout(write, 300);
    },

    announcer,
  };
})();
