//! Every recording, cut every way, against what was written down beside it.

mod common;

use common::{differences, expectation, json, read};
use deltaic_corpus::{cut, own, recordings, with_line_ends};

#[test]
fn each_recording_spells_out_what_is_written_beside_it() {
    let mut wrong = Vec::new();
    for recording in recordings() {
        let Some(expected) = &recording.expected else {
            continue;
        };
        let (ours, expected) = (json(&read([&*recording.bytes])), expectation(expected));
        for name in ["outcome", "completion", "error", "findings"] {
            if expected.get(name).is_some() {
                for difference in differences(&ours[name], &expected[name]) {
                    wrong.push(format!("{}: {name}{difference}", recording.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_recording_of_ours_has_its_expectation_and_provenance() {
    let directory = deltaic_corpus::directory().join("recordings");
    for recording in own() {
        assert!(recording.expected.is_some(), "{}", recording.name);
        let provenance = directory.join(format!("{}.toml", recording.name));
        assert!(provenance.exists(), "{}", provenance.display());
    }
    assert_eq!(own().len(), 7);
}

#[test]
fn a_recording_reads_alike_however_it_is_cut() {
    for recording in recordings() {
        let whole = read([&*recording.bytes]);
        // Of very long ones some cuts must do: all of them would take hours.
        let step = (recording.bytes.len() / 20_000).pow(2) + 1;
        for reads in cut::in_two(&recording.bytes).step_by(step) {
            let at = reads[0].len();
            assert_eq!(read(reads), whole, "{} cut at {at}", recording.name);
        }
        for len in [1, 7, 64, 1_448, 16_384] {
            let report = read(cut::into(&recording.bytes, len));
            assert_eq!(report, whole, "{} in reads of {len}", recording.name);
        }
    }
}

#[test]
fn a_recording_reads_alike_with_any_line_ends() {
    for recording in recordings() {
        let whole = read([&*recording.bytes]);
        for end in ["\n", "\r\n", "\r"] {
            let stream = with_line_ends(&recording.bytes, end);
            for len in [1, 1_448, stream.len().max(1)] {
                let report = read(cut::into(&stream, len));
                let name = &recording.name;
                assert_eq!(report.completion, whole.completion, "{name} with {end:?}");
                assert_eq!(report.outcome, whole.outcome, "{name} with {end:?}");
                assert_eq!(report.errors, whole.errors, "{name} with {end:?}");
                let kinds = |report: &deltaic::Report| -> Vec<_> {
                    report
                        .findings
                        .as_slice()
                        .iter()
                        .map(|found| found.kind)
                        .collect()
                };
                assert_eq!(kinds(&report), kinds(&whole), "{name} with {end:?}");
            }
        }
        for end in ["\r\n", "\r"] {
            if recording.bytes.len() > 10_000 {
                continue;
            }
            let stream = with_line_ends(&recording.bytes, end);
            let whole = read([&*stream]);
            for reads in cut::in_two(&stream) {
                assert_eq!(read(reads), whole, "{} with {end:?}", recording.name);
            }
        }
    }
}

#[test]
fn a_recording_cut_short_is_never_complete_without_its_finish() {
    for recording in own() {
        let whole = read([&*recording.bytes]);
        let finish = b"\"finish_reason\":\"";
        let end = recording
            .bytes
            .windows(finish.len())
            .rposition(|bytes| bytes == finish)
            .expect("they all finish");
        for len in 0..end {
            let report = read([&recording.bytes[..len]]);
            assert!(
                !report.outcome.is_complete(),
                "{} up to {len}",
                recording.name
            );
        }
        assert!(whole.outcome.is_complete(), "{}", recording.name);
    }
}

/// The provider's answer without streaming is the same object.
#[test]
fn a_completion_that_is_read_as_an_ordinary_answer_is_itself() {
    for recording in recordings() {
        let report = read([&*recording.bytes]);
        if report.completion.is_none() {
            continue;
        }
        let expected = json(&report)["completion"].take();
        let body = expected.to_string();
        let ours = json(&read([body.as_bytes()]))["completion"].take();
        assert_eq!(ours, expected, "{}", recording.name);
    }
}
