//! Recordings that are passed on.

use super::*;

/// Every recording and every stream made by hand, with all kinds of line ends.
fn all() -> impl Iterator<Item = Recording> {
    recordings().into_iter().flat_map(|recording| {
        ["\n", "\r\n", "\r"].map(|end| Recording {
            bytes: with_line_ends(&recording.bytes, end),
            ..recording.clone()
        })
    })
}

#[test]
fn a_recording_that_is_not_edited_goes_out_as_it_came() {
    let missing = [Edit::remove("no.such[*].member").expect("an edit")];
    for Recording { name, bytes, .. } in all() {
        let (out, _) = relay(Splicer::new(), [&*bytes], |_, _| {});
        assert_eq!(out, bytes, "{name}");
        let (out, relayed) = relay(Splicer::new(), cut::into(&bytes, 13), |splicer, _| {
            edit_all(splicer, &missing);
        });
        assert_eq!((out, relayed.edited), (bytes, 0), "{name}");
    }
}

#[test]
fn a_recording_that_is_edited_is_the_same_for_every_cut() {
    let edits = [
        Edit::replace("model", ALIAS).expect("an edit"),
        Edit::remove("system_fingerprint").expect("an edit"),
        Edit::set("choices[*].delta.x", "{}").expect("an edit"),
    ];
    let relayed = |reads: &[&[u8]]| {
        relay(Splicer::new(), reads.iter().copied(), |splicer, _| {
            edit_all(splicer, &edits);
        })
    };
    for (nth, Recording { name, bytes, .. }) in all().enumerate() {
        let whole = relayed(&[&bytes]);
        let bytewise: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(relayed(&bytewise), whole, "{name}, byte by byte");
        // Every cut of the small ones with LF, some of the others.
        let step = match nth % 3 {
            0 if bytes.len() < 300 => 1,
            0 => 1 + bytes.len() / 12,
            _ => 1 + bytes.len() / 3,
        };
        for at in (nth % step..bytes.len()).step_by(step) {
            let (a, b) = bytes.split_at(at);
            assert_eq!(relayed(&[a, b]), whole, "{name}, cut at {at}");
        }
    }
}

/// The report as JSON: without the places of findings, which move, and without those
/// of the model.
fn shown(report: &Report) -> Value {
    let mut shown = json(report);
    let findings = shown["findings"].as_array_mut().expect("a list");
    findings.retain(|finding| {
        !finding["detail"]
            .as_str()
            .is_some_and(|text| text.contains("model"))
    });
    for finding in findings {
        finding["offset"] = Value::Null;
    }
    shown
}

#[test]
fn a_recording_with_another_model_reads_as_before_but_for_the_model() {
    let mut count = 0;
    for Recording { name, bytes, .. } in all() {
        let (out, relayed) = relay(Splicer::new(), cut::into(&bytes, 100), |splicer, _| {
            edit_all(splicer, &alias());
        });
        let (before, after) = (read([&*bytes]), read([&*out]));
        let (mut expected, shown) = (shown(&before), shown(&after));
        let model = expected.pointer_mut("/completion/model");
        if let Some(model) = model.filter(|model| relayed.edited > 0 && model.is_string()) {
            *model = ALIAS.parse().expect("JSON");
            count += 1;
        }
        assert_eq!(shown, expected, "{name}");
    }
    assert!(count > 100, "{count} of them have a model");
}

#[test]
fn a_recording_without_what_a_vendor_adds_reads_as_before_without_it() {
    let names = [
        "system_fingerprint",
        "service_tier",
        "time_info",
        "provider",
        "x_groq",
    ];
    let mut edits: Vec<_> = names
        .iter()
        .map(|name| Edit::remove(*name).expect("an edit"))
        .collect();
    edits.push(Edit::remove("obfuscation").expect("an edit"));
    let mut count = 0;
    for Recording { name, bytes, .. } in all() {
        let (out, relayed) = relay(Splicer::new(), cut::into(&bytes, 100), |splicer, _| {
            edit_all(splicer, &edits);
        });
        if relayed.edited == 0 || out.windows(8).any(|text| text == b"\"x_groq\"") {
            continue;
        }
        let (before, after) = (read([&*bytes]), read([&*out]));
        assert_eq!(before.outcome, after.outcome, "{name}");
        let (Some(before), Some(after)) = (before.completion, after.completion) else {
            continue;
        };
        let [mut before, after] = [before, after]
            .map(|completion| serde_json::to_value(completion).expect("it serializes"));
        let members = before.as_object_mut().expect("an object");
        members.retain(|name, _| !names.contains(&&**name));
        // Token counts may have stood there alone.
        members.retain(|name, _| name != "usage" || !after["usage"].is_null());
        assert_eq!(after, before, "{name}");
        count += 1;
    }
    assert!(count > 30, "{count} of them have any");
}
