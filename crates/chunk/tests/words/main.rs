//! What is read fast of what fits a template says what is read of it otherwise.

mod counted;
mod parts;

use deltaic_chunk::{Raw, Template, Word};

/// Texts, some of which are none.
const TEXTS: &[&[u8]] = &[
    b"",
    b"a",
    b"1234567",
    b"12345678",
    b"123456789",
    b"123456789012345",
    b"1234567890123456",
    b"12345678901234567",
    "é".as_bytes(),
    "123456é".as_bytes(),
    "1234567é".as_bytes(),
    "12345678é".as_bytes(),
    "日本語の文".as_bytes(),
    b"1234567\xC3",
    b"\xC3",
    b"\xFF",
    b"12345678\xFF",
    b"\\n",
    b"1234567\\n",
    b"12345678\\",
    b"a\\\"b",
    b"\\u00e9 \xC3\xA9",
    b"\\ud83e\\udd80",
    b"1234567\\ud83e",
    b"\\udd80",
    b"\\u12",
    b"\\x",
    b"\x1F",
    b"12345678\n",
    b"\x7F",
    b"\",\"c\":\"",
    b"\"",
];

/// Numbers, some of which are none, or no integers of 64 bits from 0.
const NUMBERS: &[&str] = &[
    "0",
    "7",
    "10",
    "18446744073709551615",
    "18446744073709551616",
    "-1",
    "1.0",
    "1e2",
    "01",
    "",
    "a",
];

/// An interpreter has time for some of the texts.
const STEP: usize = if cfg!(miri) { 7 } else { 1 };

/// Data with texts at these places, and a template of it in which they are holes.
fn template(texts: &[&str]) -> Template {
    let bytes: Vec<_> = texts.iter().map(|text| text.as_bytes()).collect();
    let data = String::from_utf8(data(&bytes)).expect("text");
    let mut template = Template::new(b"data: ", &data, b"\n\n");
    for text in texts {
        let start = data.find(&format!("\"{text}\"")).expect("it is there");
        let value = &data[start..start + text.len() + 2];
        assert!(template.open(&data, Raw::again(value)));
    }
    template
}

fn data(texts: &[&[u8]]) -> Vec<u8> {
    let mut data = b"{\"a\":[".to_vec();
    for text in texts {
        data.extend([b"{\"b\":\"", *text, b"\"},"].concat());
    }
    data.extend(b"null]}");
    data
}

fn block(texts: &[&[u8]]) -> Vec<u8> {
    [b"data: ", &*data(texts), b"\n\n"].concat()
}

/// The words of `input` in a hole, and what is behind them.
fn words<'i>(template: &mut Template, hole: usize, input: &'i [u8]) -> (Vec<String>, &'i [u8]) {
    let (all, rest) = not_more(template, hole, input, usize::MAX);
    for most in 1..all.len() {
        let (some, rest) = not_more(template, hole, input, most);
        assert_eq!(some, all[..most]);
        // One at a time.
        let (others, _) = not_more(template, hole, rest, usize::MAX);
        assert_eq!(others, all[most..]);
    }
    (all, rest)
}

fn not_more<'i>(
    template: &mut Template,
    hole: usize,
    input: &'i [u8],
    most: usize,
) -> (Vec<String>, &'i [u8]) {
    let mut words = Vec::new();
    let mut are_escaped = false;
    let read = template.words(hole, input, most, |word| {
        // Behind a text that has room, and one that has none.
        let mut said = ["é".to_owned(), String::with_capacity(99)];
        for said in &mut said {
            word.push_to(said);
        }
        let [behind, alone] = said;
        assert_eq!(behind, format!("é{alone}"));
        let is_plain = |char| !matches!(char, '"' | '\\' | ..' ');
        assert!(
            word.is_escaped() || alone.chars().all(is_plain),
            "{alone:?}"
        );
        are_escaped |= word.is_escaped();
        words.push(alone);
        true
    });
    assert_eq!(
        read.map(|(count, _)| count),
        (!words.is_empty()).then_some(words.len() as u64)
    );
    assert!(!are_escaped || input.contains(&b'\\'));
    let rest = read.map_or(input, |(_, rest)| rest);
    let only = words
        .first()
        .filter(|_| words.len() == 1 && rest.is_empty());
    let only = only.filter(|_| template.holes() == 1);
    assert_eq!(one_word(template, input).as_ref(), only);
    (words, rest)
}

/// The word of the one block that `block` is.
fn one_word(template: &Template, block: &[u8]) -> Option<String> {
    let mut said = ["é".to_owned(), String::with_capacity(99)];
    let is_read = said.each_mut().map(|said| template.push_word(block, said));
    let [behind, alone] = said;
    assert_eq!(behind, format!("é{alone}"));
    assert_eq!(is_read[0], is_read[1]);
    assert_eq!(is_read[0], template.is_word(block));
    assert!(is_read[0] || alone.is_empty());
    is_read[0].then_some(alone)
}

#[test]
fn a_word_is_what_a_full_comparison_finds() {
    let mut fast = 0;
    let texts = TEXTS.iter().step_by(STEP);
    for text in texts.clone() {
        for other in texts.clone() {
            let block = block(&[text, other]);
            let read = [&*block, b"data: {\"a\""].concat();
            for hole in [0, 1] {
                let mut slow = template(&["x", "y"]);
                let (said, rest) = words(&mut slow, hole, &read);
                let slow = slow.fill(&read).map(|filled| {
                    let texts = [0, 1].map(|hole| filled.text(hole));
                    let has_half = texts.iter().any(|text| text.has_lone_surrogate());
                    (filled.text(hole).to_string(), filled.block_len(), has_half)
                });
                if let [said] = &*said {
                    fast += 1;
                    assert_eq!(slow, Some((said.clone(), block.len(), false)));
                    assert_eq!(rest, b"data: {\"a\"");
                } else {
                    assert_eq!(rest, read, "nothing was taken");
                    let has_half = slow.is_none_or(|(_, _, has_half)| has_half);
                    assert!(has_half, "{}", read.escape_ascii());
                }
            }
        }
    }
    assert!(fast > texts.len(), "{fast}");
}

#[test]
fn a_word_alone_is_what_a_full_comparison_finds() {
    let mut template = template(&["x"]);
    // What ends as it does has no other beginning, and nothing is read before words have been asked for.
    for unlike in [&block(&[b"x"]), &b": xxxxxxxxxxxxxxxx\"},null]}\n\n"[..]] {
        assert_eq!(one_word(&template, unlike), None);
    }
    assert!(template.words(0, b"", 1, |_| true).is_none());
    assert_eq!(
        one_word(&template, b": xxxxxxxxxxxxxxxx\"},null]}\n\n"),
        None
    );
    let mut check = |text: &[u8]| {
        let block = block(&[text]);
        // Another length, and a byte that is not as it is to be.
        let mut others = vec![block[1..].to_vec(), block[..block.len() - 1].to_vec()];
        others.push([&*block, b"d"].concat());
        for at in [0, 14, block.len() - 5, block.len() - 1] {
            others.push(block.clone());
            others.last_mut().expect("it was pushed")[at] ^= 1;
        }
        for other in others {
            assert_eq!(one_word(&template, &other), None);
        }
        let filled = template.clone().fill(&block).and_then(|filled| {
            let text = filled.text(0);
            (!text.has_lone_surrogate()).then(|| text.to_string())
        });
        assert_eq!(
            one_word(&template, &block),
            filled,
            "{}",
            block.escape_ascii()
        );
        words(&mut template, 0, &block);
    };
    TEXTS.iter().step_by(STEP).for_each(|text| check(text));
    for len in (0..20).step_by(STEP) {
        for at in (0..len).step_by(STEP) {
            for byte in [b'"', b'\\', 0x1F, 0x20, 0x7F, 0x80, 0xFF] {
                let mut text = vec![b'a'; len];
                text[at] = byte;
                check(&text);
            }
        }
    }
}

#[test]
fn words_come_one_behind_the_other() {
    let mut template = template(&["x"]);
    let read = [
        block(&[b"a"]),
        block(&[b""]),
        block(&[b"a longer text of more than sixteen bytes"]),
        block(&["é".as_bytes()]),
        block(&[b"b\\n\\u00e9"]),
        block(&[b"\\ud83e"]),
        block(&[b"c"]),
    ];
    let all = read.concat();
    let (said, rest) = words(&mut template, 0, &all);
    assert_eq!(
        said,
        [
            "a",
            "",
            "a longer text of more than sixteen bytes",
            "é",
            "b\né"
        ]
    );
    assert_eq!(rest, read[5..].concat());
}

#[test]
fn only_one_or_two_texts_are_words() {
    let is_read = |template: &mut Template, hole, data: &str| {
        let is_read = template.words(hole, data.as_bytes(), 9, |_| true).is_some();
        assert_eq!(template.has_words() && hole < template.holes(), is_read);
        let is_one = template.has_words() && template.holes() == 1;
        assert_eq!(template.has_one_word(), is_one);
        is_read
    };
    let data = |texts: &[&[u8]]| String::from_utf8(block(texts)).expect("text");
    let three = data(&[b"x", b"y", b"z"]);
    assert!(!is_read(&mut template(&["x", "y", "z"]), 0, &three));
    for hole in [0, 1, 2] {
        let one = is_read(&mut template(&["x"]), hole, &data(&[b"x"]));
        assert_eq!(one, hole < 1);
        let two = is_read(&mut template(&["x", "y"]), hole, &data(&[b"x", b"y"]));
        assert_eq!(two, hole < 2);
    }
    for (data, values) in [
        ("[1]", &["1"][..]),
        ("[1,\"a\"]", &["1", "\"a\""]),
        ("[\"a\",1]", &["1", "\"a\""]),
    ] {
        let mut template = Template::new(b"", data, b"");
        for value in values {
            let start = data.find(value).expect("it is there");
            assert!(template.open(data, Raw::again(&data[start..start + value.len()])));
        }
        for hole in 0..values.len() {
            assert!(!is_read(&mut template, hole, data), "{data}");
        }
        assert_eq!(template.has_numbered_words(), data == "[1,\"a\"]");
        assert_eq!(template.has_counted_words(), values.len() == 2);
        let read = template.numbered_words(data.as_bytes(), 9, |_, _| true);
        assert_eq!(template.has_numbered_words(), read.is_some());
    }
}

#[test]
fn a_number_may_stand_before_a_word() {
    let block = |number: &str, text: &[u8]| {
        [
            b"data: {\"at\":",
            number.as_bytes(),
            b",\"a\":\"",
            text,
            b"\"}\n\n",
        ]
        .concat()
    };
    let mut template = Template::new(b"data: ", r#"{"at":0,"a":"x"}"#, b"\n\n");
    assert!(template.learn(r#"{"at":1,"a":"y"}"#));
    assert!(template.has_numbered_words() && !template.has_words());
    assert!(template.words(1, &block("0", b"x"), 9, |_| true).is_none());
    let mut fast = 0;
    for number in NUMBERS {
        for text in TEXTS.iter().step_by(STEP) {
            let one = block(number, text);
            let mut said = Vec::new();
            let mut take = |number: u64, word: Word<'_>| {
                let mut text = String::new();
                word.push_to(&mut text);
                said.push((number, text));
                true
            };
            let read = template.numbered_words(&one, 9, &mut take);
            assert!(read.is_none_or(|(count, rest)| count == 1 && rest.is_empty()));
            let filled = template.clone().fill(&one).and_then(|filled| {
                let text = filled.text(1);
                let is_whole = !text.has_lone_surrogate();
                Some((filled.number(0)?, text.to_string())).filter(|_| is_whole)
            });
            assert_eq!(said.first(), filled.as_ref(), "{}", one.escape_ascii());
            fast += said.len();
        }
    }
    assert!(fast > TEXTS.len() / STEP, "{fast}");
}

#[test]
fn what_is_not_taken_is_left_over() {
    let mut texts = template(&["x"]);
    let mut numbered = Template::new(b"data: ", r#"{"at":0,"a":"x"}"#, b"\n\n");
    assert!(numbered.learn(r#"{"at":1,"a":"y"}"#));
    let texts_of = [block(&[b"a"]), block(&[b"b"]), block(&[b"c"])];
    let numbers_of =
        ["0", "1", "2"].map(|at| format!("data: {{\"at\":{at},\"a\":\"z\"}}\n\n").into_bytes());
    for taken in 0..=3 {
        let expected =
            |all: &[Vec<u8>; 3]| (taken > 0).then(|| (taken as u64, all[taken..].concat()));
        let owned = |read: Option<(u64, &[u8])>| read.map(|(count, rest)| (count, rest.to_vec()));
        let mut seen = 0;
        let mut is_taken = || {
            seen += 1;
            seen <= taken
        };
        let all = texts_of.concat();
        let read = texts.words(0, &all, 9, |_| is_taken());
        assert_eq!(owned(read), expected(&texts_of));
        seen = 0;
        let mut is_taken = || {
            seen += 1;
            seen <= taken
        };
        let all = numbers_of.concat();
        let read = numbered.numbered_words(&all, 9, |_, _| is_taken());
        assert_eq!(owned(read), expected(&numbers_of));
    }
}

#[test]
fn what_stands_between_words_is_that_of_now() {
    let mut template = template(&["x"]);
    let read = [block(&[b"a"]), block(&[b"b"])].concat();
    assert_eq!(words(&mut template, 0, &read).0, ["a", "b"]);
    // As each of these changes it.
    template.put_around(b"data:", b"\r\n\r");
    let moved = String::from_utf8(read).expect("text");
    let moved = moved.replace("data: ", "data:").replace("\n\n", "\r\n\r");
    assert_eq!(words(&mut template, 0, moved.as_bytes()).0, ["a", "b"]);
    let other = "{\"a\":[{\"b\":\"x\"},true]}";
    let mut template = Template::new(b"", "{\"a\":[{\"b\":\"\"},true]}", b"\n");
    assert!(template.learn(other));
    let read = format!("{other}\n").repeat(2);
    assert_eq!(words(&mut template, 0, read.as_bytes()).0, ["x", "x"]);
    let more = "{\"a\":[{\"b\":\"y\"},true]}";
    assert!(template.learn(more));
    assert_eq!(words(&mut template, 0, read.as_bytes()).0, ["x", "x"]);
}

#[test]
fn a_word_is_no_longer_than_a_text_may_be() {
    let mut template = template(&["x"]);
    for (len, fits) in [
        (1_024, true),
        (1_025, false),
        (1_032, false),
        (9_000, false),
    ] {
        let block = block(&[&vec![b'a'; len]]);
        assert_eq!(
            words(&mut template, 0, &block).0.len(),
            usize::from(fits),
            "{len}"
        );
        assert!(block.len() <= template.longest() || !fits);
    }
}

#[test]
fn a_word_may_stand_at_the_end_of_a_slice() {
    let first = r#"{"b":"a"}"#;
    let mut template = Template::new(b"", first, b"\n");
    assert!(template.open(first, Raw::again(&first[5..8])));
    for len in 0..20 {
        let text = "x".repeat(len);
        let input = format!("{{\"b\":\"{text}\"}}\n");
        assert_eq!(
            words(&mut template, 0, input.as_bytes()),
            (vec![text], &b""[..])
        );
        for cut in 0..input.len() {
            let cut = &input.as_bytes()[..cut];
            assert_eq!(words(&mut template, 0, cut), (vec![], cut));
        }
    }
}
