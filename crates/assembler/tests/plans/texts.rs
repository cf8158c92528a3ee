//! Texts, and what may stand beside them.

use deltaic_assembler::Assembler;
use deltaic_chunk::{Payload, Template};

use super::{after, check, check_after, check_none_after, chunk, plan, push};

const TEXT: &str =
    r#"{"choices":[{"index":0,"delta":{"content":"x","reasoning":"x","refusal":"x"}}]}"#;

#[test]
fn a_text_has_a_plan() {
    for name in [
        "content",
        "reasoning",
        "reasoning_content",
        "reasoning_text",
        "thinking",
        "refusal",
    ] {
        check(&format!(
            r#"{{"choices":[{{"index":0,"delta":{{"{name}":"T"}}}}]}}"#
        ));
    }
    check(r#"{"choices":[{"delta":{"content":"T","refusal":"T","reasoning":"T"}}]}"#);
}

#[test]
fn what_says_nothing_beside_a_text_does_not_matter() {
    for more in [
        r#""role":"assistant""#,
        r#""role":null"#,
        r#""role":"""#,
        r#""refusal":null"#,
        r#""tool_calls":null"#,
        r#""tool_calls":[]"#,
        r#""function_call":null"#,
        r#""audio":null"#,
        r#""reasoning_details":[]"#,
        r#""reasoning_details":null"#,
        r#""annotations":[]"#,
        r#""images":[]"#,
        r#""x":1"#,
        r#""x":null"#,
        r#""x":{"y":[]}"#,
    ] {
        check(&format!(
            r#"{{"choices":[{{"delta":{{"content":"T",{more}}}}}]}}"#
        ));
    }
    for more in [
        r#""finish_reason":null"#,
        r#""finish_reason":"""#,
        r#""logprobs":null"#,
        r#""message":null"#,
        r#""text":null"#,
        r#""usage":null"#,
        r#""obfuscation":"T""#,
        r#""p":"T""#,
        r#""x":[1]"#,
        r#""x":null"#,
    ] {
        check(&format!(
            r#"{{"choices":[{{"delta":{{"content":"T"}},{more}}}]}}"#
        ));
    }
    for more in [
        r#""id":"c""#,
        r#""id":"T""#,
        r#""id":1"#,
        r#""id":"""#,
        r#""model":"T""#,
        r#""created":7"#,
        r#""created":0"#,
        r#""created":null"#,
        r#""object":"T""#,
        r#""object":null"#,
        r#""system_fingerprint":"f""#,
        r#""system_fingerprint":null"#,
        r#""service_tier":"t""#,
        r#""service_tier":"""#,
        r#""usage":null"#,
        r#""error":null"#,
        r#""error":"""#,
        r#""x_groq":null"#,
        r#""obfuscation":"T""#,
        r#""p":"T""#,
        r#""x":"y""#,
        r#""x":null"#,
    ] {
        check(&format!(
            r#"{{"choices":[{{"delta":{{"content":"T"}}}}],{more}}}"#
        ));
    }
}

#[test]
fn an_empty_text_beside_another_does_not_matter_once_it_is_there() {
    let shape =
        |text| format!(r#"{{"choices":[{{"delta":{{"content":"","reasoning":"{text}"}}}}]}}"#);
    let said = ["a", "b", "c"].map(shape);
    check_after(&[], said.each_ref().map(String::as_str));
    let (assembler, _) = after(&[], [&said[0], &said[1]]);
    assert_eq!(
        assembler.completion().choices[0].message.content.as_deref(),
        Some("")
    );
    // Before it is pushed, it is not there.
    let mut template = Template::new(b"", &said[0], b"");
    assert!(template.learn(&said[1]));
    let reasoning = r#"{"choices":[{"delta":{"reasoning":"x"}}]}"#;
    let mut assembler = Assembler::new();
    push(&mut assembler, reasoning);
    assert!(
        assembler
            .plan(&chunk(&said[1]), &template, &said[1])
            .is_none()
    );
}

#[test]
fn what_says_more_has_no_plan() {
    for more in [
        r#""role":"T""#,
        r#""role":1"#,
        r#""content":"c""#,
        r#""content":[{"type":"text","text":"T"}]"#,
        r#""content":5"#,
        r#""reasoning":{}"#,
        r#""thinking":"t""#,
        r#""refusal":"r""#,
        r#""tool_calls":{}"#,
        r#""tool_calls":"""#,
        r#""tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"T"}}]"#,
        r#""tool_calls":[{},{}]"#,
        r#""function_call":{"arguments":"T"}"#,
        r#""audio":{}"#,
        r#""reasoning_details":"""#,
        r#""reasoning_details":{}"#,
        r#""reasoning_details":[{}]"#,
        r#""annotations":[1]"#,
        r#""images":"x""#,
        r#""x":"T""#,
        r#""x":["T"]"#,
        r#""x":[1]"#,
    ] {
        let shape = format!(r#"{{"choices":[{{"delta":{{"reasoning_text":"T",{more}}}}}]}}"#);
        // A role is told once, and then does nothing.
        if !more.contains("role") {
            check_none_after(&[], &shape);
        }
    }
    for more in [
        r#""finish_reason":"stop""#,
        r#""finish_reason":"T""#,
        r#""finish_reason":0"#,
        r#""logprobs":{}"#,
        r#""logprobs":{"content":["T"]}"#,
        r#""message":{}"#,
        r#""text":"t""#,
        r#""usage":{}"#,
        r#""x":"T""#,
        r#""index":-1"#,
        r#""index":"0""#,
    ] {
        check_none_after(
            &[],
            &format!(r#"{{"choices":[{{"delta":{{"content":"T"}},{more}}}]}}"#),
        );
    }
    for more in [
        r#""created":"7""#,
        r#""object":1"#,
        r#""system_fingerprint":"T""#,
        r#""service_tier":1"#,
        r#""error":1"#,
        r#""error":{"m":"T"}"#,
        r#""x_groq":{}"#,
        r#""usage":{}"#,
        r#""usage":{"total_tokens":1}"#,
        r#""x":"T""#,
    ] {
        check_none_after(
            &[],
            &format!(r#"{{"choices":[{{"delta":{{"content":"T"}}}}],{more}}}"#),
        );
    }
    check_none_after(
        &[],
        r#"{"choices":[{"delta":{"content":"T"}},{"index":1,"delta":{}}]}"#,
    );
    check_none_after(&[], r#"{"choices":[{"delta":5,"text":"T"}]}"#);
    check_none_after(&[], r#"{"choices":[],"usage":{"x":"T"}}"#);
}

#[test]
fn what_was_said_before_matters() {
    let parts = r#"{"choices":[{"delta":{"content":[{"type":"image","text":"a"}]}}]}"#;
    let reasoning = [
        r#"{"choices":[{"delta":{"thinking":"a"}}]}"#,
        r#"{"choices":[{"delta":{"thinking":"b"}}]}"#,
    ];
    assert!(
        plan(&[parts], reasoning).is_some(),
        "which do not touch the parts"
    );

    for name in ["id", "model"] {
        let said = |model: &str, text: &str| {
            format!(r#"{{"{name}":"{model}","choices":[{{"delta":{{"content":"{text}"}}}}]}}"#)
        };
        let mut assembler = Assembler::new();
        push(&mut assembler, &said("m", "a"));
        let both = [said("m", "a"), said("", "b")];
        let found = plan(&[], both.each_ref().map(String::as_str));
        assert!(found.is_none(), "what is empty may differ, then");
        let other = said("n", "b");
        let mut template = Template::new(b"", &said("n", "a"), b"");
        assert!(template.learn(&other));
        let has_plan =
            |assembler: &Assembler| assembler.plan(&chunk(&other), &template, &other).is_some();
        assert!(!has_plan(&assembler), "another {name} is to be told");
        push(&mut assembler, &said("o", "a"));
        assert!(has_plan(&assembler), "and has been");
    }
    let time = r#"{"created":7,"choices":[]}"#;
    check_none_after(
        &[time],
        r#"{"created":"7","choices":[{"delta":{"content":"T"}}]}"#,
    );

    // A plan may be asked for before the chunk is pushed.
    let said = |model: &str, text: &str| {
        format!(
            r#"{{"model":"{model}","system_fingerprint":"{model}","choices":[{{"delta":{{"content":"{text}"}},"x":"{model}"}}],"y":"{model}"}}"#
        )
    };
    let (known, other) = ([said("m", "a"), said("m", "b")], said("n", "c"));
    let (mut assembler, mut template) = after(&[], known.each_ref().map(String::as_str));
    assert!(
        assembler
            .plan(&chunk(&known[1]), &template, &known[1])
            .is_some()
    );
    assert!(template.learn(&other));
    assert!(assembler.plan(&chunk(&other), &template, &other).is_none());

    assembler.push(&Payload::Done, 0);
    assert!(template.learn(&known[0]));
    assert!(
        assembler
            .plan(&chunk(&known[1]), &template, &known[1])
            .is_none(),
        "all has been said"
    );
}

#[test]
fn a_time_differs_once_there_is_one() {
    let at = |time: u32, text: &str| {
        format!(r#"{{"created":{time},"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#)
    };
    let said = [at(7, "a"), at(8, "b"), at(9, "c")];
    check_after(&[], said.each_ref().map(String::as_str));
    let none = r#"{"created":5,"choices":[{"delta":{"content":"a"}}]}"#;
    let mut template = Template::new(b"", &said[0], b"");
    assert!(template.learn(&said[1]));
    let mut assembler = Assembler::new();
    push(&mut assembler, r#"{"choices":[{"delta":{"content":"a"}}]}"#);
    assert!(assembler.plan(&chunk(none), &template, none).is_none());
}

#[test]
fn an_index_may_be_in_a_hole() {
    let at = |index: u32| {
        format!(r#"{{"choices":[{{"index":{index},"delta":{{"content":"{index}"}}}}]}}"#)
    };
    let said = [at(0), at(1), at(0)];
    check_after(&[], said.each_ref().map(String::as_str));
    let (mut assembler, mut template) = after(&[], [&said[0], &said[1]]);
    let plan = assembler
        .plan(&chunk(&said[1]), &template, &said[1])
        .expect("a plan");
    for other in [
        at(2),
        at(0).replace(":0", ":1.5"),
        at(0).replace(":0", ":-1"),
    ] {
        let filled = template.fill_data(other.as_bytes()).expect("it fits");
        assert!(!assembler.push_filled(&plan, &filled, 0), "{other}");
    }
    // It must hold for each choice, and not for too many.
    let parts = r#"{"choices":[{"index":1,"delta":{"content":[{"type":"text","text":"a"}]}}]}"#;
    push(&mut assembler, parts);
    assert!(template.learn(&said[0]));
    assert!(
        assembler
            .plan(&chunk(&said[0]), &template, &said[0])
            .is_none()
    );
    let many: Vec<_> = (2..17).map(at).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let known = [
        r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"b"}}]}"#,
    ];
    assert!(super::plan(&many, known).is_some(), "16 choices");
    let more = [many, vec![r#"{"choices":[{"index":1}]}"#]].concat();
    assert!(super::plan(&more, known).is_none(), "17");
}

#[test]
fn half_a_pair_waits_in_a_hole_too() {
    let said = ["a", "\\ud83d", "\\ude00"]
        .map(|text| TEXT.replace(r#""content":"x""#, &format!(r#""content":"{text}""#)));
    // The other texts stay as they are, and so have no hole and no plan.
    let said = said.map(|data| data.replace(r#","reasoning":"x","refusal":"x""#, ""));
    check_after(&[], said.each_ref().map(String::as_str));
}
