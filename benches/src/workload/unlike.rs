use super::words::{around, piece};

/// Text beside a member whose name is another each time, behind all that is alike.
pub(super) fn stream(chunks: usize) -> String {
    around(
        chunk(0, r#"{"role":"assistant","content":""}"#, "null"),
        chunks,
        |at| chunk(at + 1, &format!(r#"{{"content":"{}"}}"#, piece(at)), "null"),
        vec![chunk(chunks, "{}", "\"stop\"")],
    )
}

fn chunk(at: usize, delta: &str, finish: &str) -> String {
    let choice = format!(r#"{{"index":0,"delta":{delta},"finish_reason":{finish}}}"#);
    format!(
        r#"{{"id":"chatcmpl-b1946ac92492d2347c6235b4d2611184","object":"chat.completion.chunk","created":1768582461,"model":"a-model","choices":[{choice}],"trace_{at}":1}}"#
    )
}
