//! Reading a stream through every face, and the standard as a model.
#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, reason = "no test uses all of it")]

pub mod model;

use bytes::Bytes;
use deltaic_sse::{Buffer, BytesFramer, Event, Framer, Item, TooLong};

/// What came out of a framer, with the bytes owned.
pub type Items = Vec<Result<Item<Vec<u8>>, TooLong>>;

/// All that a framer tells of a stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    pub items: Items,
    /// What the end left open.
    pub open: Option<Event<Vec<u8>>>,
    pub last_id: Option<Vec<u8>>,
    pub retry: Option<u64>,
    pub comments: u64,
    pub bytes: u64,
}

impl Told {
    /// The events alone.
    pub fn events(&self) -> Vec<Event<Vec<u8>>> {
        let items = self.items.iter().flatten();
        items
            .filter_map(|item| match item {
                Item::Event(event) => Some(event.clone()),
                _ => None,
            })
            .collect()
    }

    /// The data of the events, as text.
    pub fn data(&self) -> Vec<String> {
        let events = self.events().into_iter();
        events
            .map(|event| String::from_utf8(event.data).expect("test data is UTF-8"))
            .collect()
    }
}

/// Reads `reads` with a framer over whatever it keeps its carry in.
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
    let open = framer.finish().map(|event| own_event(&event));
    Told {
        items,
        open,
        last_id: framer.last_event_id().map(Into::into),
        retry: framer.retry(),
        comments: framer.comments(),
        bytes: framer.position(),
    }
}

/// The same through the face over `Bytes`.
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
    let open = framer.finish();
    // Only now: what was handed out must not have changed.
    let owned = |item: Result<Item<Bytes>, TooLong>| item.map(|item| own(borrowed(&item)));
    Told {
        items: kept.into_iter().map(owned).collect(),
        open: open.map(|event| match own(borrowed(&Item::Event(event))) {
            Item::Event(event) => event,
            _ => unreachable!(),
        }),
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

/// What the faces tell of these reads, which must be the same.
#[track_caller]
pub fn all_faces(reads: &[&[u8]]) -> Told {
    let told = frame(&mut Framer::new(), reads.iter().copied());
    let bytes = frame_bytes(deltaic_sse::DEFAULT_LIMIT, reads.iter().copied());
    assert_eq!(bytes, told, "over `Bytes`: {reads:?}");
    let len: usize = reads.iter().map(|read| read.len()).sum();
    let mut memory = vec![0; 8 * (len + 16)];
    let slice = frame(&mut Framer::in_slice(&mut memory), reads.iter().copied());
    assert_eq!(slice, told, "over a slice: {reads:?}");
    told
}

/// What every face tells of the stream, however it is cut.
#[track_caller]
pub fn any_cut(stream: &[u8]) -> Told {
    let whole = all_faces(&[stream]);
    for reads in deltaic_corpus::cut::in_two(stream) {
        assert_eq!(all_faces(&reads), whole, "{reads:?}");
    }
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(all_faces(&bytes), whole, "byte by byte");
    whole
}
