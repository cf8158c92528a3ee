//! Which arrays and objects are open, a bit for each.

/// The arrays (0) and objects (1) that are open, innermost lowest.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Nesting {
    kinds: u128,
    depth: u8,
}

impl Nesting {
    /// The brackets that close them, innermost first.
    pub(crate) fn closing(self) -> impl Iterator<Item = char> {
        (0..self.depth).map(move |at| if self.kinds >> at & 1 == 0 { ']' } else { '}' })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.depth == 0
    }

    pub(crate) fn innermost(self) -> u128 {
        self.kinds & 1
    }

    /// False if there are too many already.
    pub(crate) fn open(&mut self, kind: u128) -> bool {
        if usize::from(self.depth) >= deltaic_chunk::MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        self.kinds = self.kinds << 1 | kind;
        true
    }

    /// False if none of that kind is innermost.
    pub(crate) fn close(&mut self, kind: u128) -> bool {
        if self.depth == 0 || self.innermost() != kind {
            return false;
        }
        self.depth -= 1;
        self.kinds >>= 1;
        true
    }
}
