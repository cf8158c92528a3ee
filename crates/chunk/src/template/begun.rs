//! Data of which more is to come.

use super::{Template, lexical::LONGEST};
use crate::text::plain;

/// Whether what has come of a block fits a template.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fit {
    /// All of it is as it is to be, and more has to come.
    Begun,
    /// It begins with a block that fits.
    Whole,
    /// It does not fit, whatever comes.
    No,
}

/// How far a block has been looked at that comes in pieces: by [`Template::look`], from which
/// [`Begun::default`] is the beginning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begun {
    /// How many holes have been passed: there are few.
    holes: u8,
    /// It stands in the next one, not before it.
    in_hole: bool,
    /// Where that part of the block begins.
    start: usize,
    /// How much of the block has been looked at.
    seen: usize,
}

impl Template {
    /// Whether `block` fits, which has grown since it was looked at last, and may yet do so. What has
    /// been looked at is not looked at again.
    ///
    /// ```
    /// use deltaic_chunk::{Begun, Fit, Template};
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// let mut begun = Begun::default();
    /// assert_eq!(template.look(b"data: {\"a", &mut begun), Fit::Begun);
    /// assert_eq!(template.look(b"data: {\"a\":\"tok", &mut begun), Fit::Begun);
    /// assert_eq!(template.look(b"data: {\"a\":\"token\"}\n\n", &mut begun), Fit::Whole);
    /// assert_eq!(template.look(b"data: [", &mut Begun::default()), Fit::No);
    /// ```
    #[must_use]
    pub fn look(&self, block: &[u8], begun: &mut Begun) -> Fit {
        loop {
            let fit = if begun.in_hole {
                self.look_at_value(block, begun)
            } else {
                self.look_at_fixed(block, begun)
            };
            if let Some(fit) = fit {
                return fit;
            }
        }
    }

    /// `None` if a hole begins where it has come.
    fn look_at_fixed(&self, block: &[u8], begun: &mut Begun) -> Option<Fit> {
        let before = begun.holes.checked_sub(1);
        let from = before.and_then(|hole| self.holes.get(usize::from(hole)));
        let from = from.map_or(0, |hole| hole.end) + (begun.seen - begun.start);
        let next = self.holes.get(usize::from(begun.holes));
        let to = next.map_or(self.block.len(), |hole| hole.start);
        let fixed = self.block.get(from, to).unwrap_or_default();
        let new = block.get(begun.seen..).unwrap_or_default();
        let len = fixed.len().min(new.len());
        if new.get(..len) != fixed.get(..len) {
            return Some(Fit::No);
        }
        begun.seen += len;
        match (len < fixed.len(), next) {
            (true, _) => Some(Fit::Begun),
            (false, None) => Some(Fit::Whole),
            (false, Some(_)) => {
                begun.in_hole = true;
                begun.start = begun.seen;
                None
            }
        }
    }

    /// `None` if the value ends where it has come.
    fn look_at_value(&self, block: &[u8], begun: &mut Begun) -> Option<Fit> {
        let rest = block.get(begun.seen..).unwrap_or_default();
        let looked_at = match self.holes.get(usize::from(begun.holes)) {
            Some(hole) if hole.is_string => string(rest),
            Some(_) => Some(number(rest)),
            None => None,
        };
        let Some((len, is_over)) = looked_at else {
            return Some(Fit::No);
        };
        begun.seen += len;
        if begun.seen - begun.start > LONGEST {
            return Some(Fit::No);
        }
        if !is_over {
            return Some(Fit::Begun);
        }
        begun.holes += 1;
        begun.in_hole = false;
        begun.start = begun.seen;
        None
    }
}

/// How much of `bytes` may stand in a string, and whether its quote is behind that. An escape
/// that is not whole is left over. `None` if it is no string.
fn string(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut len = 0;
    loop {
        len += plain(bytes.get(len..).unwrap_or_default());
        match (bytes.get(len), bytes.get(len + 1)) {
            (None, _) | (Some(b'\\'), None) => return Some((len, false)),
            (Some(b'"'), _) => return Some((len, true)),
            // What stands behind `\u` is plain, or no such value.
            (Some(b'\\'), Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u')) => {
                len += 2;
            }
            _ => return None,
        }
    }
}

/// How much of `bytes` may stand in a number, and whether something else is behind that.
fn number(bytes: &[u8]) -> (usize, bool) {
    let is_of_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let len = bytes.iter().take_while(is_of_number).count();
    (len, len < bytes.len())
}
