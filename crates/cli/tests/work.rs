//! The work for a hostile stream grows as the stream does: by counts of
//! instructions, not by clocks.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// A stream of so many parts.
type Stream = fn(usize) -> String;

const HOSTILE: &[(&str, Stream)] = &[
    ("comments", |n| ": ping\n".repeat(8 * n)),
    ("blank lines", |n| "\n".repeat(32 * n)),
    ("empty events", |n| "data:\n\n".repeat(8 * n)),
    ("lines of one event", |n| "data: 1\n".repeat(4 * n)),
    ("lines that take turns", |n| {
        "data: 1\nevent: a\nid: 1\n".repeat(2 * n)
    }),
    ("unknown fields", |n| "a\n".repeat(8 * n)),
    ("one long line", |n| {
        delta(&format!(r#""content":"{}""#, "a".repeat(32 * n)))
    }),
    ("errors", |n| event(r#"{"error":"m"}"#).repeat(n)),
    ("data that is no JSON", |n| {
        event(r#"{"choices":["#).repeat(2 * n)
    }),
    ("nesting", |n| {
        event(&("[".repeat(16 * n) + &"]".repeat(16 * n)))
    }),
    ("names of members", |n| {
        each(n, |n| event(&format!(r#"{{"choices":[],"name-{n}":{n}}}"#)))
    }),
    ("long names that begin alike", |n| {
        let long = "n".repeat(n);
        each(64, |n| event(&format!(r#"{{"choices":[],"{long}{n}":1}}"#)))
    }),
    ("objects that unite", |n| {
        let deep = r#"{"a":"#.repeat(100) + "1" + &"}".repeat(100);
        event(&format!(r#"{{"choices":[],"x":{deep}}}"#)).repeat(n / 16)
    }),
    ("another id in each chunk", |n| {
        each(n, |n| event(&format!(r#"{{"id":"{n}","choices":[]}}"#)))
    }),
    ("long ids that end differently", |n| {
        let long = "i".repeat(n);
        each(32, |n| {
            delta(&format!(
                r#""tool_calls":[{{"id":"{long}{n}","function":{{"name":"f"}}}}]"#
            ))
        })
    }),
    ("choices", |n| {
        each(n, |n| {
            event(&format!(
                r#"{{"choices":[{{"index":{},"delta":{{"content":"a"}}}}]}}"#,
                n % 200
            ))
        })
    }),
    ("finish reasons", |n| {
        each(n, |n| {
            event(&format!(
                r#"{{"choices":[{{"delta":{{}},"finish_reason":"{n}"}}]}}"#
            ))
        })
    }),
    ("calls by index", |n| {
        each(2 * n, |n| {
            delta(&format!(
                r#""tool_calls":[{{"index":{},"function":{{"arguments":"1"}}}}]"#,
                n % 64
            ))
        })
    }),
    ("calls by id", |n| {
        each(2 * n, |n| {
            delta(&format!(
                r#""tool_calls":[{{"id":"{}","function":{{"name":"f","arguments":"1"}}}}]"#,
                n % 64
            ))
        })
    }),
    ("a name in pieces", |n| {
        delta(r#""tool_calls":[{"index":0,"function":{"name":"n"}}]"#).repeat(n)
    }),
    ("arguments in pieces", |n| {
        let call = |text: &str| {
            delta(&format!(
                r#""tool_calls":[{{"index":0,"function":{{"arguments":"{text}"}}}}]"#
            ))
        };
        call(r#"[\"\"#) + &call(r"u12").repeat(n)
    }),
    ("long types of details", |n| {
        let entry = |kind: &str, index: usize| format!(r#"{{"type":"{kind}","index":{index}}}"#);
        let details = |list: &str| delta(&format!(r#""reasoning_details":[{list}]"#));
        let long = "x".repeat(n);
        let first = details(&entry("a", 0));
        let many = vec![entry("a", 0); 8 * n];
        let long = |n: usize| details(&entry(&format!("{long}{n}"), 0));
        first + &each(63, long) + &details(&many.join(","))
    }),
    ("details without an index", |n| {
        delta(r#""reasoning_details":[{"type":"a"}]"#).repeat(n)
    }),
    ("texts of details", |n| {
        delta(r#""reasoning_details":[{"type":"reasoning.text","text":"a"}]"#).repeat(n)
    }),
    ("lists with an index", |n| {
        each(n, |n| delta(&format!(r#""x":[{{"index":{n}}}]"#)))
    }),
    ("lists that replace another", |n| {
        let list = delta(&format!(r#""x":[{}1]"#, "1,".repeat(100)));
        list.repeat(n / 4)
    }),
    ("annotations", |n| delta(r#""annotations":[1,2]"#).repeat(n)),
    ("log probabilities", |n| {
        let chunk = event(r#"{"choices":[{"delta":{},"logprobs":{"content":[{"token":"a"}]}}]}"#);
        chunk.repeat(n)
    }),
    ("parts", |n| {
        delta(r#""content":[{"type":"text","text":"a"},{"type":"image"}]"#).repeat(n)
    }),
    ("halves of pairs", |n| {
        delta(r#""content":"\ud83e""#).repeat(n)
    }),
    ("messages beside a delta", |n| {
        let one = r#"{"choices":[{"delta":{"content":"a"},"message":{"content":"b"}}]}"#;
        event(one).repeat(n)
    }),
    ("a message of many members beside a delta", |n| {
        let members = |value: &str| each(8 * n, |n| format!(r#""{n}":{value},"#));
        let (a, b) = (members("1"), members("[]"));
        event(&format!(
            r#"{{"choices":[{{"delta":{{{a}"x":1}},"message":{{{b}"x":1}}}}]}}"#
        ))
    }),
    ("lists behind much white space", |n| {
        let space = " ".repeat(64 * n);
        delta(&format!(r#""annotations":[{space}1]"#)) + &delta(r#""annotations":[2]"#).repeat(n)
    }),
    ("usage of many members", |n| {
        let usage = |value: usize| {
            let members = each(n, |n| format!(r#""{n}":{value},"#));
            event(&format!(r#"{{"choices":[],"usage":{{{members}"x":1}}}}"#))
        };
        usage(1) + &usage(2)
    }),
    ("an object of many members", |n| {
        let members = each(4 * n, |n| format!(r#""{n}":1,"#));
        event(&format!(r#"{{"choices":[],"x":{{{members}"x":1}}}}"#))
    }),
    ("usage", |n| {
        each(n, |n| {
            event(&format!(
                r#"{{"choices":[],"usage":{{"total_tokens":{n}}}}}"#
            ))
        })
    }),
    ("lines of JSON", |n| {
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n".repeat(n)
    }),
    ("markup", |n| "<".repeat(32 * n)),
    ("a body that is no JSON", |n| "{\n".repeat(16 * n)),
];

fn each(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

fn event(data: &str) -> String {
    format!("data: {data}\n\n")
}

fn delta(members: &str) -> String {
    event(&format!(r#"{{"choices":[{{"delta":{{{members}}}}}]}}"#))
}

/// How many instructions it takes to read a stream.
fn instructions(stream: &str, directory: &Path) -> u64 {
    // Nearly a multiple of an event's length would cut the first and the last events elsewhere.
    const READS: &str = "1009";
    let path = directory.join("stream.sse");
    fs::write(&path, stream).expect("the directory is there");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no"])
        .arg("--cachegrind-out-file=/dev/null")
        .arg(env!("CARGO_BIN_EXE_deltaic"))
        .args(["--reads", READS, "read", "--json"])
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .expect("valgrind was there before");
    let told = String::from_utf8_lossy(&output.stderr);
    let refs = told.lines().find(|line| line.contains("refs:"));
    let count = refs.and_then(|line| line.split_whitespace().last());
    count
        .and_then(|count| count.replace(',', "").parse().ok())
        .unwrap_or_else(|| panic!("valgrind counts instructions: {told}"))
}

fn check(name: &str, stream: Stream, nothing: u64) -> Result<(), String> {
    const N: usize = 500;
    let directory = tempfile::tempdir().expect("a directory can be made");
    let [once, twice] = [N, 2 * N].map(|n| {
        let counted = instructions(&stream(n), directory.path());
        counted.saturating_sub(nothing)
    });
    eprintln!("{name}: {once}, then {twice}");
    // What is sorted or looked up in a tree takes a little more.
    if 10 * twice <= 21 * once {
        return Ok(());
    }
    Err(format!("{name}: {once}, then {twice}"))
}

#[test]
fn twice_the_stream_is_twice_the_work() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: valgrind is not installed, so the work is not counted");
        return;
    }
    let directory = tempfile::tempdir().expect("a directory can be made");
    let nothing = instructions("", directory.path());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let failed: Vec<String> = thread::scope(|scope| {
        let work = |worker: usize| {
            let mine = HOSTILE.iter().skip(worker).step_by(workers);
            mine.filter_map(move |(name, stream)| check(name, *stream, nothing).err())
                .collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || work(worker)))
            .collect();
        let results = workers.into_iter().map(thread::ScopedJoinHandle::join);
        results
            .flat_map(|result| result.expect("no panic"))
            .collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
