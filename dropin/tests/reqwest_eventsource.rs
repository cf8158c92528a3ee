//! reqwest-eventsource, as it is published, reads the corpus from a server.

mod common;

use deltaic_corpus::recordings;
use deltaic_sse::Framer;
use futures::StreamExt;
use reqwest_eventsource::{Error, Event, EventSource, retry::Never};

/// An event's name, data and ID.
type Said = (String, String, String);

/// What the client makes of the response at this address; `None` is an error that
/// bytes are not UTF-8, behind which it hangs up.
async fn read(address: &str) -> Vec<Option<Said>> {
    let mut source = EventSource::get(address);
    source.set_retry_policy(Box::new(Never));
    let mut items = Vec::new();
    while let Some(item) = source.next().await {
        match item {
            Ok(Event::Open) | Err(Error::StreamEnded) => {}
            Ok(Event::Message(event)) => items.push(Some((event.event, event.data, event.id))),
            Err(Error::Utf8(_)) => items.push(None),
            Err(error) => panic!("{error}"),
        }
    }
    items
}

/// What it should.
fn expected(mut stream: &[u8]) -> Vec<Option<Said>> {
    let mut framer = Framer::new();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let mut items = Vec::new();
    while let Some(event) = framer.next(&mut stream).expect("within the limit") {
        let id = String::from_utf8_lossy(event.id.unwrap_or_default()).into_owned();
        let said = text(event.name.unwrap_or(b"message"))
            .zip(text(event.data))
            .map(|(name, data)| (name, data, id));
        items.push(said);
        if let Some(None) = items.last() {
            break;
        }
    }
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recording_is_read_over_http_as_it_is_framed() {
    let recordings = recordings().leak();
    let base = common::serve(recordings).await;
    for (which, recording) in recordings.iter().enumerate() {
        let expected = expected(&recording.bytes);
        for len in [7, 1_448, 1 << 20] {
            let items = read(&format!("{base}/{which}/{len}/events")).await;
            assert_eq!(items, expected, "{} in {len}", recording.name);
        }
    }
}
