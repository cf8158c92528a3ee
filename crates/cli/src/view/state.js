// What stood there after the selected row, and that row itself.

const panels = lanes.map(makePanel);

function makePanel(lane) {
  const body = make("div", "body");
  const extra = make("span", "quiet");
  const head = make("h3", "", make("i", "dot"), make("bdi", "", titleOf(lane)), extra);
  const panel = make("article", `lane k-${lane.kind}`, head, body);
  body.dir = "auto";
  return { panel, body, extra };
}

function startState() {
  const place = document.getElementById("lanes");
  place.append(...panels.map(({ panel }) => panel));
  if (lanes.length === 0) place.append(make("p", "quiet", "No text, no reasoning, no tool call in this stream."));
}

function showState() {
  lanes.forEach((lane, at) => showLane(lane, at, panels[at]));
}

function showLane(lane, at, { panel, body, extra }) {
  const length = lengthAt(at, selected);
  panel.classList.toggle("absent", length === undefined);
  if (length === undefined) {
    extra.textContent = `begins with ${nameOf(rows[steps[at].rows[0]])}`;
    body.replaceChildren();
    return;
  }
  const grown = rows[selected].pieces.filter((piece) => piece.lane === at && piece.to > piece.from);
  const from = grown[0]?.from ?? length;
  const fresh = lane.text.slice(from, length);
  body.replaceChildren(shown(lane.text.slice(0, from)));
  if (fresh !== "") body.append(make("mark", "", shown(fresh)));
  body.scrollTop = body.scrollHeight;
  const whole = lane.text.length;
  const size = length === whole ? counted(whole, "character") : `${count(length)} of ${counted(whole, "character")}`;
  extra.replaceChildren(size);
  if (lane.kind === "call") showCall(lane, extra);
}

function showCall(lane, extra) {
  if (lane.id !== null) extra.prepend(make("bdi", "code", excerpt(lane.id, 40)), " · ");
  const { complete } = lane;
  if (complete === null || complete > selected) {
    extra.append(" · ", make("b", "open", "not complete"));
    return;
  }
  const row = rows[complete];
  const time = isTimed ? `, ${seconds(row.time)}` : "";
  extra.append(" · ", make("b", "whole", "✓ complete JSON"), ` with ${nameOf(row)}${time}`);
}

const LONGEST = 20_000;

function showEvent() {
  const section = document.getElementById("event");
  const row = rows[selected];
  if (row === undefined) return section.remove();
  const name = nameOf(row);
  const facts = [`bytes ${count(row.at)} to ${count(row.end)}`, counted(row.end - row.at, "byte")];
  if (isTimed) {
    const read = Math.min(countUpTo(reads, row.end - 1, (read) => read[1]) + 1, readCount);
    facts.push(seconds(row.time), `read ${count(read)} of ${count(readCount)}`);
  }
  const raw = make("pre", "raw", shown(row.raw.slice(0, LONGEST).replace(/\r\n?/g, "\n").trimEnd()));
  const left = row.cut + Math.max(row.raw.length - LONGEST, 0);
  section.replaceChildren(
    make("h2", "", name.replace(/^./, (first) => first.toUpperCase())),
    make("p", "quiet", facts.join(" · ")),
    ...findings.filter((finding) => finding.row === selected).map(makeFinding),
    raw,
  );
  if (left > 0) section.append(make("p", "quiet", `and ${count(left)} more`));
}

function makeFinding(finding) {
  const kind = make("b", "", finding.kind);
  kind.title = finding.meaning;
  const where = make("button", "link", `byte ${count(finding.offset)}`);
  if (finding.row !== null) {
    where.append(`, ${nameOf(rows[finding.row])}`);
    where.addEventListener("click", () => select(finding.row));
  }
  return make("div", "finding", make("p", "", kind, ` (${finding.severity}) at `, where), make("p", "", make("bdi", "", excerpt(finding.detail, 400))));
}
