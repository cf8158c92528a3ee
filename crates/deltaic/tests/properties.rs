//! Any stream gives one result, however it is cut.

mod common;

use common::read;
use deltaic::{Reader, Update, Updates};
use deltaic_corpus::cut;
use proptest::prelude::*;

/// Streams of the pieces that matter: most events are chunks, some are broken.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let event = prop::sample::select(vec![
        "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é\\ud83e\"}}]}",
        "data: {\"id\":\"b\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"\\udd80 \"}}]}",
        "data: {\"choices\":[{\"delta\":{\"reasoning\":\"r\"},\"finish_reason\":\"stop\"}]}",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"}\"}}]}}]}",
        "data: {\"choices\":[],\"usage\":{\"n\":1}}",
        "data: {\"error\":\"m\"}",
        "data: {\"choices\":",
        "data: [DONE]",
        "data:",
        "event: error\ndata: x",
        "error: {}",
        ": ping",
        "{\"choices\":[]}",
        "<html>",
        "\u{feff}",
    ]);
    let end = prop::sample::select(vec!["\n\n", "\r\n\r\n", "\r\r", "\n", ""]);
    let events = prop::collection::vec((event, end), 0..12);
    events.prop_map(|events| {
        let parts = events.into_iter().flat_map(|(event, end)| [event, end]);
        parts.collect::<String>().into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_cut_gives_the_same(
        stream in stream(),
        cuts in prop::collection::vec(0..1_000_usize, 0..10),
    ) {
        let whole = read([&*stream]);
        prop_assert_eq!(whole.stats.bytes, stream.len() as u64);
        prop_assert_eq!(read(cut::at(&stream, &cuts)), whole);
    }

    #[test]
    fn updates_add_up_to_the_completion(
        stream in stream(),
        cuts in prop::collection::vec(0..1_000_usize, 0..10),
    ) {
        let mut reader = Reader::new();
        let mut told = String::new();
        let mut tell = |updates: Updates<'_>| {
            told.extend(updates.map(|update| match update {
                Update::Text { choice: 0, text } => text,
                _ => "",
            }));
        };
        for mut read in cut::at(&stream, &cuts) {
            while let Some(updates) = reader.next(&mut read) {
                tell(updates);
            }
        }
        while let Some(updates) = reader.finish() {
            tell(updates);
        }
        let report = reader.into_report();
        let choices = report.completion.map(|completion| completion.choices);
        let content = choices.into_iter().flatten().find(|choice| choice.index == 0);
        let content = content.and_then(|choice| choice.message.content).unwrap_or_default();
        // Half a surrogate pair is settled only when all is over.
        let rest = content.strip_prefix(&*told);
        prop_assert!(matches!(rest, Some("" | "\u{fffd}")), "{told:?} is not {content:?}");
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..200_usize) {
        let whole = read([&*bytes]);
        prop_assert_eq!(read(cut::at(&bytes, &[at])), whole);
    }
}
