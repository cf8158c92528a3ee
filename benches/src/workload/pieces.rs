use super::words::{around, piece};

/// Reasoning twice in each chunk, as OpenRouter sends it: as text, and in typed pieces.
pub(super) fn stream(chunks: usize) -> String {
    around(
        chunk(r#"{"role":"assistant","content":""}"#, "null"),
        chunks,
        |at| {
            let piece = piece(at);
            chunk(
                &format!(
                    r#"{{"role":"assistant","content":"","reasoning":"{piece}","reasoning_details":[{{"type":"reasoning.text","text":"{piece}","format":"unknown","index":0}}]}}"#
                ),
                "null",
            )
        },
        vec![chunk(r#"{"role":"assistant","content":""}"#, "\"stop\"")],
    )
}

fn chunk(delta: &str, finish: &str) -> String {
    format!(
        r#"{{"id":"gen-1773108844-kQ2vYb0RtfLw4MuZaXce","object":"chat.completion.chunk","created":1773108844,"model":"deepseek/deepseek-r1","provider":"Novita","choices":[{{"index":0,"delta":{delta},"finish_reason":{finish},"native_finish_reason":{finish}}}]}}"#
    )
}
