//! What a choice adds to its message.

use crate::{
    error::ParseError,
    object::{Others, read_members},
    raw::{Elements, Kind, Raw},
    scan::Scan,
};

/// What a choice adds to its message.
///
/// All that servers may send differently is [`Raw`]: `content` is a string with
/// most, null with many, a list of parts with some.
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
    others: bool,
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
    #[must_use]
    pub fn read(raw: Raw<'a>) -> Self {
        let mut delta = Self::default();
        // The text has been read before.
        let _ = delta.scan(&mut Scan::new(raw.text()), 0);
        delta
    }

    /// Reads into what is new: these structs are large, and copies cost.
    pub(crate) fn scan(&mut self, scan: &mut Scan<'a>, inside: usize) -> Result<(), ParseError> {
        if scan.peek() != Some(b'{') {
            self.raw = scan.value(inside)?;
            return Ok(());
        }
        let deeper = inside + 1;
        read_members!(scan, inside, self, {
            "content" => self.content = scan.value(deeper)?,
            "role" => self.role = scan.value(deeper)?,
            "tool_calls" => self.tool_calls = scan.value(deeper)?,
            "reasoning_content" => self.reasoning_content = scan.value(deeper)?,
            "reasoning" => self.reasoning = scan.value(deeper)?,
            "refusal" => self.refusal = scan.value(deeper)?,
            "function_call" => self.function_call = scan.value(deeper)?,
            "reasoning_details" => self.reasoning_details = scan.value(deeper)?,
            "reasoning_text" => self.reasoning_text = scan.value(deeper)?,
            "thinking" => self.thinking = scan.value(deeper)?,
            "audio" => self.audio = scan.value(deeper)?,
        });
        Ok(())
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
    #[must_use]
    pub fn other(&self) -> Others<'a> {
        Others::new(self.raw, self.others, DELTA)
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
#[derive(Clone, Debug)]
pub struct Calls<'a> {
    elements: Elements<'a>,
}

impl<'a> Iterator for Calls<'a> {
    type Item = ToolCallDelta<'a>;

    fn next(&mut self) -> Option<ToolCallDelta<'a>> {
        self.elements.next().map(ToolCallDelta::read)
    }
}

/// A fragment of a tool call.
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
    others: bool,
}

impl<'a> ToolCallDelta<'a> {
    fn read(raw: Raw<'a>) -> Self {
        let mut call = Self::default();
        // The text has been read before.
        let _ = call.scan(&mut Scan::new(raw.text()));
        call
    }

    fn scan(&mut self, scan: &mut Scan<'a>) -> Result<(), ParseError> {
        if scan.peek() != Some(b'{') {
            self.raw = scan.value(0)?;
            return Ok(());
        }
        read_members!(scan, 0, self, {
            "index" => self.index = scan.value(1)?,
            "id" => self.id = scan.value(1)?,
            "type" => self.kind = scan.value(1)?,
            "function" => self.function = scan.value(1)?,
            "custom" => self.custom = scan.value(1)?,
        });
        let (body, arguments) = self.body();
        for (key, value) in body.members() {
            if key == "name" {
                self.name = value;
            } else if key == arguments {
                self.arguments = value;
            }
        }
        Ok(())
    }

    /// Whether the call is of a custom tool: `custom` counts where `function` is
    /// no object.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.function.kind() != Kind::Object && self.custom.kind() == Kind::Object
    }

    /// What holds the name and the arguments, and what it calls the arguments.
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
        Others::new(self.raw, self.others, CALL)
    }
}
