//! The shapes of what servers send, and the words to fill them with.

/// What a value looks like.
pub(super) enum Shape {
    /// A string that is said to somebody.
    Text,
    /// A string that is a piece of JSON.
    Arguments,
    /// A string that names something.
    Word,
    Index,
    Any,
    OneOf(&'static [&'static str]),
    Object(&'static [(&'static str, Shape)]),
    List(&'static Shape),
}

use Shape::{Any, Arguments, Index, List, Object, OneOf, Text, Word};

pub(super) const CHUNK: Shape = Object(&[
    ("choices", List(&CHOICE)),
    ("id", Word),
    ("object", OneOf(&["chat.completion.chunk", "error"])),
    ("created", Index),
    ("model", Word),
    ("usage", USAGE),
    ("system_fingerprint", Word),
    ("service_tier", Word),
    (
        "x_groq",
        Object(&[("id", Word), ("usage", USAGE), ("error", ERROR)]),
    ),
    ("error", ERROR),
    ("citations", List(&Word)),
    ("p", Text),
]);

const CHOICE: Shape = Object(&[
    ("delta", MESSAGE),
    ("index", Index),
    (
        "finish_reason",
        OneOf(&["stop", "length", "tool_calls", "error", ""]),
    ),
    ("message", MESSAGE),
    ("text", Text),
    (
        "logprobs",
        Object(&[("content", List(&LOGPROB)), ("refusal", List(&LOGPROB))]),
    ),
    ("usage", USAGE),
    ("native_finish_reason", Word),
]);

/// `content` may be text or a list of parts, so it is there twice.
const MESSAGE: Shape = Object(&[
    ("content", Text),
    ("tool_calls", List(&CALL)),
    ("role", OneOf(&["assistant", "", "tool"])),
    ("reasoning_content", Text),
    ("reasoning", Text),
    ("refusal", Text),
    ("content", List(&PART)),
    ("reasoning_details", List(&DETAIL)),
    ("function_call", FUNCTION),
    ("thinking", Text),
    ("reasoning_text", Text),
    (
        "audio",
        Object(&[
            ("id", Word),
            ("data", Text),
            ("transcript", Text),
            ("expires_at", Index),
        ]),
    ),
    ("annotations", List(&Any)),
    ("images", List(&Object(&[("index", Index), ("url", Word)]))),
    ("extra", Any),
]);

const CALL: Shape = Object(&[
    ("index", Index),
    ("id", Word),
    ("function", FUNCTION),
    ("type", OneOf(&["function", "custom", ""])),
    ("custom", Object(&[("name", Word), ("input", Text)])),
    ("extra_content", Any),
]);

const FUNCTION: Shape = Object(&[("name", Word), ("arguments", Arguments), ("extra", Any)]);

const PART: Shape = Object(&[
    (
        "type",
        OneOf(&["text", "thinking", "image_url", "reference"]),
    ),
    ("text", Text),
    (
        "thinking",
        List(&Object(&[("type", OneOf(&["text"])), ("text", Text)])),
    ),
    ("index", Index),
]);

const DETAIL: Shape = Object(&[
    (
        "type",
        OneOf(&["reasoning.text", "reasoning.summary", "reasoning.encrypted"]),
    ),
    ("text", Text),
    ("summary", Text),
    ("data", Text),
    ("signature", Text),
    ("id", Word),
    ("format", Word),
    ("index", Index),
]);

const LOGPROB: Shape = Object(&[("token", Text), ("logprob", Index), ("bytes", List(&Index))]);

const USAGE: Shape = Object(&[
    ("prompt_tokens", Index),
    ("completion_tokens", Index),
    ("total_tokens", Index),
    (
        "completion_tokens_details",
        Object(&[("reasoning_tokens", Index)]),
    ),
]);

pub(super) const ERROR: Shape = Object(&[("message", Text), ("code", Any), ("type", Word)]);

/// Members of other objects, and some that nobody has.
pub(super) const NAMES: &[&str] = &[
    "message",
    "code",
    "detail",
    "status",
    "error_code",
    "error_msg",
    "base_resp",
    "index",
    "id",
    "content",
    "delta",
    "text",
    "x",
    "",
    "é",
    "\\u0069d",
    "a\\ud83e",
];

pub(super) const TEXTS: &[&str] = &[
    "a",
    "",
    "Hello",
    "é",
    " ",
    "\\ud83e",
    "\\udd80",
    "\\ud83e\\udd80",
    "\\n",
    "\\u0000",
    "\\\"",
    "\u{1F980}",
    "<think>",
    "</think>",
    "a text of some length, longer than what is near",
];

pub(super) const ARGUMENTS: &[&str] = &[
    "{",
    "}",
    "{}",
    "{\\\"a\\\":",
    "1",
    "\\\"x\\\"",
    "\\\"",
    " ",
    "[",
    "]",
    ",",
    "null",
    "tru",
    "e",
    "\\\\",
    "-",
    "0",
    "",
    "\\ud83e",
];

pub(super) const ANY: &[&str] = &[
    "null",
    "0",
    "1",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "true",
    "[1,2]",
    "{\"a\":1}",
    "{\"a\":[{}]}",
    "-0",
    "1e9",
    "18446744073709551616",
    "[{\"index\":0}]",
    "[\"a\"]",
    "[[[]]]",
    "nul",
    "01",
    "\"\t\"",
];

pub(super) const INDICES: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "127",
    "4294967295",
    "-1",
    "0.0",
    "1e0",
    "\"0\"",
];

pub(super) const WORDS: &[&str] = &[
    "a",
    "b",
    "call_1",
    "call_2",
    "get_weather",
    "",
    "null",
    "\\u0061",
];
