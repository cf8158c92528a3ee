//! Whether a line is open, eight bytes at once.

/// Whether no line ends in `part`: false also if there are other bytes up to CR.
#[inline]
pub(crate) fn is_open(part: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const BEHIND_CR: u64 = b'\r' as u64 + 1;
    let (mut rest, mut found) = (part, 0);
    while let Some((block, behind)) = rest.split_first_chunk() {
        let block = u64::from_le_bytes(*block);
        // Of a byte below 0x80 the top bit is set if it is less; a borrow sets that of another
        // only behind one that is.
        found |= block.wrapping_sub(BEHIND_CR * ONES) & !block;
        rest = behind;
    }
    found & (0x80 * ONES) == 0 && rest.iter().all(|byte| *byte > b'\r')
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn each_byte_ends_a_line_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for len in 0..20 {
                for at in 0..len {
                    // What a borrow could reach stands around it.
                    for around in [0x0E, 0x1F, 0x7F, 0x80, 0x8D, 0xFF] {
                        let mut part = [around; 20];
                        part[at] = byte;
                        let expected = byte > b'\r';
                        assert_eq!(is_open(&part[..len]), expected, "{byte} at {at} of {len}");
                    }
                }
            }
        }
        assert!(is_open(b""));
    }
}
