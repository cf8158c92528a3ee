use super::words::{around, piece};

/// Three parts of reasoning to one of text.
pub(super) fn stream(chunks: usize) -> String {
    around(
        chunk(
            r#"{"role":"assistant","content":null,"reasoning_content":""}"#,
            "null",
            "null",
        ),
        chunks,
        |at| {
            let piece = piece(at);
            let delta = if at < chunks / 4 * 3 {
                format!(r#"{{"content":null,"reasoning_content":"{piece}"}}"#)
            } else {
                format!(r#"{{"content":"{piece}","reasoning_content":null}}"#)
            };
            chunk(&delta, "null", "null")
        },
        vec![chunk(
            r#"{"content":"","reasoning_content":null}"#,
            "\"stop\"",
            r#"{"prompt_tokens":48,"completion_tokens":1998,"total_tokens":2046,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":1500},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":48}"#,
        )],
    )
}

fn chunk(delta: &str, finish: &str, usage: &str) -> String {
    format!(
        r#"{{"id":"3c1f0a57-92be-4d0b-8f35-6a7e21c0d948","object":"chat.completion.chunk","created":1768252426,"model":"deepseek-reasoner","system_fingerprint":"fp_eaab8d114b_prod0820_fp8_kvcache","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}],"usage":{usage}}}"#
    )
}
