//! Streams that are made, for tests and benches that need long ones.

/// What stands around the text in each chunk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Envelope {
    /// As Cerebras sends it: what says nothing is left out, the usage comes
    /// with the finish.
    Cerebras,
    /// As Groq sends it: nulls are written out.
    Groq,
    /// As OpenAI sends it: padding of another length in each chunk, and a last
    /// chunk without choices for the usage.
    OpenAi,
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

/// A stream of text in so many chunks: a role, pieces of text, the finish, the
/// usage. The same arguments make the same stream. What stands around the text
/// is always there, so fewer than two or three chunks cannot be had.
#[must_use]
pub fn text(chunks: usize, envelope: Envelope) -> Made {
    let usage_has_its_own = envelope == Envelope::OpenAi;
    let pieces = chunks.saturating_sub(2 + usize::from(usage_has_its_own));
    // A step that shares no factor with the number of pieces visits them all.
    let said: Vec<(&str, &str)> = (0..pieces)
        .map(|at| PIECES[at * 7 % PIECES.len()])
        .collect();
    let usage = format!(
        r#"{{"prompt_tokens":20,"completion_tokens":{pieces},"total_tokens":{}}}"#,
        pieces + 20
    );

    let mut events = vec![envelope.event(0, Some((r#"{"role":"assistant"}"#, None)), None)];
    for (raw, _) in &said {
        let delta = format!(r#"{{"content":"{raw}"}}"#);
        events.push(envelope.event(events.len(), Some((&delta, None)), None));
    }
    let finish = Some(("{}", Some("stop")));
    if usage_has_its_own {
        events.push(envelope.event(events.len(), finish, None));
        events.push(envelope.event(events.len(), None, Some(&usage)));
    } else {
        events.push(envelope.event(events.len(), finish, Some(&usage)));
    }
    Made {
        chunks: events.len(),
        stream: (events.concat() + "data: [DONE]\n\n").into_bytes(),
        text: said.into_iter().map(|(_, said)| said).collect(),
    }
}

/// The pieces that the texts are made of: as JSON, and what that says. One in
/// twenty has an escape, and one in twenty is not ASCII.
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

impl Envelope {
    /// The event of the chunk at this place in the stream. A choice is its delta
    /// and its finish reason.
    fn event(self, at: usize, choice: Option<(&str, Option<&str>)>, usage: Option<&str>) -> String {
        let choice = choice.map_or_else(String::new, |(delta, finish)| {
            let finish = finish.map(|reason| format!("\"{reason}\""));
            match (self, finish) {
                (Self::Cerebras, None) => format!(r#"{{"delta":{delta},"index":0}}"#),
                (Self::Cerebras, Some(finish)) => {
                    format!(r#"{{"delta":{delta},"finish_reason":{finish},"index":0}}"#)
                }
                (Self::Groq | Self::OpenAi, finish) => {
                    let finish = finish.as_deref().unwrap_or("null");
                    format!(
                        r#"{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}"#
                    )
                }
            }
        });
        let with_usage = usage.map_or_else(String::new, |usage| format!(r#","usage":{usage}"#));
        let chunk = match self {
            Self::Cerebras => format!(
                r#""id":"chatcmpl-07ac2555-5f70-4250-bf47-c33cb5e4e22f","choices":[{choice}],"created":1761231233,"model":"qwen-3-coder-480b","system_fingerprint":"fp_386b539e7b02ce3613b7","object":"chat.completion.chunk"{with_usage}"#
            ),
            Self::Groq => format!(
                r#""id":"chatcmpl-2248ca44-9f78-497c-8610-e131b33a4928","object":"chat.completion.chunk","created":1758793281,"model":"moonshotai/kimi-k2-instruct-0905","system_fingerprint":"fp_6e6ff3688b","choices":[{choice}]{with_usage}"#
            ),
            Self::OpenAi => {
                let usage = usage.unwrap_or("null");
                let padding = &"L1VHepL"[..at % 8];
                format!(
                    r#""id":"chatcmpl-CC7HfO4FMKWJ3qjGOR3C4ib4vjqCn","object":"chat.completion.chunk","created":1757003971,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_e665f7564b","choices":[{choice}],"usage":{usage},"obfuscation":"{padding}""#
                )
            }
        };
        format!("data: {{{chunk}}}\n\n")
    }
}
