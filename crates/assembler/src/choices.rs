//! The choices of a completion.

use alloc::vec::{self, Vec};
use core::{ops, slice};

use smallvec::SmallVec;

use crate::completion::Choice;

/// The choices of a completion: a `Vec` in all but where the first lies.
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
#[derive(Clone, Debug, Default, Eq, PartialEq)]
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

impl FromIterator<Choice> for Choices {
    fn from_iter<I: IntoIterator<Item = Choice>>(choices: I) -> Self {
        Self(choices.into_iter().collect())
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
