use alloc::format;

use deltaic_assembler::Assembler;
use deltaic_chunk::Payload;

use super::Templates;

/// Reads data as a stream of it is read; true if it was read by comparison.
fn read(templates: &mut Templates, assembler: &mut Assembler, data: &str) -> bool {
    if templates.read_data(assembler, data.as_bytes(), 0, false) {
        return true;
    }
    let payload = Payload::parse(data.as_bytes()).expect("JSON");
    assembler.push(&payload, 0);
    if let Payload::Chunk(chunk) = &payload {
        templates.learn(assembler, chunk, data.as_bytes(), None);
    }
    false
}

const ALIKE: &str = r#"{"choices":[{"delta":{"content":"a"}}]}"#;

#[test]
fn a_shape_that_is_dropped_leaves_the_others() {
    let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
    let odd = |number| {
        format!(r#"{{"choices":[{{"delta":{{"content":"b"}}}}],"usage":{{"l":[{number}]}}}}"#)
    };
    read(&mut templates, &mut assembler, &odd(1));
    for _ in 0..49 {
        read(&mut templates, &mut assembler, ALIKE);
    }
    assert!(read(&mut templates, &mut assembler, ALIKE));
    read(&mut templates, &mut assembler, &odd(2));
    let fitted = (0..100).filter(|_| read(&mut templates, &mut assembler, ALIKE));
    assert!(fitted.count() > 90);
}

#[test]
fn a_stream_that_becomes_alike_is_learned_in_the_end() {
    for unlike in [0, 4, 5, 20, 200] {
        let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
        for number in 0..unlike {
            let name = format!(r#""x{number}":1,"#);
            let data = ALIKE.replacen('{', &format!("{{{name}"), 1);
            assert!(!read(&mut templates, &mut assembler, &data));
        }
        let fitted = (0..2_000).filter(|_| read(&mut templates, &mut assembler, ALIKE));
        assert!(fitted.count() > 1_000, "behind {unlike}");
    }
}

#[test]
fn the_shape_that_fitted_longest_ago_gives_way() {
    let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
    let [first, second, third, fourth] = [1, 2, 3, 4].map(|number| {
        let name = format!(r#"{{"x{number}":null,"#);
        ALIKE.replacen('{', &name, 1)
    });
    for _ in 0..11 {
        for data in [&first, &second, &third] {
            read(&mut templates, &mut assembler, data);
        }
    }
    assert!(!read(&mut templates, &mut assembler, &fourth));
    for data in [&fourth, &second, &third] {
        assert!(read(&mut templates, &mut assembler, data), "{data}");
    }
    assert!(!read(&mut templates, &mut assembler, &first));
}

#[test]
fn what_names_a_call_is_not_learned() {
    for (id, learned) in [(r#""c""#, false), (r#""""#, true), ("null", true)] {
        let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
        let call = format!(r#"{{"index":0,"id":{id},"function":{{"arguments":"{{}}"}}}}"#);
        let data = format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{call}]}}}}]}}"#);
        read(&mut templates, &mut assembler, &data);
        assert_eq!(templates.least_len().is_some(), learned, "{id}");
    }
}

#[test]
fn texts_in_pieces_are_learned_at_first_sight() {
    for (delta, learned) in [
        (
            r#""reasoning":"T","reasoning_details":[{"type":"reasoning.text","text":"T"}]"#,
            true,
        ),
        (
            r#""reasoning_details":[{"type":"reasoning.summary","summary":"T"}]"#,
            true,
        ),
        (r#""content":[{"type":"text","text":"T"}]"#, true),
        (r#""content":[{"type":"thinking","thinking":"T"}]"#, true),
        (
            r#""content":[{"type":"thinking","thinking":[{"type":"text","text":"T"}]}]"#,
            true,
        ),
        (
            r#""content":[{"type":"text","text":"T"},{"type":"text","text":"T"}]"#,
            false,
        ),
        (r#""content":[{"type":"image","image":"T"}]"#, false),
    ] {
        let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
        let mut read = |text| {
            let data = format!(r#"{{"choices":[{{"delta":{{{delta}}}}}]}}"#).replace('T', text);
            read(&mut templates, &mut assembler, &data)
        };
        assert!(!read("a"));
        assert_eq!(read("b"), learned, "{delta}");
    }
}

#[test]
fn what_says_nothing_is_learned_if_it_comes_again() {
    for (choice, again) in [
        (r#""delta":{}"#, true),
        (
            r#""delta":{"role":"assistant","content":""},"finish_reason":null"#,
            true,
        ),
        (r#""delta":{},"finish_reason":"stop""#, false),
        (
            r#""delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]}"#,
            false,
        ),
    ] {
        let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
        let data = format!(r#"{{"choices":[{{{choice}}}]}}"#);
        let mut read = || read(&mut templates, &mut assembler, &data);
        assert!(!read() && !read(), "{choice}");
        assert_eq!(read(), again, "{choice}");
        assert_eq!(templates.least_len().is_some(), again, "{choice}");
    }
    let (mut templates, mut assembler) = (Templates::default(), Assembler::new());
    let counts = r#"{"choices":[{"delta":{}}],"usage":{"total_tokens":1}}"#;
    assert!(!read(&mut templates, &mut assembler, counts));
    assert!(!read(&mut templates, &mut assembler, counts));
    assert!(templates.least_len().is_none());
}
