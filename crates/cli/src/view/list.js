// The list of rows. Only those in sight are elements, however many there are.

const ROW = 28;
const AROUND = 12;
const list = document.getElementById("list");
const listed = document.getElementById("rows");

function startList() {
  listed.style.height = `${rows.length * ROW}px`;
  if (isTimed) list.parentElement.classList.add("timed");
  if (rows.length === 0) return list.replaceWith(make("p", "quiet", "Nothing came."));
  const heads = isTimed ? ["event", "byte", "seconds"] : ["event", "byte"];
  const head = make("div", "row", ...heads.map((name) => make("span", "number quiet", name)), make("span", "", "kind"), make("span", "", "what it says"));
  document.getElementById("columns").append(head);
  list.addEventListener("scroll", drawRows);
  new ResizeObserver(drawRows).observe(list);
  listed.addEventListener("click", (event) => {
    const row = event.target.closest("[data-at]");
    if (row) select(Number(row.dataset.at));
  });
}

function drawRows() {
  const first = Math.max(Math.floor(list.scrollTop / ROW) - AROUND, 0);
  const last = Math.min(Math.ceil((list.scrollTop + list.clientHeight) / ROW) + AROUND, rows.length);
  const elements = [];
  for (let at = first; at < last; at += 1) elements.push(makeRow(at));
  listed.replaceChildren(...elements);
}

function makeRow(at) {
  const row = rows[at];
  const element = make(
    "div",
    `row k-${row.kind}`,
    make("span", "number", row.number === null ? "·" : count(row.number)),
    make("span", "number quiet", count(row.at)),
  );
  if (isTimed) element.append(make("span", "number quiet", (row.time / 1e6).toFixed(3)));
  element.append(make("span", "kind", make("i", "dot"), KINDS[row.kind]), makeSaid(row, at));
  element.id = `row-${at}`;
  element.dataset.at = at;
  element.style.top = `${at * ROW}px`;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", at === selected);
  if (odd.has(at)) element.classList.add("odd");
  return element;
}
const odd = new Set(findings.map((finding) => finding.row));

// What a row says: what it goes by plainly, the rest by name.
function makeSaid(row, at) {
  const said = make("span", "said");
  for (const piece of row.pieces) {
    const text = says(piece);
    if (text === "" && row.pieces.length > 1) continue;
    const part = make("bdi", piece.kind === row.kind ? "" : "beside");
    if (piece.kind !== row.kind && piece.kind !== "done") part.append(make("b", `k-${piece.kind}`, KINDS[piece.kind]), " ");
    part.append(text);
    said.append(part, " ");
  }
  if (row.pieces.length === 0) said.append(make("bdi", "beside", excerpt(row.raw.trim())));
  if (lanes.some((lane) => lane.complete === at)) said.append(make("b", "k-call", "✓ JSON"));
  return said;
}

function showSelected() {
  if (rows.length === 0) return;
  const top = selected * ROW;
  if (top < list.scrollTop) list.scrollTop = top;
  const below = top + ROW - list.clientHeight;
  if (below > list.scrollTop) list.scrollTop = below;
  drawRows();
  list.setAttribute("aria-activedescendant", `row-${selected}`);
}
