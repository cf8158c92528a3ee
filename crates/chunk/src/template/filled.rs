//! Data that fits a template.

use core::ops::Range;

use super::{Hole, Template};
use crate::string::JsonStr;

/// Data that was found to fit a [`Template`]: what stands in its holes.
///
/// ```
/// use deltaic_chunk::Template;
///
/// let mut template = Template::new(b"data: ", r#"{"text":"a","at":1}"#, b"\n\n");
/// assert!(template.learn(r#"{"text":"b","at":2}"#));
/// let read = b"data: {\"text\":\"Hi\",\"at\":30}\n\ndata: more";
/// let filled = template.fill(read).expect("it fits");
/// assert_eq!(filled.data(), r#"{"text":"Hi","at":30}"#);
/// assert_eq!((filled.text(0).as_str(), filled.number(1)), (Some("Hi"), Some(30)));
/// assert_eq!(read[filled.block_len()..], b"data: more"[..]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Filled<'t, 'i> {
    template: &'t Template,
    /// Invariant: what `template` has last been compared with, and fits. So it
    /// is UTF-8, and holes lie where they were found.
    data: &'i [u8],
    block_len: usize,
}

impl<'t, 'i> Filled<'t, 'i> {
    /// Of `data`, which `template` has just been found to fit.
    #[inline]
    pub(super) fn new(template: &'t Template, data: &'i [u8], block_len: usize) -> Self {
        Self {
            template,
            data,
            block_len,
        }
    }

    /// The template that it fits.
    #[inline]
    #[must_use]
    pub fn template(&self) -> &'t Template {
        self.template
    }

    /// The data, without what stands around it.
    #[inline]
    #[must_use]
    pub fn data(&self) -> &'i str {
        trusted(self.data)
    }

    /// How long it is, with what stands around it where that was compared.
    #[inline]
    #[must_use]
    pub fn block_len(&self) -> usize {
        self.block_len
    }

    /// What stands in a hole: the inside of a string, or the text of a number. Empty
    /// if there is no such hole.
    #[inline]
    #[must_use]
    pub fn text(&self, hole: usize) -> JsonStr<'i> {
        let Some(hole) = self.template.holes.get(hole) else {
            return JsonStr::default();
        };
        let text = self.data().get(hole.found());
        JsonStr::trusted(text.unwrap_or_default(), hole.is_escaped)
    }

    /// The number in a hole, if it is an integer of 64 bits from 0.
    #[inline]
    #[must_use]
    pub fn number(&self, hole: usize) -> Option<u64> {
        let hole = self.template.holes.get(hole)?;
        hole.is_integer.then_some(hole.integer)
    }

    /// The text from so much before these holes to so much behind them: see
    /// [`Template::around`].
    #[inline]
    #[must_use]
    pub fn stretch(&self, holes: Range<usize>, (before, behind): (usize, usize)) -> &'i str {
        let holes = self.template.holes.get(holes).unwrap_or_default();
        let start = |hole: &Hole| hole.found().start.checked_sub(before);
        let start = holes.first().and_then(start);
        let end = |hole: &Hole| hole.found().end.checked_add(behind);
        let end = holes.last().and_then(end);
        let text = start.and_then(|start| self.data().get(start..end?));
        text.unwrap_or_default()
    }
}

/// The text of data that fits a template.
#[inline]
#[expect(
    unsafe_code,
    reason = "a short text is checked longer than all else takes"
)]
fn trusted(data: &[u8]) -> &str {
    debug_assert!(core::str::from_utf8(data).is_ok());
    // SAFETY: `data` is of a `Filled`; those are made by `Template::fill` and
    // `Template::fill_data` alone, of what `Template::fit` has accepted. So it is
    // the data of the template, which is UTF-8, with other bytes in its holes. By the invariant
    // of `Template::holes` these cut no character, so that what is left between them is UTF-8;
    // and what is in them is ASCII or was checked by `from_utf8` (`lexical::string`), or
    // is digits and signs (`lexical::number`). UTF-8 behind UTF-8 is UTF-8.
    unsafe { core::str::from_utf8_unchecked(data) }
}
