//! Ways to cut a stream into reads.

/// In two, at every place.
pub fn in_two(stream: &[u8]) -> impl Iterator<Item = [&[u8]; 2]> {
    (0..=stream.len()).map(|at| {
        let (a, b) = stream.split_at(at);
        [a, b]
    })
}

/// At any places, in any order; a place past the end is the end.
#[must_use]
pub fn at<'s>(stream: &'s [u8], places: &[usize]) -> Vec<&'s [u8]> {
    let mut places: Vec<usize> = places.iter().map(|&at| at.min(stream.len())).collect();
    places.sort_unstable();
    let mut reads = Vec::new();
    let mut start = 0;
    for end in places.into_iter().chain([stream.len()]) {
        reads.push(&stream[start..end]);
        start = end;
    }
    reads
}

/// Into reads of `len` bytes.
///
/// # Panics
///
/// If `len` is 0.
pub fn into(stream: &[u8], len: usize) -> impl Iterator<Item = &[u8]> {
    stream.chunks(len)
}

/// Into one event a read: behind each blank line. Line ends must be LF.
#[must_use]
pub fn by_event(stream: &[u8]) -> Vec<&[u8]> {
    let ends = stream
        .windows(2)
        .enumerate()
        .filter(|(_, two)| two == b"\n\n");
    let places: Vec<usize> = ends.map(|(start, _)| start + 2).collect();
    let mut reads = at(stream, &places);
    reads.retain(|read| !read.is_empty());
    reads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_cut_adds_up_to_the_whole() {
        let stream = b"data: a\n\ndata: b\n\n";
        assert!(in_two(stream).all(|reads| reads.concat() == stream));
        assert_eq!(in_two(stream).count(), stream.len() + 1);
        assert_eq!(at(stream, &[99, 3, 3, 1]).concat(), stream);
        assert_eq!(into(stream, 5).collect::<Vec<_>>().concat(), stream);
        assert_eq!(by_event(stream), [b"data: a\n\n", b"data: b\n\n"]);
    }
}
