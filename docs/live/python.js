/* Runs code in MicroPython, in a worker of its own that can reach nothing: see worker.mjs.

   attncues.python.ready()           a promise: kept once Python is there, broken with an Error that says why
   attncues.python.run({ code, prelude, print })
                                     prelude: texts of code that run first, unseen; print(text): called while
                                     the code prints. Returns { answer, stop }. `answer` is a promise of
                                       printed   all that was printed
                                       text      the value of the last expression, as a page writes it, or null
                                       heatmaps  what was shown as heatmaps: see drawing.js
                                       error     null, or { type, message, line, earlier }; a line of the code,
                                                 or null; earlier: it was raised by the prelude
                                       stopped   null, or "limit" (it ran for ten seconds) or "reader" (by `stop()`)

   Each run has a Python of its own. While one runs, the next gets ready. */

attncues.python = (() => {
  const LIMIT = 10_000;
  const zh = attncues.lang.startsWith("zh");
  const { files, worker: program, wasm: packed } = attncues.given;
  let binary, spare;

  async function fetchBinary() {
    if (packed) return Uint8Array.from(atob(packed), (one) => one.charCodeAt(0)).buffer;
    const response = await fetch(attncues.wasm);
    if (!response.ok) throw new Error(`${response.status}`);
    return response.arrayBuffer();
  }

  function begin() {
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    const worker = new Worker(url);
    const ready = new Promise((resolve, reject) => {
      const fail = (event) => {
        event.preventDefault?.();
        spare = undefined;
        worker.terminate();
        reject(new Error(zh
          ? "浏览器无法在这里启动 Python。请通过网站打开本页，或从页末下载笔记本。"
          : "Python cannot be started here. Open this page from a web site, or download the notebook at its end."));
      };
      worker.onerror = fail;
      worker.onmessage = ({ data }) => (data.ready ? resolve(worker) : fail(data));
      binary ??= fetchBinary();
      binary.then((wasm) => worker.postMessage({ wasm, files }), (error) => {
        binary = undefined;
        fail(error);
      });
    });
    ready.catch(() => {}).finally(() => URL.revokeObjectURL(url));
    return ready;
  }

  const ready = () => (spare ??= begin());

  function run({ code, prelude = [], print = () => {} }) {
    let halt = () => { halted = "reader"; };
    let halted = null;
    const answer = (async () => {
      const worker = await ready();
      spare = begin(); // for the next run
      const said = { printed: "", text: null, heatmaps: [], error: null, stopped: halted };
      if (halted) {
        worker.terminate();
        return said;
      }
      return new Promise((resolve) => {
        const end = (more) => {
          clearTimeout(timer);
          worker.terminate();
          resolve({ ...said, ...more });
        };
        const timer = setTimeout(() => end({ stopped: "limit" }), LIMIT);
        halt = () => end({ stopped: "reader" });
        worker.onmessage = ({ data }) => {
          if (data.answer) return end(JSON.parse(data.answer));
          said.printed += data.printed;
          print(data.printed);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          end({ error: { type: "RuntimeError", message: event.message, line: null, earlier: false } });
        };
        worker.postMessage({ question: JSON.stringify({ code, prelude }) });
      });
    })();
    return { answer, stop: () => halt() };
  }

  return { ready, run };
})();
