use super::words::{around, piece};

pub(super) fn stream(chunks: usize) -> String {
    around(
        chunk(r#"{"role":"assistant","content":""}"#, "null", 0),
        chunks,
        |at| chunk(&format!(r#"{{"content":"{}"}}"#, piece(at)), "null", at + 1),
        vec![
            chunk(
                r#"{"content":""}"#,
                r#""stop","stop_reason":null"#,
                chunks - 2,
            ),
            envelope("", chunks - 2),
        ],
    )
}

fn chunk(delta: &str, finish: &str, completion: usize) -> String {
    let choice = format!(
        r#"{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish},"token_ids":null}}"#
    );
    envelope(&choice, completion)
}

fn envelope(choice: &str, completion: usize) -> String {
    let total = 37 + completion;
    format!(
        r#"{{"id":"chatcmpl-5d20c1f7e8a94b0e9f63c7ab1d2e4f60","object":"chat.completion.chunk","created":1758036063,"model":"Qwen/Qwen3-0.6B","choices":[{choice}],"usage":{{"prompt_tokens":37,"total_tokens":{total},"completion_tokens":{completion}}}}}"#
    )
}
