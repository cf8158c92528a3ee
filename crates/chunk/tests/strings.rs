//! What JSON strings say.

use deltaic_chunk::{JsonStr, Piece, Raw};

fn string(text: &str) -> JsonStr<'_> {
    Raw::parse(text.as_bytes())
        .expect("JSON")
        .as_str()
        .expect("a string")
}

#[test]
fn a_string_without_escapes_is_free() {
    assert_eq!(string(r#""é°C""#).as_str(), Some("é°C"));
    assert_eq!(string(r#""a\nb""#).as_str(), None);
    assert_eq!(string(r#""a\nb""#).as_raw(), r"a\nb");
    assert!(string(r#""""#).is_empty() && !string(r#"" ""#).is_empty());
}

#[test]
fn escapes_say_their_characters() {
    for (text, expected) in [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u00E9\u2028""#, "Aéé\u{2028}"),
        (r#""\u0000""#, "\0"),
        (r#""a\ud83e\udd80b""#, "a\u{1F980}b"),
        (r#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
        (r#""°\n°""#, "°\n°"),
        (r#""""#, ""),
    ] {
        assert_eq!(string(text).to_string(), expected, "{text}");
        assert!(!string(text).has_lone_surrogate(), "{text}");
    }
}

#[test]
fn half_a_pair_is_told_and_replaced() {
    let lone = |unit| Piece::Surrogate(unit);
    for (text, pieces, said) in [
        (r#""\ud83e""#, vec![lone(0xD83E)], "\u{FFFD}"),
        (
            r#""\udd80\udd80""#,
            vec![lone(0xDD80), lone(0xDD80)],
            "\u{FFFD}\u{FFFD}",
        ),
        (r#""\udd80""#, vec![lone(0xDD80)], "\u{FFFD}"),
        (
            r#""\udd80\ud83e""#,
            vec![lone(0xDD80), lone(0xD83E)],
            "\u{FFFD}\u{FFFD}",
        ),
        (
            r#""\ud83ea""#,
            vec![lone(0xD83E), Piece::Text("a")],
            "\u{FFFD}a",
        ),
        (
            r#""\ud83e\n""#,
            vec![lone(0xD83E), Piece::Char('\n')],
            "\u{FFFD}\n",
        ),
        (
            r#""\ud83e\ud83e\udd80""#,
            vec![lone(0xD83E), Piece::Char('\u{1F980}')],
            "\u{FFFD}\u{1F980}",
        ),
    ] {
        assert_eq!(string(text).pieces().collect::<Vec<_>>(), pieces, "{text}");
        assert_eq!(string(text).to_string(), said, "{text}");
        assert!(string(text).has_lone_surrogate(), "{text}");
    }
}

#[test]
fn strings_are_equal_if_they_say_the_same() {
    assert_eq!(string(r#""\u0061b""#), string(r#""a\u0062""#));
    assert_eq!(string(r#""\u0061b""#), "ab");
    assert_eq!(string(r#""\ud83e\udd80""#), "\u{1F980}");
    assert_ne!(string(r#""a""#), string(r#""b""#));
    assert_ne!(string(r#""\u0061""#), "ab");
    assert_ne!(string(r#""ab""#), "a");
    // Half a pair is not the character that stands in for it.
    assert_ne!(string(r#""\ud83e""#), "\u{FFFD}");
    assert_ne!(string(r#""\ud83e""#), string(r#""\ufffd""#));
}

#[test]
fn it_shows_itself_as_it_stands() {
    assert_eq!(format!("{:?}", string(r#""a\n""#)), r#""a\n""#);
}
