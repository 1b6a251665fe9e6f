/* Exercises that answer. Below each cell NAME-starter of the page stands a button that tries the reader's code
   on cases, in the worker of live cells, and shows what attncues/practice.py says of each. What is solved stays
   with the reader, who can save it and erase it in #practice-progress. See docs/hooks/book/practice.py. */

(() => {
  const { cases } = document.currentScript.dataset;
  const { cells, script, source, wasm } = document.querySelector("script[data-cells]").dataset;
  const zh = attncues.lang.startsWith("zh");
  const words = zh
    ? {
      check: "检查", stop: "停止", running: "正在检查……", before: "以前完成过。", progress: "{1} 道练习完成了 {0} 道。",
      save: "保存副本", erase: "全部清除", sure: "要清除本页的进度和你写的代码吗？", erased: "已清除。",
    }
    : {
      check: "Check", stop: "Stop", running: "Checking…", before: "Solved before.", progress: "{0} of {1} exercises solved.",
      save: "Save a copy", erase: "Erase all", sure: "Erase your progress and your code on this page?", erased: "Erased.",
    };
  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);
  const here = (address) => new URL(address, location.href).href;
  const page = location.pathname.replace(/\/zh\//, "/").replace(/(index)?(\.html)?$/, ""); // as in editor.js
  const names = cells.split(" ").filter((name) => name.endsWith("-starter"));
  const PROGRESS = `attncues-practice:${page}`;

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const control = (label, onclick) => make("button", { type: "button", onclick }, label);

  /** Ask the reader's storage, which may be closed. */
  function storage(act) {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  }
  const stored = (name) => `attncues-live:${page}#${name}`;
  const kept = (name) => storage((all) => all.getItem(stored(name)));
  const solved = new Set(storage((all) => JSON.parse(all.getItem(PROGRESS))) ?? []);
  const rows = new Map();

  async function load() {
    attncues.wasm = wasm && here(wasm);
    const [data, { prelude, ...more }] = await Promise.all([source, cases, script].map((one) => attncues.load(here(one))));
    Object.assign(words, more[attncues.lang]); // those of the feedback
    return { data, prelude };
  }

  /** Return the text of the editor of a cell, if it is open. */
  const area = (block) => (block.nextElementSibling.matches(".live-cell") ? block.nextElementSibling.querySelector("textarea") : null);

  for (const name of names) {
    const block = document.getElementById(`code-${name}`)?.closest(".live");
    if (!block) continue;
    const state = make("span");
    const list = make("ol", { hidden: true });
    let run = null;
    const button = control(words.check, () => (run ? run.stop() : check()));
    const row = make("div", { className: "practice" }, make("div", { className: "explorer-controls" }, button, state), list);
    let title = block;
    while (title.tagName !== "H2") title = title.previousElementSibling;
    button.setAttribute("aria-describedby", title.id);
    const say = attncues.announcer(row);
    block.after(row);

    function show(text) {
      state.textContent = text;
      say(`${text} ${list.querySelector(".wrong")?.textContent ?? ""}`);
    }

    /** Open the editor, so that a reader sees the code of theirs that is checked. */
    const open = () => new Promise((resolve) => {
      const watch = new MutationObserver(() => {
        if (!area(block)) return;
        watch.disconnect();
        resolve();
      });
      watch.observe(block.parentElement, { childList: true });
      block.querySelector(".live-edit").click();
    });

    async function check() {
      list.replaceChildren();
      list.hidden = true;
      show(words.running);
      run = { stop() {} }; // not yet
      const opens = !area(block) && kept(name) !== null;
      let said;
      try {
        const [{ data, prelude }] = await Promise.all([load(), opens && open()]);
        const cell = data.cells[name];
        const written = area(block)?.value ?? cell.code;
        const exercise = name.replace(/-starter$/, "");
        run = attncues.python.run({
          code: `${written}\n_practice["check"]("${exercise}", globals(), "${zh ? "zh" : "en"}")`,
          prelude: [...cell.prelude.map((at) => data.lines[at]), prelude],
        });
        button.textContent = words.stop;
        said = { lines: written.split("\n").length, ...await run.answer };
      } catch (error) {
        said = { failed: error.message };
      }
      run = null;
      button.textContent = words.check;
      if (opens) button.focus();
      tell(said);
    }

    function tell({ failed, stopped, error, text, lines }) {
      if (failed || stopped) {
        show(failed ?? words[stopped]);
        return;
      }
      const where = error?.line ? fill(words.line, Math.min(error.line, lines)) + words.colon : "";
      const answers = error ? [`✗ ${where}${error.type}${words.colon}${error.message}`] : text.split("\n");
      list.append(...answers.map((one) => make("li", { className: one[0] === "✗" ? "wrong" : "" }, one)));
      list.hidden = false;
      const right = answers.filter((one) => one[0] !== "✗").length;
      if (error) show(words.early);
      else show(fill(right === answers.length ? words.solved : words.some, right, answers.length));
      if (right < answers.length) return;
      solved.add(name);
      storage((all) => all.setItem(PROGRESS, JSON.stringify([...solved])));
      count();
    }

    rows.set(name, { block, list, state });
    if (solved.has(name)) state.textContent = words.before;
  }

  // How far a reader is.
  const told = make("p");
  const count = () => { told.textContent = fill(words.progress, solved.size, names.length); };
  const place = document.getElementById("practice-progress");

  const save = control(words.save, () => {
    const code = Object.fromEntries(names.map((name) => [name, area(rows.get(name).block)?.value ?? kept(name)]).filter(([, text]) => text));
    const file = new Blob([JSON.stringify({ page, solved: [...solved], code }, null, 2)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: "attention-cues-practice.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  const erase = control(words.erase, async () => {
    if (!confirm(words.sure)) return;
    solved.clear();
    storage((all) => all.removeItem(PROGRESS));
    for (const [name, { block, list, state }] of rows) {
      storage((all) => all.removeItem(stored(name)));
      list.hidden = true;
      state.textContent = "";
      const open = area(block);
      if (!open) continue;
      open.value = (await attncues.load(here(source))).cells[name].code;
      open.dispatchEvent(new Event("input")); // the editor forgets it
    }
    count();
    say(words.erased);
  });
  place.append(told, make("div", { className: "explorer-controls" }, save, erase));
  const say = attncues.announcer(place);
  count();
})();
