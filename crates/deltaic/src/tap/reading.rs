//! How much of a body is read, and by whom.

use alloc::boxed::Box;

use deltaic_assembler::{Choice, Completion, Findings};

use super::{first::First, skim::Skim};
use crate::{
    reader::{Limits, Reader},
    report::Report,
};

/// What is kept of a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Keep {
    All,
    Usage,
}

#[expect(
    clippy::large_enum_variant,
    reason = "of many streams each is read after long: what lies elsewhere is fetched for itself"
)]
pub(super) enum Reading {
    All(Reader),
    /// For the usage, while nothing has come that counts.
    Skim(Skim),
    /// For the usage.
    Usage(Box<Usage>),
    Nothing,
}

/// A reader whose texts are forgotten.
pub(super) struct Usage {
    reader: Reader,
    /// How many chunks others have read.
    chunks: u64,
    /// How many bytes may come before the texts are forgotten.
    room: usize,
}

impl Reading {
    pub(super) fn new(keep: Keep, limits: Option<&Limits>) -> Self {
        let limits = limits.copied().unwrap_or_default();
        match keep {
            Keep::All => Self::All(Reader::with_limits(limits)),
            // It would see what is of a choice that is dropped.
            Keep::Usage if limits.assembler.choices == 0 => {
                Self::Usage(Box::new(Usage::new(Reader::with_limits(limits), 0)))
            }
            Keep::Usage => Self::Skim(Skim::new(limits.event)),
        }
    }

    /// Reads `piece` of the read of this number.
    #[inline]
    pub(super) fn read(
        &mut self,
        mut piece: &[u8],
        read: u64,
        first: &mut First,
        limits: Option<&Limits>,
    ) {
        if let Self::Skim(skim) = self {
            let Some(reader) = skim.read(&mut piece, read, first, limits) else {
                return;
            };
            first.see(reader.completion(), read);
            *self = Self::Usage(Box::new(Usage::new(reader, skim.chunks())));
        }
        match self {
            Self::All(reader) => read_all(reader, piece, read, first),
            Self::Usage(usage) => usage.read(piece, read, first),
            Self::Skim(_) | Self::Nothing => {}
        }
    }

    /// The body has ended.
    pub(super) fn into_report(self, limits: Option<&Limits>) -> Report {
        match self {
            Self::All(reader) => reader.into_report(),
            Self::Skim(mut skim) => Usage::new(skim.finish(limits), skim.chunks()).into_report(),
            Self::Usage(usage) => usage.into_report(),
            Self::Nothing => Reader::new().into_report(),
        }
    }
}

fn read_all(reader: &mut Reader, mut piece: &[u8], read: u64, first: &mut First) {
    // What is said in a word has been seen to be said.
    if !reader.push_word(&mut piece) {
        reader.push(piece);
        first.see(reader.completion(), read);
    }
}

impl Usage {
    fn new(reader: Reader, chunks: u64) -> Self {
        Self {
            reader,
            chunks,
            room: 0,
        }
    }

    fn read(&mut self, piece: &[u8], read: u64, first: &mut First) {
        read_all(&mut self.reader, piece, read, first);
        if let Some(room) = self.room.checked_sub(piece.len()) {
            self.room = room;
            return;
        }
        self.reader.forget_texts();
        // Going over the calls costs no more than what came since, and what may have
        // come since is no more than they take.
        let choices = self.reader.completion().choices.iter();
        let calls = choices.map(|choice| 1 + choice.message.tool_calls.len());
        self.room = 1024 + 64 * calls.sum::<usize>();
    }

    fn into_report(self) -> Report {
        let mut report = self.reader.into_report();
        report.stats.chunks += self.chunks;
        report.findings = Findings::default();
        report.completion = report.completion.map(usage_of);
        report
    }
}

/// Of a completion what tells what it has cost, and of whom it was.
fn usage_of(all: Completion) -> Completion {
    let mut completion = Completion::default();
    completion.id = all.id;
    completion.model = all.model;
    completion.usage = all.usage;
    let choices = all.choices.into_iter().map(|all| {
        let mut choice = Choice::default();
        choice.index = all.index;
        choice.finish_reason = all.finish_reason;
        choice
    });
    completion.choices = choices.collect();
    completion
}
