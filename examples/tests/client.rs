//! The client over loopback.

mod common;

use bytes::Bytes;
use common::{BOTH, EVENTS, RECORDINGS, Version, answer, frames, read, recorded, serve};
use deltaic::{Outcome, Report};
use deltaic_examples::client::{Server, ask};
use futures_util::{StreamExt, stream};
use serde_json::json;

/// Asks for a model, and what is printed.
async fn talk(
    version: Version,
    server: &common::Server,
    model: &str,
) -> (anyhow::Result<Report>, String) {
    let server = Server {
        base_url: format!("{}/v1", server.url()),
        model: model.into(),
        key: Some("secret".into()),
    };
    let messages = [json!({ "role": "user", "content": "Hi" })];
    let mut screen = Vec::new();
    let report = ask(&version.client(), &server, &messages, &mut screen).await;
    (report, String::from_utf8(screen).expect("UTF-8"))
}

/// What a server sends in these reads is shown so.
async fn shown(reads: &'static [&'static str]) -> String {
    let server = serve(move |_| {
        let reads = reads.iter().map(|read| Bytes::from(*read)).collect();
        answer(EVENTS, frames(reads))
    });
    talk(Version::One, &server.await, "any").await.1
}

#[tokio::test]
async fn each_recording_is_what_a_reader_says() {
    for version in BOTH {
        let server = recorded().await;
        for recording in RECORDINGS.iter() {
            let (report, _) = talk(version, &server, &recording.name).await;
            let report = report.expect("an answer");
            assert_eq!(report, read(&recording.bytes), "{}", recording.name);
        }
    }
}

#[tokio::test]
async fn a_conversation_is_printed_as_it_comes() {
    let server = recorded().await;
    for (name, expected) in [
        (
            "groq-hi",
            "Oi!\x1b[2m\n[done, 23 tokens (Complete)]\n\x1b[0m",
        ),
        (
            "cerebras-capital",
            "The name of the US capital is Washington, D.C. (short for District of Columbia).\
             \x1b[2m\n[finished, 65 tokens (Complete)]\n\x1b[0m",
        ),
        (
            "huggingface-add-multiply-1",
            "\nadd({\"a\": 2, \"b\": 3})\n\nmultiply({\"a\": 2, \"b\": 3})\n\
             \x1b[2m\n[finished, 467 tokens (Complete)]\n\x1b[0m",
        ),
    ] {
        for version in BOTH {
            let (_, screen) = talk(version, &server, name).await;
            assert_eq!(screen, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn reasoning_is_dim() {
    let screen = shown(&[
        "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Hm\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n",
    ]);
    let screen = screen.await;
    assert!(
        screen.starts_with("\x1b[2mHm\x1b[0mHi\x1b[2m\n[truncated, "),
        "{screen}"
    );
}

#[tokio::test]
async fn a_call_without_arguments_is_shown_at_the_end() {
    let screen = shown(&[
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"now\"}}]}}]}\n\n",
    ]);
    assert!(screen.await.starts_with("\nnow()\n"));
}

#[tokio::test]
async fn a_model_does_not_command_the_terminal() {
    let screen =
        shown(&["data: {\"choices\":[{\"delta\":{\"content\":\"a\\u001b]0;b\\n\\u009bc\"}}]}\n\n"]);
    assert!(screen.await.starts_with("a]0;b\nc\x1b[2m\n["));
}

#[tokio::test]
async fn what_is_asked_is_a_stream_with_its_usage_and_not_compressed() {
    for version in BOTH {
        let server = recorded().await;
        talk(version, &server, "groq-hi")
            .await
            .0
            .expect("an answer");
        let asked = server.asked();
        let [(headers, body)] = &asked[..] else {
            panic!("asked once: {asked:?}");
        };
        assert!(!headers.contains_key("accept-encoding"));
        assert_eq!(headers["authorization"], "Bearer secret");
        let expected = json!({
            "model": "groq-hi",
            "messages": [{ "role": "user", "content": "Hi" }],
            "stream": true,
            "stream_options": { "include_usage": true },
        });
        assert_eq!(*body, expected);
    }
}

#[tokio::test]
async fn a_server_that_says_no_has_failed() {
    let error = r#"{"error":{"message":"no such model"}}"#;
    let server = serve(move |_| {
        let mut answer = answer("application/json", frames(vec![Bytes::from(error)]));
        *answer.status_mut() = hyper::StatusCode::NOT_FOUND;
        answer
    });
    let (report, screen) = talk(Version::One, &server.await, "any").await;
    assert_eq!(report.expect("an answer").outcome, Outcome::Failed);
    let expected = r#"error: {"message":"no such model"}"#;
    assert!(screen.contains(expected), "{screen}");
}

#[tokio::test]
async fn what_came_before_an_answer_breaks_off_is_shown() {
    for version in BOTH {
        let server = serve(|_| {
            let begun = Bytes::from("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n");
            let gone = async {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                Err(std::io::Error::other("gone"))
            };
            answer(EVENTS, frames(vec![begun]).chain(stream::once(gone)))
        });
        let (report, screen) = talk(version, &server.await, "any").await;
        assert!(report.is_err(), "it broke off");
        assert_eq!(screen, "Hi\x1b[2m\n[truncated, tokens unknown]\n\x1b[0m");
    }
}
