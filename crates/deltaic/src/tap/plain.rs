//! Chunks that only add to a text.

use alloc::{boxed::Box, format, string::String};

use deltaic_assembler::{Assembler, Limits};
use deltaic_chunk::{Choice, Chunk, Delta, Filled, JsonStr, Kind, Payload, Raw, Template};

use super::first::First;

/// Knows the chunks that only add to a text: of the first choice of the stream, without
/// counts, error, call or finish reason. None changes the usage or the outcome.
///
/// Most of them are alike. So a template knows them from what is the same each time; it
/// needs no plan, for nothing is done with what it finds.
#[derive(Default)]
pub(super) struct Plain {
    chunks: u64,
    /// The members `id` and `model` as they came, the first that were not empty.
    id: Box<str>,
    model: Box<str>,
    /// The index of the choice.
    choice: Option<u64>,
    /// Something of a message has come.
    has_message: bool,
    template: Option<Template>,
    /// What was spent on learning shapes, less what those earned that fitted.
    spent: u8,
    /// What was spent on events that did not fit, likewise.
    missed: u8,
    /// How many events pass before the template is tried again.
    pause: u8,
}

/// The longest data that is learned: what is longer takes as much as a reader.
const LONGEST: usize = 1024;

/// What learning a shape costs, in events that fit.
const SHAPE: u8 = 4;

const MOST_SPENT: u8 = 32;

/// What an event costs that does not fit.
const MISS: u8 = 2;

const MOST_MISSED: u8 = 32;

/// How many events pass where too many did not fit.
const PAUSE: u8 = 64;

impl Plain {
    /// How many chunks there were.
    pub(super) fn chunks(&self) -> u64 {
        self.chunks
    }

    /// What most of the chunks look like, if that is known and worth trying.
    #[inline]
    pub(super) fn template(&mut self) -> Option<&mut Template> {
        self.template.as_mut().filter(|_| self.pause == 0)
    }

    /// An event was not as the template has it. A stream of such is not to pay for it.
    fn has_missed(&mut self) {
        self.missed = self.missed.saturating_add(MISS);
        if self.missed >= MOST_MISSED {
            self.missed -= MISS;
            self.pause = PAUSE;
        }
    }

    /// So many events were as the template has them.
    #[inline]
    pub(super) fn have_fitted(&mut self, count: u64) {
        self.chunks += count;
        let earned = u8::try_from(count).unwrap_or(u8::MAX);
        self.spent = self.spent.saturating_sub(earned);
        self.missed = self.missed.saturating_sub(earned);
    }

    /// Who knows of the chunks what can matter to those that follow: as one chunk.
    pub(super) fn assembler(&self, limits: Limits) -> Assembler {
        let mut assembler = Assembler::with_limits(limits);
        if self.chunks == 0 {
            return assembler;
        }
        let choice = self.choice.map_or_else(String::new, |index| {
            let content = if self.has_message {
                r#""content":"""#
            } else {
                ""
            };
            format!(r#"{{"index":{index},"delta":{{{content}}}}}"#)
        });
        let Self { id, model, .. } = self;
        let chunk = format!(r#"{{{id}{model}"choices":[{choice}]}}"#);
        if let Ok(payload) = Payload::parse(chunk.as_bytes()) {
            assembler.push(&payload, 0);
        }
        assembler
    }

    /// Looks at the data of an event: true if it only adds to a text, or says nothing.
    pub(super) fn pass(
        &mut self,
        data: &[u8],
        around: Option<(&[u8], &[u8])>,
        read: u64,
        first: &mut First,
    ) -> bool {
        if let Some(template) = self.template() {
            // Where its whole block lay in one slice, that has been tried before.
            let filled = match around {
                Some(_) => None,
                None => template.fill_data(data),
            };
            if filled.is_some_and(|filled| !has_half(&filled)) {
                self.have_fitted(1);
                return true;
            }
            self.has_missed();
        }
        self.pause = self.pause.saturating_sub(1);
        let chunk = match Payload::parse(data) {
            Ok(Payload::Chunk(chunk)) if self.is_plain(&chunk) => chunk,
            Ok(Payload::Chunk(_) | Payload::Done | Payload::Error(_)) => return false,
            // It is not assembled either.
            _ => return true,
        };
        self.chunks += 1;
        keep_first(&mut self.id, "id", chunk.id);
        keep_first(&mut self.model, "model", chunk.model);
        for choice in chunk.choices() {
            self.choice = Some(choice.index.as_u64().unwrap_or_default());
            self.has_message = self.has_message || begins_message(&choice.delta);
            first.see_delta(&choice.delta, read);
        }
        // `None` says that there was nothing to learn, or that too much was spent.
        let _ = self.learn(&chunk, data, around);
        true
    }

    fn is_plain(&self, chunk: &Chunk<'_>) -> bool {
        let mut index = self.choice;
        let mut is_of_it = |choice: Choice<'_>| {
            let new = choice.index.as_u64().unwrap_or_default();
            let has_message = self.has_message || begins_message(&choice.delta);
            is_plain(&choice)
                && *index.get_or_insert(new) == new
                && (has_message || is_nothing(&choice.delta))
        };
        chunk.error().is_none()
            && has_no_counts(chunk.usage)
            && has_no_counts(chunk.x_groq.get("usage"))
            && chunk.choices().all(&mut is_of_it)
    }

    /// Lets the template know a chunk that says something, if its whole block lay in one slice.
    fn learn(
        &mut self,
        chunk: &Chunk<'_>,
        data: &[u8],
        around: Option<(&[u8], &[u8])>,
    ) -> Option<()> {
        let (before, after) = around?;
        let mut choices = chunk.choices();
        let (choice, None) = (choices.next()?, choices.next()) else {
            return None;
        };
        let texts = texts(&choice.delta);
        let has_room = data.len() <= LONGEST && self.spent <= MOST_SPENT - SHAPE;
        if !has_room || !texts.iter().any(|text| says(*text)) {
            return None;
        }
        self.spent += SHAPE;
        // It has been parsed.
        let data = core::str::from_utf8(data).ok()?;
        let known = self.template.take();
        let known = known.and_then(|mut known| known.learn(data).then_some(known));
        let mut template = known.unwrap_or_else(|| Template::new(before, data, after));
        for text in texts.into_iter().filter(|text| says(*text)) {
            template.open(data, text);
        }
        // Whose the text is must stay as it is.
        if template.holes_in(data, choice.index).is_empty() {
            // A clone has no room to spare.
            self.template = Some(template.clone());
        }
        Some(())
    }
}

/// Whether this adds no more than text to a choice. A message beside the delta adds nothing.
fn is_plain(choice: &Choice<'_>) -> bool {
    let Choice {
        delta,
        finish_reason,
        usage,
        ..
    } = choice;
    let is_given = match finish_reason.as_str() {
        Some(reason) => !reason.is_empty(),
        None => finish_reason.is_there(),
    };
    // Half a character becomes text only with what follows.
    let mut texts = texts(delta).into_iter().filter_map(Raw::as_str);
    let has_half = texts.any(JsonStr::has_lone_surrogate);
    delta.raw().kind() == Kind::Object
        && !is_given
        && has_no_counts(*usage)
        && delta.content.kind() != Kind::Array
        && !has_half
        && delta.calls().next().is_none()
        && !delta.function_call.is_there()
}

/// Whether there is a message once this has come.
fn begins_message(delta: &Delta<'_>) -> bool {
    says(delta.role) || texts(delta).iter().any(|text| text.as_str().is_some())
}

/// Whether there surely is no message for this.
fn is_nothing(delta: &Delta<'_>) -> bool {
    let mut members = delta.raw().members();
    members.all(|(_, member)| !member.is_there())
}

fn has_no_counts(usage: Raw<'_>) -> bool {
    usage.kind() != Kind::Object
}

fn says(raw: Raw<'_>) -> bool {
    raw.as_str().is_some_and(|text| !text.is_empty())
}

/// The texts of a delta, if they are some.
fn texts<'a>(delta: &Delta<'a>) -> [Raw<'a>; 6] {
    [
        delta.content,
        delta.refusal,
        delta.reasoning_content,
        delta.reasoning,
        delta.reasoning_text,
        delta.thinking,
    ]
}

fn keep_first(kept: &mut Box<str>, name: &str, new: Raw<'_>) {
    if kept.is_empty() && says(new) {
        *kept = format!(r#""{name}":{},"#, new.text()).into();
    }
}

/// Whether half a surrogate pair stands in a text: what becomes of it, and whether that says
/// something, is seen when the other half comes or does not.
pub(super) fn has_half(filled: &Filled<'_, '_>) -> bool {
    let mut texts = (0..filled.template().holes()).map(|hole| filled.text(hole));
    texts.any(|text| text.as_str().is_none() && text.has_lone_surrogate())
}
