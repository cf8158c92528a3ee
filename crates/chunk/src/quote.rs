//! Text as JSON.

use core::fmt::{self, Write};

use crate::text::plain;

/// Text as a JSON string, in its quotes: what [`Edit`](crate::Edit) takes for a value.
///
/// ```
/// assert_eq!(deltaic_chunk::quoted("a \"b\"\n").to_string(), r#""a \"b\"\n""#);
/// ```
#[must_use]
pub fn quoted(text: &str) -> Quoted<'_> {
    Quoted(text)
}

/// Text that is written as a JSON string: see [`quoted`].
///
/// ```
/// use deltaic_chunk::{Raw, quoted};
///
/// let json = format!("{{\"model\":{}}}", quoted("our \"own\""));
/// assert_eq!(json, r#"{"model":"our \"own\""}"#);
/// let model = Raw::parse(json.as_bytes())?.get("model").as_str().expect("a string");
/// assert_eq!(model, "our \"own\"");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        escape_into(self.0, f)?;
        f.write_char('"')
    }
}

/// Writes the inside of the JSON string that says `text`: the other way than
/// [`JsonStr::decode_into`](crate::JsonStr::decode_into).
///
/// Only what has to be is escaped: quotes, backslashes and what is below U+0020. So
/// there is no line end in it.
///
/// ```
/// let mut json = String::from("{\"content\":\"");
/// deltaic_chunk::escape_into("a \"b\"\n", &mut json)?;
/// json += "\"}";
/// assert_eq!(json, r#"{"content":"a \"b\"\n"}"#);
/// # Ok::<(), core::fmt::Error>(())
/// ```
///
/// # Errors
///
/// If `out` fails.
#[inline]
pub fn escape_into(text: &str, out: &mut impl Write) -> fmt::Result {
    let mut rest = text;
    // What is plain ends at an ASCII byte, so between characters.
    while let Some((before, from)) = rest.split_at_checked(plain(rest.as_bytes())) {
        out.write_str(before)?;
        let Some(&byte) = from.as_bytes().first() else {
            break;
        };
        escape(byte, out)?;
        rest = from.get(1..).unwrap_or_default();
    }
    Ok(())
}

fn escape(byte: u8, out: &mut impl Write) -> fmt::Result {
    out.write_str(match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        _ => {
            out.write_str("\\u00")?;
            out.write_char(char::from(b'0' | byte >> 4))?;
            let digit = char::from_digit(u32::from(byte & 0xF), 16);
            return out.write_char(digit.unwrap_or_default());
        }
    })
}
