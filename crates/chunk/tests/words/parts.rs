//! What may begin a block, of which more is to come.

use deltaic_chunk::Template;

use super::{STEP, TEXTS, block, template};

/// Whether what fits may begin with `block` and go on behind it.
fn may_go_on(template: &Template, block: &[u8]) -> bool {
    let may_begin = template.may_begin(block);
    // Wherever from its block is kept.
    let mut turned = template.clone();
    assert!(turned.words(0, b"", 1, |_| true).is_none());
    assert_eq!(
        turned.may_begin(block),
        may_begin,
        "{}",
        block.escape_ascii()
    );
    // So may each part of it. An interpreter has time for one or two.
    for len in (0..block.len())
        .rev()
        .step_by(if cfg!(miri) { 64 } else { 1 })
    {
        assert!(template.may_begin(&block[..len]) || !may_begin, "{len}");
    }
    let is_one = turned.fill(block).is_some();
    assert!(!(may_begin && is_one), "{}", block.escape_ascii());
    may_begin
}

#[test]
fn what_fits_may_go_on_behind_each_part_of_it() {
    let template = template(&["x", "y"]);
    for text in TEXTS.iter().step_by(STEP) {
        let block = block(&[text, b"\\\"z"]);
        let is_one = template.clone().fill(&block).is_some();
        for len in 0..block.len() {
            let may = may_go_on(&template, &block[..len]);
            assert!(may || !is_one, "{} of {}", len, block.escape_ascii());
        }
        assert!(!may_go_on(&template, &block));
        assert!(!may_go_on(&template, &[&*block, b"d"].concat()));
    }
}

#[test]
fn what_does_not_fit_does_not_go_on() {
    let template = template(&["x", "y"]);
    let block = block(&[b"a", b"b"]);
    for at in 0..block.len() {
        // In a text it may be part of that.
        for byte in [b'\n', b'\r', 0, 0x1F] {
            let mut block = block.clone();
            if block[at] != byte {
                block[at] = byte;
                assert!(!may_go_on(&template, &block[..=at]), "{at}");
            }
        }
    }
    for part in [
        "data: [DONE]",
        "data:{",
        "{",
        "data: {\"a\":[{\"b\":\"x\"},{\"b\":1",
    ] {
        assert!(!may_go_on(&template, part.as_bytes()), "{part}");
    }
    let long = format!("data: {{\"a\":[{{\"b\":\"{}", "x".repeat(1_025));
    assert!(!may_go_on(&template, long.as_bytes()));
    assert!(may_go_on(&template, &long.as_bytes()[..900]));
}

#[test]
fn no_line_end_is_held_behind_a_backslash() {
    let template = template(&["x"]);
    for escape in ["\n", "\r", "x", "U", "\u{0}", "é"] {
        let part = format!("data: {{\"a\":[{{\"b\":\"\\{escape}x");
        assert!(!may_go_on(&template, part.as_bytes()), "{escape:?}");
    }
    for escape in ["", "u", "u00e", "n", "\"", "\\"] {
        let part = format!("data: {{\"a\":[{{\"b\":\"\\{escape}");
        assert!(may_go_on(&template, part.as_bytes()), "{escape:?}");
    }
}

#[test]
fn a_number_is_no_longer_than_a_text_may_be() {
    // An interpreter has no time for many parts of one that is long.
    const LONG: usize = if cfg!(miri) { 1_026 } else { 5_000 };
    let mut template = Template::new(b"", "[1,2]", b"");
    assert!(template.learn("[3,2]"));
    for len in [1_024, 1_025, LONG] {
        let data = format!("[{},2]", "1".repeat(len));
        let fits = len <= 1_024;
        assert_eq!(template.fill(data.as_bytes()).is_some(), fits, "{len}");
        assert_eq!(
            may_go_on(&template, &data.as_bytes()[..=len]),
            fits,
            "{len}"
        );
        assert!(!fits || data.len() <= template.longest());
    }
}

#[test]
fn a_number_may_go_on_too() {
    let mut template = Template::new(b"", "[1,2]", b"");
    assert!(template.learn("[3,2]"));
    for part in ["[", "[1", "[-", "[12.5e+", "[7,", "[7,2"] {
        assert!(may_go_on(&template, part.as_bytes()), "{part}");
    }
    for part in ["[7,2]", "[7,3", "[7]", "[x", "[7\n"] {
        assert!(!may_go_on(&template, part.as_bytes()), "{part}");
    }
    assert_eq!(template.fixed_len(), "[,2]".len());
}
