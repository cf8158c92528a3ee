//! Words that numbers stand beside.

use deltaic_chunk::Template;

use super::{NUMBERS, STEP, TEXTS};

/// What stands in the holes of a block: its text, and its numbers.
type Said = (String, Vec<u64>);

/// A template in which what differs of the two may differ.
fn template(first: &str, second: &str) -> Template {
    let mut template = Template::new(b"data: ", first, b"\n\n");
    assert!(template.learn(second));
    template
}

/// What a full comparison finds in the one block that `input` is, if that is for a fast one.
fn in_full(template: &Template, input: &[u8]) -> Option<Said> {
    let mut template = template.clone();
    let all = 0..template.holes();
    let (numbers, texts): (Vec<_>, Vec<_>) =
        all.partition(|hole| template.are_numbers(*hole..hole + 1));
    let filled = template.fill(input)?;
    let numbers: Option<Vec<u64>> = numbers.iter().map(|hole| filled.number(*hole)).collect();
    let text = filled.text(texts[0]);
    let is_whole = !text.has_lone_surrogate();
    Some((text.to_string(), numbers?)).filter(|_| is_whole)
}

/// What is read fast of `input`, where the numbers of each lie, and what is left.
fn read<'i>(
    template: &mut Template,
    input: &'i [u8],
    most: usize,
    numbers: usize,
) -> (Vec<Said>, Vec<&'i str>, &'i [u8]) {
    let (mut all, mut places) = (Vec::new(), Vec::new());
    let read = template.counted_words(input, most, |counted| {
        let mut text = String::new();
        counted.word.push_to(&mut text);
        let numbers = (0..numbers).map(|turn| counted.number(turn));
        all.push((text, numbers.collect()));
        let place = &input[counted.numbers_in(input)];
        places.push(core::str::from_utf8(place).expect("text"));
        true
    });
    let count = (!all.is_empty()).then_some(all.len() as u64);
    assert_eq!(read.map(|(count, _)| count), count);
    (all, places, read.map_or(input, |(_, rest)| rest))
}

/// Texts and numbers in their order, as one kind of servers has them each.
const SHAPES: &[&str] = &[
    r#"{"a":"T","n":{"x":N}}"#,
    r#"{"a":"T","n":{"x":N,"y":N}}"#,
    r#"{"a":"T","n":{"x":N,"y":N,"z":{"x":N,"y":N}}}"#,
    r#"{"n":{"x":N},"a":"T"}"#,
    r#"{"n":{"x":N,"y":N},"a":"T"}"#,
];

fn filled(shape: &str, text: &[u8], numbers: &[&str]) -> Vec<u8> {
    let mut numbers = numbers.iter().cycle();
    let mut all = b"data: ".to_vec();
    for byte in shape.bytes() {
        match byte {
            b'T' => all.extend(text),
            b'N' => all.extend(numbers.next().expect("a number").bytes()),
            byte => all.push(byte),
        }
    }
    all.extend(b"\n\n");
    all
}

fn data(shape: &str, text: &str, numbers: &[&str]) -> String {
    let block = String::from_utf8(filled(shape, text.as_bytes(), numbers)).expect("text");
    block["data: ".len()..].trim_end().to_owned()
}

#[test]
fn a_counted_word_is_what_a_full_comparison_finds() {
    for shape in SHAPES {
        let count = shape.matches('N').count();
        let mut template = template(&data(shape, "x", &["1"]), &data(shape, "y", &["2"]));
        assert_eq!(
            (template.has_counted_words(), template.has_words()),
            (true, false)
        );
        let mut fast = 0;
        for text in TEXTS.iter().step_by(STEP) {
            for number in NUMBERS.iter().step_by(STEP) {
                let block = filled(shape, text, &[number, "8"]);
                let expected = in_full(&template, &block);
                let (said, ..) = read(&mut template, &block, 9, count);
                assert_eq!(said.first(), expected.as_ref(), "{}", block.escape_ascii());
                fast += said.len();
            }
        }
        assert!(fast * STEP * STEP > TEXTS.len(), "{shape}: {fast}");
    }
}

#[test]
fn counted_words_are_read_as_long_as_they_fit() {
    for shape in SHAPES {
        let count = shape.matches('N').count();
        let mut template = template(&data(shape, "x", &["1"]), &data(shape, "y", &["2"]));
        let blocks = [
            filled(shape, b"a", &["3", "4", "5", "6"]),
            filled(shape, b"", &["10", "200"]),
            filled(shape, "é\\n".as_bytes(), &["0"]),
            filled(shape, b"other", &["-1"]),
        ];
        let input = blocks.concat();
        let (all, places, rest) = read(&mut template, &input, usize::MAX, count);
        assert_eq!(rest, blocks[3]);
        let texts: Vec<_> = all.iter().map(|(text, _)| &**text).collect();
        assert_eq!(texts, ["a", "", "é\n"]);
        assert_eq!(all[0].1, [3, 4, 5, 6][..count]);
        let from = shape.find('N').expect("a number");
        let to = shape.rfind('N').expect("a number");
        let between = shape[from..=to]
            .replacen('N', "10", 1)
            .replacen('N', "200", 1);
        assert_eq!(
            places[1],
            between.replacen('N', "10", 1).replacen('N', "200", 1)
        );
        for most in 1..3 {
            let (some, _, rest) = read(&mut template, &input, most, count);
            assert_eq!(some, all[..most]);
            let (others, ..) = read(&mut template, rest, usize::MAX, count);
            assert_eq!(others, all[most..]);
        }
    }
}

#[test]
fn other_holes_are_no_counted_words() {
    for shape in [
        r#"{"a":"T","n":1}"#,
        r#"{"n":N,"m":N}"#,
        r#"{"n":N,"a":"T","m":N}"#,
        r#"{"a":"T","b":"T","n":N}"#,
        r#"{"a":"T","n":[N,N,N,N,N]}"#,
    ] {
        let [first, second] = ["1", "2"].map(|number| data(shape, number, &[number]));
        let mut template = template(&first, &second);
        assert!(!template.has_counted_words(), "{shape}");
        let block = filled(shape, b"1", &["1"]);
        assert!(template.fill(&block).is_some());
        assert!(
            template.counted_words(&block, 9, |_| true).is_none(),
            "{shape}"
        );
    }
}

#[test]
fn whether_they_are_worth_trying_is_told_by_the_numbers_before() {
    for shape in SHAPES {
        let mut template = template(&data(shape, "x", &["1"]), &data(shape, "y", &["0.5"]));
        for (number, is_counted) in [("2", true), ("-1", false), ("2", true), ("1e2", false)] {
            assert_ne!(template.has_counted_words(), is_counted, "{shape}");
            assert!(template.fill(&filled(shape, b"z", &[number])).is_some());
            assert_eq!(template.has_counted_words(), is_counted, "{shape}");
        }
    }
}
