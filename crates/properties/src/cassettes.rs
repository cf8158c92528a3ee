//! The readers of cassettes: any file gives streams or one line that says why
//! not, in bounded memory.

use allocation_counter::measure;
use deltaic_cli::cassette::streams;

/// How much may be held at once for a file of so many bytes: the document, and
/// what it holds as values.
#[must_use]
pub fn most_kept(len: usize) -> u64 {
    (1_000 * len + (1 << 20)) as u64
}

/// Checks a file.
///
/// # Panics
///
/// If a reader does, or if the reason is not one line.
pub fn check(file: &[u8]) {
    let mut found = None;
    let counted = measure(|| found = Some(streams(file.to_vec())));
    assert!(
        counted.bytes_max <= most_kept(file.len()),
        "{} bytes are held for {}",
        counted.bytes_max,
        file.len()
    );
    match found.expect("it has been read") {
        Ok(streams) => assert!(!streams.is_empty()),
        Err(why) => assert!(
            !why.is_empty() && !why.contains(char::is_control),
            "{why:?}"
        ),
    }
}
