//! What each event of a recording says, in one pass.
//!
//! The framer tells where each block lies; the reader is given the same bytes, block by
//! block, and tells what each has changed.

use std::{collections::BTreeSet, mem};

use deltaic::{
    FindingKind, Reader, Report,
    sse::{Framer, Item},
};

use super::{
    data::{Kind, Lane, Piece, Row},
    lanes::{Lanes, of_choice, piece},
};

/// How many bytes of a row are shown.
const RAW: usize = 64 << 10;

/// What is known of a recording.
pub(super) struct Collected {
    pub(super) rows: Vec<Row>,
    pub(super) lanes: Vec<Lane>,
    pub(super) report: Report,
}

/// Reads a recording that comes in these reads.
pub(super) fn collect<'r>(bytes: &[u8], reads: impl Iterator<Item = &'r [u8]>) -> Collected {
    let mut framer = Framer::new();
    let mut collector = Collector {
        bytes,
        ..Collector::default()
    };
    for mut read in reads {
        loop {
            let before = read;
            let line = match framer.next_item(&mut read) {
                Ok(item) => item.map(|item| line(&item)),
                Err(error) => Some(Line {
                    at: error.at,
                    is_event: false,
                    piece: Some(piece(Kind::Error, error.to_string())),
                }),
            };
            let taken = before.len() - read.len();
            collector.feed(before.get(..taken).unwrap_or_default());
            let Some(line) = line else { break };
            collector.push_row(line, framer.position());
        }
    }
    let position = framer.position();
    let whole = collector.rows.len();
    while let Some(item) = framer.finish_item() {
        collector.push_row(line(&item), position);
    }
    collector.finish(whole)
}

/// What the framer says of a row.
struct Line {
    at: u64,
    is_event: bool,
    /// What it says if it changes nothing.
    piece: Option<Piece>,
}

fn line(item: &Item<&[u8]>) -> Line {
    match item {
        Item::Event(event) => Line {
            at: event.span.start,
            is_event: true,
            piece: None,
        },
        Item::Comment { text, at } => Line {
            at: *at,
            is_event: false,
            piece: Some(piece(Kind::Comment, lossy(text))),
        },
        Item::Field { name, value, at } => Line {
            at: *at,
            is_event: false,
            piece: Some(piece(
                Kind::Other,
                format!("{}: {}", lossy(name), lossy(value)),
            )),
        },
    }
}

#[derive(Default)]
struct Collector<'b> {
    bytes: &'b [u8],
    reader: Reader,
    rows: Vec<Row>,
    lanes: Lanes,
    /// What the row at hand says.
    pieces: Vec<Piece>,
    /// The choices that have a role.
    roles: BTreeSet<u64>,
    events: u64,
}

impl Collector<'_> {
    fn feed(&mut self, mut bytes: &[u8]) {
        let row = self.rows.len();
        while let Some(updates) = self.reader.next(&mut bytes) {
            for update in updates {
                self.pieces.push(self.lanes.piece(update, row));
            }
        }
        for choice in &self.reader.completion().choices {
            if let Some(role) = &choice.message.role
                && self.roles.insert(choice.index)
            {
                let piece = of_choice(Kind::Role, choice.index, role);
                self.pieces.insert(0, piece);
            }
        }
    }

    fn push_row(&mut self, line: Line, end: u64) {
        let mut pieces = mem::take(&mut self.pieces);
        if pieces.is_empty() {
            pieces.extend(line.piece);
        }
        self.events += u64::from(line.is_event);
        // A comment within a block has a row of its own, before that of the block.
        let at = line.at;
        let (raw, cut) = self.raw(at, end);
        self.rows.push(Row {
            number: line.is_event.then_some(self.events),
            at,
            end,
            kind: kind(&pieces),
            pieces,
            raw,
            cut,
        });
    }

    fn raw(&self, at: u64, end: u64) -> (String, u64) {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(place(at)..place(end)).unwrap_or_default();
        let shown = bytes.get(..RAW).unwrap_or(bytes);
        (lossy(shown), (bytes.len() - shown.len()) as u64)
    }

    /// Reads what the end left open. The rows from `whole` on are cut off by the end.
    fn finish(mut self, whole: usize) -> Collected {
        // Which row that is depends on what is found.
        const LAST: usize = usize::MAX;
        while let Some(updates) = self.reader.finish() {
            for update in updates {
                self.pieces.push(self.lanes.piece(update, LAST));
            }
        }
        let report = self.reader.into_report();
        let findings = report.findings.as_slice().iter();
        let mut kinds = findings.map(|finding| finding.kind);
        let is_body = kinds.any(|kind| kind == FindingKind::NotAStream);
        self.reader = Reader::new();
        if is_body {
            self.rows.clear();
        }
        match self.rows.get_mut(whole..).and_then(<[Row]>::last_mut) {
            Some(row) if !self.pieces.is_empty() => {
                row.pieces = self.pieces;
                row.kind = kind(&row.pieces);
            }
            None if is_body || !self.pieces.is_empty() => {
                let at = self.rows.last().map_or(0, |row| row.end);
                let line = Line {
                    at,
                    is_event: false,
                    piece: None,
                };
                self.push_row(line, report.stats.bytes);
            }
            _ => {}
        }
        for lane in &mut self.lanes.list {
            lane.complete = lane.complete.map(|row| row.min(self.rows.len() - 1));
        }
        Collected {
            rows: self.rows,
            lanes: self.lanes.list,
            report,
        }
    }
}

/// What a row goes by.
fn kind(pieces: &[Piece]) -> Kind {
    let kinds = pieces.iter().map(|piece| piece.kind);
    kinds.max().unwrap_or(Kind::Other)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
