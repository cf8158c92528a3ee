//! Whether a stream is read alike, however it is cut.

use deltaic::Report;
use rayon::prelude::*;
use serde::Serialize;

use super::read;
use crate::{progress, report::counted};

/// What came of reading a stream cut in two at every byte, and byte by byte.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cuts {
    tried: usize,
    /// The cuts that give another report.
    different: Vec<usize>,
    /// Byte by byte it gives another report.
    bytes_differ: bool,
}

impl Cuts {
    pub(super) fn try_all(bytes: &[u8], whole: &Report) -> Self {
        let tried = bytes.len() + 1;
        let bar = progress::bar(tried, "cuts");
        let is_different = |cut: &usize| {
            bar.inc(1);
            let (a, b) = bytes.split_at(*cut);
            read([a, b]) != *whole
        };
        let different = (0..tried).into_par_iter().filter(is_different).collect();
        bar.finish_and_clear();
        Self {
            tried,
            different,
            bytes_differ: read(bytes.chunks(1)) != *whole,
        }
    }

    pub(super) fn are_alike(&self) -> bool {
        self.different.is_empty() && !self.bytes_differ
    }

    /// What there is to tell, a line each.
    pub(super) fn lines(&self) -> Vec<String> {
        if self.are_alike() {
            let cuts = counted(self.tried as u64, "cut");
            return vec![format!("{cuts} and byte by byte, one result")];
        }
        let cuts = self.different.iter();
        let cuts = cuts.map(|cut| format!("cut at byte {cut}, it reads differently"));
        let bytes = self.bytes_differ;
        let bytes = bytes.then(|| "read byte by byte, it reads differently".into());
        cuts.chain(bytes).collect()
    }
}
