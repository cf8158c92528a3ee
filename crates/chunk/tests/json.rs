//! JSON by the rules of RFC 8259, wherever it stands.

use deltaic_chunk::{Expected, Kind, MAX_DEPTH, ParseError, Payload, Raw};

/// The places in which any JSON value may stand: alone, as a member that we do
/// not know, and inside a delta.
const PLACES: [(&str, &str); 3] = [
    ("", ""),
    (r#"{"choices":[],"unknown":"#, "}"),
    (r#"{"choices":[{"delta":{"content":"#, "}}]}"),
];

#[track_caller]
fn accept(value: &str) {
    for (before, after) in PLACES {
        let data = [before, value, after].concat();
        let result = Payload::parse(data.as_bytes());
        assert!(result.is_ok(), "{data}: {result:?}");
    }
}

/// Checks that `value` is refused where `expected` should stand.
#[track_caller]
fn refuse(value: &[u8], expected: Expected, offset: usize) {
    for (before, after) in PLACES {
        let data = [before.as_bytes(), value, after.as_bytes()].concat();
        let error = Payload::parse(&data).expect_err("it is no JSON");
        let oracle = serde_json::from_slice::<serde_json::Value>(&data);
        assert!(
            oracle.is_err(),
            "serde_json accepts {}",
            data.escape_ascii()
        );
        assert_eq!(
            error.offset,
            before.len() + offset,
            "{}",
            data.escape_ascii()
        );
        // What follows the value differs with its place.
        if error.expected != Expected::CommaOrBrace {
            assert_eq!(error.expected, expected, "{}", data.escape_ascii());
        }
    }
}

#[test]
fn values_are_accepted() {
    for value in [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1.5",
        "-0.5",
        "1e5",
        "1E+5",
        "1e-05",
        "0e1",
        "0E-0",
        "-0.0e-0",
        "0.1000000000000000055511151231257827",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e999",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[1,2]",
        "[1 , 2]",
        "\t[\n1\r]",
        r#"{"a":1}"#,
        r#"{"a":1,"b":[{}]}"#,
        r#"{"":0}"#,
        r#"{"a":1,"a":2}"#,
        r#"{ "a" : 1 , "b" : 2 }"#,
        "[[[]],{}]",
        r#"[{"a":[]},1]"#,
        r#"{"a":[{}],"b":[[],{"c":{}}]}"#,
        "\"é\u{1F980}\u{2028}\u{7f}\"",
    ] {
        accept(value);
    }
}

#[test]
fn escapes_are_accepted() {
    accept(r#""\" \\ \/ \b \f \n \r \t \u0000 \u00e9 \uD83E\uDD80 \uFFFF""#);
    // Half a pair is allowed by the grammar.
    accept(r#""\uD83E""#);
    accept(r#""\uDD80\uD83E""#);
}

#[test]
fn what_is_no_number_is_refused() {
    refuse(b"01", Expected::End, 1);
    refuse(b"-", Expected::Digit, 1);
    refuse(b"-a", Expected::Digit, 1);
    refuse(b"1.", Expected::Digit, 2);
    refuse(b"1.e5", Expected::Digit, 2);
    refuse(b"1e", Expected::Digit, 2);
    refuse(b"1e+", Expected::Digit, 3);
    refuse(b".5", Expected::Value, 0);
    refuse(b"+1", Expected::Value, 0);
    refuse(b"0x1", Expected::End, 1);
    refuse(b"NaN", Expected::Value, 0);
    refuse(b"Infinity", Expected::Value, 0);
    refuse(b"1_0", Expected::End, 1);
    refuse(b"-01", Expected::End, 2);
    refuse(b"--1", Expected::Digit, 1);
    refuse(b"-.5", Expected::Digit, 1);
    refuse(b"-Infinity", Expected::Digit, 1);
    refuse(b"1e1.5", Expected::End, 3);
    refuse(b"1ee2", Expected::Digit, 2);
    refuse(b"0e", Expected::Digit, 2);
    refuse(b"0.e1", Expected::Digit, 2);
    refuse(b"1.5.5", Expected::End, 3);
    refuse(b"1 000", Expected::End, 2);
    refuse(b"1a", Expected::End, 1);
    refuse("\u{ff11}".as_bytes(), Expected::Value, 0);
}

#[test]
fn what_is_no_string_is_refused() {
    refuse(b"'a'", Expected::Value, 0);
    refuse(b"\"a\nb\"", Expected::Quote, 2);
    refuse(b"\"a\tb\"", Expected::Quote, 2);
    refuse(b"\"\x00\"", Expected::Quote, 1);
    refuse(b"\"12345678901\x1f\"", Expected::Quote, 12);
    refuse(br#""\x""#, Expected::Escape, 2);
    refuse(br#""\U0041""#, Expected::Escape, 2);
    refuse(br#""\a""#, Expected::Escape, 2);
    refuse(br#""\ ""#, Expected::Escape, 2);
    refuse(br#""\'""#, Expected::Escape, 2);
    refuse(br#""\x41""#, Expected::Escape, 2);
    refuse("\"\\é\"".as_bytes(), Expected::Escape, 2);
    refuse(br#""\u{61}""#, Expected::HexDigit, 3);
    refuse(br#""\u 123""#, Expected::HexDigit, 3);
    refuse(br#""\uD83E\u""#, Expected::HexDigit, 9);
    refuse(br#""\uD83E\u1""#, Expected::HexDigit, 10);
    refuse(br#""\uD83E\x""#, Expected::Escape, 8);
    refuse(br#""\u004""#, Expected::HexDigit, 6);
    refuse(br#""\u00g1""#, Expected::HexDigit, 5);
    refuse(b"\"\\\n\"", Expected::Escape, 2);
}

#[test]
fn a_string_that_does_not_end_is_refused_at_the_end() {
    for data in ["\"", "\"a", "\"12345678", r#""\"#, r#""\u12"#] {
        let error = Payload::parse(data.as_bytes()).expect_err("it does not end");
        assert_eq!(error.offset, data.len(), "{data}");
    }
}

#[test]
fn what_is_not_utf8_is_refused() {
    for bytes in [
        &b"\"\xFF\""[..],
        b"\"\xC3\"",
        b"\"\xC0\x80\"",
        b"\"\xED\xA0\x80\"",
        b"\"\xF4\x90\x80\x80\"",
        b"\"\x80\"",
    ] {
        refuse(bytes, Expected::Utf8, 1);
    }
}

#[test]
fn structure_is_strict() {
    refuse(b"[1,]", Expected::Value, 3);
    refuse(b"[,1]", Expected::Value, 1);
    refuse(b"[1 2]", Expected::CommaOrBracket, 3);
    refuse(b"[1:2]", Expected::CommaOrBracket, 2);
    refuse(b"[1,,2]", Expected::Value, 3);
    refuse(b"[,]", Expected::Value, 1);
    refuse(b"[*]", Expected::Value, 1);
    refuse(b"[nothing]", Expected::Value, 1);
    refuse(b"[\"a\" 1 true]", Expected::CommaOrBracket, 5);
    refuse(b"[\x0c]", Expected::Value, 1);
    refuse(b"[1]]", Expected::End, 3);
    refuse(b"[][]", Expected::End, 2);
    refuse(b"<null>", Expected::Value, 0);
    refuse(b"fals", Expected::Value, 0);
    refuse(b"nulll", Expected::End, 4);
    refuse(b"TRUE", Expected::Value, 0);
    refuse(b"{\"a\":1,,\"b\":2}", Expected::Key, 7);
    refuse(b"{\"a\":1,null}", Expected::Key, 7);
    refuse(b"{:1}", Expected::Key, 1);
    refuse(b"{\"a\"::1}", Expected::Value, 5);
    refuse(b"{\"a\",1}", Expected::Colon, 4);
    refuse(b"{'a':0}", Expected::Key, 1);
    refuse(b"{null:0}", Expected::Key, 1);
    refuse(b"{\"a\":true \"x\"}", Expected::CommaOrBrace, 10);
    refuse(b"{}/**/", Expected::End, 2);
    refuse(b"{}#", Expected::End, 2);
    refuse(b"{\"a\":1,}", Expected::Key, 7);
    refuse(b"{a:1}", Expected::Key, 1);
    refuse(b"{1:1}", Expected::Key, 1);
    refuse(b"{\"a\" 1}", Expected::Colon, 5);
    refuse(b"{\"a\":}", Expected::Value, 5);
    refuse(b"{\"a\":1 \"b\":2}", Expected::CommaOrBrace, 7);
    refuse(b"[}", Expected::Value, 1);
    refuse(b"{]", Expected::Key, 1);
    refuse(b"[1}", Expected::CommaOrBracket, 2);
    refuse(b"tru", Expected::Value, 0);
    refuse(b"True", Expected::Value, 0);
    refuse(b"nul1", Expected::Value, 0);
    refuse(b"truefalse", Expected::End, 4);
    refuse(b"// c\n1", Expected::Value, 0);
    refuse(b"1 // c", Expected::End, 2);
    refuse(b"\x0b1", Expected::Value, 0);
    refuse("\u{feff}1".as_bytes(), Expected::Value, 0);
    refuse("\u{a0}1".as_bytes(), Expected::Value, 0);
}

#[test]
fn nothing_follows_the_value() {
    for (data, offset) in [
        ("{} {}", 3),
        ("1 2", 2),
        ("{}]", 2),
        ("\"a\",", 3),
        ("[]x", 2),
    ] {
        let error = Raw::parse(data.as_bytes()).expect_err("something follows");
        let expected = Expected::End;
        assert_eq!(error, ParseError { expected, offset }, "{data}");
    }
}

#[test]
fn what_is_open_must_close() {
    for data in [
        "[",
        "{",
        "[1",
        "[1,",
        r#"{"a""#,
        r#"{"a":"#,
        r#"{"a":1"#,
        r#"{"a":1,"#,
        "[[]",
        "",
    ] {
        let error = Raw::parse(data.as_bytes()).expect_err("it is open");
        assert_eq!(error.offset, data.len(), "{data}");
    }
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = |depth| [&open.repeat(depth), "1", &close.repeat(depth)].concat();
        assert!(Raw::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        let error = Raw::parse(nested(MAX_DEPTH + 1).as_bytes()).expect_err("too deep");
        assert_eq!(error.expected, Expected::LessDepth);
        assert_eq!(error.offset, open.len() * MAX_DEPTH);
        // Within a delta there are four already.
        for name in ["x", "content"] {
            let inside = |depth| {
                let value = nested(depth);
                format!(r#"{{"choices":[{{"delta":{{"{name}":{value}}}}}]}}"#)
            };
            assert!(Payload::parse(inside(MAX_DEPTH - 4).as_bytes()).is_ok());
            assert!(Payload::parse(inside(MAX_DEPTH - 3).as_bytes()).is_err());
        }
    }
    let hostile = "[".repeat(100_000);
    assert!(Raw::parse(hostile.as_bytes()).is_err());
}

#[test]
fn an_error_says_what_was_expected_and_where() {
    let error = Raw::parse(b"{\"a\" 1}").expect_err("no colon");
    assert_eq!(error.to_string(), "expected a colon at byte 5");
}

#[test]
fn numbers_are_exact() {
    let number = |text: &'static str| Raw::parse(text.as_bytes()).expect("a number");
    for (text, unsigned, signed, float) in [
        ("0", Some(0), Some(0), 0.0_f64),
        (
            "18446744073709551615",
            Some(u64::MAX),
            None,
            18_446_744_073_709_551_615.0,
        ),
        (
            "18446744073709551616",
            None,
            None,
            18_446_744_073_709_551_616.0,
        ),
        (
            "9007199254740993",
            Some(9_007_199_254_740_993),
            Some(9_007_199_254_740_993),
            9_007_199_254_740_992.0,
        ),
        (
            "-9223372036854775808",
            None,
            Some(i64::MIN),
            -9_223_372_036_854_775_808.0,
        ),
        ("-0", None, Some(0), -0.0),
        ("1.0", None, None, 1.0),
        ("1e2", None, None, 100.0),
        ("1761231233.440385", None, None, 1_761_231_233.440_385),
    ] {
        let raw = number(text);
        assert_eq!(raw.kind(), Kind::Number, "{text}");
        assert_eq!((raw.as_u64(), raw.as_i64()), (unsigned, signed), "{text}");
        assert_eq!(
            raw.as_f64().map(f64::to_bits),
            Some(float.to_bits()),
            "{text}"
        );
        assert_eq!(raw.text(), text);
    }
    for text in [r#""1""#, "true", "null", "[1]", r#""inf""#, r#""nan""#] {
        let raw = number(text);
        assert_eq!(
            (raw.as_u64(), raw.as_i64(), raw.as_f64()),
            (None, None, None),
            "{text}"
        );
    }
}

#[test]
fn looking_into_what_is_not_there_gives_nothing() {
    let raw = Raw::parse(br#"{"a":{"b":[1,{"c":true}]},"n":null}"#).expect("JSON");
    let element = raw
        .get("a")
        .get("b")
        .elements()
        .nth(1)
        .expect("two elements");
    assert_eq!(element.get("c").as_bool(), Some(true));
    assert_eq!(raw.get("a").get("x").get("y"), Raw::MISSING);
    assert!(raw.get("x").is_missing() && !raw.get("x").is_null());
    assert!(raw.get("n").is_null() && !raw.get("n").is_missing());
    assert_eq!(raw.elements().count() + raw.get("n").members().count(), 0);
    assert_eq!(raw.as_str(), None);
    assert_eq!(raw.get("n").as_bool(), None);
}

#[test]
fn of_members_with_one_name_the_last_counts() {
    let raw = Raw::parse(br#"{"a":1,"b":2,"\u0061":3}"#).expect("JSON");
    assert_eq!(raw.get("a").as_u64(), Some(3));
    assert_eq!(raw.members().count(), 3);
}

#[test]
fn a_value_shows_itself_as_it_stands_and_can_be_kept_as_text() {
    let value = Raw::parse(b"[1, \"a\"]").expect("JSON");
    assert_eq!(value.to_string(), "[1, \"a\"]");
    assert_eq!(format!("{value:?}"), "Raw([1, \"a\"])");
    assert_eq!(Raw::again(value.text()), value);
}
