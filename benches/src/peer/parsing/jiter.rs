use std::ops::Range;

use jiter::{JiterResult, NumberInt, Peek};

use super::Parsing;
use crate::{Refused, peer::framing::Data, spelled::Take};

/// jiter, by hand: what nobody asked for is passed over.
#[derive(Debug, Default)]
pub struct Jiter {
    /// What it unescapes into.
    tape: Vec<u8>,
    choice: Choice,
}

/// What a choice says. It is kept until its index is known, which may come
/// behind the delta.
#[derive(Debug, Default)]
struct Choice {
    content: String,
    reasoning: String,
    arguments: String,
    /// The calls that `arguments` are of, by index.
    calls: Vec<(usize, Range<usize>)>,
}

impl Parsing for Jiter {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        let tape = std::mem::take(&mut self.tape);
        let mut json = jiter::Jiter::with_tape(data.bytes(), tape);
        let result = read(&mut json, &mut self.choice, take).and_then(|()| json.finish());
        self.tape = json.into_tape();
        result.map_err(|_| Refused)
    }
}

type Json<'j> = jiter::Jiter<'j>;

fn read(json: &mut Json<'_>, choice: &mut Choice, take: &mut impl Take) -> JiterResult<()> {
    let mut key = json.next_object()?;
    while let Some(name) = key {
        match name {
            "choices" => each(json, |json| choice.read(json, take))?,
            _ => json.next_skip()?,
        }
        key = json.next_key()?;
    }
    Ok(())
}

impl Choice {
    fn read(&mut self, json: &mut Json<'_>, take: &mut impl Take) -> JiterResult<()> {
        self.content.clear();
        self.reasoning.clear();
        self.arguments.clear();
        self.calls.clear();
        let mut index = 0;
        let mut key = json.next_object()?;
        while let Some(name) = key {
            match name {
                "index" => index = number(json)?,
                "delta" => self.read_delta(json)?,
                _ => json.next_skip()?,
            }
            key = json.next_key()?;
        }
        if !self.content.is_empty() {
            take.content(index, &self.content);
        }
        if !self.reasoning.is_empty() {
            take.reasoning(index, &self.reasoning);
        }
        for (call, range) in &self.calls {
            take.arguments(index, *call, &self.arguments[range.clone()]);
        }
        Ok(())
    }

    fn read_delta(&mut self, json: &mut Json<'_>) -> JiterResult<()> {
        let mut key = json.next_object()?;
        while let Some(name) = key {
            match name {
                "content" => string(json, &mut self.content)?,
                "reasoning" | "reasoning_content" if self.reasoning.is_empty() => {
                    string(json, &mut self.reasoning)?;
                }
                "tool_calls" => each(json, |json| self.read_call(json))?,
                _ => json.next_skip()?,
            }
            key = json.next_key()?;
        }
        Ok(())
    }

    fn read_call(&mut self, json: &mut Json<'_>) -> JiterResult<()> {
        let start = self.arguments.len();
        let mut index = 0;
        let mut key = json.next_object()?;
        while let Some(name) = key {
            match name {
                "index" => index = number(json)?,
                "function" => {
                    let mut key = json.next_object()?;
                    while let Some(name) = key {
                        match name {
                            "arguments" => string(json, &mut self.arguments)?,
                            _ => json.next_skip()?,
                        }
                        key = json.next_key()?;
                    }
                }
                _ => json.next_skip()?,
            }
            key = json.next_key()?;
        }
        self.calls.push((index, start..self.arguments.len()));
        Ok(())
    }
}

/// Reads the values of a list, or a null.
fn each<'j>(
    json: &mut Json<'j>,
    mut read: impl FnMut(&mut Json<'j>) -> JiterResult<()>,
) -> JiterResult<()> {
    if json.peek()? == Peek::Null {
        return json.next_null();
    }
    let mut more = json.next_array()?;
    while more.is_some() {
        read(json)?;
        more = json.array_step()?;
    }
    Ok(())
}

/// Reads a string, or a null.
fn string(json: &mut Json<'_>, out: &mut String) -> JiterResult<()> {
    if json.peek()? == Peek::Null {
        return json.next_null();
    }
    out.push_str(json.next_str()?);
    Ok(())
}

fn number(json: &mut Json<'_>) -> JiterResult<usize> {
    let NumberInt::Int(number) = json.next_int()?;
    Ok(usize::try_from(number).unwrap_or_default())
}
