//! What a choice adds to its message.

use crate::{
    object::{Found, Others, read_members},
    raw::{Elements, Kind, Raw},
    scan::Scan,
};

/// What a choice adds to its message.
///
/// All that servers may send differently is [`Raw`]: `content` is a string with
/// most, null with many, a list of parts with some.
///
/// ```
/// use deltaic_chunk::{Delta, Raw};
///
/// let delta = Delta::read(Raw::parse(br#"{"content":null,"reasoning":"Hm"}"#)?);
/// assert!(delta.content.is_null() && delta.refusal.is_missing());
/// assert_eq!(delta.reasoning.as_str().expect("a string"), "Hm");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Delta<'a> {
    /// `assistant`, in the first delta or in each.
    pub role: Raw<'a>,
    /// The text.
    pub content: Raw<'a>,
    /// Why the model refuses.
    pub refusal: Raw<'a>,
    /// Reasoning, as `DeepSeek` and many after it name it.
    pub reasoning_content: Raw<'a>,
    /// Reasoning, as `OpenRouter` and Groq name it.
    pub reasoning: Raw<'a>,
    /// Reasoning, under one more name.
    pub reasoning_text: Raw<'a>,
    /// Reasoning, under one more name.
    pub thinking: Raw<'a>,
    /// Reasoning in typed pieces: a list.
    pub reasoning_details: Raw<'a>,
    /// Fragments of tool calls: a list; [`Delta::calls`] reads it.
    pub tool_calls: Raw<'a>,
    /// A call as the API spelled it before there were tools.
    pub function_call: Raw<'a>,
    /// Pieces of speech: an object.
    pub audio: Raw<'a>,
    raw: Raw<'a>,
    others: Found<'a>,
}

const DELTA: &[&str] = &[
    "role",
    "content",
    "refusal",
    "reasoning_content",
    "reasoning",
    "reasoning_text",
    "thinking",
    "reasoning_details",
    "tool_calls",
    "function_call",
    "audio",
];

impl<'a> Delta<'a> {
    /// Reads an object; a whole `message` has the shape of a delta. Of anything
    /// else only [`Delta::raw`] is there.
    ///
    /// ```
    /// use deltaic_chunk::{Delta, Raw};
    ///
    /// let choice = Raw::parse(br#"{"message":{"role":"assistant","content":"Hi"}}"#)?;
    /// let whole = Delta::read(choice.get("message"));
    /// assert_eq!(whole.content.as_str().expect("a string"), "Hi");
    /// // There is no such member, so there is nothing in it.
    /// let delta = Delta::read(choice.get("delta"));
    /// assert!(delta.raw().is_missing() && delta.content.is_missing());
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn read(raw: Raw<'a>) -> Self {
        let mut delta = Self::default();
        // The text has been read before.
        let _ = delta.scan(&mut Scan::new(raw.text()), raw.text(), 0);
        delta
    }

    /// Reads into what is new: these structs are large, and copies cost.
    pub(crate) fn scan(
        &mut self,
        scan: &mut Scan,
        rest: &'a str,
        inside: usize,
    ) -> Option<&'a str> {
        if !rest.starts_with('{') {
            return scan.read(rest, inside, &mut self.raw);
        }
        read_members!(scan, rest, inside, self, {
            "content" => content,
            "role" => role,
            "tool_calls" => tool_calls,
            "reasoning_content" => reasoning_content,
            "reasoning" => reasoning,
            "refusal" => refusal,
            "function_call" => function_call,
            "reasoning_details" => reasoning_details,
            "reasoning_text" => reasoning_text,
            "thinking" => thinking,
            "audio" => audio,
        })
    }

    /// The delta as it stands; missing if the choice has none.
    #[must_use]
    pub fn raw(&self) -> Raw<'a> {
        self.raw
    }

    /// Any member, known or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Raw<'a> {
        self.raw.get(name)
    }

    /// The members that have no field here.
    ///
    /// ```
    /// use deltaic_chunk::{Delta, Raw};
    ///
    /// let delta = Delta::read(Raw::parse(br#"{"content":"Hi","annotations":[1,2]}"#)?);
    /// let (name, value) = delta.other().next().expect("a member");
    /// assert_eq!((name.to_string(), value), ("annotations".to_owned(), delta.get("annotations")));
    /// assert_eq!(value.elements().count(), 2);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn other(&self) -> Others<'a> {
        Others::new(self.others, DELTA)
    }

    /// The fragments of tool calls, in their order.
    #[must_use]
    pub fn calls(&self) -> Calls<'a> {
        Calls {
            elements: self.tool_calls.elements(),
        }
    }
}

/// The fragments of tool calls in a delta.
///
/// ```
/// use deltaic_chunk::{Delta, Raw};
///
/// let delta = Delta::read(Raw::parse(
///     br#"{"tool_calls":[{"index":0,"id":"c1"},{"index":1,"function":{"arguments":"{}"}}]}"#,
/// )?);
/// // Mostly the index alone tells whose fragment it is.
/// let told = delta.calls().map(|call| (call.index.as_u64(), call.id.is_there()));
/// assert_eq!(told.collect::<Vec<_>>(), [(Some(0), true), (Some(1), false)]);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Calls<'a> {
    elements: Elements<'a>,
}

impl<'a> Iterator for Calls<'a> {
    type Item = ToolCallDelta<'a>;

    fn next(&mut self) -> Option<ToolCallDelta<'a>> {
        let mut call = ToolCallDelta::default();
        self.elements.next_by(|scan, rest| call.scan(scan, rest))?;
        Some(call)
    }
}

/// A fragment of a tool call.
///
/// ```
/// use deltaic_chunk::{Delta, Raw};
///
/// let data = br#"{"tool_calls":[{"index":0,"id":"c1","function":{"name":"add","arguments":"{\"a\""}}]}"#;
/// let delta = Delta::read(Raw::parse(data)?);
/// let call = delta.calls().next().expect("a fragment");
/// assert_eq!(call.index.as_u64(), Some(0));
/// assert_eq!(call.name.as_str().expect("a string"), "add");
/// assert_eq!(call.arguments.as_str().expect("a string").to_string(), "{\"a\"");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ToolCallDelta<'a> {
    /// Which call of the choice it belongs to.
    pub index: Raw<'a>,
    /// The call's id.
    pub id: Raw<'a>,
    /// The call's `type`.
    pub kind: Raw<'a>,
    /// `function.name`, or `custom.name`.
    pub name: Raw<'a>,
    /// `function.arguments`, or `custom.input`.
    pub arguments: Raw<'a>,
    /// The function, an object: counts where it is one.
    pub function: Raw<'a>,
    /// The custom tool: an object, where [`ToolCallDelta::is_custom`].
    pub custom: Raw<'a>,
    raw: Raw<'a>,
    others: Found<'a>,
}

impl<'a> ToolCallDelta<'a> {
    fn scan(&mut self, scan: &mut Scan, rest: &'a str) -> Option<&'a str> {
        if !rest.starts_with('{') {
            return scan.read(rest, 0, &mut self.raw);
        }
        let (mut function, mut custom) = (Body::default(), Body::default());
        let end = read_members!(scan, rest, 0, self, {
            "index" => index,
            "id" => id,
            "type" => kind,
            by hand "function" => function.scan(scan, rest),
            by hand "custom" => custom.scan(scan, rest),
        })?;
        (self.function, self.custom) = (function.raw, custom.raw);
        (self.name, self.arguments) = if self.is_custom() {
            (custom.name, custom.input)
        } else {
            (function.name, function.arguments)
        };
        Some(end)
    }

    /// Whether the call is of a custom tool: `custom` counts where `function` is
    /// no object.
    ///
    /// ```
    /// use deltaic_chunk::{Delta, Raw};
    ///
    /// let data = br#"{"tool_calls":[{"type":"custom","custom":{"name":"sql","input":"SELECT 1"}}]}"#;
    /// let delta = Delta::read(Raw::parse(data)?);
    /// let call = delta.calls().next().expect("a fragment");
    /// assert!(call.is_custom());
    /// assert_eq!(call.arguments.as_str().expect("a string"), "SELECT 1");
    /// // The same, for who looks for what has no field.
    /// let (body, arguments) = call.body();
    /// assert_eq!((body.get(arguments), arguments), (call.arguments, "input"));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.function.kind() != Kind::Object && self.custom.kind() == Kind::Object
    }

    /// What holds the name and the arguments, and what it calls the arguments.
    ///
    /// ```
    /// use deltaic_chunk::{Delta, Raw};
    ///
    /// let data = br#"{"tool_calls":[{"function":{"name":"add","arguments":"{}","strict":true}}]}"#;
    /// let delta = Delta::read(Raw::parse(data)?);
    /// let (body, arguments) = delta.calls().next().expect("a fragment").body();
    /// assert_eq!(arguments, "arguments");
    /// assert_eq!(body.get("strict").as_bool(), Some(true));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn body(&self) -> (Raw<'a>, &'static str) {
        if self.is_custom() {
            (self.custom, "input")
        } else {
            (self.function, "arguments")
        }
    }

    /// The fragment as it stands.
    #[must_use]
    pub fn raw(&self) -> Raw<'a> {
        self.raw
    }

    /// Any member, known or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Raw<'a> {
        self.raw.get(name)
    }

    /// The members that have no field here.
    #[must_use]
    pub fn other(&self) -> Others<'a> {
        const CALL: &[&str] = &["index", "id", "type", "function", "custom"];
        Others::new(self.others, CALL)
    }
}

/// The `function` or `custom` of a fragment.
#[derive(Default)]
struct Body<'a> {
    name: Raw<'a>,
    arguments: Raw<'a>,
    input: Raw<'a>,
    raw: Raw<'a>,
    others: Found<'a>,
}

impl<'a> Body<'a> {
    fn scan(&mut self, scan: &mut Scan, rest: &'a str) -> Option<&'a str> {
        if !self.raw.is_missing() {
            *self = Self::default();
        }
        if !rest.starts_with('{') {
            return scan.read(rest, 1, &mut self.raw);
        }
        read_members!(scan, rest, 1, self, {
            "name" => name,
            "arguments" => arguments,
            "input" => input,
        })
    }
}
