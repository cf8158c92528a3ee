//! The arguments of a call while they grow.

use core::fmt::{self, Write};

use crate::{
    nesting::Nesting,
    progress::{Progress, Reader},
};

/// The arguments of a call so far, and how far that has come.
///
/// All of it is known from reading each byte once, so that looking after every
/// delta costs no more than looking at the end.
///
/// ```
/// use deltaic_assembler::{Assembler, Progress, Update};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"city\":\"Ri"}}]}}]}"#;
/// let payload = Payload::parse(chunk)?;
/// let mut updates = assembler.push(&payload, 0);
/// let arguments = updates.find_map(|update| match update {
///     Update::Arguments { arguments, .. } => Some(arguments),
///     _ => None,
/// });
/// let arguments = arguments.expect("they grew");
/// assert_eq!((arguments.text(), arguments.progress()), (r#"{"city":"Ri"#, Progress::Open));
/// assert_eq!(arguments.partial().expect("a value").to_string(), r#"{"city":"Ri"}"#);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arguments<'a> {
    pub(crate) text: &'a str,
    pub(crate) reader: &'a Reader,
}

impl<'a> Arguments<'a> {
    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Whether that is one whole JSON value, or can become one.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Progress, Update};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let mut told = Vec::new();
    /// for piece in [r#"{\"a\":"#, "1}", " x"] {
    ///     let chunk = format!(
    ///         r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":0,"function":{{"arguments":"{piece}"}}}}]}}}}]}}"#
    ///     );
    ///     for update in assembler.push(&Payload::parse(chunk.as_bytes())?, 0) {
    ///         if let Update::Arguments { arguments, .. } = update {
    ///             told.push((arguments.text().len(), arguments.progress()));
    ///         }
    ///     }
    /// }
    /// assert_eq!(told, [(5, Progress::Open), (7, Progress::Complete), (9, Progress::Invalid { offset: 8 })]);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.reader.progress()
    }

    /// The value so far: what is open is closed, and what cannot be closed yet
    /// (a key without its value, half an escape, `tru`) is left out. `None` while
    /// there is no value at all.
    ///
    /// Of arguments that are no JSON it is the value up to there.
    #[must_use]
    pub fn partial(&self) -> Option<Partial<'a>> {
        let (len, in_string, open) = self.reader.settled();
        let text = self.text.get(..len).filter(|text| !text.is_empty())?;
        Some(Partial {
            text,
            in_string,
            open,
        })
    }
}

/// A value that is not whole, closed: its `Display` is JSON.
///
/// ```
/// use deltaic_assembler::{Assembler, Update};
/// use deltaic_chunk::{Payload, Raw};
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"to\":[\"Rio\",\"L"}}]}}]}"#;
/// let payload = Payload::parse(chunk)?;
/// let partial = assembler.push(&payload, 0).find_map(|update| match update {
///     Update::Arguments { arguments, .. } => arguments.partial(),
///     _ => None,
/// });
/// let partial = partial.expect("a value");
/// assert_eq!(partial.text(), r#"{"to":["Rio","L"#);
/// // What it is as JSON can be looked into.
/// let json = partial.to_string();
/// assert_eq!(json, r#"{"to":["Rio","L"]}"#);
/// assert_eq!(Raw::parse(json.as_bytes())?.get("to").elements().count(), 2);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Partial<'a> {
    text: &'a str,
    in_string: bool,
    open: Nesting,
}

impl<'a> Partial<'a> {
    /// What of the text is in it; the closing quote and brackets are not.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }
}

impl fmt::Display for Partial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)?;
        if self.in_string {
            f.write_char('"')?;
        }
        self.open
            .closing()
            .try_for_each(|bracket| f.write_char(bracket))
    }
}

#[cfg(test)]
mod tests {
    use alloc::{
        string::{String, ToString},
        vec::Vec,
    };

    use super::*;

    /// The partial values of the beginnings of `text`, each that is new.
    fn partials(text: &str) -> Vec<String> {
        let mut reader = Reader::default();
        let mut found: Vec<String> = Vec::new();
        for (at, char) in text.char_indices() {
            let end = at + char.len_utf8();
            reader.push(char.encode_utf8(&mut [0; 4]));
            let text = text.get(..end).expect("a boundary");
            let arguments = Arguments {
                text,
                reader: &reader,
            };
            let partial = arguments.partial().map(|partial| partial.to_string());
            if let Some(partial) = partial.filter(|partial| found.last() != Some(partial)) {
                found.push(partial);
            }
        }
        found
    }

    #[test]
    fn a_value_can_be_seen_while_it_grows() {
        assert_eq!(
            partials(r#"{"city":"Rio","n":[1,25]}"#),
            [
                "{}",
                r#"{"city":""}"#,
                r#"{"city":"R"}"#,
                r#"{"city":"Ri"}"#,
                r#"{"city":"Rio"}"#,
                r#"{"city":"Rio","n":[]}"#,
                r#"{"city":"Rio","n":[1]}"#,
                r#"{"city":"Rio","n":[1,2]}"#,
                r#"{"city":"Rio","n":[1,25]}"#,
            ]
        );
    }

    #[test]
    fn what_cannot_be_closed_yet_is_left_out() {
        assert_eq!(partials("[tru"), ["[]"]);
        assert_eq!(partials("[true"), ["[]", "[true]"]);
        assert_eq!(partials("[-"), ["[]"]);
        assert_eq!(partials("[-1.5e"), ["[]", "[-1]", "[-1.5]"]);
        assert_eq!(partials(r#"["\"#), ["[]", r#"[""]"#]);
        assert_eq!(partials(r#"["\u00e"#), ["[]", r#"[""]"#]);
        assert_eq!(partials(r#"["\u00e9"#), ["[]", r#"[""]"#, r#"["\u00e9"]"#]);
        let pair = r#"["\ud83e\udd80"]"#;
        assert_eq!(partials(pair), ["[]", r#"[""]"#, pair]);
        let half = r#"["\ud83ea"#;
        assert_eq!(partials(half), ["[]", r#"[""]"#, r#"["\ud83ea"]"#]);
        assert_eq!(partials("nul"), [""; 0]);
        assert_eq!(partials(" "), [""; 0]);
        assert_eq!(partials("7 x"), ["7", "7 "]);
    }

    #[test]
    fn a_partial_value_is_json() {
        let text = r#" { "a" : [ { } , { "b\"" : -0.5e+7 , "\u00e9" : "x\\y é\n" } , null ] , "c" : "" } "#;
        let found = partials(text);
        assert!(found.len() > 20);
        for partial in found {
            let parsed = deltaic_chunk::Raw::parse(partial.as_bytes());
            assert!(parsed.is_ok(), "{partial}");
        }
    }
}
