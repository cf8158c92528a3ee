//! Reading a response: any cut gives one report, the updates add up to the
//! completion, and what is kept is bounded by what came.

use std::collections::BTreeMap;

use allocation_counter::measure;
use deltaic::{Arguments, Completion, Progress, Reader, Report, Update, Updates, chunk::Raw};
use deltaic_corpus::cut;

/// How much may be held at once for a response of so many bytes.
///
/// The most comes of findings (a short event can make one, up to 1,000 of them)
/// and of lists of short elements.
#[must_use]
pub fn most_kept(len: usize) -> u64 {
    (64 * len + (64 << 10)) as u64
}

/// Checks a response, cut at these places.
///
/// # Panics
///
/// If the report depends on the cut, or is not what the updates tell.
pub fn check(stream: &[u8], places: &[usize]) {
    let mut told = Told::default();
    let mut whole = None;
    let counted = measure(|| whole = Some(read(&[stream], |_| {})));
    let whole = whole.expect("it has been read");
    assert_eq!(whole.stats.bytes, stream.len() as u64);
    assert!(
        counted.bytes_max <= most_kept(stream.len()),
        "{} bytes are held for {}",
        counted.bytes_max,
        stream.len()
    );
    let cut = read(&cut::at(stream, places), |updates| told.hear(updates));
    assert_eq!(cut, whole, "cut at {places:?}");
    if let Some(completion) = &whole.completion {
        told.adds_up_to(completion);
        let json = serde_json::to_value(completion).expect("it serializes");
        assert!(json["choices"].is_array());
    }
}

fn read(reads: &[&[u8]], mut hear: impl FnMut(Updates<'_>)) -> Report {
    let mut reader = Reader::new();
    for mut read in reads.iter().copied() {
        while let Some(updates) = reader.next(&mut read) {
            hear(updates);
        }
        assert!(
            read.is_empty(),
            "`None` must mean that the input is used up"
        );
    }
    while let Some(updates) = reader.finish() {
        hear(updates);
    }
    reader.into_report()
}

/// The texts that the updates have told, by choice.
#[derive(Default)]
struct Told(BTreeMap<u64, Texts>);

#[derive(Default)]
struct Texts {
    content: String,
    reasoning: String,
    refusal: String,
    arguments: BTreeMap<usize, String>,
    function: String,
    finish: Option<String>,
}

impl Told {
    fn hear(&mut self, updates: Updates<'_>) {
        for update in updates {
            match update {
                Update::Text { choice, text } => self.of(choice).content += text,
                Update::Reasoning { choice, text, .. } => self.of(choice).reasoning += text,
                Update::Refusal { choice, text } => self.of(choice).refusal += text,
                Update::Arguments {
                    choice,
                    call,
                    text,
                    arguments,
                } => {
                    *self.of(choice).arguments.entry(call).or_default() += text;
                    as_far_as_they_are(arguments);
                }
                Update::FunctionCall { choice, text, .. } => self.of(choice).function += text,
                Update::Finish { choice, reason } => {
                    self.of(choice).finish = Some(reason.to_owned());
                }
                _ => {}
            }
        }
    }

    fn of(&mut self, choice: u64) -> &mut Texts {
        self.0.entry(choice).or_default()
    }

    fn adds_up_to(&self, completion: &Completion) {
        let nothing = Texts::default();
        for choice in &completion.choices {
            let told = self.0.get(&choice.index).unwrap_or(&nothing);
            let message = &choice.message;
            same(&told.content, message.content.as_deref());
            same(&told.reasoning, message.reasoning.as_deref());
            same(&told.refusal, message.refusal.as_deref());
            let function = message.function_call.as_ref();
            same(
                &told.function,
                function.map(|function| function.arguments.as_str()),
            );
            assert_eq!(told.finish, choice.finish_reason);
            // Calls may be sorted and dropped at the end, so they are only counted.
            let told: usize = told.arguments.values().map(String::len).sum();
            let kept = message
                .tool_calls
                .iter()
                .map(|call| &call.function.arguments);
            assert!(told <= kept.map(|text| text.len()).sum());
        }
        assert!(self.0.keys().all(|told| {
            completion
                .choices
                .iter()
                .any(|choice| choice.index == *told)
        }));
    }
}

/// Half a surrogate pair is settled only when all is over.
fn same(told: &str, kept: Option<&str>) {
    let rest = kept.unwrap_or_default().strip_prefix(told);
    assert!(
        matches!(rest, Some("" | "\u{fffd}")),
        "{told:?} is not {kept:?}"
    );
}

/// Arguments are whole if they are JSON, and what they are so far is JSON.
fn as_far_as_they_are(arguments: Arguments<'_>) {
    let text = arguments.text();
    // To parse all of it after each delta is quadratic.
    if text.len() > 1_000 {
        return;
    }
    let is_json = Raw::parse(text.as_bytes()).is_ok();
    assert_eq!(
        arguments.progress() == Progress::Complete,
        is_json,
        "{text:?}"
    );
    let Some(partial) = arguments.partial() else {
        return;
    };
    assert!(text.starts_with(partial.text()));
    let partial = partial.to_string();
    assert!(
        Raw::parse(partial.as_bytes()).is_ok(),
        "{partial:?} of {text:?}"
    );
    if is_json {
        assert_eq!(partial, text);
    }
}
