// Reads recordings through the module, and compares with what was written down beside
// them: node check.mjs deltaic_example_wasm.wasm groq-hi.sse …

import { readFile } from "node:fs/promises";
import { load } from "./deltaic.mjs";

const [module, ...recordings] = process.argv.slice(2);
const open = await load(await readFile(module));
if (recordings.length === 0) throw new Error("no recordings");
for (const path of recordings) {
  const bytes = await readFile(path);
  const expected = JSON.parse(await readFile(path.replace(/sse$/, "expected.json")));
  for (const length of [1, 100, bytes.length]) {
    const stream = open();
    let text = "";
    for (let at = 0; at < bytes.length; at += length) {
      text += stream.push(bytes.subarray(at, at + length));
    }
    const end = stream.end();
    const { choices, usage } = expected.completion;
    const found = [text + end.text, end.outcome, end.tokens];
    const wanted = [choices[0].message.content ?? "", expected.outcome, usage?.total_tokens ?? null];
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      throw new Error(`${path}, ${length} bytes a read: ${found} is not ${wanted}`);
    }
  }
}
console.log(`${recordings.length} recordings`);
