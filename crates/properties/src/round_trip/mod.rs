//! The round trip: what is said in any dialect, cut anywhere, is read as what
//! was said.

mod dialect;
mod said;
mod write;

use arbitrary::{Arbitrary, Result, Unstructured};
use deltaic::{FindingKind, Outcome, Reader, Report, UsageState};
use deltaic_corpus::cut;

use crate::messy::Messy;
use dialect::Dialect;
use said::{Answer, Call, Said};

/// A completion, the dialect that it is told in, and how that is cut.
#[derive(Clone, Debug)]
pub struct Told {
    said: Said,
    dialect: Dialect,
    stream: Messy,
    places: Vec<usize>,
}

impl<'a> Arbitrary<'a> for Told {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let said = Said::arbitrary(u)?;
        let dialect = Dialect::arbitrary(u)?.fit_for(&said);
        let places = u.arbitrary::<[u16; 6]>()?.map(usize::from).to_vec();
        let stream = Messy(write::stream(&said, &dialect, u)?);
        Ok(Self {
            said,
            dialect,
            stream,
            places,
        })
    }
}

impl Told {
    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &[u8] {
        &self.stream.0
    }
}

/// Checks that what is read is what was said.
///
/// # Panics
///
/// If it is not.
pub fn check(told: &Told) {
    let Told {
        said,
        dialect,
        stream: Messy(stream),
        places,
    } = told;
    let mut reader = Reader::new();
    for mut read in cut::at(stream, places) {
        while reader.next(&mut read).is_some() {}
    }
    let report = reader.into_report();
    let expected = if dialect.done {
        Outcome::Done
    } else {
        Outcome::Finished
    };
    assert_eq!(report.outcome, expected);
    assert_eq!(report.errors, [""; 0]);
    assert_eq!(report.stats.bytes, stream.len() as u64);
    only_bad_arguments_are_found(&report, said);
    let expected = said
        .usage
        .map_or(UsageState::None, |_| UsageState::Complete);
    assert_eq!(report.usage, expected);

    let completion = report.completion.expect("something was said");
    assert_eq!(completion.id.as_deref(), Some(&*said.id.0));
    assert_eq!(completion.model.as_deref(), Some(&*said.model.0));
    assert!(completion.other.is_empty(), "{:?}", completion.other);
    let usage = completion.usage.as_ref().map(|usage| {
        let figures = usage.figures();
        [figures.prompt_tokens(), figures.completion_tokens()]
    });
    assert_eq!(
        usage,
        said.usage
            .map(|figures| figures.map(|figure| Some(figure.into())))
    );
    assert_eq!(completion.choices.len(), said.answers.len());
    for (choice, (index, answer)) in completion.choices.iter().zip((0..).zip(&said.answers)) {
        assert_eq!(choice.index, index);
        same(choice, answer);
    }
}

fn only_bad_arguments_are_found(report: &Report, said: &Said) {
    let calls = said.answers.iter().flat_map(|answer| &answer.calls);
    let bad = calls.filter(|call| !call.is_custom && !call.arguments.is_json());
    // That they grow is what the dialect is about.
    let kinds = report.findings.as_slice().iter().map(|found| found.kind);
    let kinds = kinds.filter(|kind| *kind != FindingKind::UsageGrows);
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        vec![FindingKind::ArgumentsNotJson; bad.count()],
        "{:?}",
        report.findings
    );
}

fn same(choice: &deltaic::Choice, answer: &Answer) {
    let message = &choice.message;
    assert_eq!(
        message.content.as_deref(),
        answer.content.as_ref().map(|text| &*text.0)
    );
    assert_eq!(
        message.reasoning.as_deref(),
        answer.reasoning.as_ref().map(|text| &*text.0)
    );
    assert_eq!(
        message.refusal.as_deref(),
        answer.refusal.as_ref().map(|text| &*text.0)
    );
    assert_eq!(choice.finish_reason.as_deref(), Some(answer.finish.name()));
    assert!(message.other.is_empty(), "{:?}", message.other);
    assert!(choice.other.is_empty(), "{:?}", choice.other);
    assert_eq!(message.tool_calls.len(), answer.calls.len());
    for (at, (ours, call)) in message.tool_calls.iter().zip(&answer.calls).enumerate() {
        let Call {
            name,
            arguments,
            is_custom,
            ..
        } = call;
        assert_eq!(ours.function.name.as_deref(), Some(&*name.0));
        assert_eq!(ours.function.arguments.as_str(), arguments.text());
        assert_eq!(ours.is_custom(), *is_custom);
        let id = Call::id(at);
        assert!(ours.id.is_none() || ours.id == Some(id), "{:?}", ours.id);
    }
}
