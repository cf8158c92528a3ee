//! What chunks say that count with every word.

use core::ops::Range;

use super::{
    Hole, Template,
    lexical::number,
    words::{Beside, Texts, Word, run},
};

/// The most numbers beside a word.
const MOST: usize = 4;

/// The text of a block and the numbers beside it, integers of 64 bits from 0.
#[derive(Clone, Debug)]
pub struct CountedWord<'i> {
    /// The text.
    pub word: Word<'i>,
    /// What numbers there are, in their order.
    numbers: [u64; MOST],
    /// Where the numbers begin, and where the last ends: how much of the input is left there.
    left: (usize, usize),
}

impl CountedWord<'_> {
    /// The number of this turn, counted from 0. 0 if there is none.
    #[inline]
    #[must_use]
    pub fn number(&self, turn: usize) -> u64 {
        self.numbers.get(turn).copied().unwrap_or_default()
    }

    /// Where the numbers lie in `input`, which [`Template::counted_words`] was given: from the start of the
    /// first to the end of the last.
    #[inline]
    #[must_use]
    pub fn numbers_in(&self, input: &[u8]) -> Range<usize> {
        let (from, to) = self.left;
        let at = |left| input.len().saturating_sub(left);
        at(from)..at(to)
    }
}

impl Template {
    /// As [`Template::words`], where all holes are one text and one to four numbers behind it, or before
    /// it, as where token counts come with every word. The numbers are to be integers of 64 bits from 0.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x","used":[3,4]}"#, b"\n\n");
    /// template.learn(r#"{"a":"y","used":[4,5]}"#);
    /// let read = b"data: {\"a\":\"to\",\"used\":[5,6]}\n\ndata: {\"a\":\"ken\",\"used\":[6,7]}\n\n";
    /// let (mut text, mut used) = (String::new(), 0..0);
    /// let read_blocks = template.counted_words(read, 99, |counted| {
    ///     counted.word.push_to(&mut text);
    ///     used = counted.numbers_in(read);
    ///     counted.number(0) + 1 == counted.number(1)
    /// });
    /// assert_eq!((read_blocks, &*text), (Some((2, &b""[..])), "token"));
    /// assert_eq!(&read[used], b"6,7");
    /// ```
    #[inline]
    pub fn counted_words<'i>(
        &mut self,
        input: &'i [u8],
        most: usize,
        take: impl FnMut(CountedWord<'i>) -> bool,
    ) -> Option<(u64, &'i [u8])> {
        let texts = self.texts.filter(Texts::has_numbers)?;
        self.block.keep_from(texts.start as usize);
        let (before, joint) = self.block.around(texts.end as usize)?;
        let all = |from: &'i [u8]| self.counted(from);
        run(before, joint, input, most, all, take)
    }

    /// Whether [`Template::counted_words`] is worth trying: the holes are such, and what was learned, or
    /// [`Template::fill`] has found in them last, are integers. Then it reads what fits, unless a number is none,
    /// or half of a surrogate pair stands alone in the text.
    #[inline]
    #[must_use]
    pub fn has_counted_words(&self) -> bool {
        let is_counted = |hole: &Hole| hole.is_string || hole.is_integer;
        self.texts.as_ref().is_some_and(Texts::has_numbers) && self.holes.iter().all(is_counted)
    }

    /// What is in the holes of the block of which `from` stands behind the start of the first.
    #[inline]
    fn counted<'i>(&self, from: &'i [u8]) -> Option<(CountedWord<'i>, &'i [u8])> {
        let (mut word, mut numbers) = (None, [0; MOST]);
        let mut room = numbers.iter_mut();
        let mut left = (0, 0);
        let mut rest = from;
        let mut known = self.holes.first()?.place().start;
        for hole in &self.holes {
            let Range { start, end } = hole.place();
            if start > known {
                rest = rest.strip_prefix(self.block.get(known, start)?)?;
            }
            known = end;
            if hole.is_string {
                let (said, behind) = Word::at(rest)?;
                word = Some(said);
                rest = behind;
            } else {
                let (len, number) = number(rest)?;
                if room.len() == MOST {
                    left.0 = rest.len();
                }
                *room.next()? = number?;
                rest = rest.get(len..)?;
                left.1 = rest.len();
            }
        }
        let counted = CountedWord {
            word: word?,
            numbers,
            left,
        };
        Some((counted, rest))
    }
}

impl Texts {
    /// Whether the text has numbers beside it, and nothing else.
    #[inline]
    fn has_numbers(&self) -> bool {
        matches!(self.beside, Beside::Number(..) | Beside::Numbers)
    }
}

/// Whether these are one text and a few numbers, all of which lie behind it, or before it.
pub(super) fn are_counted(holes: &[Hole]) -> bool {
    let (Some(first), Some(last)) = (holes.first(), holes.last()) else {
        return false;
    };
    let texts = holes.iter().filter(|hole| hole.is_string).count();
    let is_outside = first.is_string || last.is_string;
    texts == 1 && is_outside && (2..=1 + MOST).contains(&holes.len())
}
