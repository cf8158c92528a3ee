// Opens the pages of recordings in a browser, and compares what is seen with what
// `deltaic read` says: CHROMIUM=… node check.mjs DELTAIC a.sse b.sse …
// With PICTURES=DIR it leaves pictures there to look at.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { open, start } from "./browser.mjs";
import { hostile, long, timed, wide } from "./streams.mjs";

const { CHROMIUM, PICTURES } = process.env;
const [deltaic, ...recordings] = process.argv.slice(2);
assert(CHROMIUM && recordings.length > 0, "CHROMIUM=… node check.mjs DELTAIC RECORDING…");

const directory = await mkdtemp(join(tmpdir(), "deltaic-view-"));
const browser = await start(CHROMIUM);

function run({ input }, ...options) {
  const { stdout, stderr, status } = spawnSync(deltaic, options, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  assert(status < 2, `${options.join(" ")}: ${stderr}`);
  return stdout;
}

// What `read` says that the page must show: kinds and texts, in their order.
function wanted({ completion }) {
  const texts = [];
  for (const { message } of completion?.choices ?? []) {
    texts.push(["reasoning", message.reasoning_content ?? ""], ["text", message.content ?? ""], ["refusal", message.refusal ?? ""]);
    for (const call of message.tool_calls ?? []) texts.push(["call", call.custom?.input ?? call.function.arguments]);
  }
  return texts.filter(([, text]) => text !== "").sort();
}

const LANES = `[...document.querySelectorAll(".lane:not(.absent)")]
  .map((lane) => [lane.className.match(/k-(\\w+)/)[1], lane.querySelector(".body").textContent])
  .filter(([, text]) => text !== "").sort()`;
const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
// Whether the page shows marks in place of what would hide.
const isMarked = (report) => wanted(report).some(([, text]) => HIDDEN.test(text));

async function view(recording) {
  const path = join(directory, `${basename(recording)}.html`);
  run({}, "view", recording, "-o", path);
  return open(browser, pathToFileURL(path).href);
}

async function check(recording) {
  const report = JSON.parse(run({}, "read", "--json", recording));
  const page = await view(recording);
  const { value, press } = page;
  assert.equal(await value(`document.getElementById("outcome").textContent`), report.outcome);
  const last = await value(LANES);
  if (!isMarked(report)) assert.deepEqual(last, wanted(report));
  const kinds = await value(`[...document.querySelectorAll("#findings .finding b")].map((kind) => kind.textContent)`);
  assert.deepEqual(kinds, report.findings.map(({ kind }) => kind));

  const bytes = await readFile(recording);
  await checkSteps(page, last, bytes);
  await press("End");
  assert.deepEqual(await value(LANES), last, "End goes to the end");
  const raw = `document.querySelector("#event .raw")?.textContent ?? null`;
  const clicked = await value(`(document.querySelector("#rows .row")?.click(), selected)`);
  const lines = bytes.toString().replaceAll(/\r\n?/g, "\n");
  const shown = await value(raw);
  assert(shown === null ? lines === "" : HIDDEN.test(lines) || lines.includes(shown), `row ${clicked} shows its bytes`);

  for (const [width, scheme] of [[1400, "light"], [400, "light"], [320, "light"], [1400, "dark"], [400, "dark"]]) {
    await page.look(width, scheme);
    const wide = await value("document.documentElement.scrollWidth");
    assert(wide <= width, `${wide} pixels in a window of ${width}`);
    if (PICTURES) await writeFile(join(PICTURES, `${basename(recording)}-${width}-${scheme}.png`), await page.picture());
  }
  const elements = await value(`document.querySelectorAll("*").length`);
  assert(elements < 1500, `${elements} elements are too many`);
  assert.deepEqual(page.complaints, []);
  assert.equal(page.requests.length, 1, `the page asked for ${page.requests.slice(1)}`);
  console.log(`${basename(recording)}: ${report.outcome}, ${report.stats.events} events, ${elements} elements`);
}

// From the first row on, by key and by slider: texts only grow, to what they are at the end.
async function checkSteps({ value, press }, last, bytes) {
  const count = await value("rows.length");
  if (count === 0) return;
  await press("Home");
  assert.equal(await value("Number(slider.value)"), 0, "Home goes to the first");
  const wholes = new Map(last.map(([kind, text]) => [kind, []]));
  for (const [kind, text] of last) wholes.get(kind).push(text);
  let before = 0;
  for (let step = 0; step < Math.min(count, 60); step += 1) {
    const texts = await value(LANES);
    for (const [kind, text] of texts) {
      assert(wholes.get(kind)?.some((whole) => whole.startsWith(text)), `${kind} at row ${step}: ${text}`);
    }
    const length = texts.reduce((sum, [, text]) => sum + text.length, 0);
    assert(length >= before, `texts shrink at row ${step}`);
    before = length;
    assert.equal(await value("selected"), step);
    await press("ArrowRight");
  }
  for (const row of [count >> 1, Math.floor(count / 3)]) {
    await value(`(slider.value = ${row}, slider.dispatchEvent(new Event("input")))`);
    const end = await value(`rows[${row}].end`);
    const begun = JSON.parse(run({ input: bytes.subarray(0, end) }, "read", "--json", "-"));
    const seen = await value(LANES);
    if (!isMarked(begun)) assert.deepEqual(seen, wanted(begun), `row ${row} shows what stood there`);
  }
}

try {
  for (const recording of recordings) await check(recording);
  for (const make of [timed, hostile, wide, long]) await check(await make(directory));
} finally {
  await browser.close();
  await rm(directory, { recursive: true });
}
