//! The members of an object that have no field of their own.

use crate::{
    raw::{Raw, next},
    scan::Scan,
    string::{JsonStr, Name},
    text::between,
};

/// The members of an object that have no field of their own, in their order.
///
/// ```
/// use deltaic_chunk::{Delta, Raw};
///
/// let delta = Delta::read(Raw::parse(br#"{"x":1,"content":"Hi","y":{"z":[]}}"#)?);
/// let mut others = delta.other();
/// let (name, value) = others.next().expect("the first");
/// assert_eq!((name.as_str(), value.as_u64()), (Some("x"), Some(1)));
/// let (name, value) = others.next().expect("the second");
/// assert_eq!((name.as_str(), value.text()), (Some("y"), r#"{"z":[]}"#));
/// assert!(others.next().is_none());
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Others<'a> {
    /// How many are left.
    count: usize,
    /// The text from the next member on, to the end of the last that is to be given.
    rest: &'a str,
    known: &'static [&'static str],
}

impl<'a> Others<'a> {
    /// Of those `found`, which are not `known`.
    #[inline]
    pub(crate) fn new(found: Found<'a>, known: &'static [&'static str]) -> Self {
        Self {
            count: found.count,
            rest: found.text.get(..found.len).unwrap_or_default(),
            known,
        }
    }
}

impl<'a> Iterator for Others<'a> {
    type Item = (JsonStr<'a>, Raw<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.count == 0 {
            return None;
        }
        self.find()
    }
}

impl<'a> Others<'a> {
    fn find(&mut self) -> Option<(JsonStr<'a>, Raw<'a>)> {
        loop {
            // The text has been read before.
            let mut scan = Scan::new(self.rest);
            let (key, value) = scan.key(self.rest)?;
            let mut buffer = Name::default();
            let is_known = self.known.contains(&key.name(&mut buffer));
            if self.count == 1 && !is_known {
                self.count = 0;
                return Some((key, Raw::trusted(value)));
            }
            let behind = scan.value(value, 0)?;
            self.rest = next(behind)?;
            if !is_known {
                self.count -= 1;
                return Some((key, Raw::trusted(between(value, behind))));
            }
        }
    }
}

/// Where the members of an object stand that have no field of their own.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found<'a> {
    count: usize,
    /// The text from the first of them on, and how far it is to the end of the last.
    text: &'a str,
    len: usize,
}

impl<'a> Found<'a> {
    /// One more, between what is left of the text before and behind it.
    pub(crate) fn add(&mut self, member: &'a str, behind: &str) {
        if self.count == 0 {
            self.text = member;
        }
        self.count += 1;
        self.len = between(self.text, behind).len();
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Writes the reading of an object into fields, and the list of their names.
///
/// Each field holds the member of its name, but for what is read `by hand` and what is
/// only `passed` over. The object's own text goes into `raw`, and where members are found
/// beside these into `others`.
///
/// A name is compared where it stands, with its quotes and the colon: nearly all are
/// spelled so. Any other spelling is read as a string first. Its first letter is compared by
/// itself, so that compilers make a table of the names.
macro_rules! read_members {
    ($scan:ident, $rest:ident, $inside:expr, $into:ident, {
        $($name:literal => $field:ident,)*
        $(by hand $special:literal => $read:expr,)*
        $(passed $($padding:literal)|*,)?
    }) => {{
        let start = $rest;
        let end = $scan.members(start, $inside, |$scan, member| {
            let mut other = $crate::raw::Raw::MISSING;
            let letter = member.as_bytes().get(1).copied();
            let (field, value) = 'found: {
                $(if let Some($rest) = $crate::object::at_member!(letter, member, $special) {
                    return $read;
                })*
                $(if let Some(value) = $crate::object::at_member!(letter, member, $name) {
                    break 'found (&mut $into.$field, value);
                })*
                let (key, value) = $scan.key(member)?;
                let mut buffer = $crate::string::Name::default();
                let field = match key.name(&mut buffer) {
                    $($special => {
                        let $rest = value;
                        return $read;
                    })*
                    $($name => &mut $into.$field,)*
                    $($($padding)|* => &mut other,)?
                    _ => {
                        let behind = $scan.read(value, $inside + 1, &mut other)?;
                        $into.others.add(member, behind);
                        return Some(behind);
                    }
                };
                (field, value)
            };
            let behind = $scan.value(value, $inside + 1)?;
            *field = $crate::raw::Raw::trusted($crate::text::between(value, behind));
            Some(behind)
        })?;
        $into.raw = $crate::raw::Raw::trusted($crate::text::between(start, end));
        Some(end)
    }};
}
pub(crate) use read_members;

/// What is left at the value of the member of that name, if it comes next.
macro_rules! at_member {
    ($letter:expr, $rest:expr, $name:literal) => {
        if $letter == const { $name.as_bytes().first().copied() } {
            $rest
                .strip_prefix(concat!("\"", $name, "\":"))
                .map($crate::text::trim)
        } else {
            None
        }
    };
}
pub(crate) use at_member;
