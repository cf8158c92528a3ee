//! What is missed when one value stands where another stood.

use alloc::collections::BTreeMap;

use deltaic_chunk::{Kind, Raw};

use crate::members::name_of;

/// Whether there is nothing in it that could be missed: null, or empty.
pub(crate) fn says_nothing(raw: Raw<'_>) -> bool {
    match raw.kind() {
        Kind::Missing | Kind::Null => true,
        Kind::String => raw.text() == "\"\"",
        Kind::Array | Kind::Object => is_empty(raw.text()),
        Kind::Bool | Kind::Number => false,
    }
}

/// Whether nothing stands between the brackets of a list or object.
fn is_empty(text: &str) -> bool {
    let inside = text.as_bytes().get(1..).unwrap_or_default();
    matches!(inside.trim_ascii_start(), [b']' | b'}', ..])
}

/// Whether something of `old` is missed where `new` came later. Numbers and flags
/// tell how things are, so that the last of them says all; a text or list that
/// begins with the old one says it too.
pub(crate) fn is_lost(old: Raw<'_>, new: Raw<'_>) -> bool {
    let is_figure = |raw: Raw<'_>| matches!(raw.kind(), Kind::Bool | Kind::Number);
    loses(old, new, &|old, new| {
        is_figure(old) && is_figure(new) || continues(old, new)
    })
}

/// Whether something of `beside` is missed in `said`, which came with it: what
/// differs is.
pub(crate) fn is_more(beside: Raw<'_>, said: Raw<'_>) -> bool {
    loses(beside, said, &|_, _| false)
}

/// Whether anything in `old` is not in `new`; `replaces` tells where another value
/// says it too.
fn loses(old: Raw<'_>, new: Raw<'_>, replaces: &dyn Fn(Raw<'_>, Raw<'_>) -> bool) -> bool {
    if old.text() == new.text() || says_nothing(old) {
        return false;
    }
    if (old.kind(), new.kind()) != (Kind::Object, Kind::Object) {
        return !replaces(old, new);
    }
    let news: BTreeMap<_, _> = new
        .members()
        .map(|(name, member)| (name_of(name), member))
        .collect();
    old.members().any(|(name, old)| {
        let new = news.get(&name_of(name)).copied();
        loses(old, new.unwrap_or_default(), replaces)
    })
}

/// Whether `new` is a text or list that begins with `old`.
fn continues(old: Raw<'_>, new: Raw<'_>) -> bool {
    let open = old.text().get(..old.text().len().saturating_sub(1));
    let more = open.and_then(|open| new.text().strip_prefix(open));
    more.is_some_and(|more| match old.kind() {
        Kind::String => true,
        Kind::Array => more.starts_with([',', ']']),
        _ => false,
    })
}
