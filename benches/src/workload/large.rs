use super::{Workload, words::piece};

/// One event of at least so many bytes: a text in one delta.
#[must_use]
pub fn large(bytes: usize) -> Workload {
    let mut event = String::from(
        r#"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1768582461,"model":"m","choices":[{"index":0,"delta":{"content":""#,
    );
    let mut at = 0;
    while event.len() < bytes {
        event += piece(at);
        at += 1;
    }
    event += "\"},\"finish_reason\":null}]}\n\n";
    Workload::one("one large event", event)
}
