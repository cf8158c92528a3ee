use super::words::{around, piece};

pub(super) fn stream(chunks: usize) -> String {
    let usage = r#"{"prompt_tokens":14,"completion_tokens":1997,"total_tokens":2011,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#;
    around(
        chunk(
            0,
            &choice(
                r#"{"role":"assistant","content":"","refusal":null}"#,
                "null",
            ),
            "null",
        ),
        chunks,
        |at| {
            let delta = format!(r#"{{"content":"{}"}}"#, piece(at));
            chunk(at + 1, &choice(&delta, "null"), "null")
        },
        vec![
            chunk(chunks, &choice("{}", "\"stop\""), "null"),
            chunk(chunks + 1, "", usage),
        ],
    )
}

fn choice(delta: &str, finish: &str) -> String {
    format!(r#"{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}"#)
}

fn chunk(at: usize, choice: &str, usage: &str) -> String {
    format!(
        r#"{{"id":"chatcmpl-CvQ7e2ZpRk4Xn0LwTgYb81DsuJfMh","object":"chat.completion.chunk","created":1768582461,"model":"gpt-4.1-nano-2025-04-14","service_tier":"default","system_fingerprint":"fp_7f8eb7d1f9","choices":[{choice}],"usage":{usage},"obfuscation":"{}"}}"#,
        obfuscation(at)
    )
}

/// Letters and digits, of another length and another start each time.
fn obfuscation(at: usize) -> &'static str {
    const NOISE: &str = "kR4vZq8XtB1nLw0JdYc7HsGm2PfUa9EoTi5VxK3bQy6NhDzWgCrMuSjFlApOeI";
    let start = at * 11 % 40;
    let len = 2 + at * 5 % 15;
    &NOISE[start..start + len]
}
