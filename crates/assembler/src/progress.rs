//! Whether the text so far is one complete JSON value, in O(new bytes).
//!
//! Arguments of a tool call arrive in pieces of a few bytes. To parse them
//! again at each piece is quadratic, so this automaton reads every byte once
//! and keeps where it stands: what may come next, and a bit for each open array
//! or object.

use crate::nesting::Nesting;

/// How far a text that should be one JSON value has come.
///
/// ```
/// use deltaic_assembler::{Assembler, Progress, Update};
/// use deltaic_chunk::Payload;
///
/// /// How far arguments have come that begin so.
/// fn progress(begin: &str) -> Option<Progress> {
///     let quoted = deltaic_chunk::quoted(begin);
///     let chunk = format!(
///         r#"{{"choices":[{{"delta":{{"tool_calls":[{{"function":{{"arguments":{quoted}}}}}]}}}}]}}"#
///     );
///     let mut assembler = Assembler::new();
///     let payload = Payload::parse(chunk.as_bytes()).expect("it is JSON");
///     assembler.push(&payload, 0).find_map(|update| match update {
///         Update::Arguments { arguments, .. } => Some(arguments.progress()),
///         _ => None,
///     })
/// }
///
/// assert_eq!(progress(r#"{"city":"Ri"#), Some(Progress::Open));
/// assert_eq!(progress(r#"{"city":"Rio"}"#), Some(Progress::Complete));
/// assert_eq!(progress(r#"{city:"#), Some(Progress::Invalid { offset: 1 }));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// It needs more.
    Open,
    /// It is one JSON value. A number at the top level may still grow.
    Complete,
    /// It is no JSON, and nothing that follows can mend it.
    Invalid {
        /// Where the first byte lies that cannot be, in bytes from the start.
        offset: usize,
    },
}

/// Reads a JSON value in pieces.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Reader {
    expect: Expect,
    open: Nesting,
    read: usize,
    invalid: Option<usize>,
    /// So much of the text, with what is open closed, is a value.
    settled: usize,
    /// A string is open where the settled text ends.
    settled_in_string: bool,
}

/// What may come next.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Expect {
    #[default]
    Value,
    /// A value, or the end of an array that holds none yet.
    FirstElement,
    /// A key, or the end of an object that holds none yet.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of what is open; at the top level nothing.
    Next,
    /// More of a string; of a key if `key`.
    Inside {
        key: bool,
    },
    /// The same, behind the first half of a surrogate pair.
    Half {
        key: bool,
    },
    Escape {
        key: bool,
    },
    /// More digits of a `\u` escape, of which these have come.
    Hex {
        key: bool,
        left: u8,
        unit: u16,
    },
    /// The rest of `true`, `false` or `null`.
    Literal(&'static [u8]),
    Number(Number),
}

/// How much of a number has been read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
}

impl Number {
    /// The state after `byte`, or `None` if the number does not go on with it.
    fn after(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Minus, b'0') => Self::Zero,
            (Self::Minus | Self::Integer, b'0'..=b'9') => Self::Integer,
            (Self::Zero | Self::Integer, b'.') => Self::Point,
            (Self::Point | Self::Fraction, b'0'..=b'9') => Self::Fraction,
            (Self::Zero | Self::Integer | Self::Fraction, b'e' | b'E') => Self::Exponent,
            (Self::Exponent, b'+' | b'-') => Self::Sign,
            (Self::Exponent | Self::Sign | Self::Power, b'0'..=b'9') => Self::Power,
            _ => return None,
        })
    }

    fn may_end(self) -> bool {
        matches!(
            self,
            Self::Zero | Self::Integer | Self::Fraction | Self::Power
        )
    }
}

impl Reader {
    pub(crate) fn progress(&self) -> Progress {
        match (self.invalid, self.expect) {
            (Some(offset), _) => Progress::Invalid { offset },
            (None, Expect::Next) if self.open.is_empty() => Progress::Complete,
            (None, Expect::Number(number)) if self.open.is_empty() && number.may_end() => {
                Progress::Complete
            }
            _ => Progress::Open,
        }
    }

    pub(crate) fn push(&mut self, text: &str) {
        if self.invalid.is_some() {
            return;
        }
        let mut rest = self.pass_plain(text.as_bytes());
        while let Some((&byte, behind)) = rest.split_first() {
            let Some(expect) = self.after(byte) else {
                self.invalid = Some(self.read);
                return;
            };
            self.expect = expect;
            self.read += 1;
            if let Some(in_string) = self.may_close() {
                self.settled = self.read;
                self.settled_in_string = in_string;
            }
            rest = self.pass_plain(behind);
        }
    }

    /// As [`Reader::push`], of text without a quote, a backslash or a control character.
    #[inline]
    pub(crate) fn push_plain(&mut self, text: &str) {
        match self.expect {
            Expect::Inside { key } if self.invalid.is_none() => self.pass(key, text.len()),
            _ => self.push(text),
        }
    }

    /// Passes over what a string goes on with as before, if it is one that is open: it is most
    /// of what comes.
    fn pass_plain<'t>(&mut self, rest: &'t [u8]) -> &'t [u8] {
        let Expect::Inside { key } = self.expect else {
            return rest;
        };
        let plain = rest.iter().take_while(|byte| is_plain(**byte)).count();
        self.pass(key, plain);
        rest.get(plain..).unwrap_or_default()
    }

    /// So much more of a string has been read.
    #[inline]
    fn pass(&mut self, key: bool, len: usize) {
        self.read += len;
        if !key {
            (self.settled, self.settled_in_string) = (self.read, true);
        }
    }

    /// How much of the text makes a value once what is open is closed, whether a
    /// string is open there, and the brackets.
    pub(crate) fn settled(&self) -> (usize, bool, Nesting) {
        // Brackets that open or close settle, so that they have not changed since.
        (self.settled, self.settled_in_string, self.open)
    }

    /// Whether it would be a value if all that is open were closed here; and
    /// whether that includes a string.
    fn may_close(&self) -> Option<bool> {
        match self.expect {
            Expect::Inside { key: false } => Some(true),
            Expect::Next | Expect::FirstElement | Expect::FirstKey => Some(false),
            Expect::Number(number) if number.may_end() => Some(false),
            _ => None,
        }
    }

    fn after(&mut self, byte: u8) -> Option<Expect> {
        Some(match (self.expect, byte) {
            (Expect::Inside { key: true } | Expect::Half { key: true }, b'"') => Expect::Colon,
            (Expect::Inside { key: false } | Expect::Half { key: false }, b'"') => Expect::Next,
            (Expect::Inside { key } | Expect::Half { key }, b'\\') => Expect::Escape { key },
            (Expect::Inside { key } | Expect::Half { key }, 0x20..) => Expect::Inside { key },
            (Expect::Escape { key }, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                Expect::Inside { key }
            }
            (Expect::Escape { key }, b'u') => Expect::Hex {
                key,
                left: 4,
                unit: 0,
            },
            (Expect::Hex { key, left, unit }, _) => {
                let digit = char::from(byte).to_digit(16)?;
                // Four digits fill the 16 bits.
                let unit = unit << 4 | u16::try_from(digit).ok()?;
                match left {
                    1 if (0xD800..0xDC00).contains(&unit) => Expect::Half { key },
                    1 => Expect::Inside { key },
                    _ => Expect::Hex {
                        key,
                        left: left - 1,
                        unit,
                    },
                }
            }
            (Expect::Literal([next, rest @ ..]), _) if *next == byte => match rest {
                [] => Expect::Next,
                _ => Expect::Literal(rest),
            },
            (Expect::Number(number), _) => match number.after(byte) {
                Some(number) => Expect::Number(number),
                None if number.may_end() => {
                    self.expect = Expect::Next;
                    return self.after(byte);
                }
                None => return None,
            },
            (
                Expect::Inside { .. }
                | Expect::Half { .. }
                | Expect::Escape { .. }
                | Expect::Literal(_),
                _,
            ) => return None,
            (expect, b' ' | b'\t' | b'\n' | b'\r') => expect,
            (Expect::FirstKey | Expect::Key, b'"') => Expect::Inside { key: true },
            (Expect::Colon, b':') => Expect::Value,
            (Expect::Next, b',') if !self.open.is_empty() => match self.open.innermost() {
                0 => Expect::Value,
                _ => Expect::Key,
            },
            (Expect::Next | Expect::FirstElement, b']') if self.open.close(0) => Expect::Next,
            (Expect::Next | Expect::FirstKey, b'}') if self.open.close(1) => Expect::Next,
            (Expect::Value | Expect::FirstElement, _) => return self.begin(byte),
            _ => return None,
        })
    }

    fn begin(&mut self, byte: u8) -> Option<Expect> {
        Some(match byte {
            b'[' if self.open.open(0) => Expect::FirstElement,
            b'{' if self.open.open(1) => Expect::FirstKey,
            b'"' => Expect::Inside { key: false },
            b'-' => Expect::Number(Number::Minus),
            b'0' => Expect::Number(Number::Zero),
            b'1'..=b'9' => Expect::Number(Number::Integer),
            b't' => Expect::Literal(b"rue"),
            b'f' => Expect::Literal(b"alse"),
            b'n' => Expect::Literal(b"ull"),
            _ => return None,
        })
    }
}

/// Whether a string goes on behind it as before.
fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'"' | b'\\' | ..0x20)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `text` cut in two everywhere, which must change nothing.
    #[track_caller]
    fn check(text: &str, expected: Progress) {
        for (a, b) in (0..=text.len()).filter_map(|cut| text.split_at_checked(cut)) {
            let mut reader = Reader::default();
            reader.push(a);
            reader.push(b);
            assert_eq!(reader.progress(), expected, "{a:?} and {b:?}");
        }
    }

    #[test]
    fn a_whole_value_is_complete() {
        for text in [
            "{}",
            " {} ",
            "[]",
            "[1,2]",
            r#"{"a":{"b":[true,false,null]}}"#,
            r#""\"\\\/\b\f\n\r\t\u00e9é""#,
            "0",
            "-1.5e+10",
            "1E5",
            "null",
            r#"{"a" : -0.0 , "b":[ ] }"#,
        ] {
            check(text, Progress::Complete);
        }
    }

    #[test]
    fn a_part_of_a_value_is_open() {
        for text in [
            "",
            " ",
            "{",
            r#"{""#,
            r#"{"a""#,
            r#"{"a":"#,
            r#"{"a":1"#,
            r#"{"a":1,"#,
            "[",
            "[1",
            "[1,",
            "tru",
            "-",
            "1.",
            "1e",
            "1e-",
            r#""\"#,
            r#""\u00e"#,
            "[[]",
        ] {
            check(text, Progress::Open);
        }
    }

    #[test]
    fn what_cannot_become_json_is_invalid_at_its_byte() {
        for (text, offset) in [
            ("}", 0),
            ("{]", 1),
            ("[}", 1),
            ("[1}", 2),
            ("[1,]", 3),
            (r#"{"a"}"#, 4),
            (r#"{"a":1,}"#, 7),
            (r#"{"a",1}"#, 4),
            ("{1", 1),
            ("01", 1),
            ("-01", 2),
            ("-a", 1),
            ("- ", 1),
            ("[-]", 2),
            ("1.e", 2),
            ("1e+-", 3),
            ("trux", 3),
            ("\"a\nb\"", 2),
            (r#""\x""#, 2),
            (r#""\u00g0""#, 5),
            ("{} {}", 3),
            ("1 2", 2),
            ("1,", 1),
            ("{}]", 2),
        ] {
            check(text, Progress::Invalid { offset });
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deepest = "[".repeat(deltaic_chunk::MAX_DEPTH);
        check(&deepest, Progress::Open);
        let offset = deltaic_chunk::MAX_DEPTH;
        check(&(deepest + "["), Progress::Invalid { offset });
    }
}
