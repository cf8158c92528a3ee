//! Streams in pieces.

use deltaic::sse::Framer;

/// The stream in pieces that end where an event ends; what is behind the last is one
/// more.
pub(crate) fn by_event(stream: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut framer = Framer::new();
    let (mut input, mut rest, mut start) = (stream, stream, 0);
    // An event that is too long is none, and belongs to the next piece.
    while !input.is_empty() {
        let Ok(Some(event)) = framer.next(&mut input) else {
            continue;
        };
        let mut len = usize::try_from(event.span.end).unwrap_or(usize::MAX) - start;
        // Of a CR LF, the event ends with the CR.
        len += usize::from(rest.get(len - 1..=len) == Some(b"\r\n"));
        let (piece, behind) = rest.split_at(len);
        pieces.push(piece);
        rest = behind;
        start += len;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_where_events_end() {
        for (stream, expected) in [
            ("", &[][..]),
            ("data: a\n\ndata: b\n\n", &["data: a\n\n", "data: b\n\n"]),
            (
                "\u{feff}data: a\r\n\r\n\r\ndata: b\r\rdata: c\n\r\n",
                &[
                    "\u{feff}data: a\r\n\r\n",
                    "\r\ndata: b\r\r",
                    "data: c\n\r\n",
                ],
            ),
            (
                ": c\n\nid: 1\n\ndata: a\n\n: d\n\ndata: open",
                &[": c\n\nid: 1\n\ndata: a\n\n", ": d\n\ndata: open"],
            ),
        ] {
            let expected: Vec<&[u8]> = expected.iter().map(|piece| piece.as_bytes()).collect();
            assert_eq!(by_event(stream.as_bytes()), expected, "{stream:?}");
        }
    }
}
