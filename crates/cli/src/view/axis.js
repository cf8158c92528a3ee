// The axis: a track for each kind of piece and for each call, drawn once; a line over
// it tells where one is.

const TRACK = 22;
const SCALE = 26;
const MOST_CALLS = 8;
// What stands at an end is drawn whole.
const EDGE = 6;
const plot = document.getElementById("plot");
const canvas = plot.querySelector("canvas");
const cursor = document.getElementById("cursor");

// Where a row stands between 0 and 1, by time or by bytes.
const extent = isTimed ? ending[0] : Math.max(data.stats.bytes, 1);
const place = (row) => (isTimed ? row.time : row.end) / extent;

const tracks = makeTracks();

function makeTracks() {
  const calls = lanes.filter((lane) => lane.kind === "call").length;
  const found = new Map();
  const add = (key, track, row) => {
    if (!found.has(key)) found.set(key, { ...track, rows: [] });
    const list = found.get(key).rows;
    if (list.at(-1) !== row) list.push(row);
  };
  for (const row of rows) {
    for (const { kind, lane } of row.pieces) {
      const isCall = kind === "call" && calls <= MOST_CALLS;
      const title = isCall ? titleOf(lanes[lane]) : KINDS[kind];
      add(isCall ? `call ${lane}` : kind, { kind, title, lane: isCall ? lane : undefined }, row);
    }
    if (row.pieces.length === 0) add("other", { kind: "other", title: KINDS.other }, row);
  }
  const order = Object.keys(KINDS);
  const list = [...found.values()];
  list.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.lane ?? 0) - (b.lane ?? 0));
  const odd = findings.filter((finding) => finding.row !== null).map((finding) => rows[finding.row]);
  if (odd.length > 0) list.push({ kind: "finding", title: "findings", rows: odd });
  return list;
}

function drawLabels() {
  const labels = tracks.map((track) => {
    const title = make("span", "name", track.title);
    title.title = track.title;
    return make("div", `track k-${track.kind}`, make("i", "dot"), title, make("span", "number", count(track.rows.length)));
  });
  if (reads.length > 0) {
    const number = make("span", "number", count(readCount));
    labels.push(make("div", "track k-read", make("i", "dot"), make("span", "name", "reads"), number));
  }
  document.getElementById("tracks").replaceChildren(...labels);
}
const readCount = countReads();
function countReads() {
  return reads.filter(([, end], at) => end > (reads[at - 1]?.[1] ?? 0)).length;
}

function drawAxis() {
  const width = plot.clientWidth;
  const lines = tracks.length + (reads.length > 0 ? 1 : 0);
  const height = lines * TRACK + SCALE;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const style = getComputedStyle(plot);
  const colour = (name) => style.getPropertyValue(`--${name}`);
  const x = (part) => EDGE + part * (width - 2 * EDGE);
  const bottom = lines * TRACK;
  drawScale(pen, x, width, bottom, colour);
  pen.fillStyle = colour("rule");
  for (let line = 0; line <= lines; line += 1) pen.fillRect(0, line * TRACK, width, 1);
  tracks.forEach((track, line) => drawTrack(pen, track, line * TRACK, x, colour));
  pen.fillStyle = colour("k-read");
  for (const [time, end] of reads) {
    pen.fillRect(x(isTimed ? time / extent : end / extent), bottom - TRACK + 6, 1, TRACK - 11);
  }
  moveCursor();
}

function drawTrack(pen, track, top, x, colour) {
  pen.fillStyle = colour(`k-${track.kind}`);
  let last = -1;
  for (const row of track.rows) {
    const left = Math.round(x(place(row)) * 2) / 2;
    // What would cover the last is not drawn again.
    if (left === last) continue;
    last = left;
    if (track.kind === "finding") drawDiamond(pen, left, top + TRACK / 2 + 0.5);
    else pen.fillRect(left - 1, top + 6, 2, TRACK - 11);
  }
  const complete = lanes[track.lane]?.complete;
  if (complete === undefined || complete === null) return;
  pen.beginPath();
  pen.arc(x(place(rows[complete])), top + TRACK / 2 + 0.5, 4.5, 0, 7);
  pen.fill();
}

function drawDiamond(pen, x, y) {
  pen.beginPath();
  for (const [dx, dy] of [[0, -5], [5, 0], [0, 5], [-5, 0]]) pen.lineTo(x + dx, y + dy);
  pen.fill();
}

// Round numbers along the axis, about one in 90 pixels.
function drawScale(pen, x, width, bottom, colour) {
  const rough = (extent / Math.max(width, 1)) * 90;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((factor) => factor * power >= rough) * power, 1);
  pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  for (let at = 0; at <= extent; at += step) {
    const left = x(at / extent);
    pen.fillStyle = colour("rule");
    pen.fillRect(left, 0, 1, bottom + 4);
    const label = isTimed ? scaleTime(at, step) : scaleBytes(at);
    pen.textAlign = at === 0 ? "left" : left > width - 30 ? "right" : "center";
    pen.fillStyle = colour("quiet");
    pen.fillText(label, at === 0 ? 0 : left, bottom + 18);
  }
}
function scaleTime(time, step) {
  if (step < 1e3) return `${time / 1e3} ms`;
  return extent < 1e6 ? `${Math.round(time / 1e3)} ms` : `${+(time / 1e6).toFixed(3)} s`;
}
function scaleBytes(bytes) {
  return extent < 1e4 ? count(bytes) : `${+(bytes / 1e3).toFixed(1)} kB`;
}

function moveCursor() {
  if (rows.length === 0) return;
  cursor.style.left = `${EDGE + place(rows[selected]) * (plot.clientWidth - 2 * EDGE)}px`;
}

// The row that is nearest to where somebody points.
function rowAt(event) {
  const box = canvas.getBoundingClientRect();
  const part = (event.clientX - box.left - EDGE) / (box.width - 2 * EDGE);
  const after = countUpTo(rows, part, place);
  if (after === 0) return 0;
  if (after === rows.length) return after - 1;
  return part - place(rows[after - 1]) <= place(rows[after]) - part ? after - 1 : after;
}

function startAxis() {
  drawLabels();
  new ResizeObserver(drawAxis).observe(plot);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAxis);
  const point = (event) => {
    if (event.buttons === 1 && rows.length > 0) select(rowAt(event));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    point(event);
  });
  canvas.addEventListener("pointermove", point);
}
