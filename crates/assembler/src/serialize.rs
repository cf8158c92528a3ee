//! The completion as the API's own `chat.completion` object.

use alloc::{borrow::Cow, collections::BTreeMap, string::ToString, vec::Vec};

use deltaic_chunk::{Kind, Raw};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::{
    choices::Choices,
    completion::{Choice, Completion, Function, Message, ToolCall, Usage},
    members::{Members, name_of},
    text::Text,
    value::{Node, Value},
};

impl Serialize for Completion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("object", "chat.completion")?;
        let created = self.created.as_deref().unwrap_or("null");
        map.serialize_entry("created", &Json::of(created))?;
        map.serialize_entry("model", &self.model)?;
        map.serialize_entry("choices", &self.choices)?;
        entry(
            &mut map,
            "system_fingerprint",
            self.system_fingerprint.as_ref(),
        )?;
        entry(&mut map, "service_tier", self.service_tier.as_ref())?;
        entry(&mut map, "usage", self.usage.as_ref())?;
        others(&mut map, &self.other)?;
        map.end()
    }
}

impl Serialize for Choices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl Serialize for Choice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("index", &self.index)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("finish_reason", &self.finish_reason)?;
        map.serialize_entry("logprobs", &self.logprobs)?;
        others(&mut map, &self.other)?;
        map.end()
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("role", self.role.as_deref().unwrap_or("assistant"))?;
        map.serialize_entry("content", &self.content)?;
        map.serialize_entry("refusal", &self.refusal)?;
        entry(&mut map, "reasoning_content", self.reasoning.as_ref())?;
        if !self.tool_calls.is_empty() {
            map.serialize_entry("tool_calls", &self.tool_calls)?;
        }
        entry(&mut map, "function_call", self.function_call.as_ref())?;
        entry(&mut map, "content_parts", self.content_parts.as_ref())?;
        others(&mut map, &self.other)?;
        map.end()
    }
}

impl Serialize for ToolCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("type", self.kind.as_deref().unwrap_or("function"))?;
        if self.is_custom() {
            map.serialize_entry("custom", &Custom(&self.function))?;
        } else {
            map.serialize_entry("function", &self.function)?;
        }
        others(&mut map, &self.other)?;
        map.end()
    }
}

impl Serialize for Function {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("arguments", &self.arguments)?;
        others(&mut map, &self.other)?;
        map.end()
    }
}

/// A custom tool calls its arguments input.
struct Custom<'a>(&'a Function);

impl Serialize for Custom<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("input", &self.0.arguments)?;
        others(&mut map, &self.0.other)?;
        map.end()
    }
}

impl Serialize for Usage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Json(self.raw()).serialize(serializer)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Node::Raw(text) => Json::of(text).serialize(serializer),
            Node::List(list) => list.serialize(serializer),
            Node::Object(members) => members.serialize(serializer),
            Node::Text(text) => text.serialize(serializer),
        }
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        others(&mut map, self)?;
        map.end()
    }
}

fn entry<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: Option<&impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, value))
}

fn others<M: SerializeMap>(map: &mut M, members: &Members) -> Result<(), M::Error> {
    members
        .iter()
        .try_for_each(|(name, value)| map.serialize_entry(name, value))
}

/// JSON text as the value that it spells out.
///
/// Integers of up to 64 bits stay exact, other numbers become the nearest `f64`,
/// as with `serde_json`: its `Value` holds no more. One that is past the range
/// of `f64` becomes a string of its digits.
struct Json<'a>(Raw<'a>);

impl<'a> Json<'a> {
    fn of(text: &'a str) -> Self {
        Self(Raw::parse(text.as_bytes()).unwrap_or_default())
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = self.0;
        match raw.kind() {
            Kind::Missing | Kind::Null => serializer.serialize_unit(),
            Kind::Bool => serializer.serialize_bool(raw.as_bool().unwrap_or_default()),
            Kind::Number => serialize_number(raw, serializer),
            Kind::String => match raw.as_str() {
                Some(text) => match text.as_str() {
                    Some(plain) => serializer.serialize_str(plain),
                    None => serializer.serialize_str(&text.to_string()),
                },
                None => serializer.serialize_unit(),
            },
            Kind::Array => {
                let mut list = serializer.serialize_seq(None)?;
                for element in raw.elements() {
                    list.serialize_element(&Json(element))?;
                }
                list.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(None)?;
                for (name, member) in once_each(raw) {
                    map.serialize_entry(&*name, &Json(member))?;
                }
                map.end()
            }
        }
    }
}

/// The members of an object, each name once: the last counts, in the place of the
/// first.
fn once_each(raw: Raw<'_>) -> Vec<(Cow<'_, str>, Raw<'_>)> {
    let mut members: Vec<(Cow<'_, str>, Raw<'_>)> = Vec::new();
    let mut places = BTreeMap::new();
    for (name, member) in raw.members() {
        let name = name_of(name);
        let place = *places.entry(name.clone()).or_insert(members.len());
        match members.get_mut(place) {
            Some((_, known)) => *known = member,
            None => members.push((name, member)),
        }
    }
    members
}

fn serialize_number<S: Serializer>(raw: Raw<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    if let Some(number) = raw.as_u64() {
        return serializer.serialize_u64(number);
    }
    if let Some(number) = raw.as_i64() {
        return serializer.serialize_i64(number);
    }
    match raw.as_f64() {
        Some(number) if number.is_finite() => serializer.serialize_f64(number),
        _ => serializer.serialize_str(raw.text()),
    }
}
