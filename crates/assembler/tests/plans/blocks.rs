//! Several chunks at once.

use deltaic_assembler::{Assembler, UsageState};
use deltaic_chunk::{Payload, Template};

use super::{after, chunk, push, shown};

/// Checks that of these chunks, which are of the shape of the `first` two, so many are read
/// as blocks, however many at a time, and that they say what they say in full.
#[track_caller]
fn check(first: [&str; 2], chunks: &[&str], taken: usize) {
    check_among([&[], &[]], first, chunks, taken);
}

/// As [`check`], where others have come before and behind the two.
#[track_caller]
fn check_among(others: [&[&str]; 2], first: [&str; 2], chunks: &[&str], taken: usize) {
    let blocks = chunks.iter().map(|data| format!("data: {data}\n\n"));
    let stream = blocks.collect::<Vec<_>>().concat();
    let stream = stream.as_bytes();
    for most in [1, 2, 3, usize::MAX] {
        let (mut assembler, mut in_full) = (Assembler::new(), Assembler::new());
        let [before, behind] = others;
        for data in before.iter().chain(&first).chain(behind) {
            push(&mut assembler, data);
            push(&mut in_full, data);
        }
        let [known, data] = first;
        let mut template = Template::new(b"data: ", known, b"\n\n");
        assert!(template.learn(data), "{known} has the shape of {data}");
        let plan = assembler.plan(&chunk(data), &template, data);
        let plan = plan.unwrap_or_else(|| panic!("{data} has no plan"));

        let mut left = chunks.iter().take(taken);
        let mut rest = stream;
        let mut at = 1_000;
        loop {
            let before = assembler.clone();
            let read = assembler.push_blocks(&plan, &mut template, rest, most, at);
            let Some((count, behind)) = read else {
                assert_eq!(shown(&assembler), shown(&before), "nothing was added");
                break;
            };
            assert_eq!(count, left.len().min(most) as u64);
            let mut told = Vec::new();
            for data in left.by_ref().take(most) {
                let payload = Payload::Chunk(chunk(data));
                let updates = in_full.push(&payload, at + "data: ".len() as u64);
                told = updates.map(|update| format!("{update:?}")).collect();
                at += (data.len() + "data: \n\n".len()) as u64;
            }
            let updates = assembler.updates().map(|update| format!("{update:?}"));
            assert_eq!(updates.collect::<Vec<_>>(), told, "{most} at a time");
            assert_eq!(shown(&assembler), shown(&in_full), "{most} at a time");
            assert_eq!(behind.len() as u64, 1_000 + stream.len() as u64 - at);
            rest = behind;
        }
        assert_eq!(left.len(), 0, "{most} at a time");
        // Whether something was said behind the counts is told by the end.
        for all in [&mut assembler, &mut in_full] {
            push(all, r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#);
        }
        assert_eq!(shown(&assembler), shown(&in_full), "{most} at a time");
    }
}

#[test]
fn texts_are_read_as_long_as_they_fit() {
    let said = [
        "a", "b", "c", "", "\\n", "\\ud83e", "\\udd80", "\\ud83e", "d",
    ]
    .map(|text| format!(r#"{{"created":1,"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#));
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    // Half a character is none of the words.
    check([first, second], &rest, 3);
    check([first, second], &[rest[0], "{}", rest[1]], 1);
    // Beside a number the texts are no words, and may have halves.
    let mut number = 0;
    let said = said.each_ref().map(|data| {
        number += 1;
        data.replacen('1', &number.to_string(), 1)
    });
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    check([first, second], &rest, rest.len());
}

#[test]
fn a_block_alone_says_its_word() {
    const USAGE: &str = r#"{"choices":[],"usage":{"total_tokens":9}}"#;
    let data = |text: &str| format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#);
    let said = [
        ("c", true),
        ("", true),
        ("é", true),
        ("\\n", true),
        ("a longer text of more than sixteen bytes", true),
        ("\\ud83e", false),
        ("\", \"x\": \"", false),
    ];
    for (text, is_word) in said {
        let (mut assembler, mut template) = after(&[], [&data("a"), &data("b")]);
        template.put_around(b"data: ", b"\n\n");
        push(&mut assembler, USAGE);
        let first = data("b");
        let plan = assembler
            .plan(&chunk(&first), &template, &first)
            .expect("a plan");
        let block = |text| format!("data: {}\n\n", data(text)).into_bytes();
        let one = block("b");
        let read = assembler.push_blocks(&plan, &mut template, &one, 1, 0);
        assert_eq!(read, Some((1, &b""[..])));
        let mut in_full = assembler.clone();
        if is_word {
            let told = push(&mut in_full, &data(text));
            assert!(
                assembler.push_word(&plan, &template, &block(text)),
                "{text}"
            );
            let updates = assembler.updates().map(|update| format!("{update:?}"));
            assert_eq!(updates.collect::<Vec<_>>(), told, "{text}");
        } else {
            assert!(
                !assembler.push_word(&plan, &template, &block(text)),
                "{text}"
            );
        }
        assert_eq!(shown(&assembler), shown(&in_full), "{text}");
        // Whether something was said behind the counts is told by the end.
        for all in [&mut assembler, &mut in_full] {
            push(all, r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#);
        }
        assert_eq!(shown(&assembler), shown(&in_full), "{text}");
        assert!(
            !assembler.push_word(&plan, &template, &block("c")),
            "another epoch"
        );
    }
    // Nothing was said behind the counts, but for what a word alone says.
    for (text, is_said) in [("c", true), ("", false)] {
        let (mut assembler, mut template) = after(&[], [&data("a"), &data("b")]);
        push(&mut assembler, USAGE);
        let first = data("b");
        let plan = assembler
            .plan(&chunk(&first), &template, &first)
            .expect("a plan");
        assert!(template.words(0, b"", 1, |_| true).is_none());
        assert!(assembler.push_word(&plan, &template, data(text).as_bytes()));
        push(
            &mut assembler,
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
        );
        let usage = if is_said {
            UsageState::Partial
        } else {
            UsageState::Complete
        };
        assert_eq!(assembler.usage_state(), usage, "{text}");
    }
}

#[test]
fn a_template_of_nothing_comes_to_an_end() {
    let first = r#"{"choices":[{"delta":{"content":"a"}}]}"#;
    let second = first.replace(r#""a""#, r#""b""#);
    let (mut assembler, template) = after(&[], [first, &second]);
    let plan = assembler.plan(&chunk(&second), &template, &second);
    let mut nothing = Template::new(b"", "", b"");
    let read = assembler.push_blocks(
        &plan.expect("a plan"),
        &mut nothing,
        first.as_bytes(),
        usize::MAX,
        0,
    );
    assert_eq!(read, None);
    assert_eq!(assembler.chunks(), 2);
}

#[test]
fn what_is_said_behind_the_counts_is_known() {
    let said = ["a", "b", "c", "", ""]
        .map(|text| format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#));
    let [first, second, word, empty @ ..] = said.each_ref().map(String::as_str);
    let usage = r#"{"choices":[],"usage":{"total_tokens":9}}"#;
    check_among([&[], &[usage]], [first, second], &[word, word], 2);
    check_among([&[], &[usage]], [first, second], &empty, 2);
    check_among([&[], &[usage]], [first, second], &[word, empty[0]], 2);
}

/// A chunk with such token counts.
fn metered(total: u64) -> String {
    let usage = format!(r#"{{"prompt_tokens":3,"total_tokens":{total}}}"#);
    format!(r#"{{"choices":[{{"delta":{{"content":"a{total}"}}}}],"usage":{usage}}}"#)
}

#[test]
fn the_counts_of_the_last_are_kept() {
    let said = [4, 5, 6, 7, 7, 7, 20, 20].map(metered);
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    // It is told whether they are others than those of the chunk before.
    check([first, second], &rest, rest.len());
    check([first, second], &rest[..2], 2);
    check([first, second], &rest[..3], 3);
    check([first, second], &[second, rest[0], second], 2);
}

#[test]
fn counts_that_shrink_are_left_over() {
    let said = [4, 5, 6, 7, 6, 8].map(metered);
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    check([first, second], &rest, 2);
}

#[test]
fn counts_may_stand_anywhere() {
    let shapes = [
        r#"{"choices":[{"delta":{"content":"T"}}],"usage":{"prompt_tokens":3,"completion_tokens":A,"total_tokens":B}}"#,
        r#"{"usage":{"total_tokens":B,"completion_tokens":A,"x":{"y":A,"z":A}},"choices":[{"delta":{"content":"T"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning_content":"T"}}],"usage":{"completion_tokens":A}}"#,
        r#"{"choices":[{"delta":{"content":"T"}}],"usage":{"x":A,"prompt_tokens":B,"y":null}}"#,
        // What differs is not of the counts alone, or no text alone.
        r#"{"choices":[{"delta":{"content":"T"}}],"created":A,"usage":{"total_tokens":B}}"#,
        r#"{"created":A,"usage":{"total_tokens":B},"choices":[{"delta":{"content":"T"}}]}"#,
        r#"{"usage":{"total_tokens":B},"choices":[{"delta":{"content":"T"}}],"created":A}"#,
        r#"{"choices":[{"delta":{"content":"T","refusal":"T"}}],"usage":{"total_tokens":B}}"#,
    ];
    for shape in shapes {
        let chunks: Vec<String> = (4..)
            .zip(["a", "b", "c", "", "\\n", "", "", "é", "d"])
            .map(|(count, text)| {
                // Where a word is no token.
                let count = if text == "é" { count - 1 } else { count };
                let data = shape.replace('A', &count.to_string());
                let data = data.replace('B', &(count + 3).to_string());
                data.replace('T', text)
            })
            .collect();
        let [first, second, rest @ ..] = &*chunks else {
            panic!("two make a plan");
        };
        let rest: Vec<_> = rest.iter().map(String::as_str).collect();
        check([first, second], &rest, rest.len());
    }
}

#[test]
fn what_stands_beside_counts_is_read_whatever_it_is() {
    let said = [4, 5, 6, 7, 8].map(metered);
    let [first, second, third, fourth, last] = said.each_ref().map(String::as_str);
    let halves = [
        third.replace("a6", r"\ud83e"),
        fourth.replace("a7", r"\udd80"),
    ];
    let [half, other] = halves.each_ref().map(String::as_str);
    check([first, second], &[half, other, last], 3);
    // Neither prompt nor completion: a price, say.
    let priced = |data: &str, price| data.replace(":3,", &format!(r#":3,"cost":{price},"#));
    for prices in [["0", "1"], ["0.1", "0.2"], ["0", "0.5"], ["0.5", "1"]] {
        let [first, second] = [priced(first, prices[0]), priced(second, prices[1])];
        let more = [(half, "1e-05"), (other, "7"), (last, "-1")];
        let more = more.map(|(data, price)| priced(data, price));
        check([&first, &second], &more.each_ref().map(String::as_str), 3);
    }
}

#[test]
fn each_count_is_looked_at_wherever_it_stands() {
    for shape in [
        r#"{"usage":{"total_tokens":B,"completion_tokens":A},"choices":[{"delta":{"content":"T"}}]}"#,
        r#"{"usage":{"x":B,"completion_tokens":A,"total_tokens":B},"choices":[{"delta":{"content":"T"}}]}"#,
        r#"{"choices":[{"delta":{"content":"T"}}],"usage":{"total_tokens":A,"prompt_tokens":B,"x":A}}"#,
    ] {
        let chunk = |(a, b): (u8, u8)| {
            let data = shape.replace('A', &a.to_string());
            let data = data.replace('B', &b.to_string());
            data.replace('T', &a.to_string())
        };
        for odd in [(7, 2), (2, 7)] {
            let said = [(4, 4), (5, 5), (6, 6), odd, (8, 8)].map(chunk);
            let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
            check([first, second], &rest, 1);
        }
    }
}

/// A fragment of a call, with more members before its function.
fn fragment(index: &str, more: &str, text: &str) -> String {
    format!(
        r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index},{more}"function":{{"arguments":"{text}"}}}}]}}}}]}}"#
    )
}

/// Checks that so many of these fragments are read as blocks, of which the first two make the plan.
#[track_caller]
fn check_fragments(said: &[(&str, &str)], taken: usize) {
    let begin = ["0", "1"].map(|index| fragment(index, &format!(r#""id":"c{index}","#), ""));
    let said: Vec<_> = said
        .iter()
        .map(|(at, text)| fragment(at, "", text))
        .collect();
    let said: Vec<_> = said.iter().map(String::as_str).collect();
    let [first, second, rest @ ..] = &*said else {
        panic!("two make a plan");
    };
    let begin = begin.each_ref().map(String::as_str);
    check_among([&begin, &[]], [first, second], rest, taken);
    // Whether any of them said something behind the counts is told by the end.
    let usage = r#"{"choices":[],"usage":{"total_tokens":9}}"#;
    check_among([&begin, &[usage]], [first, second], rest, taken);
}

#[test]
fn fragments_of_calls_are_read_as_long_as_they_fit() {
    const LONG: &str = "a longer text of more than sixteen bytes";
    // Of one call: what it is complete with, and what can never be.
    let one = [
        "{",
        "\\\"a",
        "\\\":\\\"",
        "",
        "word",
        "é",
        LONG,
        "\\n",
        "\\\"",
        "}",
        " ",
        "",
        "x",
        "y",
    ]
    .map(|text| ("0", text));
    check_fragments(&one, one.len() - 2);
    // Of two, that take turns.
    let two = [
        ("0", "["),
        ("1", "{"),
        ("1", "}"),
        ("0", "]"),
        ("1", " "),
        ("0", ""),
        ("0", "]"),
        ("1", ""),
    ];
    check_fragments(&two, two.len() - 2);
    let words = [
        ("0", "{\\\"a"),
        ("1", "[\\\""),
        ("0", "b\\\":\\\""),
        ("1", "one"),
        ("0", "two"),
        ("1", LONG),
        ("0", "\\\\"),
        ("0", "u00"),
        ("0", "e9"),
        ("1", "\\\",1"),
        ("1", "2"),
        ("1", "é"),
        ("0", "\\\"}"),
    ];
    check_fragments(&words, words.len() - 2);
    check_fragments(&[("0", "["), ("0", "1"), ("0", ""), ("0", "")], 2);
    check_fragments(&[("0", "["), ("1", "{"), ("0", ""), ("1", "")], 2);
}

#[test]
fn a_fragment_beside_a_text_is_more_than_a_fragment() {
    let begin = fragment("0", r#""id":"c","#, "");
    let said =
        [("a", "["), ("b", "1"), ("c", ""), ("", ",2"), ("d", "]")].map(|(text, arguments)| {
            fragment("0", "", arguments).replace(
                r#""tool_calls""#,
                &format!(r#""content":"{text}","tool_calls""#),
            )
        });
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    check_among([&[&begin], &[]], [first, second], &rest, rest.len());
}

#[test]
fn fragments_of_unknown_calls_are_left_over() {
    for index in ["2", "-1", "0.5", "18446744073709551616"] {
        check_fragments(
            &[("0", "["), ("1", "{"), ("0", "]"), (index, "["), ("0", "")],
            1,
        );
        check_fragments(&[("0", "["), ("1", "{"), (index, "["), ("0", "]")], 0);
    }
}

#[test]
fn fragments_with_half_a_character_are_left_over() {
    for second in ["0", "1"] {
        let half = [
            ("0", "["),
            (second, "\\\""),
            ("0", "\\\""),
            ("0", "\\ud83e"),
            ("0", "\\udd80"),
        ];
        check_fragments(&half, 1);
        // Until its other half comes, none is read of that call.
        let begun = [
            ("0", "[\\\""),
            (second, "\\ud83e"),
            (second, "a"),
            ("0", "b"),
        ];
        check_fragments(&begun, 0);
    }
    let begun = [
        ("0", "[\\\""),
        ("1", "\\ud83e"),
        ("0", "a"),
        ("0", "b"),
        ("1", "c"),
    ];
    check_fragments(&begun, 2);
}
