//! Changing events of a stream that is passed on.
//!
//! ```text
//! reads     | data: {"model":"a",… | …}\n\ndata: {"mo | del":"a",…}\n\n |
//! pieces    | data: {"model": |"b"| ,…             |…}\n\ndata: {"model": |"b"| ,…
//! ```
//!
//! What has come and may not go out yet is held, as the reads that it came in. Only
//! what an event may yet change is held: from the first line of the open block that is
//! no comment. All positions are those of the stream.

mod at_hand;
mod held;
mod shapes;
mod told;

use alloc::{collections::VecDeque, vec::Vec};

use bytes::Bytes;
use deltaic_chunk::Edit;
use deltaic_sse::{DEFAULT_LIMIT, Framer, Item, Span};

use crate::body;
use at_hand::{AtHand, Place};
use held::Held;
use shapes::{Piece, Shapes};
pub use told::{Refused, Relayed};

/// Passes a stream on, and changes events in passing.
///
/// What goes out is what came in, byte for byte and in the same memory, but for what
/// was edited. So comments, other fields, line ends and a byte order mark are untouched;
/// and so is, by default, every event. What goes out does not depend on how the stream
/// was cut.
///
/// Only the open block is held back, without comments that it begins with, and up to a limit.
/// Reads of less than 4 KiB are joined once there are many, so that they do not keep alive the
/// buffers that they came in.
///
/// What is compressed is not known to be so: look at `content-encoding` first, and pass it on.
///
/// All that cannot be edited is passed on as it is: a block that is longer, which
/// [`Splicer::next`] does not give; data that [`Splicer::edit`] refuses; and a response
/// that is no event stream.
///
/// ```
/// use bytes::Bytes;
/// use deltaic::{Splicer, chunk::Edit};
///
/// let edits = [Edit::replace("model", r#""ours""#)?, Edit::remove("x_groq")?];
/// let mut splicer = Splicer::new();
/// let mut sent = Vec::new();
/// for read in ["data: {\"model\":\"th", "eirs\",\"x_groq\":{}}\n\n: ping\n", "\ndata: [DONE]\n\n"] {
///     splicer.push(Bytes::from_static(read.as_bytes()));
///     while let Some(data) = splicer.next() {
///         if data == b"[DONE]" {
///             splicer.insert(Bytes::from_static(b"data: {\"last\":\"words\"}\n\n"));
///         }
///         // What is no JSON stays as it is.
///         let _ = splicer.edit(&edits);
///     }
///     while let Some(piece) = splicer.piece() {
///         sent.extend_from_slice(&piece);
///     }
/// }
/// while splicer.finish().is_some() {}
/// while let Some(piece) = splicer.piece() {
///     sent.extend_from_slice(&piece);
/// }
/// let expected = "data: {\"model\":\"ours\"}\n\n: ping\n\n\
///     data: {\"last\":\"words\"}\n\ndata: [DONE]\n\n";
/// assert_eq!(String::from_utf8(sent)?, expected);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Splicer {
    framer: Framer,
    kind: Kind,
    /// Reads that the framer has not seen.
    waiting: VecDeque<Bytes>,
    /// The framer is in the last read of it.
    held: Held,
    /// What comes before may go out.
    hold: u64,
    /// Where the block begins which is too long to be held.
    too_long: Option<u64>,
    at_hand: Option<AtHand>,
    /// The data at hand, where it does not lie in one read as it is.
    joined: Vec<u8>,
    /// What of it gives way to what, in their order.
    pieces: VecDeque<Piece>,
    shapes: Shapes,
    relayed: Relayed,
}

/// What a response is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Unknown,
    Stream,
    /// It is no event stream, or has ended.
    Other,
}

impl Splicer {
    /// For a response that has not begun, holding events of up to 16 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// As [`Splicer::new`], for blocks of up to `limit` bytes: what is longer is not
    /// held, and so goes out as it is.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::{Splicer, chunk::Edit};
    ///
    /// let mut splicer = Splicer::with_limit(32);
    /// splicer.push(Bytes::from_static(b"data: {\"model\":\"a name that is too long\"}\n\n"));
    /// splicer.push(Bytes::from_static(b"data: {\"model\":\"a\"}\n\n"));
    /// let mut edits = 0;
    /// while splicer.next().is_some() {
    ///     edits += splicer.edit(&[Edit::replace("model", "\"b\"")?])?;
    /// }
    /// assert_eq!(edits, 1);
    /// let sent: Vec<u8> = std::iter::from_fn(|| splicer.piece()).flatten().collect();
    /// assert!(sent.ends_with(b"too long\"}\n\ndata: {\"model\":\"b\"}\n\n"));
    /// assert_eq!(splicer.relayed().too_long, 1);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            framer: Framer::with_limit(limit),
            kind: Kind::Unknown,
            waiting: VecDeque::new(),
            held: Held::default(),
            hold: 0,
            too_long: None,
            at_hand: None,
            joined: Vec::new(),
            pieces: VecDeque::new(),
            shapes: Shapes::default(),
            relayed: Relayed::default(),
        }
    }

    /// Adds a read of the response.
    pub fn push(&mut self, read: Bytes) {
        if !read.is_empty() {
            self.waiting.push_back(read);
        }
    }

    /// The data of the next event, which is now at hand: it can be edited until the
    /// next call of this or of [`Splicer::piece`], and goes out then.
    ///
    /// `None` means that the reads are used up.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b"data: Hel"));
    /// assert_eq!(splicer.next(), None);
    /// splicer.push(Bytes::from_static(b"lo\n\ndata: world\n\n"));
    /// assert_eq!(splicer.next(), Some(&b"Hello"[..]));
    /// assert_eq!(splicer.next(), Some(&b"world"[..]));
    /// assert_eq!(splicer.next(), None);
    /// ```
    #[expect(clippy::should_implement_trait, reason = "what it gives is borrowed")]
    pub fn next(&mut self) -> Option<&[u8]> {
        self.settle();
        while self.at_hand.is_none() {
            if self.kind == Kind::Other || self.framer.position() == self.held.end() {
                self.held.push(self.waiting.pop_front()?);
            }
            self.read();
        }
        self.data()
    }

    /// The response has ended: the data of the next event, as [`Splicer::next`] gives it, and at last
    /// of the one that the end left open. Call it until it gives `None`; then all may go out.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b"data: the last words"));
    /// assert!(splicer.next().is_none() && splicer.piece().is_none());
    /// assert_eq!(splicer.finish(), Some(&b"the last words"[..]));
    /// assert_eq!(splicer.finish(), None);
    /// assert_eq!(splicer.piece().expect("a piece"), "data: the last words");
    /// ```
    pub fn finish(&mut self) -> Option<&[u8]> {
        if self.next().is_some() {
            return self.data();
        }
        if self.kind != Kind::Other {
            self.kind = Kind::Other;
            while let Some(item) = self.framer.finish_item() {
                if let Item::Event(event) = item {
                    let (span, data_at) = (event.span, event.data_at);
                    let place = Place::of(&event, &[], &mut self.joined);
                    self.find(span, data_at, place);
                }
            }
        }
        if self.at_hand.is_none() {
            self.hold = self.held.end();
        }
        self.data()
    }

    /// Makes these edits in the event at hand, and tells in how many places: see
    /// [`splice`](deltaic_chunk::splice). They take the place of those that were made
    /// before.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::{Splicer, chunk::Edit};
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b"data: {\"id\":\"a\",\"model\":\"b\"}\n\n"));
    /// splicer.next().expect("an event");
    /// assert_eq!(splicer.edit(&[Edit::remove("usage")?])?, 0);
    /// assert_eq!(splicer.edit(&[Edit::remove("id")?, Edit::replace("model", "\"c\"")?])?, 2);
    /// let sent: Vec<u8> = std::iter::from_fn(|| splicer.piece()).flatten().collect();
    /// assert_eq!(sent, b"data: {\"model\":\"c\"}\n\n");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the event cannot be edited. It goes out as it is, and the stream goes on.
    pub fn edit<T: AsRef<str>>(&mut self, edits: &[Edit<T>]) -> Result<usize, Refused> {
        self.pieces.clear();
        let Some(at_hand) = &mut self.at_hand else {
            return Ok(0);
        };
        let data = at_hand.data(&self.held, &self.joined);
        let result = match at_hand.place {
            Place::Lines => Err(Refused::SeveralLines),
            _ => self
                .shapes
                .edit(data, edits, &mut self.pieces)
                .map_err(Refused::NotJson),
        };
        at_hand.is_refused = result.is_err();
        result.map(|()| self.pieces.len())
    }

    /// Takes the event at hand out, with its blank line. Of a CR LF at its end the LF
    /// stays: a blank line, which says nothing.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b"data: {\"type\":\"ping\"}\n\ndata: [DONE]\n\n"));
    /// while let Some(data) = splicer.next() {
    ///     if data.starts_with(b"{\"type\"") {
    ///         splicer.remove();
    ///     }
    /// }
    /// let sent: Vec<u8> = std::iter::from_fn(|| splicer.piece()).flatten().collect();
    /// assert_eq!(sent, b"data: [DONE]\n\n");
    /// ```
    pub fn remove(&mut self) {
        if let Some(at_hand) = &mut self.at_hand {
            at_hand.is_removed = true;
        }
    }

    /// Puts whole events in before the event at hand, each with its blank line.
    /// Nothing is put in where none is at hand: not within one that cannot be held, and
    /// not behind the last, where the caller may say what he likes.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b": ping\n\ndata: [DONE]\n\n"));
    /// while let Some(data) = splicer.next() {
    ///     if data == b"[DONE]" {
    ///         splicer.insert(Bytes::from_static(b"data: {\"ms\":7}\n\n"));
    ///     }
    /// }
    /// let sent: Vec<u8> = std::iter::from_fn(|| splicer.piece()).flatten().collect();
    /// assert_eq!(sent, b": ping\n\ndata: {\"ms\":7}\n\ndata: [DONE]\n\n");
    /// ```
    pub fn insert(&mut self, events: Bytes) {
        if let Some(at_hand) = &self.at_hand {
            self.held.release(at_hand.span.start);
            self.held.put(events);
        }
    }

    /// The next piece of what goes out, and the event at hand with it. `None` means that
    /// nothing may go out before another read has come.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// let read = Bytes::from_static(b"data: a\n\ndata: b");
    /// splicer.push(read.clone());
    /// while splicer.next().is_some() {}
    /// let piece = splicer.piece().expect("an event is whole");
    /// assert_eq!(piece, "data: a\n\n");
    /// // It lies where it came. What may yet be edited is held.
    /// assert_eq!(piece.as_ptr(), read.as_ptr());
    /// assert_eq!(splicer.piece(), None);
    /// ```
    pub fn piece(&mut self) -> Option<Bytes> {
        self.settle();
        self.held.release(self.hold);
        self.held.pop_out()
    }

    /// What has been passed on so far.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic::Splicer;
    ///
    /// let mut splicer = Splicer::new();
    /// splicer.push(Bytes::from_static(b"{\"error\":\"no such model\"}"));
    /// assert!(splicer.next().is_none() && splicer.piece().is_some());
    /// let relayed = splicer.relayed();
    /// assert!(relayed.is_no_stream && relayed.events == 0);
    /// ```
    #[must_use]
    pub fn relayed(&self) -> Relayed {
        self.relayed
    }

    /// The data of the event at hand.
    fn data(&self) -> Option<&[u8]> {
        let at_hand = self.at_hand.as_ref()?;
        Some(at_hand.data(&self.held, &self.joined))
    }

    /// Reads what the read at hand says next.
    fn read(&mut self) {
        let unread = self.held.behind(self.framer.position());
        let mut input = unread.unwrap_or_default();
        if self.kind == Kind::Unknown {
            let lead = body::lead(input);
            match input.get(lead) {
                Some(&first) if lead == 0 && body::is_body(first) => {
                    self.kind = Kind::Other;
                    self.relayed.is_no_stream = true;
                }
                _ if lead == 0 => self.kind = Kind::Stream,
                _ => input = input.get(..lead).unwrap_or_default(),
            }
        }
        if self.kind == Kind::Other {
            self.hold = self.held.end();
            return;
        }
        let mut comment = None;
        match self.framer.next_item(&mut input) {
            Ok(Some(Item::Event(event))) => {
                let (span, data_at) = (event.span, event.data_at);
                let line = self.held.behind(data_at).unwrap_or_default();
                let place = Place::of(&event, line, &mut self.joined);
                return self.find(span, data_at, place);
            }
            Ok(Some(Item::Comment { at, .. })) => comment = Some(at),
            Ok(_) => {}
            Err(_) => self.relayed.too_long += 1,
        }
        self.hold_back(comment);
    }

    /// An event has been found.
    fn find(&mut self, span: Span, data_at: u64, place: Place) {
        let mut start = span.start;
        if self.hold > start {
            // Comments have gone out before it, but for the LF of a CR LF.
            self.held.release(self.hold);
            start = self.hold + u64::from(self.held.first() == Some(b'\n'));
        }
        if self.too_long == Some(span.start) || span.end - start > self.framer.limit() as u64 {
            self.relayed.too_long += 1;
            self.hold = span.end;
            return;
        }
        self.relayed.events += 1;
        self.at_hand = Some(AtHand {
            span: Span { start, ..span },
            data_at,
            place,
            is_removed: false,
            is_refused: false,
        });
    }

    /// No event has been found: holds what may yet be one. A comment began there, if
    /// one was found.
    fn hold_back(&mut self, comment: Option<u64>) {
        let (open, position) = (self.framer.open_block(), self.framer.position());
        self.hold = self.hold.max(open.unwrap_or(position));
        // Between two comments that begin a block there is at most the LF of a CR LF:
        // no line is so short but a blank one, which would have ended it.
        let is_lead = comment.is_some_and(|at| at <= self.hold + 1);
        // One more than the limit, for that LF: else it would depend on the cut whether
        // a comment may go out before it is too long.
        let most = (self.framer.limit() as u64).saturating_add(1);
        if !is_lead && position - self.hold > most {
            self.too_long = open;
        }
        if is_lead || open.is_some() && open == self.too_long {
            self.hold = position;
        }
    }

    /// Nothing more happens to the event at hand.
    fn settle(&mut self) {
        let Some(at_hand) = self.at_hand.take() else {
            return;
        };
        let AtHand { span, data_at, .. } = at_hand;
        if at_hand.is_removed {
            self.pieces.clear();
            self.relayed.removed += 1;
            self.held.release(span.start);
            self.held.skip(span.end);
        } else {
            self.relayed.refused += u64::from(at_hand.is_refused);
            self.relayed.edited += u64::from(!self.pieces.is_empty());
        }
        while let Some((range, with)) = self.pieces.pop_front() {
            self.held.release(data_at + range.start as u64);
            self.held.put(with);
            self.held.skip(data_at + range.end as u64);
        }
        self.hold = span.end;
        // One large event is not to cost for all that come.
        self.joined.clear();
        self.joined.shrink_to(64 << 10);
        self.pieces.shrink_to(64);
    }
}

impl Default for Splicer {
    fn default() -> Self {
        Self::new()
    }
}
