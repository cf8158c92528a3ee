//! Streams as servers might send them: most of what they say has the right shape
//! and the right names, some of it has neither.
//!
//! Random bytes seldom get past the first brace. Here each byte of a fuzzer's
//! input makes a choice: a member, a value, an event that is no chunk.

mod shapes;

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use shapes::{ANY, ARGUMENTS, CHUNK, ERROR, INDICES, NAMES, Shape, TEXTS, WORDS};

/// A stream.
#[derive(Clone)]
pub struct Messy(pub Vec<u8>);

/// As text, to be read by who sees a test fail.
impl fmt::Debug for Messy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl<'a> Arbitrary<'a> for Messy {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut stream = String::new();
        if chance(u, 32)? {
            stream += pick(u, &["\u{feff}", " ", "\n", "{", "[", "<", "data: {}\n\n"])?;
        }
        let end = pick(u, &["\n", "\n", "\r\n", "\r"])?;
        for _ in 0..40 {
            if u.is_empty() {
                break;
            }
            event(u, &mut stream, end)?;
        }
        let mut stream = stream.into_bytes();
        if chance(u, 32)? {
            let at = u.choose_index(stream.len() + 1)?;
            stream.insert(at, u.arbitrary()?);
        }
        Ok(Self(stream))
    }
}

fn event(u: &mut Unstructured<'_>, stream: &mut String, end: &str) -> Result<()> {
    match u.arbitrary::<u8>()? % 16 {
        0 => *stream += "data: [DONE]",
        1 => {
            *stream += pick(
                u,
                &[
                    ": ping",
                    ":",
                    "data:",
                    "event: error",
                    "event: x",
                    "error: {\"message\":\"m\"}",
                    "error:",
                    "id: 1",
                    "retry: 7",
                    "{\"choices\":[]}",
                    "data: <html>",
                    "data: {\"choices\":",
                    "nonsense",
                ],
            )?;
        }
        2 => {
            *stream += "data: ";
            value(
                u,
                stream,
                &Shape::Object(&[
                    ("error", ERROR),
                    ("message", Shape::Text),
                    ("code", Shape::Any),
                ]),
                1,
            )?;
        }
        3 => {
            *stream += "data: ";
            value(u, stream, &Shape::Any, 1)?;
        }
        _ => {
            *stream += "data: ";
            value(u, stream, &CHUNK, 0)?;
        }
    }
    *stream += end;
    if !chance(u, 16)? {
        *stream += end;
    }
    Ok(())
}

/// Writes a value of this shape, or now and then of none. At the top each member
/// is as likely as not to be there; below, what is likely comes first.
fn value(u: &mut Unstructured<'_>, out: &mut String, shape: &Shape, depth: u8) -> Result<()> {
    if depth > 0 && chance(u, 24)? {
        *out += pick(u, ANY)?;
        return Ok(());
    }
    match shape {
        Shape::Any => *out += pick(u, ANY)?,
        Shape::Index => *out += pick(u, INDICES)?,
        Shape::Text => string(u, out, TEXTS)?,
        Shape::Arguments => string(u, out, ARGUMENTS)?,
        Shape::Word => string(u, out, WORDS)?,
        Shape::OneOf(words) => string(u, out, words)?,
        Shape::List(shape) => {
            *out += "[";
            value(u, out, shape, depth + 1)?;
            while chance(u, 4)? {
                *out += ",";
                value(u, out, shape, depth + 1)?;
            }
            *out += "]";
        }
        Shape::Object(members) => {
            *out += "{";
            let mut comma = "";
            for (at, (name, shape)) in members.iter().enumerate() {
                let is_likely = at < 2;
                if chance(u, if is_likely { 2 } else { 5 })? {
                    out.extend([comma, "\"", name, "\":"]);
                    comma = ",";
                    value(u, out, shape, depth + 1)?;
                }
            }
            while chance(u, 12)? {
                out.extend([comma, "\"", pick(u, NAMES)?, "\":"]);
                comma = ",";
                value(u, out, &Shape::Any, depth + 1)?;
            }
            *out += "}";
        }
    }
    Ok(())
}

fn string(u: &mut Unstructured<'_>, out: &mut String, words: &[&str]) -> Result<()> {
    *out += "\"";
    *out += pick(u, words)?;
    *out += "\"";
    Ok(())
}

/// One in so many; never, once the input is used up.
fn chance(u: &mut Unstructured<'_>, of: u8) -> Result<bool> {
    Ok(u.arbitrary::<u8>()? % of == 1)
}

fn pick<'w>(u: &mut Unstructured<'_>, words: &[&'w str]) -> Result<&'w str> {
    let at = usize::from(u.arbitrary::<u8>()?);
    Ok(words.get(at % words.len()).copied().unwrap_or_default())
}
