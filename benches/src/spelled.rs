//! What a stream spells out, as far as all who read it agree to keep it.

/// The texts of a stream, by choice.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Spelled {
    /// The choices, by index.
    pub choices: Vec<Said>,
}

/// The texts of one choice.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Said {
    /// The content.
    pub content: String,
    /// The reasoning.
    pub reasoning: String,
    /// The arguments of the tool calls, by index.
    pub arguments: Vec<String>,
}

/// Takes the fragments of texts as they are read.
pub trait Take {
    /// Of the content of a choice.
    fn content(&mut self, choice: usize, text: &str);
    /// Of its reasoning.
    fn reasoning(&mut self, choice: usize, text: &str);
    /// Of the arguments of one of its calls.
    fn arguments(&mut self, choice: usize, call: usize, text: &str);
}

impl Spelled {
    /// How many bytes of text there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.choices.iter().map(Said::len).sum()
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn choice(&mut self, index: usize) -> &mut Said {
        at(&mut self.choices, index)
    }
}

impl Said {
    fn len(&self) -> usize {
        let arguments = self.arguments.iter().map(String::len).sum::<usize>();
        self.content.len() + self.reasoning.len() + arguments
    }
}

impl Take for Spelled {
    fn content(&mut self, choice: usize, text: &str) {
        self.choice(choice).content.push_str(text);
    }

    fn reasoning(&mut self, choice: usize, text: &str) {
        self.choice(choice).reasoning.push_str(text);
    }

    fn arguments(&mut self, choice: usize, call: usize, text: &str) {
        at(&mut self.choice(choice).arguments, call).push_str(text);
    }
}

/// How many bytes of text were read, where they are not put together.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counted(pub usize);

impl Take for Counted {
    fn content(&mut self, _: usize, text: &str) {
        self.0 += text.len();
    }

    fn reasoning(&mut self, _: usize, text: &str) {
        self.0 += text.len();
    }

    fn arguments(&mut self, _: usize, _: usize, text: &str) {
        self.0 += text.len();
    }
}

/// The entry at `index`, made if it is not there.
pub(crate) fn at<T: Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    &mut list[index]
}
