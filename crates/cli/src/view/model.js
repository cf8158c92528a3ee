"use strict";
// What the page knows: the data, and what follows from it.

const data = JSON.parse(document.getElementById("data").textContent);
const { rows, lanes, findings } = data;

// The kinds of pieces, in the order of their tracks, and their names.
const KINDS = {
  role: "role",
  reasoning: "reasoning",
  text: "text",
  refusal: "refusal",
  call: "tool call",
  finish: "finish",
  usage: "usage",
  done: "[DONE]",
  error: "error",
  comment: "comment",
  other: "other",
};

// The rows in which each lane grows, and how long it is from there on.
const steps = lanes.map(() => ({ rows: [], to: [] }));
rows.forEach((row, at) => {
  for (const piece of row.pieces) {
    if (piece.lane === undefined) continue;
    const step = steps[piece.lane];
    piece.from = step.to.at(-1) ?? 0;
    step.rows.push(at);
    step.to.push(piece.to);
  }
});

// How many items of a sorted list are not above the limit.
function countUpTo(list, limit, of = (item) => item) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// How long a lane is after a row; undefined before it begins.
function lengthAt(lane, at) {
  return steps[lane].to[countUpTo(steps[lane].rows, at) - 1];
}

const numberFormat = new Intl.NumberFormat("en");
const count = (number) => numberFormat.format(number);
const counted = (number, thing) => `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
const seconds = (microseconds) => `${(microseconds / 1e6).toFixed(3)} s`;

// Reads, and when a row came: with the read that had its last byte.
const reads = data.reads ?? [];
const ending = reads.at(-1);
const isTimed = ending !== undefined && ending[0] > 0;
function timeOf(row) {
  const read = countUpTo(reads, row.end - 1, (read) => read[1]);
  return reads[Math.min(read, reads.length - 1)][0];
}
for (const row of rows) {
  if (isTimed) row.time = timeOf(row);
}

// A row's name: its number among the events, or what else it is.
function nameOf(row) {
  if (row.number !== null) return `event ${count(row.number)}`;
  return row.kind === "comment" ? "a comment" : "no event";
}

// Whose lane it is.
function titleOf(lane) {
  const title = lane.kind === "call" ? (lane.name ?? "a call without a name") : KINDS[lane.kind];
  return hasChoices ? `${shown(title)}, choice ${lane.choice}` : shown(title);
}
const hasChoices = lanes.some((lane) => lane.choice > 0);

// Text with marks for what would hide, or would change the order of what is shown.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
function shown(text) {
  return text.replace(HIDDEN, (char) => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}

// The beginning of a text, on one line.
function excerpt(text, most = 160) {
  const start = text.length > most ? `${text.slice(0, most)}…` : text;
  return shown(start.replace(/\r?\n/g, "⏎"));
}

// An element. What stands in it is text or elements, never markup.
function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

// What a piece says, on one line.
function says(piece, most) {
  if (piece.lane === undefined) return excerpt(piece.text, most);
  const { kind, text, name } = lanes[piece.lane];
  if (piece.to > piece.from) return excerpt(text.slice(piece.from, piece.to), most);
  return kind === "call" && piece.to === 0 ? `→ ${excerpt(name ?? "", most)}` : "";
}
