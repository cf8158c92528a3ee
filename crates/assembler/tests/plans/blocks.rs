//! Several chunks at once.

use deltaic_assembler::Assembler;
use deltaic_chunk::{Payload, Template};

use super::{after, chunk, push, shown};

/// Checks that of these chunks, which are of the shape of the `first` two, so many are read
/// as blocks, however many at a time, and that they say what they say in full.
#[track_caller]
fn check(first: [&str; 2], chunks: &[&str], taken: usize) {
    check_behind(&[], first, chunks, taken);
}

/// As [`check`], where others have come behind the two.
#[track_caller]
fn check_behind(others: &[&str], first: [&str; 2], chunks: &[&str], taken: usize) {
    let blocks = chunks.iter().map(|data| format!("data: {data}\n\n"));
    let stream = blocks.collect::<Vec<_>>().concat();
    let stream = stream.as_bytes();
    for most in [1, 2, 3, usize::MAX] {
        let (mut assembler, mut in_full) = (Assembler::new(), Assembler::new());
        for data in first.iter().chain(others) {
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
    check_behind(&[usage], [first, second], &[word, word], 2);
    check_behind(&[usage], [first, second], &empty, 2);
    check_behind(&[usage], [first, second], &[word, empty[0]], 2);
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
fn counts_that_shrink_and_unknown_calls_are_left_over() {
    let said = [4, 5, 6, 7, 6, 8].map(metered);
    let [first, second, rest @ ..] = said.each_ref().map(String::as_str);
    check([first, second], &rest, 2);

    let call = |index: u32, id: &str, text: &str| {
        format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index},{id}"function":{{"arguments":"{text}"}}}}]}}}}]}}"#
        )
    };
    let begin = [0, 1].map(|index| call(index, &format!(r#""id":"c{index}","#), ""));
    let said = [(0, "["), (1, "{"), (1, "}"), (0, "]"), (2, "[")];
    let said = said.map(|(index, text)| call(index, "", text));
    let (mut assembler, mut in_full) = (Assembler::new(), Assembler::new());
    for data in begin.iter().chain(&said[..2]) {
        push(&mut assembler, data);
        push(&mut in_full, data);
    }
    let mut template = Template::new(b"", &said[0], b"\n\n");
    assert!(template.learn(&said[1]));
    let plan = assembler.plan(&chunk(&said[1]), &template, &said[1]);
    let stream = said[2..].join("\n\n") + "\n\n";
    let (count, rest) = assembler
        .push_blocks(
            &plan.expect("a plan"),
            &mut template,
            stream.as_bytes(),
            9,
            0,
        )
        .expect("blocks");
    assert_eq!((count, rest), (2, &*[said[4].as_bytes(), b"\n\n"].concat()));
    push(&mut in_full, &said[2]);
    push(&mut in_full, &said[3]);
    assert_eq!(shown(&assembler), shown(&in_full));
}
