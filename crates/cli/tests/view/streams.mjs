// Streams to look at that nobody records.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const event = (value) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const delta = (delta, finish_reason = null) => event({ model: "made", choices: [{ index: 0, delta, finish_reason }] });
const call = (index, more) => delta({ tool_calls: [{ index, ...more }] });
const pieces = (index, text) => text.match(/.{1,6}/g).map((piece) => call(index, { function: { arguments: piece } }));

/** Two calls, with times: a read for each event, but the last come together. */
export async function timed(directory) {
  const events = [
    delta({ role: "assistant", content: "" }),
    ..."Both cities are asked for, so I call twice. ".match(/\S+ /g).map((word) => delta({ reasoning_content: word })),
    call(0, { id: "call_1", function: { name: "weather", arguments: "" } }),
    ...pieces(0, '{"city":"Lisbon","unit":"C"}'),
    call(1, { id: "call_2", function: { name: "local_time", arguments: "" } }),
    ...pieces(1, '{"city":"Porto"}'),
    ": keep-alive\n\n",
    delta({}, "tool_calls"),
    event({ choices: [], usage: { prompt_tokens: 61, completion_tokens: 34, total_tokens: 95 } }),
    event("[DONE]"),
  ];
  let time = 310_000;
  const times = events.map((text, at) => {
    time += at > events.length - 4 ? 0 : 9_000 + ((at * 7919) % 37_000);
    return `${time} ${Buffer.byteLength(text)}\n`;
  });
  await writeFile(join(directory, "timed.times"), `${times.join("")}${time + 4_000} 0\n`);
  return stream(directory, "timed", events);
}

/** What would run, or hide, if a page let it; and an error before the end. */
export function hostile(directory) {
  return stream(directory, "hostile", [
    delta({ role: "assistant", content: "</script><img src=x onerror=alert(1)><!--<script>" }),
    delta({ content: "\u202Ekcab\u202C \u001B[2J \u2028 שלום" }),
    event('{"choices": oops'),
    "what: ever\n",
    call(0, { id: "</script>", function: { name: "<b>bold</b>", arguments: '{"city":"Lis' } }),
    event({ error: { message: "<script>alert(2)</script>", code: 503 } }),
    'data: {"cho',
  ]);
}

/** Words without a place to break. */
export function wide(directory) {
  const word = "w".repeat(300);
  return stream(directory, "wide", [
    event({ id: word, model: word, choices: [{ index: 0, delta: { role: word } }] }),
    call(0, { id: word, function: { name: word, arguments: `{"${word}":` } }),
    call(1, { id: word, function: { name: word, arguments: `{"${word}":1}` } }),
    delta({ reasoning_content: word, content: word }),
    delta({}, word),
    event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, [word]: word, x: { [word]: 1e300 } } }),
    event({ error: { message: word } }),
  ]);
}

/** 10,000 events. */
export function long(directory) {
  const words = "a stream of events comes in reads and nobody knows where they end".split(" ");
  const word = (at) => `${words[(at * 7919) % words.length]}${at % 60 === 59 ? ".\n\n" : " "}`;
  const kind = (at) => (at < 2_500 ? "reasoning_content" : "content");
  const events = Array.from({ length: 9_997 }, (_, at) => delta({ [kind(at)]: word(at) }));
  return stream(directory, "long", [
    ...events,
    delta({}, "stop"),
    event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 9_997, total_tokens: 10_009 } }),
    event("[DONE]"),
  ]);
}

async function stream(directory, name, events) {
  const path = join(directory, `${name}.sse`);
  await writeFile(path, events.join(""));
  return path;
}
