//! Chunks that say a thing twice, or in pieces, or have a number of their own.

use deltaic_assembler::Assembler;
use deltaic_chunk::Template;

use super::{after, check, check_after, check_none_after, chunk, has_plan, plan, push};

fn delta(members: &str) -> String {
    format!(r#"{{"choices":[{{"delta":{{{members}}}}}]}}"#)
}

#[test]
fn what_is_said_under_two_names_counts_once() {
    check(&delta(r#""reasoning":"T","reasoning_content":"T""#));
    check(&delta(
        r#""thinking":"T","reasoning_text":"T","content":"T""#,
    ));
    check(r#"{"choices":[{"text":"T","delta":{"content":"T"}}]}"#);
    check(r#"{"choices":[{"text":"","delta":{"content":"T"}}]}"#);
    for (shape, other) in [
        (
            r#""reasoning":"T","reasoning_content":"T""#,
            r#""reasoning":"a","reasoning_content":"b""#,
        ),
        (
            r#""thinking":"T","reasoning":"T""#,
            r#""thinking":"a","reasoning":"""#,
        ),
    ] {
        let both = ["a", "b"].map(|text| delta(shape).replace('T', text));
        let (mut assembler, mut template) = after(&[], both.each_ref().map(String::as_str));
        let plan = assembler.plan(&chunk(&both[1]), &template, &both[1]);
        let other = delta(other);
        let filled = template.fill_data(other.as_bytes()).expect("it fits");
        let is_added = assembler.push_filled(&plan.expect("a plan"), &filled, 0);
        assert!(!is_added, "they differ in {other}");
        assert_eq!(assembler.chunks(), 2);
    }
    check_none_after(&[], r#"{"choices":[{"text":"T","delta":{"content":"c"}}]}"#);
    check_none_after(&[], r#"{"choices":[{"text":"t","delta":{"content":"T"}}]}"#);
    check_none_after(&[], r#"{"choices":[{"text":5,"delta":{"content":"T"}}]}"#);
    // Beside parts it is another.
    check_none_after(
        &[],
        r#"{"choices":[{"text":"T","delta":{"content":[{"type":"text","text":"T"}]}}]}"#,
    );
}

#[test]
fn reasoning_grows_in_pieces() {
    for entry in [
        r#"{"type":"reasoning.text","text":"T","index":0}"#,
        r#"{"type":"reasoning.text","text":"T","index":0,"format":"f","signature":"","id":null}"#,
        r#"{"type":"reasoning.summary","summary":"T"}"#,
        r#"{"type":"reasoning.summary","summary":"T","text":null,"data":null}"#,
        r#"{"type":"reasoning.encrypted","data":"T","index":3}"#,
        r#"{"type":"reasoning.text","text":"T","data":"","x":{"a":1},"index":0}"#,
    ] {
        check(&delta(&format!(r#""reasoning_details":[{entry}]"#)));
        check(&delta(&format!(
            r#""content":"","reasoning":"T","reasoning_details":[{entry}]"#
        )));
    }
    // Another entry may have come behind it.
    let entry = r#"{"type":"reasoning.text","text":"T","index":1}"#;
    let shape = delta(&format!(r#""reasoning_details":[{entry}]"#));
    let before = [
        shape.replace('T', "x"),
        delta(r#""reasoning_details":[{"type":"reasoning.text","text":"y","index":2}]"#),
    ];
    let said = ["a", "b", "c"].map(|text| shape.replace('T', text));
    check_after(
        &before.each_ref().map(String::as_str),
        said.each_ref().map(String::as_str),
    );
}

#[test]
fn pieces_that_say_more_have_no_plan() {
    for details in [
        r#""T""#,
        r#"["T"]"#,
        r#"{"text":"T"}"#,
        r#"[{"type":"reasoning.encrypted","data":"T"}]"#,
        r#"[{"type":"T","text":"a","index":0}]"#,
        r#"[{"type":"reasoning.text","text":"a","index":0,"x":"T"}]"#,
        r#"[{"type":"reasoning.text","text":"T","index":0,"summary":"s"}]"#,
        r#"[{"type":"reasoning.text","text":"T","summary":"T","index":0}]"#,
        r#"[{"type":"reasoning.text","text":"T","index":0},{"type":"reasoning.text","index":0}]"#,
    ] {
        check_none_after(&[], &delta(&format!(r#""reasoning_details":{details}"#)));
    }
    // What is a text is nothing else.
    let text =
        delta(r#""reasoning_details":[{"type":"reasoning.text","data":"d","text":"a","index":0}]"#);
    check_none_after(
        &[&text],
        &delta(r#""reasoning_details":[{"type":"reasoning.text","data":5,"text":"T","index":0}]"#),
    );
    // Whose entry it is depends on the choice.
    let of = |choice: u32| {
        format!(
            r#"{{"choices":[{{"index":{choice},"delta":{{"reasoning_details":[{{"type":"reasoning.text","text":"{choice}"}}]}}}}]}}"#
        )
    };
    let both = [of(0), of(1)];
    assert!(plan(&[&of(1)], both.each_ref().map(String::as_str)).is_none());
    assert!(plan(&[&of(1)], [&of(1), &of(1).replace("\"1\"", "\"2\"")]).is_some());
}

#[test]
fn pieces_have_a_plan_once_all_else_is_known() {
    let of = |more: &str, text: &str| {
        delta(&format!(
            r#""reasoning_details":[{{"type":"reasoning.text","text":"{text}","index":0{more}}}]"#
        ))
    };
    for (more, other) in [
        (r#","x":1"#, r#","x":2"#),
        (r#","x":{"a":1}"#, r#","x":{"a":2}"#),
        (r#","data":"""#, ""),
    ] {
        let both = [of(more, "a"), of(more, "b")];
        let both = both.each_ref().map(String::as_str);
        let mut assembler = Assembler::new();
        push(&mut assembler, &of("", "c"));
        assert!(!has_plan(&assembler, both), "{more} is not known");
        push(&mut assembler, both[0]);
        assert!(has_plan(&assembler, both), "{more}");
        push(&mut assembler, &of(other, "d"));
        assert_eq!(
            has_plan(&assembler, both),
            other.is_empty(),
            "{more} behind {other}"
        );
    }
}

#[test]
fn content_grows_in_parts() {
    for part in [
        r#"{"type":"text","text":"T"}"#,
        r#"{"type":"thinking","thinking":"T"}"#,
        r#"{"type":"thinking","thinking":[{"type":"text","text":"T"}]}"#,
        r#"{"type":"reasoning","text":[{"text":"T"}]}"#,
    ] {
        check(&delta(&format!(r#""content":[{part}]"#)));
        check(&delta(&format!(r#""reasoning":"","content":[{part}]"#)));
    }
    let text = delta(r#""content":[{"type":"text","text":"x"}]"#);
    let plain = ["a", "b", ""].map(|text| delta(&format!(r#""content":"{text}""#)));
    check_after(&[&text], plain.each_ref().map(String::as_str));
}

#[test]
fn parts_that_say_more_have_no_plan() {
    for content in [
        r#"["T"]"#,
        r#"[{"text":"T"}]"#,
        r#"[{"type":"image","text":"T"}]"#,
        r#"[{"type":"T","text":"a"}]"#,
        r#"[{"type":"text","thinking":"T"}]"#,
        r#"[{"type":"text","text":"T","x":1}]"#,
        r#"[{"type":"text","text":["T"]}]"#,
        r#"[{"type":"text","text":[{"type":"text","text":"T"},{"type":"text","text":"b"}]}]"#,
        r#"[{"type":"text","text":[{"type":"text","text":"T","x":1}]}]"#,
        r#"[{"type":"text","text":"T"},{"type":"text","text":"b"}]"#,
        r#"[{"type":"text","text":"T"},{"type":"thinking","text":"b"}]"#,
    ] {
        check_none_after(&[], &delta(&format!(r#""content":{content}"#)));
    }
    // A name of its own says it again.
    check_none_after(
        &[],
        &delta(r#""reasoning":"T","content":[{"type":"thinking","thinking":"T"}]"#),
    );
    // A part of another kind is a new one, and so is a plain string behind reasoning.
    let said = [
        delta(r#""content":[{"type":"text","text":"a"}]"#),
        delta(r#""content":[{"type":"text","text":"b"}]"#),
    ];
    let said = said.each_ref().map(String::as_str);
    let plain = [delta(r#""content":"a""#), delta(r#""content":"b""#)];
    let plain = plain.each_ref().map(String::as_str);
    let (mut assembler, _) = after(&[], said);
    assert!(has_plan(&assembler, said) && has_plan(&assembler, plain));
    push(
        &mut assembler,
        &delta(r#""content":[{"type":"thinking","thinking":"c"}]"#),
    );
    assert!(!has_plan(&assembler, said) && !has_plan(&assembler, plain));
    push(&mut assembler, plain[0]);
    assert!(has_plan(&assembler, said) && has_plan(&assembler, plain));
}

#[test]
fn a_number_replaces_the_one_before() {
    let said = |id: u32, text: &str| delta(&format!(r#""token_id":{id},"content":"{text}""#));
    let three = [said(1, "a"), said(2, "b"), said(3, "c")];
    check_after(&[], three.each_ref().map(String::as_str));
    // No plan depends on it, for others change it.
    let last = said(7, "b");
    let (mut assembler, mut one) = after(&[], [&said(7, "a"), &last]);
    let fixed = assembler.plan(&chunk(&last), &one, &last).expect("a plan");
    let mut other = Template::new(b"", &three[0], b"");
    assert!(other.learn(&three[1]));
    let changing = assembler
        .plan(&chunk(&three[1]), &other, &three[1])
        .expect("a plan");
    for (is_fixed, data) in [
        (true, said(7, "x")),
        (false, said(9, "y")),
        (true, said(7, "z")),
    ] {
        let (plan, template) = if is_fixed {
            (&fixed, &mut one)
        } else {
            (&changing, &mut other)
        };
        let filled = template.fill_data(data.as_bytes()).expect("it fits");
        assert!(assembler.push_filled(plan, &filled, 0));
        let message = &assembler.completion().choices[0].message;
        let delta = &chunk(&data).choices().next().expect("one").delta;
        let known = message.other.get("token_id").expect("it came");
        assert_eq!(known.raw(), delta.get("token_id"));
    }
    for before in [
        r#""token_id":"a""#,
        r#""token_id":null"#,
        r#""token_id":[1]"#,
    ] {
        let (assembler, _) = after(&[], [&delta(before), &delta(before)]);
        assert!(!has_plan(&assembler, [&three[0], &three[1]]), "{before}");
    }
}

#[test]
fn of_any_choice_is_what_does_not_lie_in_one() {
    let of = |choice: u32, members: &str| {
        format!(r#"{{"choices":[{{"index":{choice},"delta":{{{members}}}}}]}}"#)
    };
    for members in [
        r#""reasoning":"T","reasoning_content":"T""#,
        r#""content":"T","token_id":1"#,
    ] {
        let said = [0, 1, 0].map(|choice| of(choice, &members.replace('T', &choice.to_string())));
        check_after(
            &[&of(0, members), &of(1, members)],
            said.each_ref().map(String::as_str),
        );
    }
    // Of one choice the number has never come.
    let both = [0, 1].map(|choice| of(choice, &format!(r#""content":"{choice}","token_id":1"#)));
    let both = both.each_ref().map(String::as_str);
    let mut assembler = Assembler::new();
    push(&mut assembler, both[1]);
    assert!(has_plan(&assembler, both));
    push(&mut assembler, &of(0, r#""content":"a""#));
    assert!(!has_plan(&assembler, both));
    push(&mut assembler, both[0]);
    assert!(has_plan(&assembler, both));
    // Parts lie in one.
    let part = |choice: u32| {
        of(
            choice,
            &format!(r#""content":[{{"type":"text","text":"{choice}"}}]"#),
        )
    };
    assert!(plan(&[&part(0), &part(1)], [&part(0), &part(1)]).is_none());
}

#[test]
fn members_that_unite_with_what_is_known_change_nothing() {
    let filter = r#""content_filter_results":{"hate":{"filtered":false}}"#;
    let other = r#""content_filter_results":{"self_harm":{"filtered":false}}"#;
    let of = |filter: &str, text: &str| {
        format!(r#"{{"choices":[{{{filter},"delta":{{"content":"{text}"}}}}]}}"#)
    };
    let before = [of(filter, "x"), of(other, "y")];
    let before = before.each_ref().map(String::as_str);
    for filter in [
        filter,
        other,
        r#""content_filter_results":{}"#,
        r#""content_filter_results":{"hate":{"filtered":null},"x":null}"#,
    ] {
        let said = ["a", "b", "c"].map(|text| of(filter, text));
        check_after(&before, said.each_ref().map(String::as_str));
    }
    for other in ["5", "[]", r#"{"hate":5}"#, r#"{"hate":{"filtered":true}}"#] {
        let both = ["a", "b"].map(|text| of(&format!(r#""content_filter_results":{other}"#), text));
        let mut assembler = Assembler::new();
        for data in before {
            push(&mut assembler, data);
        }
        assert!(!has_plan(&assembler, [&both[0], &both[1]]), "{other}");
    }
    // Once it has united, it is no longer as it came.
    let both = [of(filter, "a"), of(filter, "b")];
    assert!(plan(&before[..1], both.each_ref().map(String::as_str)).is_some());
    let (assembler, _) = after(&[], [before[0], before[0]]);
    for other in [
        r#""content_filter_results":{"hate":{"filtered":true}}"#,
        r#""content_filter_results":{"x":1}"#,
        r#""content_filter_results":{}"#,
    ] {
        let both = [of(other, "a"), of(other, "b")];
        assert!(!has_plan(&assembler, [&both[0], &both[1]]), "{other}");
    }
}
