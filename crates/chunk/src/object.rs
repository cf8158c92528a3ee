//! The members of an object that have no field of their own.

use crate::{
    raw::{Members, Raw},
    string::{JsonStr, Name},
};

/// The members of an object that have no field of their own, in their order.
#[derive(Clone, Debug)]
pub struct Others<'a> {
    members: Members<'a>,
    known: &'static [&'static str],
}

impl<'a> Others<'a> {
    /// Of `raw`, if there are `any` at all.
    pub(crate) fn new(raw: Raw<'a>, any: bool, known: &'static [&'static str]) -> Self {
        let raw = if any { raw } else { Raw::MISSING };
        Self {
            members: raw.members(),
            known,
        }
    }
}

impl<'a> Iterator for Others<'a> {
    type Item = (JsonStr<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let known = self.known;
        self.members.find(|(key, _)| {
            let mut buffer = Name::default();
            !known.contains(&key.name(&mut buffer))
        })
    }
}

/// Writes the reading of an object into fields, and the list of their names.
///
/// Each field holds the member of its name. The object's own text goes into
/// `raw`, and `others` tells whether there are members beside the fields.
macro_rules! read_members {
    ($scan:ident, $inside:expr, $into:ident, {
        $($name:pat => $value:expr,)*
    }) => {{
        let start = $scan.position();
        $scan.members($inside, |$scan, key| {
            let mut buffer;
            let name = match key.as_str() {
                Some(name) => name,
                None => {
                    buffer = $crate::string::Name::default();
                    key.name(&mut buffer)
                }
            };
            match name {
                $($name => $value,)*
                _ => {
                    $into.others = true;
                    $scan.value($inside + 1)?;
                }
            }
            Ok(())
        })?;
        $into.raw = $crate::raw::Raw::trusted($scan.since(start));
    }};
}
pub(crate) use read_members;
