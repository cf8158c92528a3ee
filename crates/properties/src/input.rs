//! What a fuzzer's bytes stand for.

/// A stream, and the places where it is cut.
///
/// The stream comes first and the rest is read from the end, so that a file may
/// begin with a recording as it is: the last byte says how many places there
/// are, at most 15, and two bytes before it hold each of them.
#[derive(Clone, Debug)]
pub struct Cut<'b> {
    /// The stream.
    pub stream: &'b [u8],
    /// Where it is cut, in any order; a place past its end is its end.
    pub places: Vec<usize>,
}

impl<'b> Cut<'b> {
    /// Reads any bytes.
    #[must_use]
    pub fn read(bytes: &'b [u8]) -> Self {
        let (mut stream, count) = match bytes.split_last() {
            Some((count, rest)) => (rest, count % 16),
            None => (bytes, 0),
        };
        let mut places = Vec::new();
        for _ in 0..count {
            let Some((rest, place)) = stream.split_last_chunk() else {
                break;
            };
            stream = rest;
            places.push(usize::from(u16::from_le_bytes(*place)));
        }
        Self { stream, places }
    }

    /// The bytes that stand for a stream cut at these places.
    #[must_use]
    pub fn write(stream: &[u8], places: &[u16]) -> Vec<u8> {
        let count = places.len().min(15);
        let mut bytes = stream.to_vec();
        let places = places.iter().take(count).rev();
        bytes.extend(places.flat_map(|place| place.to_le_bytes()));
        bytes.extend(u8::try_from(count));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let bytes = Cut::write(b"data: a\n\n", &[7, 300]);
        let cut = Cut::read(&bytes);
        assert_eq!(
            (cut.stream, &*cut.places),
            (&b"data: a\n\n"[..], &[7, 300][..])
        );
        assert_eq!(Cut::read(b"").stream, b"");
        assert_eq!(Cut::read(&[1, 2, 9]).places, [0x201]);
    }
}
