use super::words::{piece, stream as events};

/// How many calls there are.
const CALLS: usize = 3;

pub(super) fn stream(chunks: usize) -> String {
    let mut all = vec![chunk(r#"{"role":"assistant","content":null}"#, "null")];
    let begun = (0..CALLS).map(|call| {
        call_delta(call, &format!(
            r#""id":"call_{call}KfqqY0CqapxDWHLEiw251Oi","type":"function","function":{{"name":"write_note_{call}","arguments":""}}"#
        ))
    });
    all.extend(begun);
    // The first and the last fragment of a call open and close its object.
    let fragments = chunks.saturating_sub(all.len() + 1) / CALLS;
    for at in 0..fragments {
        all.extend((0..CALLS).map(|call| fragment(call, at, fragments)));
    }
    all.push(chunk("{}", "\"tool_calls\""));
    events(all.into_iter())
}

/// A fragment of the arguments, as a model writes them: an object whose members
/// are texts, escaped because it stands in a string.
fn fragment(call: usize, at: usize, of: usize) -> String {
    let text = match (at, at % 12) {
        (0, _) => String::from(r#"{\"note"#),
        (at, _) if at + 1 == of => String::from(r#"\"}"#),
        (1, _) => String::from(r#"\":\""#),
        (_, 0) => format!(r#"\",\"line_{at}"#),
        (_, 1) => String::from(r#"\": \""#),
        (at, _) => match piece(at + call) {
            // What is escaped in the arguments would be so twice.
            escaped if escaped.contains('\\') => String::from(" or"),
            piece => piece.into(),
        },
    };
    call_delta(call, &format!(r#""function":{{"arguments":"{text}"}}"#))
}

fn call_delta(call: usize, members: &str) -> String {
    chunk(
        &format!(r#"{{"tool_calls":[{{"index":{call},{members}}}]}}"#),
        "null",
    )
}

fn chunk(delta: &str, finish: &str) -> String {
    format!(
        r#"{{"id":"chatcmpl-D3qbmX992IJqA0OczJ38Z1F7fk081","object":"chat.completion.chunk","created":1769809582,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1590f93f9d","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]}}"#
    )
}
