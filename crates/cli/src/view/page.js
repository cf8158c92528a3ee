// The page as a whole: what stays as it is, and what moves it.

const slider = document.getElementById("slider");
let selected = 0;

function showHeader() {
  document.title = `${data.name} · deltaic`;
  document.getElementById("name").textContent = shown(data.name);
  const badge = document.getElementById("outcome");
  badge.textContent = data.outcome;
  badge.classList.add(data.outcome);
  const reasons = data.finish_reasons.map(([choice, reason]) => {
    return data.finish_reasons.length > 1 ? `${choice}: ${excerpt(reason)}` : excerpt(reason);
  });
  const finish = reasons.length > 0 ? ` · finish reason ${reasons.join(", ")}` : "";
  document.getElementById("meaning").textContent = data.meaning + finish;
  const { bytes, events, chunks, comments } = data.stats;
  const figures = [];
  if (data.usage !== null) figures.push(...tokenFigures());
  figures.push(["bytes", count(bytes)], ["events", count(events)], ["chunks", count(chunks)]);
  if (comments > 0) figures.push(["comments", count(comments)]);
  figures.push(["reads", data.reads === null ? "not recorded" : count(readCount)]);
  if (isTimed) {
    const first = rows.find((row) => row.pieces.some((piece) => piece.to > piece.from));
    if (first) figures.push(["first delta", seconds(first.time)]);
    figures.push(["in all", seconds(ending[0])]);
  }
  if (findings.length > 0) figures.push(["findings", count(findings.length + data.findings_omitted)]);
  if (data.model !== null) figures.push(["model", excerpt(data.model)]);
  const list = document.getElementById("figures");
  for (const [name, value] of figures) list.append(make("div", "", make("dt", "", name), make("dd", "", value)));
}

function tokenFigures() {
  const soFar = data.usage_state === "partial" ? " so far" : "";
  const figures = [["prompt", data.usage.prompt_tokens], ["completion", data.usage.completion_tokens]];
  return figures
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) => [`${name} tokens${soFar}`, count(value)]);
}

function showFindings() {
  const section = document.getElementById("findings");
  if (findings.length === 0) return section.append(make("p", "quiet", "Nothing was odd."));
  section.append(...findings.map(makeFinding));
  if (data.findings_omitted > 0) section.append(make("p", "quiet", `and ${count(data.findings_omitted)} more`));
}

function showUsage() {
  const section = document.getElementById("usage");
  if (data.usage === null) return section.append(make("p", "quiet", "The server sent no token counts."));
  const table = make("table", "");
  addFigures(table, data.usage, "");
  const state = data.usage_state === "partial" ? "Seen on the way: the answer has cost at least this." : "Of the whole answer, as the server sent it.";
  section.append(make("p", "quiet", state), table);
}

function addFigures(table, object, path) {
  for (const [name, value] of Object.entries(object)) {
    if (value !== null && typeof value === "object") {
      addFigures(table, value, `${path}${name} / `);
      continue;
    }
    const cell = typeof value === "number" ? make("td", "number", `${value}`) : make("td", "", excerpt(String(value)));
    table.append(make("tr", "", make("th", "", shown(path + name)), cell));
  }
}

function showPosition() {
  const row = rows[selected];
  if (row === undefined) return;
  const time = isTimed ? ` · ${seconds(row.time)}` : "";
  const of = row.number === null ? "" : ` of ${count(data.stats.events)}`;
  document.getElementById("position").textContent = `${nameOf(row)}${of} · byte ${count(row.at)}${time}`;
}

let isDrawing = false;
function select(at) {
  if (rows.length === 0) return;
  selected = Math.min(Math.max(at, 0), rows.length - 1);
  slider.value = selected;
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(show);
}

function show() {
  isDrawing = false;
  moveCursor();
  showPosition();
  showSelected();
  showState();
  showEvent();
}

const KEYS = {
  ArrowLeft: () => selected - 1,
  ArrowRight: () => selected + 1,
  ArrowUp: () => selected - 1,
  ArrowDown: () => selected + 1,
  PageUp: () => selected - Math.floor(list.clientHeight / ROW),
  PageDown: () => selected + Math.floor(list.clientHeight / ROW),
  Home: () => 0,
  End: () => rows.length - 1,
};

function onKey(event) {
  const key = KEYS[event.key];
  const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  // Up and down scroll the page, but where the list or the slider has the focus.
  const scrolls = /Up$|Down$/.test(event.key);
  const isOurs = !scrolls || event.target === list || event.target === slider;
  if (!key || !isPlain || !isOurs) return;
  event.preventDefault();
  select(key());
}

slider.max = Math.max(rows.length - 1, 0);
slider.disabled = rows.length < 2;
slider.addEventListener("input", () => select(Number(slider.value)));
document.addEventListener("keydown", onKey);
document.getElementById("back").addEventListener("click", () => select(selected - 1));
document.getElementById("forth").addEventListener("click", () => select(selected + 1));
document.getElementById("about").textContent = `${
  isTimed
    ? "The axis is time: when the read came that had an event's last byte."
    : "The axis is bytes: no times are kept beside this recording."
}${lanes.some((lane) => lane.complete !== null) ? " ● is where arguments became complete JSON." : ""}`;

selected = Math.max(rows.length - 1, 0);
showHeader();
showFindings();
showUsage();
startAxis();
startList();
startState();
select(selected);
if (rows.length === 0) {
  showEvent();
  document.getElementById("course").remove();
}
