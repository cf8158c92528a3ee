//! What the made streams say.

/// Pieces as a tokenizer cuts them, as they stand in JSON. One in 25 has an
/// escape, one in 25 is not ASCII.
const PIECES: [&str; 50] = [
    " The", " river", " runs", " through", " a", " wide", " valley", ",", " and", " its", " sand",
    " sett", "les", " where", " the", " water", " slows", ".", "\\n\\n", " In", " spring", " it",
    " floods", " fields", ";", " by", " August", " one", " can", " walk", " across", " at", " 18",
    " °C", ".", " People", " call", " this", " \\\"", "ford", " between", " two", " banks", " –",
    " it", " moves", " every", " year", " or", " so",
];

/// The piece at a place of a text. The text does not repeat itself soon.
pub(super) fn piece(at: usize) -> &'static str {
    // A step that shares no factor with the number of pieces visits them all,
    // and each time through begins elsewhere.
    PIECES[(at * 7 + at / PIECES.len() * 3) % PIECES.len()]
}

/// So many events, and the one behind them.
pub(super) fn stream(events: impl Iterator<Item = String>) -> String {
    let mut stream = String::new();
    for event in events {
        stream += "data: ";
        stream += &event;
        stream += "\n\n";
    }
    stream + "data: [DONE]\n\n"
}

/// What comes before the pieces, the pieces, and what comes behind, as one
/// stream of so many chunks.
pub(super) fn around(
    before: String,
    chunks: usize,
    piece: impl Fn(usize) -> String,
    behind: Vec<String>,
) -> String {
    let pieces = chunks.saturating_sub(1 + behind.len());
    let events = std::iter::once(before).chain((0..pieces).map(piece));
    stream(events.chain(behind))
}
