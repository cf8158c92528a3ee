//! Streams that are made, for tests and benches that need long ones.

use std::fmt::Write;

/// What stands around the text in each chunk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Envelope {
    /// As Cerebras sends it.
    Cerebras,
    /// As Groq sends it.
    Groq,
}

/// A made stream, and what it spells out.
#[derive(Clone, Debug)]
pub struct Made {
    /// The stream.
    pub stream: Vec<u8>,
    /// The text.
    pub text: String,
    /// How many chunks it has.
    pub chunks: usize,
}

/// The pieces that the texts are made of: as JSON, and what that says. About
/// one in twenty has an escape, and one in twenty is not ASCII.
const PIECES: [(&str, &str); 20] = [
    (" the", " the"),
    (" stream", " stream"),
    (" of", " of"),
    (" a", " a"),
    (" river", " river"),
    (",", ","),
    (" which", " which"),
    (" carries", " carries"),
    (" sand", " sand"),
    (" to", " to"),
    ("\\n\\n", "\n\n"),
    (" its", " its"),
    (" delta", " delta"),
    (" and", " and"),
    (" 24", " 24"),
    ("°C", "°C"),
    (" in", " in"),
    (" May", " May"),
    (".", "."),
    (" It", " It"),
];

/// A stream of text in so many chunks: a role, pieces of text, the finish with
/// the usage.
#[must_use]
pub fn text(chunks: usize, envelope: Envelope) -> Made {
    let mut stream = String::new();
    let mut text = String::new();
    push(&mut stream, envelope, r#"{"role":"assistant"}"#, "null", "");
    let pieces = chunks.saturating_sub(2);
    // A step that shares no factor with the number of pieces visits them all.
    for (raw, said) in (0..pieces).map(|at| PIECES[at * 7 % PIECES.len()]) {
        text.push_str(said);
        let delta = format!(r#"{{"content":"{raw}"}}"#);
        push(&mut stream, envelope, &delta, "null", "");
    }
    let usage = format!(
        r#","usage":{{"prompt_tokens":20,"completion_tokens":{pieces},"total_tokens":{}}}"#,
        pieces + 20
    );
    push(&mut stream, envelope, "{}", r#""stop""#, &usage);
    stream.push_str("data: [DONE]\n\n");
    Made {
        stream: stream.into_bytes(),
        text,
        chunks: pieces + 2,
    }
}

fn push(stream: &mut String, envelope: Envelope, delta: &str, finish: &str, tail: &str) {
    let result = match envelope {
        Envelope::Cerebras => {
            let finish = match finish {
                "null" => String::new(),
                reason => format!(r#","finish_reason":{reason}"#),
            };
            write!(
                stream,
                r#"data: {{"id":"chatcmpl-07ac2555-5f70-4250-bf47-c33cb5e4e22f","choices":[{{"delta":{delta}{finish},"index":0}}],"created":1761231233,"model":"qwen-3-coder-480b","system_fingerprint":"fp_386b539e7b02ce3613b7","object":"chat.completion.chunk"{tail}}}"#
            )
        }
        Envelope::Groq => write!(
            stream,
            r#"data: {{"id":"chatcmpl-2248ca44-9f78-497c-8610-e131b33a4928","object":"chat.completion.chunk","created":1758793281,"model":"moonshotai/kimi-k2-instruct-0905","system_fingerprint":"fp_6e6ff3688b","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]{tail}}}"#
        ),
    };
    result.expect("a string takes all");
    stream.push_str("\n\n");
}
