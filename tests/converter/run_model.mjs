// Loads converted models from disk with the real TensorFlow.js and prints what they answer, one JSON line per folder.
//
//   node run_model.mjs NODE_MODULES FOLDER...      (FOLDER... may be - : then one folder per line of standard input)
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { answersOf } from "./answers.mjs";

const [nodeModules, ...named] = process.argv.slice(2);
console.warn = () => {}; // the advice to install the native backend
const tf = createRequire(resolve(nodeModules, "converter-test.cjs"))("@tensorflow/tfjs");
const folders = named[0] === "-" ? readFileSync(0, "utf8").split("\n").filter(Boolean) : named;

for (const folder of folders) {
  const answer = await answersOf(tf, async (name) => new Response(await readFile(join(folder, name))));
  console.log(JSON.stringify(answer));
}
