//! Every recording, cut every way, against what was written down beside it.

mod common;

use common::{differences, expectation, json, read};
use deltaic_corpus::recordings;

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
