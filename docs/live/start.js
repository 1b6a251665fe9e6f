/* Puts an Edit button below each live cell of a page. Nothing else is loaded before a reader presses
   one, or follows a link that holds code of theirs. The build says where the rest is, in the attributes
   of this script: see docs/hooks/book/live.py. */

(() => {
  const { cells, script, source, styles, wasm } = document.currentScript.dataset;
  const zh = attncues.lang.startsWith("zh");
  const here = (address) => new URL(address, location.href).href;
  const blocks = new Map();
  let ready;

  function load() {
    ready ??= (async () => {
      const sheet = document.createElement("link");
      Object.assign(sheet, { rel: "stylesheet", href: here(styles) });
      attncues.wasm = wasm && here(wasm);
      const [data] = await Promise.all([
        attncues.load(here(source)),
        attncues.load(here(script)),
        new Promise((resolve) => {
          sheet.onload = sheet.onerror = resolve;
          document.head.append(sheet);
        }),
      ]);
      return data;
    })();
    return ready;
  }

  /** Open the editor of a cell, with code from a link if there is some. */
  async function open(name, linked) {
    const { block, button } = blocks.get(name);
    button.disabled = true;
    try {
      const data = await load();
      attncues.edit({ name, block, button, linked, data });
    } catch {
      ready = undefined;
      button.textContent = zh ? "无法加载，请重试" : "It cannot be loaded; try again";
    }
    button.disabled = false;
  }

  for (const name of cells.split(" ")) {
    const block = document.getElementById(`code-${name}`)?.closest(".live");
    if (!block) continue;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "live-edit", textContent: zh ? "编辑并运行" : "Edit and run" });
    button.addEventListener("click", () => open(name));
    const below = document.createElement("div"); // as the links below an explorer
    below.className = "explorer-share";
    below.style.cssText = "inset: 100% auto auto 0; font-family: var(--sans)";
    below.append(button);
    block.append(below);
    blocks.set(name, { block, button });
  }

  // #live=NAME:CODE, with the code in UTF-8 and base 64 for addresses. It opens the editor, and runs nothing.
  function follow() {
    const [, name, code] = location.hash.match(/^#live=([\w-]+):([\w-]*)$/) ?? [];
    if (!blocks.has(name)) return;
    try {
      const bytes = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
      open(name, new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0))));
    } catch { /* it has been cut short on its way */ }
  }
  addEventListener("hashchange", follow);
  follow();
})();
