/* Run live cells in Node, as readers' browsers do: node check.mjs micropython.mjs micropython.wasm
   Standard input is JSON: { files, questions }; standard output a list of { printed, answer }. Each
   question has a Python of its own, as it has on a page. */

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { start } from "./worker.mjs";

const [module, wasm] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(module));
const { files, questions } = JSON.parse(readFileSync(0, "utf8"));
const answers = [];
for (const question of questions) {
  const decoder = new TextDecoder();
  let printed = "";
  const run = await start(loadMicroPython, wasm, files, (bytes) => {
    printed += decoder.decode(bytes, { stream: true });
  });
  let answer;
  try {
    answer = JSON.parse(run(JSON.stringify(question)));
  } catch (error) {
    answer = { error: { type: error.name, message: error.message } };
  }
  answers.push({ printed, answer });
}
process.stdout.write(JSON.stringify(answers));
