//! The bytes of a block, from whichever on they are kept.

use alloc::boxed::Box;

/// The bytes of a block that is known: from a place on, and behind those what stands before it.
///
/// Where that place is a hole, what stands between it and the one in the next block is one
/// piece, and can be compared at once.
#[derive(Clone, Debug)]
pub(super) struct Block {
    bytes: Box<[u8]>,
    /// Invariant: not more than there are bytes.
    first: usize,
}

impl Block {
    /// Of these parts, one behind the other.
    pub(super) fn new(parts: [&[u8]; 3]) -> Self {
        Self {
            bytes: parts.concat().into(),
            first: 0,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What stands there, which is not behind its end. `None` if it is kept from somewhere
    /// between on.
    #[inline]
    pub(super) fn get(&self, from: usize, to: usize) -> Option<&[u8]> {
        let place = if from >= self.first {
            from - self.first..to.checked_sub(self.first)?
        } else {
            let before = self.bytes.len() - self.first;
            before + from..before + to
        };
        self.bytes.get(place)
    }

    /// What stands before the place from which on it is kept; and what stands from here on, and
    /// that behind it.
    #[inline]
    pub(super) fn around(&self, from: usize) -> Option<(&[u8], &[u8])> {
        let before = self.bytes.get(self.bytes.len() - self.first..)?;
        let joint = self.bytes.get(from.checked_sub(self.first)?..)?;
        Some((before, joint))
    }

    /// What stands before the first of these places, and what behind the second. `None` if it is not
    /// kept from the first on.
    #[inline]
    pub(super) fn sides(&self, first: usize, second: usize) -> Option<(&[u8], &[u8])> {
        if first != self.first {
            return None;
        }
        let (kept, before) = self.bytes.split_at_checked(self.bytes.len() - first)?;
        Some((before, kept.get(second.checked_sub(first)?..)?))
    }

    /// Keeps it from this place on.
    #[inline]
    pub(super) fn keep_from(&mut self, first: usize) {
        if first != self.first {
            self.turn(first);
        }
    }

    #[cold]
    fn turn(&mut self, first: usize) {
        let at = if first >= self.first {
            first - self.first
        } else {
            self.bytes.len() - self.first + first
        };
        if let (Some(before), Some(behind)) = (self.bytes.get(..at), self.bytes.get(at..)) {
            self.bytes = [behind, before].concat().into();
            self.first = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn a_block_is_the_same_from_wherever_it_is_kept() {
        const WHOLE: &[u8] = b"abcdef";
        let mut block = Block::new([b"ab", b"cde", b"f"]);
        for first in [0, 2, 6, 4, 1, 0, 3] {
            block.keep_from(first);
            assert_eq!(block.len(), 6);
            for from in 0..=6 {
                for to in from..=6 {
                    let is_cut = from < first && first < to;
                    let expected = (!is_cut).then_some(&WHOLE[from..to]);
                    assert_eq!(block.get(from, to), expected, "{from}..{to} from {first}");
                }
                let joint = [&WHOLE[from..], &WHOLE[..first]].concat();
                let expected = (from >= first).then_some((&WHOLE[..first], &*joint));
                assert_eq!(block.around(from), expected);
                for to in from..=6 {
                    let expected = (from == first).then_some((&WHOLE[..from], &WHOLE[to..]));
                    assert_eq!(block.sides(from, to), expected);
                }
            }
        }
    }

    #[test]
    fn a_block_is_kept_from_no_place_behind_its_end() {
        let mut block = Block::new([b"ab", b"", b""]);
        block.keep_from(3);
        assert_eq!(block.get(0, 2), Some(&b"ab"[..]));
    }
}
