//! Where a framer keeps what straddles slices.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

/// Where a [`Framer`](crate::Framer) keeps what straddles slices: a `Vec<u8>`,
/// or a [`Slice`] of the caller's.
///
/// ```
/// use deltaic_sse::{Buffer, Framer, TooLong};
///
/// /// For every framer, wherever it keeps what straddles slices.
/// fn count<B: Buffer>(framer: &mut Framer<B>, mut read: &[u8]) -> Result<usize, TooLong> {
///     let mut events = 0;
///     while framer.next(&mut read)?.is_some() {
///         events += 1;
///     }
///     Ok(events)
/// }
///
/// let mut memory = [0; 1024];
/// assert_eq!(count(&mut Framer::new(), b"data: a\n\ndata: b\n\n")?, 2);
/// assert_eq!(count(&mut Framer::in_slice(&mut memory), b"data: a\n\n")?, 1);
/// # Ok::<(), TooLong>(())
/// ```
pub trait Buffer: sealed::Buffer {}

impl<B: sealed::Buffer> Buffer for B {}

/// What a framer holds if none is named.
#[cfg(feature = "alloc")]
pub(crate) type Default = Vec<u8>;
#[cfg(not(feature = "alloc"))]
pub(crate) type Default = Slice<'static>;

pub(crate) mod sealed {
    /// Bytes that grow up to `room`.
    pub trait Bytes {
        fn as_slice(&self) -> &[u8];
        /// How many bytes it can hold at the most.
        fn room(&self) -> usize;
        /// The caller sees to it that they fit.
        fn extend(&mut self, bytes: &[u8]);
        /// Forgets the bytes, and gives back memory that one huge event took.
        fn clear(&mut self);
    }

    /// Bytes of events.
    pub trait Buffer: Bytes {
        /// Where a name or an ID is kept beside them.
        type Name: Bytes + core::fmt::Debug;

        fn as_mut_slice(&mut self) -> &mut [u8];
        fn truncate(&mut self, len: usize);
    }
}

/// Memory of the caller's that a framer keeps bytes in.
///
/// ```
/// use deltaic_sse::{Framer, Slice};
///
/// /// What holds such a framer names it so.
/// struct Connection<'b> {
///     framer: Framer<Slice<'b>>,
/// }
///
/// let mut memory = [0; 1024];
/// let mut connection = Connection { framer: Framer::in_slice(&mut memory) };
/// let mut read = &b"data: Hel"[..];
/// assert_eq!(connection.framer.next(&mut read)?, None);
/// let mut read = &b"lo\n\n"[..];
/// assert_eq!(connection.framer.next(&mut read)?.expect("an event").data, b"Hello");
/// # Ok::<(), deltaic_sse::TooLong>(())
/// ```
#[derive(Debug)]
pub struct Slice<'b> {
    bytes: &'b mut [u8],
    len: usize,
}

impl<'b> Slice<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }
}

impl sealed::Bytes for Slice<'_> {
    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn room(&self) -> usize {
        self.bytes.len()
    }

    fn extend(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(room) = self.bytes.get_mut(self.len..end) {
            #[expect(clippy::disallowed_methods, reason = "both are `bytes.len()` long")]
            room.copy_from_slice(bytes);
            self.len = end;
        }
    }

    fn clear(&mut self) {
        self.len = 0;
    }
}

impl sealed::Buffer for Slice<'_> {
    type Name = Self;

    fn as_mut_slice(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }
}

#[cfg(feature = "alloc")]
impl sealed::Bytes for Vec<u8> {
    fn as_slice(&self) -> &[u8] {
        self
    }

    fn room(&self) -> usize {
        usize::MAX
    }

    fn extend(&mut self, bytes: &[u8]) {
        /// Up to here room grows by steps: thousands of streams wait within an event, and
        /// doubling would leave half of what they hold unused.
        const SHORT: usize = 4 << 10;
        const STEP: usize = 256;
        let len = self.len() + bytes.len();
        if len > self.capacity() && (STEP..=SHORT).contains(&len) {
            self.reserve_exact(len.next_multiple_of(STEP) - self.len());
        }
        self.extend_from_slice(bytes);
    }

    fn clear(&mut self) {
        /// What a stream may keep while it waits, in bytes.
        const KEPT: usize = 64 << 10;
        if self.capacity() > KEPT {
            *self = Self::new();
        }
        self.clear();
    }
}

#[cfg(feature = "alloc")]
impl sealed::Buffer for Vec<u8> {
    type Name = Name;

    fn as_mut_slice(&mut self) -> &mut [u8] {
        self
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }
}

/// A name or an ID: most streams keep none, and hold no more than a pointer for it.
#[cfg(feature = "alloc")]
#[derive(Debug)]
#[expect(
    clippy::box_collection,
    reason = "a third of what else is held for none"
)]
pub struct Name(Option<Box<Vec<u8>>>);

#[cfg(feature = "alloc")]
impl Name {
    pub(crate) const NONE: Self = Self(None);
}

#[cfg(feature = "alloc")]
impl sealed::Bytes for Name {
    #[inline]
    fn as_slice(&self) -> &[u8] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    fn room(&self) -> usize {
        usize::MAX
    }

    fn extend(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.0.get_or_insert_default().extend_from_slice(bytes);
        }
    }

    fn clear(&mut self) {
        if let Some(bytes) = &mut self.0 {
            sealed::Bytes::clear(&mut **bytes);
        }
    }
}
