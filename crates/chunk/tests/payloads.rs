//! What data is: chunk, `[DONE]`, error or foreign; and what a chunk holds.

use deltaic_chunk::{Choice, Chunk, Delta, ErrorPayload, Payload, Raw, Usage};

fn parse(data: &str) -> Payload<'_> {
    Payload::parse(data.as_bytes()).expect("JSON")
}

#[track_caller]
fn chunk(data: &str) -> Chunk<'_> {
    match parse(data) {
        Payload::Chunk(chunk) => chunk,
        payload => panic!("no chunk: {payload:?}"),
    }
}

/// What kind of payload each is.
#[track_caller]
fn check(kind: &str, all: &[&str]) {
    for data in all {
        let found = match parse(data) {
            Payload::Chunk(_) => "chunk",
            Payload::Done => "done",
            Payload::Error(_) => "error",
            Payload::Foreign(_) => "foreign",
            _ => "new",
        };
        assert_eq!(found, kind, "{data}");
    }
}

#[test]
fn what_has_choices_or_usage_is_a_chunk() {
    check(
        "chunk",
        &[
            r#"{"choices":[]}"#,
            r#" {"choices":[{}]} "#,
            r#"{"choices":null,"usage":{}}"#,
            r#"{"usage":{"total_tokens":1}}"#,
            r#"{"choices":[],"error":null}"#,
            r#"{"choices":[],"error":""}"#,
            r#"{"choices":[],"error":{}}"#,
            r#"{"choices":[],"error":[]}"#,
            r#"{"choices":[],"error":false}"#,
            r#"{"choices":[{}],"error":{"message":"m"}}"#,
            r#"{"choices":[{}],"object":"error"}"#,
            r#"{"choices":[],"usage":{"n":1},"error":"m"}"#,
            r#"{"choices":[],"base_resp":{"status_code":0}}"#,
            r#"{"choices":[],"message":"m"}"#,
        ],
    );
}

#[test]
fn done_may_stand_among_white_space() {
    check("done", &["[DONE]", " [DONE]", "[DONE]\n", "\t[DONE] "]);
}

#[test]
fn an_error_has_many_shapes() {
    check(
        "error",
        &[
            r#"{"error":{"message":"m"}}"#,
            r#"{"error":"m"}"#,
            r#"{"error":["m"]}"#,
            r#"{"error":"m","choices":[]}"#,
            r#"{"object":"error","message":"m"}"#,
            r#"{"object":"error"}"#,
            r#"{"detail":"m"}"#,
            r#"{"detail":[{"msg":"m"}]}"#,
            r#"{"error_code":1}"#,
            r#"{"error_msg":"m"}"#,
            r#"{"message":"m","code":1}"#,
            r#"{"message":"m","status":400}"#,
            r#"{"message":"m","type":"t"}"#,
            r#"{"base_resp":{"status_code":1004,"status_msg":"m"}}"#,
            r#"{"choices":[],"detail":"m"}"#,
        ],
    );
}

#[test]
fn anything_else_is_foreign() {
    check(
        "foreign",
        &[
            // Of other APIs.
            r#"{"type":"message_start","message":{"id":"msg_1","usage":{}}}"#,
            r#"{"type":"error.not","code":1,"message":["m"]}"#,
            "{}",
            "[]",
            "null",
            "1",
            r#""ping""#,
            r#"{"type":"ping"}"#,
            r#"{"message":"m"}"#,
            r#"{"choices":null}"#,
            r#"{"choices":{}}"#,
            r#"{"usage":null}"#,
            r#"{"detail":null}"#,
            r#"{"base_resp":{"status_code":0}}"#,
            r#"{"error":null}"#,
            r#"[{"error":null}]"#,
            r#"[{"error":"m"},{"error":"m"}]"#,
            r#"[["error"]]"#,
        ],
    );
}

#[test]
fn an_error_tells_its_message_and_code() {
    for (data, message, code) in [
        (
            r#"{"error":{"message":"m","code":"c","type":"t"}}"#,
            Some("m"),
            r#""c""#,
        ),
        (
            r#"{"error":{"message":"m","code":null,"type":"t"}}"#,
            Some("m"),
            r#""t""#,
        ),
        (r#"{"error":"m"}"#, Some("m"), ""),
        (r#"{"detail":"m"}"#, Some("m"), ""),
        (r#"{"error_code":17,"error_msg":"m"}"#, Some("m"), "17"),
        (r#"{"message":"m","status":400}"#, Some("m"), "400"),
        (r#"{"error":{"status_code":400}}"#, None, "400"),
        (
            r#"{"base_resp":{"status_code":1004,"status_msg":"m"}}"#,
            Some("m"),
            "1004",
        ),
        (r#"{"error":{"error":{"message":"m"}}}"#, Some("m"), ""),
    ] {
        let Payload::Error(error) = parse(data) else {
            panic!("no error: {data}");
        };
        assert_eq!(
            error.message().map(|text| text.to_string()).as_deref(),
            message,
            "{data}"
        );
        assert_eq!(error.code().text(), code, "{data}");
        assert_eq!(error.whole.text(), data);
    }
}

#[test]
fn an_error_that_is_all_of_a_list_is_one() {
    let Payload::Error(error) = parse(r#" [ {"error":{"message":"m"},"x":1} ]"#) else {
        panic!("no error");
    };
    assert_eq!(error.raw.text(), r#"{"message":"m"}"#);
    assert_eq!(error.whole.text(), r#"{"error":{"message":"m"},"x":1}"#);
}

#[test]
fn an_event_named_error_is_one_whatever_its_shape() {
    let raw = |data: &'static str| ErrorPayload::of(Raw::parse(data.as_bytes()).expect("JSON")).raw;
    assert_eq!(
        raw(r#"{"error":{"message":"m"}}"#).text(),
        r#"{"message":"m"}"#
    );
    assert_eq!(raw(r#"{"error":null}"#).text(), r#"{"error":null}"#);
    assert_eq!(raw(r#"[{"error":"m"}]"#).text(), r#""m""#);
    assert_eq!(raw(r#""m""#).text(), r#""m""#);
}

#[test]
fn an_error_beside_choices_is_told() {
    let error = chunk(r#"{"choices":[{}],"error":{"message":"m"}}"#).error();
    assert_eq!(error.expect("an error").raw.text(), r#"{"message":"m"}"#);
    assert_eq!(chunk(r#"{"choices":[{}],"error":null}"#).error(), None);
}

const EVERY_MEMBER: &str = r#"{"id":1,"object":2,"created":3,"model":4,"system_fingerprint":5,"service_tier":6,
        "usage":7,"x_groq":8,"choices":[{"index":9,"message":10,"text":11,"finish_reason":12,
        "logprobs":13,"usage":14,"delta":{"role":15,"content":16,"refusal":17,
        "reasoning_content":18,"reasoning":19,"reasoning_text":20,"thinking":21,
        "reasoning_details":22,"tool_calls":[{"index":23,"id":24,"type":25,
        "function":{"name":26,"arguments":27}}],"function_call":28,"audio":29}}]}"#;

/// Checks that each member of that chunk is in its field.
#[track_caller]
fn check_members(data: &str) {
    let chunk = chunk(data);
    let choice = chunk.choices().next().expect("a choice");
    let delta = choice.delta;
    let call = delta.calls().next().expect("a call");
    let all = [
        chunk.id,
        chunk.object,
        chunk.created,
        chunk.model,
        chunk.system_fingerprint,
        chunk.service_tier,
        chunk.usage,
        chunk.x_groq,
        choice.index,
        choice.message,
        choice.text,
        choice.finish_reason,
        choice.logprobs,
        choice.usage,
        delta.role,
        delta.content,
        delta.refusal,
        delta.reasoning_content,
        delta.reasoning,
        delta.reasoning_text,
        delta.thinking,
        delta.reasoning_details,
        call.index,
        call.id,
        call.kind,
        call.name,
        call.arguments,
        delta.function_call,
        delta.audio,
    ];
    let numbers: Vec<_> = all.iter().filter_map(|raw| raw.as_u64()).collect();
    let expected: Vec<u64> = (1..=29).collect();
    assert_eq!(numbers, expected);
    let others = [chunk.other(), choice.other(), delta.other(), call.other()];
    assert_eq!(others.map(Iterator::count), [0; 4]);
}

#[test]
fn members_are_where_they_belong() {
    check_members(EVERY_MEMBER);
}

#[test]
fn a_name_is_the_same_however_it_is_spelled() {
    check_members(&EVERY_MEMBER.replace("\":", "\" :"));
    check_members(&EVERY_MEMBER.replace("\":", "\": "));
    check_members(&EVERY_MEMBER.replace("e\":", "\\u0065\":"));
    check_members(&EVERY_MEMBER.replace(",\"", " ,\n\""));
    check_members(&EVERY_MEMBER.replace("},", "}\t, ").replace('{', "{ "));
}

#[test]
fn members_that_are_not_known_can_be_had() {
    let chunk = chunk(
        r#"{"time_info":{"t":1},"p":"pad","obfuscation":"pad","choices":[{"seed":2,"delta":{"channel":"a",
        "tool_calls":[{"extra_content":3,"\u0069d":"x"}]}}],"ti\u006De_info":4}"#,
    );
    let names = |others: deltaic_chunk::Others<'_>| -> Vec<String> {
        others.map(|(name, _)| name.to_string()).collect()
    };
    let choice = chunk.choices().next().expect("a choice");
    let call = choice.delta.calls().next().expect("a call");
    assert_eq!(names(chunk.other()), ["time_info", "time_info"]);
    assert_eq!(chunk.get("time_info").as_u64(), Some(4));
    assert_eq!(chunk.get("choices").elements().count(), 1);
    assert_eq!(names(choice.other()), ["seed"]);
    assert_eq!(choice.get("seed").as_u64(), Some(2));
    assert_eq!(names(choice.delta.other()), ["channel"]);
    assert_eq!(choice.delta.get("channel").as_str().expect("a string"), "a");
    assert_eq!(names(call.other()), ["extra_content"]);
    assert_eq!(call.get("extra_content").as_u64(), Some(3));
    // An escaped name is the same name.
    assert_eq!(call.id.as_str().expect("a string"), "x");
}

#[test]
fn all_choices_are_there() {
    let data =
        r#"{"choices":[ {"index":2,"delta":{"content":"a"}} , {"index":0} ,{"index":1}, 7]}"#;
    let chunk = chunk(data);
    let indices: Vec<_> = chunk
        .choices()
        .map(|choice| choice.index.as_u64())
        .collect();
    assert_eq!(indices, [Some(2), Some(0), Some(1), None]);
    assert_eq!(
        chunk.choices().nth(3).expect("four").raw().as_u64(),
        Some(7)
    );
}

#[test]
fn of_two_lists_of_choices_the_last_counts() {
    let chunk = chunk(r#"{"choices":[{"index":1},{"index":2}],"choices":[]}"#);
    assert_eq!(chunk.choices().count(), 0);
    let chunk = self::chunk(r#"{"choices":[{"index":1},{"index":2}],"usage":{},"choices":null}"#);
    assert_eq!(chunk.choices().count(), 0);
}

#[test]
fn of_two_objects_of_one_name_nothing_is_left_of_the_first() {
    fn choice(data: &str) -> Choice<'_> {
        chunk(data).choices().next().expect("a choice")
    }
    let first = choice(r#"{"choices":[{"index":1,"delta":{"content":"a"}}],"choices":[{}]}"#);
    assert!(first.index.is_missing() && first.delta.raw().is_missing());
    let delta = choice(r#"{"choices":[{"delta":{"content":"a"},"delta":{"x":1}}]}"#).delta;
    assert!(delta.content.is_missing());
    assert_eq!(delta.other().count(), 1);
    let delta = choice(r#"{"choices":[{"delta":{"content":"a"},"delta":null}]}"#).delta;
    assert!(delta.content.is_missing() && delta.raw().is_null());
    for (second, name, arguments) in [
        (r#"{"arguments":"b"}"#, "", "\"b\""),
        ("null", "", ""),
        (r#"{"name":"c"}"#, "\"c\"", ""),
    ] {
        let data = format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"function":{{"name":"a","arguments":"a"}},"function":{second}}}]}}}}]}}"#
        );
        let call = choice(&data).delta.calls().next().expect("a call");
        assert_eq!((call.name.text(), call.arguments.text()), (name, arguments));
        assert_eq!(call.function.text(), second);
    }
}

#[test]
fn what_is_no_delta_is_there_to_look_at() {
    for delta in ["null", "[]", "1", r#""text""#] {
        let data = format!(r#"{{"choices":[{{"delta":{delta},"index":3}}]}}"#);
        let choice = chunk(&data).choices().next().expect("a choice");
        assert_eq!(choice.delta.raw().text(), delta);
        assert!(choice.delta.content.is_missing());
        assert_eq!(choice.index.as_u64(), Some(3));
    }
    let without = chunk(r#"{"choices":[{}]}"#)
        .choices()
        .next()
        .expect("a choice");
    assert!(without.delta.raw().is_missing());
}

#[test]
fn a_whole_message_is_read_as_a_delta() {
    let message = Raw::parse(br#"{"content":"a","x":1}"#).expect("JSON");
    let delta = Delta::read(message);
    assert_eq!(delta.content.as_str().expect("a string"), "a");
    assert_eq!(delta.other().count(), 1);
    assert_eq!(delta.raw(), message);
}

#[test]
fn fragments_of_custom_tools_are_read_alike() {
    let chunk = chunk(
        r#"{"choices":[{"delta":{"tool_calls":[7,{"type":"custom","custom":{"name":"n","input":"i"}}]}}]}"#,
    );
    let delta = chunk.choices().next().expect("a choice").delta;
    let calls: Vec<_> = delta.calls().collect();
    assert_eq!(calls[0].raw().as_u64(), Some(7));
    assert_eq!(calls[1].name.as_str().expect("a string"), "n");
    assert_eq!(calls[1].arguments.as_str().expect("a string"), "i");
}

#[test]
fn usage_is_what_the_server_sent() {
    let raw = Raw::parse(
        br#"{"prompt_tokens":1,"completion_tokens":2,"total_tokens":9,
        "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":5}}"#,
    );
    let usage = Usage::read(raw.expect("JSON"));
    assert_eq!(usage.prompt_tokens(), Some(1));
    assert_eq!(usage.completion_tokens(), Some(2));
    assert_eq!(usage.total_tokens(), Some(9));
    assert_eq!(usage.cached_tokens(), Some(4));
    assert_eq!(usage.reasoning_tokens(), Some(5));
    assert_eq!(usage.raw().get("total_tokens").text(), "9");
    let none = Usage::read(Raw::parse(br#"{"prompt_tokens":null}"#).expect("JSON"));
    assert_eq!((none.prompt_tokens(), none.total_tokens()), (None, None));
}
