//! What fits a template, and that a parser says the same of it.

use deltaic_chunk::{JsonStr, Payload, Raw, Template};

const FIRST: &str =
    r#"{"id":"c","created":7,"choices":[{"index":0,"delta":{"content":"Hi","x":"y"}}],"n":-1.5e3}"#;

/// A template of [`FIRST`] with holes for the content and all numbers.
fn template(before: &[u8], after: &[u8]) -> Template {
    let mut template = Template::new(before, FIRST, after);
    for value in [r#""Hi""#, "7,", "0,", "-1.5e3"] {
        let start = FIRST.find(value).expect("it is there");
        let value = value.trim_end_matches(',');
        let place = &FIRST[start..start + value.len()];
        assert!(template.open(FIRST, Raw::again(place)), "{value}");
    }
    assert_eq!(template.holes(), 4);
    template
}

/// The data, with something in its holes.
fn data(created: &str, index: &str, content: &[u8], n: &str) -> Vec<u8> {
    let before = format!(
        r#"{{"id":"c","created":{created},"choices":[{{"index":{index},"delta":{{"content":""#
    );
    let after = format!(r#"","x":"y"}}}}],"n":{n}}}"#);
    [before.as_bytes(), content, after.as_bytes()].concat()
}

/// What is in the holes, if the data fits.
fn holes(data: &[u8]) -> Option<[String; 4]> {
    let mut template = template(b"", b"");
    template
        .fill_data(data)
        .map(|filled| [0, 1, 2, 3].map(|hole| filled.text(hole).as_raw().to_owned()))
}

#[test]
fn what_stands_in_holes_is_found() {
    let data = data("8", "12", "\u{e9}\\n".as_bytes(), "0");
    let found = ["8", "12", "\u{e9}\\n", "0"].map(str::to_owned);
    assert_eq!(holes(&data), Some(found));
    let mut template = template(b"", b"");
    let filled = template.fill_data(&data).expect("it fits");
    assert_eq!(filled.text(2).as_str(), None, "it is escaped");
    assert_eq!(filled.text(2).to_string(), "\u{e9}\n");
    assert_eq!(filled.text(0).as_str(), Some("8"));
    assert_eq!(filled.text(4).as_raw(), "", "there are four");
}

#[test]
fn a_number_in_a_hole_is_what_a_parser_reads() {
    for number in [
        "0",
        "-0",
        "9",
        "10",
        "1.0",
        "1e3",
        "-1",
        "0.5",
        "1234567890123456789",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999",
    ] {
        let (mut template, data) = (template(b"", b""), data(number, number, b"1", number));
        let filled = template.fill_data(&data).expect("it fits");
        let expected = Raw::again(number).as_u64();
        assert_eq!([0, 1, 3].map(|hole| filled.number(hole)), [expected; 3]);
        assert_eq!(filled.number(2), None, "it is a text");
        assert_eq!(filled.number(4), None, "there are four");
    }
}

/// A text fits exactly if a parser takes it for the inside of one string.
#[test]
fn a_text_fits_if_it_is_one() {
    let mut texts: Vec<Vec<u8>> = vec![
        vec![],
        b"a".to_vec(),
        b"1234567".to_vec(),
        b"12345678".to_vec(),
        b"123456789012345678901234567890".to_vec(),
        "\u{e9}\u{1f980}\u{ffff}".into(),
        b"\x7F".to_vec(),
    ];
    for odd in [
        &b"\""[..],
        b"\\",
        b"\\\"",
        b"\\\\",
        b"\\/",
        b"\\b",
        b"\\f",
        b"\\n",
        b"\\r",
        b"\\t",
        b"\\a",
        b"\\u00e9",
        b"\\u00E9",
        b"\\uD83D",
        b"\\u12",
        b"\\u123",
        b"\\u123g",
        b"\\u",
        b"\0",
        b"\x01",
        b"\n",
        b"\r",
        b"\t",
        b"\x1F",
        b" ",
        b"!",
        b"\xC3",
        b"\xA9",
        b"\xC3\xA9",
        b"\xED\xA0\x80",
        b"\xF0\x9F\xA6",
        b"\xFF",
        br#"","x":"y"}}],"n":0}"#,
        br#"","content":"b"#,
    ] {
        for before in 0..10 {
            for behind in [0, 1, 9] {
                texts.push([&b"abcdefghij"[..before], odd, &b"abcdefghij"[..behind]].concat());
            }
        }
    }
    for text in texts {
        let string = [b"\"", &*text, b"\""].concat();
        let is_one = Raw::parse(&string).is_ok();
        let found = holes(&data("8", "0", &text, "1"));
        assert_eq!(found.is_some(), is_one, "{}", text.escape_ascii());
        if let Some([_, _, found, _]) = found {
            assert_eq!(found.as_bytes(), text);
        }
    }
}

#[test]
fn a_long_text_is_for_the_parser() {
    let fits = |len| holes(&data("8", "0", &vec![b'a'; len], "1")).is_some();
    assert!(fits(1024));
    assert!(!fits(1025));
}

#[test]
fn a_number_fits_if_it_is_one() {
    for number in [
        "0",
        "1",
        "7",
        "10",
        "123456789012345678901234567890",
        "-0",
        "-1",
        "-10",
        "0.5",
        "-0.25",
        "1.0",
        "10.75",
        "1e9",
        "1E9",
        "1e+9",
        "1e-9",
        "1.5e10",
        "0e0",
        "",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1.e5",
        "1e",
        "1e+",
        "1e-",
        "1ee5",
        "0x1",
        "1a",
        "1 ",
        " 1",
        "1.5.5",
        "--1",
        "1-",
        "NaN",
        "null",
        "true",
        "\"1\"",
        "[1]",
        "1,",
        "1}",
        "1_0",
        "\u{b2}",
        "1\0",
    ] {
        let is_one = number.parse::<f64>().is_ok() && Raw::parse(number.as_bytes()).is_ok();
        let is_one = is_one && number.trim() == number;
        for (place, data) in [
            (0, data(number, "0", b"a", "1")),
            (1, data("8", number, b"a", "1")),
            (3, data("8", "0", b"a", number)),
        ] {
            let found = holes(&data);
            assert_eq!(found.is_some(), is_one, "{number:?}");
            if let Some(found) = found {
                assert_eq!(found[place], number);
            }
        }
    }
}

/// Each byte taken away, doubled and changed: what fits is parsed to the same.
#[test]
fn what_fits_is_what_a_parser_reads() {
    let whole = data("8", "12", b"a\\nb\xC3\xA9", "-1.5");
    let mut fitted = 0;
    for at in 0..whole.len() {
        let changes = [
            b'"',
            b'\\',
            b'0',
            b',',
            b'}',
            b' ',
            b'a',
            0,
            0x80,
            whole[at] ^ 1,
        ];
        let changed = changes.map(|byte| {
            let mut data = whole.clone();
            data[at] = byte;
            data
        });
        let less = [&whole[..at], &whole[at + 1..]].concat();
        let more = [&whole[..at], &whole[at..=at], &whole[at..]].concat();
        for data in changed
            .into_iter()
            .chain([less, more, whole[..at].to_vec()])
        {
            let Some([created, index, content, n]) = holes(&data) else {
                continue;
            };
            fitted += 1;
            let shown = data.escape_ascii();
            let Ok(Payload::Chunk(chunk)) = Payload::parse(&data) else {
                panic!("it fits, and is no chunk: {shown}");
            };
            let choice = chunk.choices().next().expect("a choice");
            assert_eq!(chunk.created.text(), created, "{shown}");
            assert_eq!(choice.index.text(), index, "{shown}");
            let inside = choice.delta.content.as_str().map(JsonStr::as_raw);
            assert_eq!(inside, Some(&*content), "{shown}");
            assert_eq!(chunk.get("n").text(), n, "{shown}");
            assert_eq!(chunk.get("id").text(), r#""c""#, "{shown}");
        }
    }
    assert!(fitted > 50, "{fitted}");
}

#[test]
fn a_block_ends_where_the_template_does() {
    let mut template = template(b"data: ", b"\n\n");
    assert_eq!(template.before(), 6);
    let data = data("8", "0", b"a", "1");
    let block = [b"data: ", &*data, b"\n\n"].concat();
    let more = [&*block, b"data: "].concat();
    for read in [&block, &more] {
        let filled = template.fill(read).expect("it fits");
        assert_eq!(filled.data().as_bytes(), data);
        assert_eq!(filled.block_len(), block.len());
        assert_eq!(filled.text(2).as_raw(), "a");
    }
    for len in 0..block.len() {
        assert!(template.fill(&block[..len]).is_none(), "{len}");
    }
    assert!(template.fill(&data).is_none());
    assert!(template.fill_data(&block).is_none());
    assert!(template.fill_data(&[&*data, b"\n"].concat()).is_none());

    template.put_around(b"data:", b"\r\n\r");
    assert_eq!(template.before(), 5);
    assert!(template.fill(&block).is_none());
    let block = [b"data:", &*data, b"\r\n\r\n"].concat();
    let filled = template.fill(&block).expect("it fits");
    assert_eq!(filled.data().as_bytes(), data);
    assert_eq!(filled.block_len(), block.len() - 1);
    assert!(template.fill_data(&data).is_some());
}

#[test]
fn what_differs_becomes_a_hole() {
    let first = r#"{"a":"b","c":[1,true,{"d":"e"}],"f":"g"}"#;
    let mut template = Template::new(b"<", first, b">");
    assert_eq!(template.holes(), 0);
    assert!(template.learn(first));
    assert_eq!(template.holes(), 0);
    let second = r#"{"a":"bb","c":[1,true,{"d":"\"e\\"}],"f":"g"}"#;
    assert!(template.learn(second));
    assert_eq!(template.holes(), 2);
    let third = r#"{"a":"bb","c":[23,true,{"d":"\"e\\"}],"f":"g"}"#;
    assert!(template.learn(third));
    assert_eq!(template.holes(), 3, "and holes remain");
    let fourth = r#"{"a":"","c":[-1,true,{"d":"x"}],"f":"g"}"#;
    let block = format!("<{fourth}>");
    let filled = template.fill(block.as_bytes()).expect("it fits");
    assert_eq!(filled.data(), fourth);
    assert_eq!(
        [0, 1, 2].map(|hole| filled.text(hole).as_raw()),
        ["", "-1", "x"]
    );
    for other in [
        r#"{"A":"b","c":[1,true,{"d":"e"}],"f":"g"}"#,
        r#"{"a":"b","c":[1,false,{"d":"e"}],"f":"g"}"#,
        r#"{"a":"b","c":[1,true,{"d":5}],"f":"g"}"#,
        r#"{"a":"b","c":[1,true,{"d":"e"}],"f":"g","h":1}"#,
        r#"{"a":"b","c":[1,true,{"d":"e"}]}"#,
        r#"{"a":"b","c":[1,true,{"d":"e"}], "f":"g"}"#,
        r#"{"a":"b","c":["1",true,{"d":"e"}],"f":"g"}"#,
    ] {
        assert!(!template.learn(other), "{other}");
    }
    assert_eq!(template.holes(), 3, "and nothing was learned");
}

#[test]
fn a_template_has_so_many_holes_at_most() {
    let list = |number: u32, len| format!("[{}]", vec![number.to_string(); len].join(","));
    assert!(Template::new(b"", &list(1, 24), b"").learn(&list(2, 24)));
    let (first, second) = (list(1, 25), list(2, 25));
    let mut template = Template::new(b"", &first, b"");
    assert!(!template.learn(&second));
    let opened = Raw::again(&first)
        .elements()
        .filter(|raw| template.open(&first, *raw));
    assert_eq!(opened.count(), 24);
    let again = Raw::again(&first).elements().next().expect("one");
    assert!(template.open(&first, again), "it is one already");
}

#[test]
fn what_is_no_text_or_number_of_the_data_is_no_hole() {
    let mut template = Template::new(b"", FIRST, b"");
    assert!(!template.open(FIRST, Raw::MISSING));
    assert!(!template.open(FIRST, Raw::again("7")), "of other data");
    let list = FIRST.find('[').expect("a list");
    assert!(!template.open(FIRST, Raw::again(&FIRST[list..=list + 1])));
    assert_eq!(template.holes(), 0);
}

#[test]
fn holes_do_not_overlap() {
    let data = r#"["{7,8}"]"#;
    let raw = |text: &str| {
        let start = data.find(text).expect("it is there");
        Raw::again(&data[start..start + text.len()])
    };
    let (whole, first, last) = (raw(r#""{7,8}""#), raw("7"), raw("8"));
    let mut template = Template::new(b"", data, b"");
    assert!(template.open(data, whole));
    assert!(!template.open(data, first) && !template.open(data, last));
    let mut template = Template::new(b"", data, b"");
    assert!(template.open(data, last) && template.open(data, first));
    assert!(!template.open(data, whole));
    assert_eq!(template.holes(), 2);
}

#[test]
fn no_block_that_fits_is_longer_than_is_told() {
    let mut template = template(b"data: ", b"\n\n");
    let known = [b"data: ", FIRST.as_bytes(), b"\n\n"].concat().len();
    assert_eq!(template.longest(), known + 4 * 1024);
    let (text, number) = ([b'a'; 1024], "1".repeat(1024));
    let block = data(&number, &number, &text, &number);
    let block = [b"data: ", &*block, b"\n\n"].concat();
    let filled = template.fill(&block).expect("it fits");
    assert!(filled.block_len() <= filled.template().longest());
}

#[test]
fn a_hole_ends_where_it_was_found_last() {
    let mut template = template(b"data: ", b"\n\n");
    let data = data("88", "123", b"a", "1");
    let filled = template.fill_data(&data).expect("it fits");
    let ends = ["88", "123", r#":"a"#].map(|text| {
        let start = filled.data().find(text).expect("it is there");
        Some(start + text.len())
    });
    let template = filled.template();
    assert_eq!([0, 1, 2].map(|hole| template.hole_end(hole)), ends);
    assert_eq!(template.hole_end(4), None);
}

#[test]
fn a_hole_cuts_no_character() {
    let (known, other) = (r#"["éb"]"#, r#"["12b"]"#);
    let mut template = Template::new(b"", known, b"");
    for (start, end) in [(2, 3), (3, 4)] {
        assert!(!template.open(other, Raw::again(&other[start..end])));
    }
    assert!(template.open(other, Raw::again(&other[2..4])));
}

#[test]
fn holes_are_found_by_what_they_are_in() {
    let mut template = template(b"data: ", b"\n\n");
    let data = data("88", "0", b"a", "1");
    let filled = template.fill_data(&data).expect("it fits");
    let text = filled.data();
    let template = filled.template();
    let Ok(Payload::Chunk(chunk)) = Payload::parse(&data) else {
        panic!("no chunk");
    };
    assert_eq!(template.holes_in(text, chunk.raw()), 0..4);
    assert_eq!(template.holes_in(text, chunk.created), 0..1);
    assert_eq!(template.holes_in(text, chunk.choices), 1..3);
    assert!(template.holes_in(text, chunk.id).is_empty());
    assert!(template.holes_in(text, Raw::again("1")).is_empty());
    assert!(template.are_numbers(0..2));
    assert!(!template.are_numbers(0..3));
    let around = template
        .around(text, chunk.choices, 1..3)
        .expect("two holes");
    assert_eq!(around, (r#"[{"index":"#.len(), r#"","x":"y"}}]"#.len()));
    assert_eq!(filled.stretch(1..3, around), chunk.choices.text());
    assert_eq!(template.around(text, chunk.choices, 2..2), None);
    assert_eq!(filled.stretch(3..9, (0, 0)), "");
    assert_eq!(filled.stretch(1..3, (usize::MAX, 0)), "");
    assert_eq!(filled.stretch(1..3, (0, usize::MAX)), "");
}
