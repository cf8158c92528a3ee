//! Token counts.

use super::{after, check_after, chunk, plan, push};

/// Chunks with such token counts, the last two of one shape.
fn metered(usage: &str) -> [String; 4] {
    ["1", "2", "3", "4"].map(|n| {
        let usage = usage.replace('N', n);
        format!(r#"{{"choices":[{{"delta":{{"content":"{n}"}}}}],"usage":{usage}}}"#)
    })
}

#[test]
fn token_counts_that_grow_have_a_plan() {
    for usage in [
        r#"{"total_tokens":N}"#,
        r#"{"prompt_tokens":9,"completion_tokens":N,"total_tokens":1N,"x":{"y":N,"z":"t"},"w":[1]}"#,
        r#" { "x" : true , "completion_tokens" : N } "#,
    ] {
        let [first, second, third, fourth] = metered(usage);
        check_after(&[&first], [&second, &third, &fourth]);
        check_after(&[&first], [&second, &third, &third]);
    }
}

#[test]
fn a_count_that_is_no_number_may_shrink() {
    let [first, second, ..] = metered(r#"{"total_tokens":N}"#);
    let counts = metered(r#"{"prompt_tokens":{"x":N},"completion_tokens":9}"#);
    check_after(
        &[&first, &second, &counts[1]],
        [&counts[2], &counts[3], &counts[0]],
    );
}

#[test]
fn other_token_counts_have_none() {
    let [grow, grown, ..] = metered(r#"{"prompt_tokens":N}"#);
    for usage in [
        r#"{"x":N}"#,
        r#"{"total_tokens":N,"x":[N]}"#,
        r#"{"total_tokens":N,"x":"N"}"#,
        r#"{"total_tokens":N,"x":N,"x":N}"#,
        r#"{"total_tokens":9}"#,
    ] {
        let [first, second, third, _] = metered(usage);
        assert!(plan(&[&first], [&second, &third]).is_none(), "{usage}");
        if usage.contains("total") && !usage.contains('9') {
            let before = [&*grow, &*grown, &*first];
            assert!(plan(&before, [&second, &third]).is_none(), "{usage}");
        }
    }
    let [first, second, third, fourth] = metered(r#"{"total_tokens":N}"#);
    assert!(
        plan(&[], [&first, &second]).is_some(),
        "growth has been told"
    );
    let (mut assembler, mut template) = after(&[&first], [&second, &third]);
    let plan = assembler
        .plan(&chunk(&third), &template, &third)
        .expect("a plan");
    let filled = template.fill_data(second.as_bytes()).expect("it fits");
    assert!(!assembler.push_filled(&plan, &filled, 0), "they shrink");
    // Another shape came last.
    let [.., other] = metered(r#"{"total_tokens":N,"x":null}"#);
    push(&mut assembler, &other);
    assert!(template.fill_data(fourth.as_bytes()).is_some());
    assert!(
        assembler
            .plan(&chunk(&fourth), &template, &fourth)
            .is_none()
    );
}
