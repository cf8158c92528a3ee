//! async-openai, as it is published, reads the corpus from a server.

mod common;

use async_openai::{
    Client,
    config::OpenAIConfig,
    error::{OpenAIError, StreamError},
};
use deltaic_corpus::recordings;
use deltaic_sse::Framer;
use futures::StreamExt;
use serde_json::{Value, json};

/// What the client gives for an event.
#[derive(Debug, PartialEq)]
enum Item {
    Json(Value),
    NotJson,
    NotUtf8,
}

/// What the client makes of the response at this address.
async fn read(base: &str) -> Vec<Item> {
    let config = OpenAIConfig::new().with_api_base(base).with_api_key("none");
    let client = Client::with_config(config);
    let request = json!({"model": "m", "messages": [], "stream": true});
    let response = client.chat().create_stream_byot(request).await;
    let items = response
        .expect("the server answers")
        .map(|item| match item {
            Ok(value) => Item::Json(value),
            Err(OpenAIError::JSONDeserialize(..)) => Item::NotJson,
            Err(OpenAIError::StreamError(error)) => match *error {
                StreamError::EventStream(words) if words.starts_with("UTF8 error: ") => {
                    Item::NotUtf8
                }
                error => panic!("{error}"),
            },
            Err(error) => panic!("{error}"),
        });
    items.collect().await
}

/// What it should: events up to `[DONE]`, or to one that is not UTF-8.
fn expected(mut stream: &[u8]) -> Vec<Item> {
    let mut framer = Framer::new();
    let mut items = Vec::new();
    while let Some(event) = framer.next(&mut stream).expect("within the limit") {
        if event.data == b"[DONE]" {
            break;
        }
        let Ok(text) = std::str::from_utf8(event.data) else {
            items.push(Item::NotUtf8);
            break;
        };
        items.push(serde_json::from_str(text).map_or(Item::NotJson, Item::Json));
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
            let items = read(&format!("{base}/{which}/{len}")).await;
            assert_eq!(items, expected, "{} in {len}", recording.name);
        }
    }
}
