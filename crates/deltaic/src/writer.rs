//! The other direction: a completion as a stream of chunks.

use alloc::{string::String, vec::Vec};
use core::fmt::{self, Write};

use deltaic_chunk::{escape_into, quoted};

/// What stands around each chunk of a completion.
///
/// ```
/// use deltaic::{Envelope, Writer};
///
/// let envelope = Envelope { id: "c1", model: "m", service_tier: Some("flex"), ..Envelope::default() };
/// let mut out = Vec::new();
/// Writer::new(&envelope).text(&mut out, 0, "Hi");
/// let event = String::from_utf8(out).expect("JSON is UTF-8");
/// assert!(event.starts_with("data: {\"id\":\"c1\",") && event.contains("\"service_tier\":\"flex\""));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Envelope<'e> {
    /// The completion's id.
    pub id: &'e str,
    /// When the completion was made, in seconds since 1970.
    pub created: u64,
    /// The model that answers.
    pub model: &'e str,
    /// What the server runs on. Left out if it is `None`.
    pub system_fingerprint: Option<&'e str>,
    /// The tier that the request is served in. Left out if it is `None`.
    pub service_tier: Option<&'e str>,
}

/// Token counts. What is `None` is left out, and the total is the sum of the first
/// two.
///
/// ```
/// use deltaic::{Envelope, Reader, Tokens, Writer};
///
/// let tokens = Tokens { prompt: 9, completion: 5, cached: Some(4), ..Tokens::default() };
/// let mut out = Vec::new();
/// Writer::new(&Envelope::default()).usage(&mut out, &tokens);
/// let mut reader = Reader::new();
/// reader.push(&out);
/// let figures = reader.completion().usage.as_ref().expect("it was written").figures();
/// assert_eq!((figures.total_tokens(), figures.cached_tokens()), (Some(14), Some(4)));
/// assert_eq!(figures.reasoning_tokens(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tokens {
    /// Those of the prompt.
    pub prompt: u32,
    /// Those of the answer.
    pub completion: u32,
    /// Those of the prompt that were cached.
    pub cached: Option<u32>,
    /// Those of the answer that are reasoning.
    pub reasoning: Option<u32>,
}

/// Writes the events of a completion, each a chunk in one `data` line with its blank line.
///
/// For servers, and for gateways that make what no server sent. What does not change is
/// written once, so that a token costs little more than its copy. Whatever it is given,
/// what it writes is JSON in whole events; in which order they make sense is for the caller
/// to know. `choice` and `call` are the indices by which pieces are put together.
///
/// Each event is added to `out`. A `Vec<u8>` becomes `Bytes` without a copy. For what there is no
/// method here (log probabilities, a vendor's own members, several choices in one chunk), a caller
/// writes the event himself, and puts it between these.
///
/// ```
/// use deltaic::{Envelope, Outcome, Reader, Tokens, Writer};
///
/// let envelope = Envelope { id: "c1", created: 1_763_000_000, model: "m", ..Envelope::default() };
/// let writer = Writer::new(&envelope);
/// let mut out = Vec::new();
/// writer.role(&mut out, 0, "assistant");
/// writer.text(&mut out, 0, "Say \"");
/// writer.text(&mut out, 0, "hi\"\n");
/// writer.finish(&mut out, 0, "stop");
/// writer.usage(&mut out, &Tokens { prompt: 9, completion: 2, ..Tokens::default() });
/// Writer::done(&mut out);
///
/// let mut reader = Reader::new();
/// let mut input = &out[..];
/// while reader.next(&mut input).is_some() {}
/// let report = reader.into_report();
/// assert_eq!(report.outcome, Outcome::Done);
/// let completion = report.completion.expect("chunks came");
/// assert_eq!(completion.choices[0].message.content.as_deref(), Some("Say \"hi\"\n"));
/// ```
#[derive(Clone, Debug)]
pub struct Writer {
    /// An event up to its first choice.
    head: String,
}

impl Writer {
    /// For a completion of which each chunk has this envelope.
    #[must_use]
    pub fn new(envelope: &Envelope<'_>) -> Self {
        let mut head = String::new();
        // A string takes all that is written.
        let _ = write_head(&mut head, envelope);
        Self { head }
    }

    /// Whose message it is: `assistant`, mostly. It comes first.
    ///
    /// ```
    /// use deltaic::{Envelope, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.role(&mut out, 0, "assistant");
    /// let event = String::from_utf8(out).expect("JSON is UTF-8");
    /// assert!(event.contains(r#""delta":{"role":"assistant","content":""},"finish_reason":null"#));
    /// ```
    pub fn role(&self, out: &mut Vec<u8>, choice: u32, role: &str) {
        self.delta(out, choice, ["\"role\":\"", role, "\",\"content\":\"\""]);
    }

    /// A piece of the answer.
    ///
    /// ```
    /// use deltaic::{Envelope, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// // Two answers, whose pieces may take turns.
    /// for (choice, text) in [(0, "Hel"), (1, "Good "), (0, "lo\n"), (1, "\"day\"")] {
    ///     writer.text(&mut out, choice, text);
    /// }
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// let choices = reader.completion().choices.iter();
    /// let texts: Vec<_> = choices.filter_map(|choice| choice.message.content.as_deref()).collect();
    /// assert_eq!(texts, ["Hello\n", "Good \"day\""]);
    /// ```
    pub fn text(&self, out: &mut Vec<u8>, choice: u32, text: &str) {
        self.delta(out, choice, ["\"content\":\"", text, "\""]);
    }

    /// A piece of reasoning, under the name `reasoning_content`.
    ///
    /// ```
    /// use deltaic::{Envelope, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.reasoning(&mut out, 0, "Be brief.");
    /// writer.text(&mut out, 0, "Hi");
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// let message = &reader.completion().choices[0].message;
    /// assert_eq!(message.reasoning.as_deref(), Some("Be brief."));
    /// assert_eq!(message.content.as_deref(), Some("Hi"));
    /// ```
    pub fn reasoning(&self, out: &mut Vec<u8>, choice: u32, text: &str) {
        self.delta(out, choice, ["\"reasoning_content\":\"", text, "\""]);
    }

    /// A piece of a refusal.
    ///
    /// ```
    /// use deltaic::{Envelope, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.refusal(&mut out, 0, "I can't.");
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// let message = &reader.completion().choices[0].message;
    /// assert_eq!((message.refusal.as_deref(), message.content.as_deref()), (Some("I can't."), None));
    /// ```
    pub fn refusal(&self, out: &mut Vec<u8>, choice: u32, text: &str) {
        self.delta(out, choice, ["\"refusal\":\"", text, "\""]);
    }

    /// A call of a function begins.
    ///
    /// ```
    /// use deltaic::{Envelope, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.call(&mut out, 0, 0, "call_1", "weather");
    /// for piece in ["{\"city\":", "\"Rio\"}"] {
    ///     writer.arguments(&mut out, 0, 0, piece);
    /// }
    /// writer.finish(&mut out, 0, "tool_calls");
    ///
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// let call = &reader.completion().choices[0].message.tool_calls[0];
    /// assert_eq!(call.function.name.as_deref(), Some("weather"));
    /// assert_eq!(&*call.function.arguments, r#"{"city":"Rio"}"#);
    /// ```
    pub fn call(&self, out: &mut Vec<u8>, choice: u32, call: u32, id: &str, name: &str) {
        let mut sink = self.begin(out, choice);
        sink.put("\"tool_calls\":[{\"index\":");
        sink.number(call.into());
        sink.put(",\"id\":\"");
        sink.text(id);
        sink.put("\",\"type\":\"function\",\"function\":{\"name\":\"");
        sink.text(name);
        sink.put("\",\"arguments\":\"\"}}]");
        sink.put(GOES_ON);
    }

    /// A piece of a call's arguments: of the text that is JSON once it is whole.
    ///
    /// ```
    /// use deltaic::{Envelope, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.call(&mut out, 0, 0, "call_1", "weather");
    /// writer.call(&mut out, 0, 1, "call_2", "time");
    /// // They go by the index of their call.
    /// for (call, piece) in [(0, r#"{"city":"#), (1, "{}"), (0, r#""Rio"}"#)] {
    ///     writer.arguments(&mut out, 0, call, piece);
    /// }
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// let calls = &reader.completion().choices[0].message.tool_calls;
    /// let arguments: Vec<&str> = calls.iter().map(|call| &*call.function.arguments).collect();
    /// assert_eq!(arguments, [r#"{"city":"Rio"}"#, "{}"]);
    /// ```
    pub fn arguments(&self, out: &mut Vec<u8>, choice: u32, call: u32, arguments: &str) {
        let mut sink = self.begin(out, choice);
        sink.put("\"tool_calls\":[{\"index\":");
        sink.number(call.into());
        sink.put(",\"function\":{\"arguments\":\"");
        sink.text(arguments);
        sink.put("\"}}]");
        sink.put(GOES_ON);
    }

    /// A choice is whole: `stop`, `length`, `tool_calls` or `content_filter`.
    ///
    /// ```
    /// use deltaic::{Envelope, Outcome, Reader, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.text(&mut out, 0, "Half an ans");
    /// writer.finish(&mut out, 0, "length");
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// assert_eq!(reader.completion().choices[0].finish_reason.as_deref(), Some("length"));
    /// assert_eq!(reader.outcome(), Outcome::Finished);
    /// ```
    pub fn finish(&self, out: &mut Vec<u8>, choice: u32, reason: &str) {
        let mut sink = self.begin(out, choice);
        sink.put("},\"finish_reason\":\"");
        sink.text(reason);
        sink.put("\"}]}\n\n");
    }

    /// The token counts of the completion, in a chunk without choices.
    ///
    /// ```
    /// use deltaic::{Envelope, Tokens, Writer};
    ///
    /// let writer = Writer::new(&Envelope { id: "c1", model: "m", ..Envelope::default() });
    /// let mut out = Vec::new();
    /// writer.usage(&mut out, &Tokens { prompt: 9, completion: 2, ..Tokens::default() });
    /// let event = String::from_utf8(out).expect("JSON is UTF-8");
    /// let usage = r#""usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}"#;
    /// assert!(event.ends_with(&format!("\"choices\":[],{usage}}}\n\n")));
    /// ```
    pub fn usage(&self, out: &mut Vec<u8>, tokens: &Tokens) {
        let mut sink = Sink(out);
        sink.put(&self.head);
        sink.put("],\"usage\":{\"prompt_tokens\":");
        sink.number(tokens.prompt.into());
        sink.put(",\"completion_tokens\":");
        sink.number(tokens.completion.into());
        sink.put(",\"total_tokens\":");
        sink.number(u64::from(tokens.prompt) + u64::from(tokens.completion));
        for (name, count) in [
            (
                ",\"prompt_tokens_details\":{\"cached_tokens\":",
                tokens.cached,
            ),
            (
                ",\"completion_tokens_details\":{\"reasoning_tokens\":",
                tokens.reasoning,
            ),
        ] {
            if let Some(count) = count {
                sink.put(name);
                sink.number(count.into());
                sink.put("}");
            }
        }
        sink.put("}}\n\n");
    }

    /// An error, which ends the stream; `kind` is what the API calls its `type`.
    ///
    /// ```
    /// use deltaic::{Outcome, Reader, Writer};
    ///
    /// let mut out = Vec::new();
    /// Writer::error(&mut out, "no room", "server_error", Some("overloaded"));
    /// let mut reader = Reader::new();
    /// reader.push(&out);
    /// assert_eq!(reader.outcome(), Outcome::Failed);
    /// assert!(reader.errors()[0].contains("\"code\":\"overloaded\""));
    /// ```
    pub fn error(out: &mut Vec<u8>, message: &str, kind: &str, code: Option<&str>) {
        let mut sink = Sink(out);
        sink.put("data: {\"error\":{\"message\":\"");
        sink.text(message);
        sink.put("\",\"type\":\"");
        sink.text(kind);
        sink.put("\",\"param\":null,\"code\":");
        match code {
            None => sink.put("null"),
            Some(code) => {
                sink.put("\"");
                sink.text(code);
                sink.put("\"");
            }
        }
        sink.put("}}\n\n");
    }

    /// `[DONE]`: all has been sent.
    pub fn done(out: &mut Vec<u8>) {
        Sink(out).put("data: [DONE]\n\n");
    }

    /// A chunk whose delta has one text, between what stands around it.
    fn delta(&self, out: &mut Vec<u8>, choice: u32, [before, text, behind]: [&str; 3]) {
        out.reserve(self.head.len() + text.len() + 2 * GOES_ON.len() + before.len() + behind.len());
        let mut sink = self.begin(out, choice);
        sink.put(before);
        sink.text(text);
        sink.put(behind);
        sink.put(GOES_ON);
    }

    /// A chunk up to the members of its delta.
    fn begin<'o>(&self, out: &'o mut Vec<u8>, choice: u32) -> Sink<'o> {
        let mut sink = Sink(out);
        sink.put(&self.head);
        sink.put("{\"index\":");
        sink.number(choice.into());
        sink.put(",\"delta\":{");
        sink
    }
}

/// Behind the members of a delta of a choice that goes on.
const GOES_ON: &str = "},\"finish_reason\":null}]}\n\n";

fn write_head(head: &mut String, envelope: &Envelope<'_>) -> fmt::Result {
    let Envelope {
        id,
        created,
        model,
        system_fingerprint,
        service_tier,
    } = *envelope;
    write!(
        head,
        "data: {{\"id\":{},\"object\":\"chat.completion.chunk\",\"created\":{created},\"model\":{}",
        quoted(id),
        quoted(model),
    )?;
    if let Some(text) = system_fingerprint {
        write!(head, ",\"system_fingerprint\":{}", quoted(text))?;
    }
    if let Some(text) = service_tier {
        write!(head, ",\"service_tier\":{}", quoted(text))?;
    }
    head.write_str(",\"choices\":[")
}

/// Where events go, which takes all that is written.
struct Sink<'o>(&'o mut Vec<u8>);

impl Sink<'_> {
    #[inline]
    fn put(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// The inside of a string.
    #[inline]
    fn text(&mut self, text: &str) {
        let _ = escape_into(text, self);
    }

    #[inline]
    fn number(&mut self, number: u64) {
        match u8::try_from(number) {
            Ok(digit @ 0..=9) => self.0.push(b'0' + digit),
            _ => {
                let _ = write!(self, "{number}");
            }
        }
    }
}

impl Write for Sink<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text);
        Ok(())
    }
}
