//! Stretches of a text, found eight or sixteen bytes at once.

/// What is between: `rest`, which is what is left of `text`, is cut off. Empty if it
/// cannot be that.
#[inline]
pub(crate) fn between<'a>(text: &'a str, rest: &str) -> &'a str {
    let len = text.len().wrapping_sub(rest.len());
    text.get(..len).unwrap_or_default()
}

/// Passes over white space.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [(..=b' '), ..] => trim_all(text),
        _ => text,
    }
}

#[cold]
#[inline(never)]
fn trim_all(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// Passes over what stands in a string as it is: up to a quote, a backslash or a
/// control byte.
#[inline]
pub(crate) fn behind_plain(text: &str) -> &str {
    let rest = rest(text.as_bytes());
    text.get(text.len() - rest.len()..).unwrap_or_default()
}

/// How many bytes of a string stand as they are: up to a quote, a backslash or a
/// control byte.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    bytes.len() - rest(bytes).len()
}

/// The bytes from the first quote, backslash or control byte on: each of these is ASCII.
///
/// Never inlined: in its own few registers the loop is at its fastest.
#[inline(never)]
fn rest(text: &[u8]) -> &[u8] {
    let mut bytes = behind_plain_blocks(text);
    while let Some((block, behind)) = bytes.split_first_chunk() {
        let found = special(u64::from_le_bytes(*block));
        if found != 0 {
            return bytes.get(first(found)..).unwrap_or_default();
        }
        bytes = behind;
    }
    let found = special(last_block(text, bytes));
    bytes.get(first(found)..).unwrap_or_default()
}

/// Passes over blocks of sixteen without such a byte, if compilers make vector instructions of that.
#[inline]
fn behind_plain_blocks(mut bytes: &[u8]) -> &[u8] {
    const HAS_VECTORS: bool = cfg!(any(
        target_feature = "sse2",
        target_feature = "neon",
        target_feature = "simd128"
    ));
    if !HAS_VECTORS {
        return bytes;
    }
    while let Some((block, behind)) = bytes.split_first_chunk::<16>() {
        // Zero for a quote or a control byte, as in `special`, and for a backslash.
        let marks = block.map(|byte| (byte ^ 0x02).saturating_sub(0x20).min(byte ^ b'\\'));
        // Without a branch, so that a compiler may look at all of them at once.
        if marks
            .iter()
            .fold(0, |found, mark| found | u8::from(*mark == 0))
            != 0
        {
            break;
        }
        bytes = behind;
    }
    bytes
}

/// What is left of `bytes`, less than a block, and zeros behind it: no string goes on with those.
#[inline]
fn last_block(bytes: &[u8], left: &[u8]) -> u64 {
    match bytes.last_chunk() {
        _ if left.is_empty() => 0,
        Some(block) => u64::from_le_bytes(*block) >> (8 * (8 - left.len()) % 64),
        None => left
            .iter()
            .rfold(0, |block, &byte| block << 8 | u64::from(byte)),
    }
}

/// Eight bytes from a place on, with zeros behind the last byte. `None` if the place is
/// behind that.
#[cfg(feature = "alloc")]
#[inline]
pub(crate) fn block_at(bytes: &[u8], at: usize) -> Option<[u8; 8]> {
    /// Out of the way of who looks at block after block.
    #[cold]
    #[inline(never)]
    fn last(bytes: &[u8], rest: &[u8]) -> [u8; 8] {
        last_block(bytes, rest).to_le_bytes()
    }
    let rest = bytes.get(at..)?;
    let block = rest.first_chunk().copied();
    Some(block.unwrap_or_else(|| last(bytes, rest)))
}

/// As [`plain`], of eight bytes at once, and whether those are ASCII.
#[cfg(feature = "alloc")]
#[inline]
pub(crate) fn plain_block(block: [u8; 8]) -> (usize, bool) {
    let block = u64::from_le_bytes(block);
    let found = special(block);
    // The bits below the one that is set: all, if there is none.
    let before = found.wrapping_sub(1) & !found;
    (first(found), block & TOPS & before == 0)
}

/// Whether so many bytes of a block, from its first on and not all, are ASCII and stand in a string
/// as they are.
#[cfg(feature = "alloc")]
#[inline]
pub(crate) fn is_plain_ascii(block: [u8; 8], len: usize) -> bool {
    let block = u64::from_le_bytes(block);
    let behind = u64::MAX << (8 * len % 64);
    (special(block) | block) & TOPS & !behind == 0
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x80 * ONES;

/// Marks the first byte of a block that is a quote, a backslash or a control byte by
/// its top bit. Bits above that may be set too.
///
/// With its second bit flipped a quote is 0x20, next to the control bytes. Of a byte x
/// below 0x80, `x - n` has the top bit set where x is below n. A borrow can set bits of
/// higher bytes only.
#[inline]
fn special(block: u64) -> u64 {
    const BACKSLASHES: u64 = ONES * b'\\' as u64;
    let quote_or_control = (block ^ (0x02 * ONES)).wrapping_sub(0x21 * ONES);
    let backslash = (block ^ BACKSLASHES).wrapping_sub(ONES);
    (quote_or_control | backslash) & !block & TOPS
}

/// Which byte of a block is the first that is marked: 8, if none is.
#[inline]
fn first(found: u64) -> usize {
    found.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::{between, rest};

    #[cfg(feature = "alloc")]
    #[test]
    fn a_block_is_ascii_up_to_what_was_found() {
        use super::plain_block;

        assert_eq!(plain_block(*b"abcdefgh"), (8, true));
        assert_eq!(plain_block(*b"abc\"\xC3\xA9gh"), (3, true));
        assert_eq!(plain_block(*b"\\\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), (0, true));
        assert_eq!(plain_block(*b"a\xC3\xA9\"defg"), (3, false));
        assert_eq!(plain_block(*b"abcdefg\xFF"), (8, false));
        assert_eq!(plain_block(*b"abcdef\x1Fh"), (6, true));
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn so_many_bytes_are_plain_ascii_whatever_stands_behind() {
        use super::is_plain_ascii;

        for byte in 0..=u8::MAX {
            let is_plain = matches!(byte, 0x20..0x80) && !matches!(byte, b'"' | b'\\');
            for at in 0..8 {
                for around in [b'!', b'#', b']', b'[', 0x20, 0x7F] {
                    let mut block = [around; 8];
                    block[at] = byte;
                    for len in 0..8 {
                        let expected = is_plain || at >= len;
                        assert_eq!(is_plain_ascii(block, len), expected, "{block:?}, {len}");
                    }
                }
            }
        }
        assert!(is_plain_ascii([0xFF; 8], 0));
        assert!(is_plain_ascii(*b"a\"\"\"\"\"\"\"", 1));
    }

    #[test]
    fn each_byte_is_plain_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_plain = !matches!(byte, b'"' | b'\\' | ..0x20);
            for len in 0..20 {
                for at in 0..len {
                    // What borrows or carries could reach stands around it.
                    for around in [b'!', b'#', b']', b'[', 0x20, 0x7F, 0x80, 0xFF] {
                        let mut bytes = [around; 20];
                        bytes[at] = byte;
                        let expected = if is_plain { &[] } else { &bytes[at..len] };
                        assert_eq!(rest(&bytes[..len]), expected, "{byte} at {at} of {len}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_long_string_ends_where_a_short_one_would() {
        for len in [127, 128, 129, 192, 200] {
            for at in 0..len {
                for special in [b'"', b'\\', 0, 0x1F, b'\n'] {
                    for around in [b'a', b'!', b'[', 0x7F, 0xFF] {
                        let mut bytes = [around; 200];
                        bytes[at] = special;
                        let (bytes, _) = bytes.split_at_checked(len).expect("so long");
                        assert_eq!(rest(bytes), &bytes[at..], "{special} at {at} of {len}");
                    }
                }
            }
            assert_eq!(rest(&[0x80; 200][..len]), b"");
        }
    }

    #[test]
    fn between_a_text_and_what_is_not_left_of_it_is_nothing() {
        let text = "aé";
        let (first, second) = text.split_at_checked(1).expect("a boundary");
        assert_eq!(between(text, second), "a");
        assert_eq!(between(text, second.trim_start_matches('é')), text);
        assert_eq!(between(text, text), "");
        assert_eq!(between(first, text), "");
        // It would end inside of a character.
        assert_eq!(between(text, first), "");
    }
}
