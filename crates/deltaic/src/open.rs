//! Whether a line is open, eight bytes at once.

/// Whether no line ends in `part`: false also if there are other bytes up to CR.
#[inline]
pub(crate) fn is_open(part: &[u8]) -> bool {
    let ends = |byte: &u8| *byte <= b'\r';
    let Some(last) = part.last_chunk::<16>() else {
        return !part.iter().any(ends);
    };
    // The least in each place of a block. What is left behind whole blocks lies in the last.
    let (mut rest, mut least) = (part, *last);
    while let Some((block, behind)) = rest.split_first_chunk::<16>() {
        for (least, byte) in least.iter_mut().zip(block) {
            *least = (*least).min(*byte);
        }
        rest = behind;
    }
    // Without a branch, as above: so compilers make vector instructions of it.
    least.iter().fold(true, |open, byte| open & !ends(byte))
}

/// How much of `part` stands before the first line end or other byte up to CR: all, if there is none.
#[inline]
pub(crate) fn open_len(part: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const BEHIND_CR: u64 = b'\r' as u64 + 1;
    let mut rest = part;
    while let Some((block, behind)) = rest.split_first_chunk() {
        let block = u64::from_le_bytes(*block);
        // Of a byte below 0x80 the top bit is set if it is less; a borrow sets that of another
        // only behind one that is.
        let found = block.wrapping_sub(BEHIND_CR * ONES) & !block & (0x80 * ONES);
        if found != 0 {
            return part.len() - rest.len() + found.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let open = rest.iter().take_while(|byte| **byte > b'\r').count();
    part.len() - rest.len() + open
}

#[cfg(test)]
mod tests {
    use super::{is_open, open_len};

    #[test]
    fn each_byte_ends_a_line_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for len in 0..40 {
                for at in 0..len {
                    // What a borrow could reach stands around it.
                    for around in [0x0E, 0x1F, 0x7F, 0x80, 0x8D, 0xFF] {
                        let mut part = [around; 40];
                        part[at] = byte;
                        let is_end = byte <= b'\r';
                        let part = &part[..len];
                        assert_eq!(is_open(part), !is_end, "{byte} at {at} of {len}");
                        let expected = if is_end { at } else { len };
                        assert_eq!(open_len(part), expected, "{byte} at {at} of {len}");
                    }
                }
            }
        }
        assert!(is_open(b"") && open_len(b"") == 0);
        assert_eq!(open_len(b"a\n\n"), 1);
    }
}
