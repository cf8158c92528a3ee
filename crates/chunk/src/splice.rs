//! Where members stand in data that are to be replaced, removed or added.
//!
//! Only objects and lists that a path leads into are looked into, so this nests no
//! deeper than a path; all else is passed over and checked as everywhere.

use core::{fmt, ops::Range};

use crate::{edit::Edit, error::ParseError, raw::Raw, scan::Scan, string::JsonStr, text::between};

/// A piece of data that gives way to something else, or to nothing.
///
/// ```
/// use deltaic_chunk::{Edit, splice};
///
/// let edits = [Edit::replace("model", "\"ours\"")?, Edit::remove("x")?];
/// let mut splices = Vec::new();
/// splice(br#"{"model":"theirs","x":1}"#, &edits, |splice| splices.push(splice))?;
/// assert_eq!((splices[0].range.clone(), splices[0].to_string()), (9..17, "\"ours\"".to_owned()));
/// // It goes with its comma, and nothing stands in its place.
/// assert_eq!((splices[1].range.clone(), splices[1].parts().concat()), (17..23, String::new()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Splice<'e> {
    /// Where the piece lies in the data; empty where something is only added.
    pub range: Range<usize>,
    /// What stands there instead.
    parts: [&'e str; 5],
}

impl<'e> Splice<'e> {
    /// What stands there instead: these, one behind the other.
    #[inline]
    #[must_use]
    pub fn parts(&self) -> [&'e str; 5] {
        self.parts
    }
}

impl fmt::Display for Splice<'_> {
    /// Writes what stands there instead.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(part))
    }
}

/// Tells `each` what of `data` has to give way so that `edits` are made, from the
/// first byte to the last. All else stays as it is.
///
/// Of several edits of one path the first counts. What is replaced or removed is not
/// looked into.
///
/// `data` is that of an event: `[DONE]`, white space, and JSON that is no object have no
/// members, which is no error.
///
/// ```
/// use deltaic_chunk::{Edit, splice};
///
/// let edits = [Edit::replace("model", r#""ours""#)?, Edit::remove("x_groq")?];
/// let data = br#"{"model": "theirs", "choices": [], "x_groq": {"id": 1}}"#;
/// let (mut edited, mut at) = (String::new(), 0);
/// splice(data, &edits, |splice| {
///     edited += str::from_utf8(&data[at..splice.range.start]).unwrap();
///     edited.extend(splice.parts());
///     at = splice.range.end;
/// })?;
/// edited += str::from_utf8(&data[at..])?;
/// assert_eq!(edited, r#"{"model": "ours", "choices": []}"#);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
///
/// If `data` is not JSON, as for [`Payload::parse`](crate::Payload::parse). Then
/// nothing that was told counts.
pub fn splice<'e, T: AsRef<str>>(
    data: &[u8],
    edits: &'e [Edit<T>],
    each: impl FnMut(Splice<'e>),
) -> Result<(), ParseError> {
    let said = data.trim_ascii();
    if said.is_empty() || said.starts_with(b"[DONE]") {
        return Ok(());
    }
    let mut splicing = Splicing {
        edits,
        each,
        len: data.len(),
    };
    Scan::whole(data, |scan, text| match text.as_bytes() {
        [b'{', ..] => splicing.object(scan, text, "", 0),
        _ => scan.value(text, 0),
    })
}

struct Splicing<'e, T, F> {
    edits: &'e [Edit<T>],
    each: F,
    /// How long the data is.
    len: usize,
}

/// What the edits say about a member.
struct Found<'e, T> {
    /// It is replaced or removed.
    edit: Option<&'e Edit<T>>,
    /// How the paths begin that lead into it, if it is an object.
    into: Option<&'e str>,
    /// How the paths begin that lead into it, if it is a list.
    into_each: Option<&'e str>,
}

impl<'e, T: AsRef<str>, F: FnMut(Splice<'e>)> Splicing<'e, T, F> {
    /// Passes over the object at its brace that the paths lead to which begin with `way`.
    fn object<'a>(
        &mut self,
        scan: &mut Scan,
        rest: &'a str,
        way: &'e str,
        inside: usize,
    ) -> Option<&'a str> {
        let start = self.at(rest) + 1;
        // Behind the last member, or the brace.
        let mut end = start;
        // Whether one stays, and whether one before it goes.
        let (mut stays, mut goes) = (false, false);
        let behind = scan.members(rest, inside, |scan, member| {
            let (name, value) = scan.key(member)?;
            let found = self.find(way, name);
            let edit = found.edit.map(Edit::json);
            if edit != Some(None) {
                if goes && !stays {
                    // What goes before the first that stays goes with the comma between them.
                    let behind = rest.get(end - self.at(rest)..).unwrap_or_default();
                    let comma = behind.find(',').unwrap_or_default();
                    self.tell(start..end + comma + 1, [""; 5]);
                }
                stays = true;
            }
            let behind = match edit {
                None => self.look_into(scan, value, &found, inside + 1)?,
                Some(_) => scan.value(value, inside + 1)?,
            };
            match edit {
                None => {}
                Some(Some(json)) => {
                    self.tell(self.at(value)..self.at(behind), [json, "", "", "", ""]);
                }
                Some(None) if stays => self.tell(end..self.at(behind), [""; 5]),
                Some(None) => goes = true,
            }
            end = self.at(behind);
            Some(behind)
        })?;
        if goes && !stays {
            self.tell(start..end, [""; 5]);
        }
        self.add(Raw::trusted(between(rest, behind)), way, end, stays);
        Some(behind)
    }

    fn look_into<'a>(
        &mut self,
        scan: &mut Scan,
        value: &'a str,
        found: &Found<'e, T>,
        inside: usize,
    ) -> Option<&'a str> {
        match (value.as_bytes(), found.into, found.into_each) {
            ([b'{', ..], Some(way), _) => self.object(scan, value, way, inside),
            ([b'[', ..], _, Some(way)) => {
                scan.elements(value, inside, |scan, element| match element.as_bytes() {
                    [b'{', ..] => self.object(scan, element, way, inside + 1),
                    _ => scan.value(element, inside + 1),
                })
            }
            _ => scan.value(value, inside),
        }
    }

    /// Where in the data it is that so much is left.
    fn at(&self, rest: &str) -> usize {
        self.len - rest.len()
    }

    /// Adds to an object what it has not, behind its last member at `end`.
    fn add(&mut self, object: Raw<'_>, way: &str, end: usize, mut stays: bool) {
        let edits = self.edits;
        for (at, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.is_set()) {
            let name = rest(edit.path(), way);
            let Some(name) = name.filter(|name| !name.contains(['.', '['])) else {
                continue;
            };
            let mut earlier = edits.iter().take(at);
            let counts = earlier.all(|earlier| earlier.path() != edit.path());
            if counts && object.members().all(|(key, _)| key != *name) {
                let comma = if stays { "," } else { "" };
                self.tell(
                    end..end,
                    [comma, "\"", name, "\":", edit.json().unwrap_or_default()],
                );
                stays = true;
            }
        }
    }

    fn find(&self, way: &str, name: JsonStr<'_>) -> Found<'e, T> {
        let mut found = Found {
            edit: None,
            into: None,
            into_each: None,
        };
        for edit in self.edits {
            let path = edit.path();
            let Some(behind) = rest(path, way).and_then(|rest| behind(rest, name)) else {
                continue;
            };
            let known = path.len() - behind.len();
            match behind.as_bytes() {
                [] => found.edit = found.edit.or(Some(edit)),
                [b'.', ..] => found.into = path.get(..=known),
                _ => found.into_each = path.get(..known + "[*].".len()),
            }
        }
        found
    }

    fn tell(&mut self, range: Range<usize>, parts: [&'e str; 5]) {
        (self.each)(Splice { range, parts });
    }
}

/// What stands behind `way` in a path that begins with it.
#[inline]
fn rest<'p>(path: &'p str, way: &str) -> Option<&'p str> {
    // Most are at the top; and to compare with nothing is slow where it has no address.
    if way.is_empty() {
        return Some(path);
    }
    path.strip_prefix(way)
}

/// What stands behind `name` in the rest of a path that begins with it.
#[inline]
fn behind<'p>(path: &'p str, name: JsonStr<'_>) -> Option<&'p str> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (first, behind) = path.split_at_checked(end)?;
    (name == *first).then_some(behind)
}
