//! The choices of a completion.

use alloc::vec::{self, Vec};
use core::{fmt, ops, slice};

use smallvec::SmallVec;

use crate::completion::Choice;

/// The choices of a completion: a slice to who looks, and a `Vec` to who takes them.
///
/// Most completions have one choice. It lies in the completion itself: of many streams that take
/// turns each piece of memory has to be fetched anew, and one that another leads to is waited for.
///
/// ```
/// use deltaic_assembler::{Choice, Choices};
///
/// let mut choices: Choices = [Choice::default(), Choice::default()].into_iter().collect();
/// choices[1].index = 1;
/// assert_eq!(choices.iter().map(|choice| choice.index).sum::<u64>(), 1);
/// assert_eq!(Vec::from(choices).len(), 2);
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Choices(SmallVec<[Choice; 1]>);

impl Choices {
    pub(crate) const NONE: Self = Self(SmallVec::new_const());

    /// Adds one behind the others.
    pub fn push(&mut self, choice: Choice) {
        self.0.push(choice);
    }
}

impl ops::Deref for Choices {
    type Target = [Choice];

    #[inline]
    fn deref(&self) -> &[Choice] {
        &self.0
    }
}

impl ops::DerefMut for Choices {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Choice] {
        &mut self.0
    }
}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromIterator<Choice> for Choices {
    fn from_iter<I: IntoIterator<Item = Choice>>(choices: I) -> Self {
        Self(choices.into_iter().collect())
    }
}

impl Extend<Choice> for Choices {
    fn extend<I: IntoIterator<Item = Choice>>(&mut self, choices: I) {
        self.0.extend(choices);
    }
}

impl From<Vec<Choice>> for Choices {
    fn from(choices: Vec<Choice>) -> Self {
        choices.into_iter().collect()
    }
}

impl From<Choices> for Vec<Choice> {
    fn from(choices: Choices) -> Self {
        choices.0.into_vec()
    }
}

impl IntoIterator for Choices {
    type Item = Choice;
    type IntoIter = vec::IntoIter<Choice>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(self).into_iter()
    }
}

impl<'c> IntoIterator for &'c Choices {
    type Item = &'c Choice;
    type IntoIter = slice::Iter<'c, Choice>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'c> IntoIterator for &'c mut Choices {
    type Item = &'c mut Choice;
    type IntoIter = slice::IterMut<'c, Choice>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec::Vec};

    use super::{Choice, Choices};

    #[test]
    fn however_many_there_are_they_are_those_of_a_vec() {
        for count in 0..4 {
            let new = |index| Choice {
                index,
                ..Choice::default()
            };
            let all: Vec<_> = (0..count).map(new).collect();
            let mut choices = Choices::from(all.clone());
            let mut grown = Choices::default();
            all.iter()
                .take(1)
                .for_each(|choice| grown.push(choice.clone()));
            grown.extend(all.iter().skip(1).cloned());
            assert_eq!((&grown, &*choices), (&choices, &*all));
            assert_eq!(format!("{choices:?}"), format!("{all:?}"));
            assert!((&choices).into_iter().eq(&all));
            for choice in &mut choices {
                choice.index += 1;
            }
            assert_eq!(choices != grown, count > 0);
            assert_eq!(grown.clone().into_iter().collect::<Vec<_>>(), all);
            assert_eq!(Vec::from(grown), all);
        }
    }
}
