//! What the types are, beside what they do: the same of both.

use std::{
    cell::Cell,
    error::Error,
    fmt::{Debug, Display},
    marker::{PhantomData, PhantomPinned},
    panic::{RefUnwindSafe, UnwindSafe},
};

use futures::{Stream, stream::Empty};
use static_assertions::{assert_impl_all, assert_not_impl_any};

type Reads = Empty<Result<Vec<u8>, Cell<u8>>>;

/// Neither `Sync` nor `RefUnwindSafe`, as what is between threads may be.
type Local = Cell<u8>;

macro_rules! same {
    ($($module:ident: $library:ident),*) => {$(
        mod $module {
            use super::*;
            use $library::{Event, EventStream, EventStreamError, Eventsource};

            assert_impl_all!(EventStream<()>: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
            assert_impl_all!(EventStream<Local>: Send, Unpin);
            assert_not_impl_any!(EventStream<Local>: Sync, RefUnwindSafe);
            assert_impl_all!(EventStream<PhantomPinned>: Send, Sync);
            assert_not_impl_any!(EventStream<PhantomPinned>: Unpin);
            assert_not_impl_any!(EventStream<PhantomData<*const u8>>: Send, Sync);
            assert_not_impl_any!(EventStream<()>: Clone, Stream);
            assert_impl_all!(EventStream<Reads>: Stream<Item = Result<Event, EventStreamError<Local>>>);

            assert_impl_all!(Reads: Eventsource);
            assert_not_impl_any!(Empty<Vec<u8>>: Eventsource);
            assert_not_impl_any!(Empty<Result<u8, u8>>: Eventsource);

            assert_impl_all!(Event: Clone, Debug, Default, Eq, Send, Sync, Unpin);
            assert_not_impl_any!(Event: Copy, PartialOrd, std::hash::Hash, Display);

            assert_impl_all!(EventStreamError<u8>: Debug, Display, Error, PartialEq, Send, Sync, Unpin);
            assert_not_impl_any!(EventStreamError<u8>: Clone, Eq);
            assert_not_impl_any!(EventStreamError<()>: Display, Error);
            assert_not_impl_any!(EventStreamError<PhantomData<*const u8>>: Send, Sync);
            assert_impl_all!(EventStreamError<u8>: From<nom::error::Error<&'static str>>);

            /// Whatever the stream below is, it is made so, and has an ID.
            pub(super) fn use_it<S>(below: S) -> bool {
                let mut stream = EventStream::new(below);
                stream.set_last_event_id("a");
                stream.set_last_event_id(String::from("a"));
                stream.last_event_id() == "a"
            }

            /// All variants, and no others.
            pub(super) fn name<E>(error: EventStreamError<E>) -> &'static str {
                match error {
                    EventStreamError::Utf8(error) => {
                        let _: std::string::FromUtf8Error = error;
                        "utf8"
                    }
                    EventStreamError::Parser(error) => {
                        let _: nom::error::Error<String> = error;
                        "parser"
                    }
                    EventStreamError::Transport(error) => {
                        let _: E = error;
                        "transport"
                    }
                }
            }

            /// All fields, and no others.
            pub(super) fn fields() -> (String, String, String, Option<std::time::Duration>) {
                let Event { event, data, id, retry } = Event::default();
                (event, data, id, retry)
            }
        }
    )*};
}

same!(ours: deltaic_eventsource, original: eventsource_stream);

#[test]
fn the_same_code_compiles_over_both() {
    assert!(ours::use_it(()) && original::use_it(()));
    let error = deltaic_eventsource::EventStreamError::Transport(1);
    assert_eq!(ours::name(error), "transport");
    let error = eventsource_stream::EventStreamError::Transport(1);
    assert_eq!(original::name(error), "transport");
    let (ours, original) = (ours::fields(), original::fields());
    assert_eq!(ours, original);
}
