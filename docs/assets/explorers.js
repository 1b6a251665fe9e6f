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
  const started = new Map(); // figures, and what shows in them what the address says
  const announcers = new Map(); // what speaks in each region
  const waiting = new Set(); // figures that have not started
  const home = document.querySelector(".explorer-home"); // on a page of its own, a link to its chapter
  const zh = document.documentElement.lang === "zh";
  let search = location.search; // what the explorers show
  let unwritten = {}, timer, held = false;

  // What the address says of an explorer has the name of its kind, or these.
  const PARAMETERS = { cues: ["volition", "target", "cup"], pooling: ["query", "temperature", "score"] };

  /** Return what an address says of the explorer of a figure, or nothing. */
  function said({ dataset: { explorer, figure } }, text) {
    const asked = new URLSearchParams(text);
    const values = (PARAMETERS[explorer] ?? [explorer]).map((name) => asked.get(name));
    if (explorer === "heatmap" && !values[0]?.startsWith(`${figure}.`)) return "";
    return values.some((value) => value !== null) ? JSON.stringify(values) : "";
  }

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
    const asked = said(svg, search);
    await Promise.all([load(new URL(`explorers/${kind}.js`, assets).href), load(url)]);
    const figure = svg.closest("figure");
    const follow = kinds.get(kind)(svg, data.get(url));
    const say = announcer(figure);
    started.set(svg, () => {
      const text = follow();
      if (text) say(text);
    });
    offer(figure, svg.dataset.figure, say);
    if (asked) {
      started.get(svg)();
      arrive(figure);
    }
  }

  /** Bring to a reader what the address names, unless they have been on the page before. */
  function arrive(figure) {
    for (let fold = figure.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const { type } = performance.getEntriesByType("navigation")[0] ?? {};
    const again = type === "reload" || type === "back_forward";
    const elsewhere = location.hash && location.hash !== `#${figure.id}`;
    if (home || elsewhere || again) return;
    const { top } = figure.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 4) figure.scrollIntoView({ behavior: "instant" });
    figure.querySelector("svg[tabindex]")?.focus({ preventScroll: true }); // which takes keys itself
  }

  /** Let a reader take along a link to an explorer in its state, or show it on a page of their own. */
  function offer(figure, name, say) {
    const [copy, embed, copied] = zh ? ["复制链接", "嵌入", "已复制"] : ["Copy link", "Embed", "Copied"];
    const share = document.createElement("div");
    share.className = "explorer-share";
    const button = (label, text) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", async () => {
        write();
        const wanted = await text();
        try {
          await navigator.clipboard.writeText(wanted);
        } catch {
          prompt(label, wanted); // where nothing may be copied, a reader can
          return;
        }
        made.textContent = copied;
        say(copied);
        setTimeout(() => { made.textContent = label; }, 2000);
      });
      share.append(made);
    };
    button(copy, () => {
      const url = new URL(home ?? location);
      [url.search, url.hash] = [location.search, figure.id];
      return url.href;
    });
    // A page on a disk cannot be shown elsewhere, and one of its own has no other.
    if (!home && location.protocol !== "file:") button(embed, () => snippet(name, figure));
    figure.append(share);
  }

  /** Write what shows an explorer on a page of others, as high as it is there. */
  async function snippet(name, figure) {
    const frame = document.createElement("iframe");
    frame.src = new URL(`../${zh ? "zh/" : ""}embed/${name}/${location.search}`, assets).href;
    frame.title = figure.querySelector("title")?.textContent ?? figure.querySelector("[aria-label]").ariaLabel;
    frame.width = 720;
    frame.style.cssText = "max-width: 100%; border: 0";
    frame.allow = "clipboard-write";
    const tried = frame.cloneNode();
    tried.className = "explorer-tried";
    const ready = new Promise((resolve) => { tried.onload = resolve; });
    figure.append(tried);
    await ready;
    frame.height = tried.contentDocument.documentElement.scrollHeight;
    tried.remove();
    return frame.outerHTML;
  }

  /** Return a function that tells a screen reader the last of several texts, once they rest. There
      is one region for it in a figure, and it stands where an explorer wants it. */
  function announcer(parent) {
    const known = parent.querySelector("[role=status]");
    if (known) return announcers.get(known);
    const region = document.createElement("p");
    region.className = "explorer-live";
    region.setAttribute("role", "status");
    parent.append(region);
    let timer;
    const say = (text) => {
      clearTimeout(timer);
      timer = setTimeout(() => { region.textContent = text; }, 600);
    };
    announcers.set(region, say);
    return say;
  }

  /** Put what changed into the address: a state of its own, to which a reader can go back. */
  function write() {
    clearTimeout(timer);
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(unwritten)) {
      url.searchParams.delete(name); // so that they come in their order
      if (value !== null) url.searchParams.append(name, value);
    }
    unwritten = {};
    url.search = url.search.replaceAll("%2C", ","); // which means nothing else there
    if (url.href === location.href) return;
    // Whoever goes back from a page that shows an explorer wants to leave that page.
    if (home) history.replaceState(history.state, "", url);
    else history.pushState(null, "", url);
    search = location.search;
    if (home) home.search = search;
  }

  /** Write once what a reader changes has rested, and they have let go. */
  function settle() {
    clearTimeout(timer);
    if (!held && Object.keys(unwritten).length) timer = setTimeout(write, 300);
  }
  addEventListener("pointerdown", () => { held = true; clearTimeout(timer); }, true);
  for (const type of ["pointerup", "pointercancel", "change"]) { // a list of choices swallows the first
    addEventListener(type, () => { held = false; settle(); }, true);
  }

  // Before a link is followed, the address that is left must say what is shown.
  addEventListener("click", ({ target }) => {
    if (target.closest?.("a") && Object.keys(unwritten).length) write();
  }, true);

  // Going back and forward on the page, a reader finds what each address says.
  addEventListener("popstate", () => {
    clearTimeout(timer);
    unwritten = {};
    const before = search;
    search = location.search;
    for (const [svg, follow] of started) if (said(svg, search) !== said(svg, before)) follow();
    startThoseAsked();
  });

  /** An address may name a figure that is far away, as ?heatmap=... does. */
  function startThoseAsked() {
    for (const svg of waiting) {
      if (!said(svg, search)) continue;
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
        returns a function that shows what the address says and tells it in words. It is called
        when an address names a state, and when a reader goes back or forward to another. */
    explorer: (kind, begin) => kinds.set(kind, begin),

    /** Load a file of data that stands beside that of a figure. */
    async more(svg, name) {
      const url = new URL(name, new URL(svg.dataset.source, location.href)).href;
      if (!data.has(url)) loads.delete(url); // it may have failed
      await load(url);
      return data.get(url);
    },

    /** Read what the address says of an explorer: the texts of its parameters, or null. */
    read: (name) => new URLSearchParams(search).get(name),

    /** Put parameters into the address, so that it can be handed on; null takes one out. They
        get there once they rest, or when a link is followed. */
    write(parameters) {
      Object.assign(unwritten, parameters);
      settle();
    },

    announcer,

    /** Load a script, and return what it hands to `data`, if it does. */
    load: (url) => load(url).then(() => data.get(url)),

    /** Make an explorer of a figure that comes with its data, as one that a reader has computed. */
    async begin(svg, value) {
      await load(new URL(`explorers/${svg.dataset.explorer}.js`, assets).href);
      kinds.get(svg.dataset.explorer)(svg, value);
    },
  };
})();
