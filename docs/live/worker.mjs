/* The worker that runs a reader's code in MicroPython. The build makes it from the text of
   micropython.mjs and this one (_plain in docs/hooks/book/live.py), and its check imports `start` (check.mjs).

   Once MicroPython is there, the worker has nothing left but the language: no network, no storage,
   no other workers. Python's module js, which elsewhere is all of JavaScript, is an empty object.

   The page says    { wasm, files }             once; the worker answers { ready: true },
                    { question }                text of JSON for cell.py: { code, prelude };
   the worker says  { printed: text }           as it comes, a little at a time,
                    { answer }                  text of JSON from cell.py, once it has run. */

const HEAP = 32 * 1024 * 1024;

export async function start(load, url, files, print) {
  const python = await load({
    url,
    heapsize: HEAP,
    pystack: 64 * 1024,
    linebuffer: false,
    stdout: print,
    stderr: () => {},
  });
  proxy_js_ref_map.delete(globalThis);
  proxy_js_ref[0] = Object.freeze(Object.create(null)); // what Python gets by `import js`
  for (const [name, text] of Object.entries(files)) {
    const path = `/lib/${name}`;
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    python.FS.writeFile(path, text);
  }
  python.runPython("import sys; sys.path.insert(0, \"/lib\"); import attncues, cell");
  return (question) => {
    python.globals.set("question", question);
    python.runPython("answer = cell.answer(question)");
    return python.globals.get("answer");
  };
}

/** Take from this place all that the language itself does not have. */
function lock() {
  const kept = new Set(`Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean
    String Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError
    TypeError URIError globalThis JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array
    Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float32Array Float64Array DataView
    Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry decodeURI
    decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN constructor toString
    hasOwnProperty valueOf isPrototypeOf propertyIsEnumerable toLocaleString __proto__ __defineGetter__
    __defineSetter__ __lookupGetter__ __lookupSetter__ Module WebAssembly TextDecoder TextEncoder
    performance proxy_js_ref proxy_js_ref_next proxy_js_ref_map proxy_js_map proxy_js_existing
    pyProxyFinalizationRegistry`.split(/\s+/));
  for (let place = globalThis; place && place !== Object.prototype; place = Object.getPrototypeOf(place)) {
    for (const name of Object.getOwnPropertyNames(place)) if (!kept.has(name)) Reflect.deleteProperty(place, name);
  }
  // No function of the language makes another one from text.
  for (const one of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(one), "constructor", { value: undefined });
  }
}

if (globalThis.WorkerGlobalScope) {
  const MOST = 50_000; // signs that are shown of what a cell prints
  const say = globalThis.postMessage.bind(globalThis);
  const decoder = new TextDecoder();
  let run, text = "", said = 0;

  const flush = () => {
    if (text) say({ printed: text });
    text = "";
  };
  const print = (bytes) => {
    if (said >= MOST) return;
    const more = decoder.decode(bytes, { stream: true });
    text += more;
    said += more.length;
    if (said >= MOST) text += "\n…\n";
    if (text.length > 1000 || said >= MOST || more === "\n") flush();
  };

  globalThis.addEventListener("message", async ({ data }) => {
    if (data.question) {
      said = 0;
      const answer = run(data.question);
      flush();
      say({ answer });
      return;
    }
    try {
      // MicroPython asks for its file, and gets what the page has sent.
      globalThis.fetch = async () => new Response(data.wasm, { headers: { "Content-Type": "application/wasm" } });
      run = await start(loadMicroPython, "micropython.wasm", data.files, print);
      lock();
      say({ ready: true });
    } catch (error) {
      say({ failed: String(error) });
    }
  });
}
