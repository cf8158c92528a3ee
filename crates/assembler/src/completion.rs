//! What a stream has spelled out: the `chat.completion` object.

use alloc::{boxed::Box, string::String, vec::Vec};

use deltaic_chunk::Raw;

use crate::{choices::Choices, members::Members, text::Text, value::Value};

/// What the chunks have spelled out so far, put together.
///
/// Members are `None` while no chunk has sent them. What has no field of its own
/// is in `other`, at the place where it stood.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"id":"c1","created":17.5,"choices":[{"delta":{"content":"Hi"}}],"cost":0.10}"#;
/// assembler.push(&Payload::parse(chunk)?, 0);
/// let completion = assembler.completion();
/// assert_eq!(completion.id.as_deref(), Some("c1"));
/// assert_eq!(completion.created.as_deref(), Some("17.5"));
/// assert_eq!(completion.choices[0].message.content.as_deref(), Some("Hi"));
/// // No type knows it, and it keeps all its digits.
/// assert_eq!(completion.other.get("cost").expect("it came").to_string(), "0.10");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Completion {
    /// The first that was not empty.
    pub id: Option<String>,
    /// When it was made, in seconds since 1970: a JSON number as it came.
    pub created: Option<String>,
    /// The first that was not empty.
    pub model: Option<String>,
    /// The choices in the order in which they began, sorted by index at the end.
    pub choices: Choices,
    /// The last that was not empty.
    pub system_fingerprint: Option<String>,
    /// The last that was not empty.
    pub service_tier: Option<String>,
    /// The last that the server sent.
    pub usage: Option<Usage>,
    /// Members of the chunks that have no field here: the last wins, objects
    /// unite.
    pub other: Members,
}

impl Completion {
    /// That of no chunks.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: Completion = Completion {
            id: None,
            created: None,
            model: None,
            choices: Choices::NONE,
            system_fingerprint: None,
            service_tier: None,
            usage: None,
            other: Members::NONE,
        };
        &NONE
    }
}

/// One of the answers.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for data in [
///     r#"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}"#,
///     r#"{"choices":[{"index":0,"delta":{},"finish_reason":"length","seed":7}]}"#,
/// ] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// let completion = assembler.finish(0).completion.expect("chunks came");
/// let [first, second] = &completion.choices[..] else {
///     panic!("there are two");
/// };
/// assert_eq!((first.index, first.finish_reason.as_deref()), (0, Some("length")));
/// assert_eq!(first.other.get("seed").expect("it came").to_string(), "7");
/// assert_eq!((second.index, second.finish_reason.as_deref()), (1, None));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// Which of the answers this is, from 0.
    pub index: u64,
    /// What it says.
    pub message: Message,
    /// Why it ended: the last that was not empty, but `stop` replaces no other.
    pub finish_reason: Option<String>,
    /// An object whose lists have grown through the stream.
    pub logprobs: Option<Box<Value>>,
    /// Members of the choice that have no field here.
    pub other: Members,
}

/// What a choice says.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for data in [
///     r#"{"choices":[{"delta":{"role":"assistant","reasoning":"Hm"}}]}"#,
///     r#"{"choices":[{"delta":{"content":"Hel","annotations":[1]}}]}"#,
///     r#"{"choices":[{"delta":{"content":"lo","annotations":[2]}}]}"#,
/// ] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// let message = &assembler.completion().choices[0].message;
/// assert_eq!(message.role.as_deref(), Some("assistant"));
/// assert_eq!(message.content.as_deref(), Some("Hello"));
/// assert_eq!(message.reasoning.as_deref(), Some("Hm"));
/// assert_eq!(message.other.get("annotations").expect("they came").to_string(), "[1,2]");
/// assert!(message.tool_calls.is_empty() && message.refusal.is_none());
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// The first that was not empty; readers take `assistant` where none came.
    pub role: Option<String>,
    /// The text.
    pub content: Option<Text>,
    /// The parts, where the server sends content as a list: their text is in
    /// `content` and `reasoning` too.
    pub content_parts: Option<Box<Value>>,
    /// Why the model refuses.
    pub refusal: Option<Text>,
    /// The reasoning, under whichever name it came.
    pub reasoning: Option<Text>,
    /// The tools to call.
    pub tool_calls: Vec<ToolCall>,
    /// The function to call, as the API spelled it before there were tools.
    pub function_call: Option<Box<Function>>,
    /// Members of the delta that have no field here, among them
    /// `reasoning_details`, `audio`, `annotations` and `images`.
    pub other: Members,
}

/// A call of a tool.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for call in [
///     r#"{"index":0,"id":"c1","function":{"name":"add","arguments":"{\"a\":"}}"#,
///     r#"{"index":0,"function":{"arguments":"1}"}}"#,
/// ] {
///     let chunk = format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{call}]}}}}]}}"#);
///     assembler.push(&Payload::parse(chunk.as_bytes())?, 0);
/// }
/// let call = &assembler.completion().choices[0].message.tool_calls[0];
/// assert_eq!((call.id.as_deref(), call.function.name.as_deref()), (Some("c1"), Some("add")));
/// assert_eq!(&*call.function.arguments, r#"{"a":1}"#);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ToolCall {
    /// The first that was not empty.
    pub id: Option<String>,
    /// The call's `type`: `function` where none came, `custom` where it takes
    /// an input of its own form.
    pub kind: Option<String>,
    /// The tool and what it is given.
    pub function: Function,
    /// Members of the call that have no field here.
    pub other: Members,
}

impl ToolCall {
    /// Whether the tool takes text of its own form, not JSON.
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let chunk = br#"{"choices":[{"delta":{"tool_calls":[
    ///     {"index":0,"id":"c1","function":{"name":"add","arguments":"{}"}},
    ///     {"index":1,"id":"c2","type":"custom","custom":{"name":"sql","input":"SELECT 1"}}]}}]}"#;
    /// assembler.push(&Payload::parse(chunk)?, 0);
    /// let calls = &assembler.completion().choices[0].message.tool_calls;
    /// assert!(!calls[0].is_custom() && calls[1].is_custom());
    /// assert_eq!(&*calls[1].function.arguments, "SELECT 1");
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.kind.as_deref() == Some("custom")
    }
}

/// A function and its arguments; a custom tool and its input.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for function in [r#"{"name":"add","arguments":"{\"a\":","strict":true}"#, r#"{"arguments":"1}"}"#] {
///     let chunk = format!(r#"{{"choices":[{{"delta":{{"function_call":{function}}}}}]}}"#);
///     assembler.push(&Payload::parse(chunk.as_bytes())?, 0);
/// }
/// let message = &assembler.completion().choices[0].message;
/// let function = message.function_call.as_ref().expect("it came");
/// assert_eq!((function.name.as_deref(), &*function.arguments), (Some("add"), r#"{"a":1}"#));
/// assert_eq!(function.other.get("strict").expect("it came").to_string(), "true");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Function {
    /// Its name.
    pub name: Option<String>,
    /// The text of a JSON object, if the model did well; the input, if the tool
    /// is custom.
    pub arguments: Text,
    /// Members that have no field here.
    pub other: Members,
}

/// The token counts of the server, as it sent them. Never estimated, never
/// summed.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"choices":[],"usage":{"total_tokens":9,"cost":0.1}}"#;
/// assembler.push(&Payload::parse(chunk)?, 0);
/// let usage = assembler.completion().usage.as_ref().expect("it came");
/// assert_eq!(usage.figures().total_tokens(), Some(9));
/// assert_eq!(usage.figures().prompt_tokens(), None);
/// assert_eq!(usage.raw().get("cost").as_f64(), Some(0.1));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Usage {
    pub(crate) text: String,
}

impl Usage {
    /// The object as it came, to look into.
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let chunk = br#"{"choices":[],"usage":{"total_tokens":9,"cost_details":{"upstream":0.10}}}"#;
    /// assembler.push(&Payload::parse(chunk)?, 0);
    /// let usage = assembler.completion().usage.as_ref().expect("it came");
    /// assert_eq!(usage.raw().get("cost_details").get("upstream").text(), "0.10");
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn raw(&self) -> Raw<'_> {
        Raw::again(&self.text)
    }

    /// The figures that most servers send.
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let chunk = br#"{"choices":[],"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}}"#;
    /// assembler.push(&Payload::parse(chunk)?, 0);
    /// let figures = assembler.completion().usage.as_ref().expect("it came").figures();
    /// assert_eq!((figures.prompt_tokens(), figures.cached_tokens()), (Some(9), Some(4)));
    /// assert_eq!(figures.completion_tokens(), None);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn figures(&self) -> deltaic_chunk::Usage<'_> {
        deltaic_chunk::Usage::read(self.raw())
    }
}
