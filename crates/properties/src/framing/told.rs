//! All that a framer tells of a stream, through each of its faces.

use bytes::Bytes;
use deltaic::sse::{Buffer, BytesFramer, DEFAULT_LIMIT, Event, Framer, Item, TooLong};
use deltaic_corpus::cut;

/// What came out of a framer, with the bytes owned.
pub type Items = Vec<Result<Item<Vec<u8>>, TooLong>>;

/// All that a framer tells of a stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// Events, comments, lines of no known field, and events that are too long.
    pub items: Items,
    /// What the end left: a line that says nothing and is cut off, then the
    /// event that is not whole.
    pub left: Vec<Item<Vec<u8>>>,
    /// The last event ID.
    pub last_id: Option<Vec<u8>>,
    /// The reconnection time.
    pub retry: Option<u64>,
    /// How many comments there were.
    pub comments: u64,
    /// How long the stream was.
    pub bytes: u64,
}

impl Told {
    /// The events alone.
    #[must_use]
    pub fn events(&self) -> Vec<Event<Vec<u8>>> {
        let items = self.items.iter().flatten();
        items
            .filter_map(|item| match item {
                Item::Event(event) => Some(event.clone()),
                _ => None,
            })
            .collect()
    }

    /// The event that the end left open.
    #[must_use]
    pub fn open(&self) -> Option<Event<Vec<u8>>> {
        match self.left.last()? {
            Item::Event(event) => Some(event.clone()),
            _ => None,
        }
    }

    /// The data of the events, as text.
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    #[must_use]
    pub fn data(&self) -> Vec<String> {
        let events = self.events().into_iter();
        events
            .map(|event| String::from_utf8(event.data).expect("test data is UTF-8"))
            .collect()
    }
}

/// Reads `reads` with a framer over whatever it keeps its carry in.
///
/// # Panics
///
/// If the framer says that a read is used up which is not.
pub fn frame<'r, B: Buffer>(
    framer: &mut Framer<B>,
    reads: impl IntoIterator<Item = &'r [u8]>,
) -> Told {
    let mut items = Items::new();
    for mut read in reads {
        while let Some(item) = framer.next_item(&mut read).transpose() {
            items.push(item.map(own));
        }
        assert!(
            read.is_empty(),
            "`None` must mean that the input is used up"
        );
    }
    let mut left = Vec::new();
    while let Some(item) = framer.finish_item() {
        left.push(own(item));
    }
    Told {
        items,
        left,
        last_id: framer.last_event_id().map(Into::into),
        retry: framer.retry(),
        comments: framer.comments(),
        bytes: framer.position(),
    }
}

/// The same through the face over `Bytes`.
///
/// # Panics
///
/// If the framer says that a read is used up which is not.
pub fn frame_bytes<'r>(limit: usize, reads: impl IntoIterator<Item = &'r [u8]>) -> Told {
    let mut framer = BytesFramer::with_limit(limit);
    let mut kept = Vec::new();
    for read in reads {
        let mut read = Bytes::copy_from_slice(read);
        while let Some(item) = framer.next_item(&mut read).transpose() {
            kept.push(item);
        }
        assert!(
            read.is_empty(),
            "`None` must mean that the input is used up"
        );
    }
    let mut left = Vec::new();
    while let Some(item) = framer.finish_item() {
        left.push(item);
    }
    // Only now: what was handed out must not have changed.
    let owned = |item: Result<Item<Bytes>, TooLong>| item.map(|item| own(borrowed(&item)));
    Told {
        items: kept.into_iter().map(owned).collect(),
        left: left.iter().map(borrowed).map(own).collect(),
        last_id: framer.last_event_id().map(Into::into),
        retry: framer.retry(),
        comments: framer.comments(),
        bytes: framer.position(),
    }
}

fn borrowed(item: &Item<Bytes>) -> Item<&[u8]> {
    match item {
        Item::Event(event) => Item::Event(Event {
            name: event.name.as_deref(),
            data: &event.data,
            id: event.id.as_deref(),
            retry: event.retry,
            span: event.span,
            data_at: event.data_at,
        }),
        Item::Comment { text, at } => Item::Comment { text, at: *at },
        Item::Field { name, value, at } => Item::Field {
            name,
            value,
            at: *at,
        },
    }
}

fn own(item: Item<&[u8]>) -> Item<Vec<u8>> {
    match item {
        Item::Event(event) => Item::Event(own_event(&event)),
        Item::Comment { text, at } => Item::Comment {
            text: text.into(),
            at,
        },
        Item::Field { name, value, at } => Item::Field {
            name: name.into(),
            value: value.into(),
            at,
        },
    }
}

fn own_event(event: &Event<&[u8]>) -> Event<Vec<u8>> {
    Event {
        name: event.name.map(Into::into),
        data: event.data.into(),
        id: event.id.map(Into::into),
        retry: event.retry,
        span: event.span,
        data_at: event.data_at,
    }
}

/// What the faces tell of these reads.
///
/// # Panics
///
/// If they do not tell the same.
#[must_use]
#[track_caller]
pub fn all_faces(reads: &[&[u8]]) -> Told {
    let told = frame(&mut Framer::new(), reads.iter().copied());
    let bytes = frame_bytes(DEFAULT_LIMIT, reads.iter().copied());
    assert_eq!(bytes, told, "over `Bytes`: {reads:?}");
    let len: usize = reads.iter().map(|read| read.len()).sum();
    let mut memory = vec![0; 8 * (len + 16)];
    let slice = frame(&mut Framer::in_slice(&mut memory), reads.iter().copied());
    assert_eq!(slice, told, "over a slice: {reads:?}");
    told
}

/// What every face tells of the stream.
///
/// # Panics
///
/// If that depends on how it is cut.
#[must_use]
#[track_caller]
pub fn any_cut(stream: &[u8]) -> Told {
    let whole = all_faces(&[stream]);
    for reads in cut::in_two(stream) {
        assert_eq!(all_faces(&reads), whole, "{reads:?}");
    }
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(all_faces(&bytes), whole, "byte by byte");
    whole
}
