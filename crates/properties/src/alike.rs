//! Streams whose events differ in a few values only, or nearly so: what templates
//! are for, and what they must not be taken in by.

use std::{fmt, iter};

use arbitrary::{Arbitrary, Result, Unstructured};

/// A stream.
#[derive(Clone)]
pub struct Alike(pub Vec<u8>);

/// As text, to be read by who sees a test fail.
impl fmt::Debug for Alike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Data: `T` is a text, `S` mostly that before it, `N` a number, `I` an index, `V` any value.
const SHAPES: &[&str] = &[
    r#"{"id":"c","object":"o","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"T"},"finish_reason":null}]}"#,
    r#"{"id":"T","created":N,"model":"m","choices":[{"index":I,"delta":{"role":"assistant","content":"T"}}],"obfuscation":"T"}"#,
    r#"{"choices":[{"delta":{"reasoning_content":"T","content":null}}],"usage":null,"x":"T","y":null}"#,
    r#"{"choices":[{"delta":{"content":"","reasoning":"T","tool_calls":[]},"p":"T"}],"x":{"y":N}}"#,
    r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":I,"function":{"arguments":"T"}}]}}]}"#,
    r#"{"choices":[{"delta":{"tool_calls":[{"index":I,"type":"function","function":{"name":"","arguments":"T"}}]}}]}"#,
    r#"{"id":"c","choices":[{"index":0,"delta":{"content":"T"}}],"usage":{"prompt_tokens":5,"completion_tokens":N,"total_tokens":N,"details":{"x":"y","z":N}}}"#,
    r#"{"choices":[{"index":0,"delta":{"content":"T","refusal":"T"},"logprobs":null}],"system_fingerprint":"T","service_tier":"t"}"#,
    r#"{ "choices" : [ { "index" : N , "delta" : { "content" : "T" , "content" : "T" } } ] }"#,
    r#"{"choices":[{"index":0,"delta":{"content":"T"},"finish_reason":"T"}]}"#,
    r#"{"id":"T","choices":[{"index":0,"delta":{"role":"T","thinking":"T","reasoning_details":[]}}]}"#,
    r#"{"choices":[{"delta":{"content":"T","tool_calls":V,"function_call":V,"images":V}}]}"#,
    r#"{"choices":[{"delta":{"content":"T","reasoning_details":V,"audio":V,"x":V}}],"x_groq":V}"#,
    r#"{"choices":[{"delta":{"content":"T"},"usage":V,"text":V,"message":V,"x":V}],"error":V}"#,
    r#"{"choices":[{"delta":{"reasoning":"T","thinking":"T"},"index":I}],"object":V,"model":V}"#,
    r#"{"choices":[{"delta":{"content":"T"}}],"usage":{"total_tokens":N,"a":V,"b":"T"}}"#,
    r#"{"choices":[{"delta":{"content":"T"}}],"usage":{"total_tokens":N,"a":V}}"#,
    r#"{"choices":[{"delta":{"content":null,"reasoning":"T","reasoning_content":"S","thinking":V}}]}"#,
    r#"{"choices":[{"delta":{"content":"","reasoning":"T","reasoning_details":[{"type":"reasoning.text","text":"S","index":0,"format":V}]}}]}"#,
    r#"{"choices":[{"index":I,"delta":{"reasoning_details":[{"type":"reasoning.summary","summary":"T","data":V,"x":V}]}}]}"#,
    r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"T"}]}],"reasoning":V}}]}"#,
    r#"{"choices":[{"delta":{"content":[{"type":"text","text":"T"}]},"text":V}]}"#,
    r#"{"choices":[{"delta":{"token_id":N,"content":"T","x":V},"text":"S","y":{"z":V}}]}"#,
    r#"{"choices":[{"delta":{"token_id":1,"content":"T"},"y":{"z":V}}],"y":{"a":1}}"#,
    r#"{"choices":[{"delta":{}}],"x":V}"#,
];

const VALUES: &[&[u8]] = &[
    b"null",
    b"\"\"",
    b"[]",
    b"{}",
    b"\"x\"",
    b"0",
    b"1",
    b"{\"a\":null}",
    b"false",
    b"[1]",
    b"[{\"index\":0}]",
    b"{\"n\":1}",
    b"[{\"type\":\"x\"}]",
    b"{\"content\":\"a\"}",
    b"{\"name\":\"f\"}",
    b"{\"data\":\"x\"}",
];

/// Data that comes now and then between the others.
const OTHERS: &[&str] = &[
    r#"{"id":"c","created":7,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
    r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}"#,
    r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{"}},{"index":2,"id":"c","custom":{"name":"h"}}]}}]}"#,
    r#"{"choices":[{"index":1,"delta":{"content":[{"type":"text","text":"a"}]}}],"x":"b"}"#,
    r#"{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"a"}]}}]}"#,
    r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"z","function":{"name":"k","arguments":"1"}}]}}]}"#,
    r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":"b"}]}}]}"#,
    r#"{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","text":"x","index":0},{"type":"reasoning.summary"}]}}]}"#,
    r#"{"choices":[{"delta":{"token_id":"a","content":[{"type":"text","text":"a","x":1}]}}]}"#,
    r#"{"choices":[{"index":0,"delta":{"images":["x"],"reasoning_details":[{"type":"x"}]}}]}"#,
    r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6,"details":{"x":"y","z":1}}}"#,
    r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    r#"{"id":"d","model":"n","choices":[],"system_fingerprint":"b"}"#,
    r#"{"error":"e"}"#,
    "[DONE]",
    "nonsense",
    "",
];

/// What may stand in a string, and what must not. The second half is rare.
const TEXTS: &[&[u8]] = &[
    b"a",
    b" the",
    b"",
    b"longer than a word",
    b"\xC3\xA9",
    b"\\n",
    b"\\\"",
    b"\\u00e9 ",
    b"\\ud83d",
    b"\\ude00",
    b"\x7F\xF0\x9F\xA6\x80",
    br#"\"},\"finish_reason\":null}]}"#,
    b"\\\\",
    b"0123456\\/",
    b"{}",
    b"null",
    b"\"",
    b"\\",
    b"\\u12",
    b"\\x",
    b"\x01",
    b"\x1F",
    b"\n",
    b"\r",
    b"\xC3",
    b"\xA9",
    b"\xED\xA0\x80",
    br#""},"finish_reason":null}]}"#,
    br#"","content":"x"#,
    b"\t",
    b"1234567\xFF",
    b"\0",
];

/// The same for numbers.
const NUMBERS: &[&[u8]] = &[
    b"0",
    b"1",
    b"2",
    b"7",
    b"12",
    b"100",
    b"1.5",
    b"-1",
    b"1e3",
    b"18446744073709551616",
    b"0.0",
    b"1E-2",
    b"01",
    b"1.",
    b"+1",
    b"-",
    b"1e",
    b"\"1\"",
    b"null",
    b"1 ",
    b".5",
    b"0x1",
    b"1e999",
    b"12a",
];

const INDICES: &[&[u8]] = &[
    b"0", b"0", b"1", b"1", b"2", b"7", b"9", b"-1", b"1.0", b"00", b"null", b"",
];

impl<'a> Arbitrary<'a> for Alike {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut stream = Vec::new();
        let end = *u.choose(&["\n", "\n", "\r\n", "\r"])?;
        let field = *u.choose(&["data: ", "data: ", "data:", "event: x\ndata: "])?;
        let shapes = [*u.choose(SHAPES)?, *u.choose(SHAPES)?, *u.choose(SHAPES)?];
        let end = |stream: &mut Vec<u8>| stream.extend([end, end].concat().bytes());
        for _ in 0..60 {
            if u.is_empty() {
                break;
            }
            let from = stream.len();
            stream.extend(field.bytes());
            match u.arbitrary::<u8>()? % 16 {
                0..10 => fill(u, shapes[0], &mut stream)?,
                10..12 => fill(u, shapes[1], &mut stream)?,
                12..14 => fill(u, shapes[2], &mut stream)?,
                14 => stream.extend(u.choose(OTHERS)?.bytes()),
                _ => {
                    fill(u, shapes[0], &mut stream)?;
                    damage(u, from, &mut stream)?;
                }
            }
            end(&mut stream);
        }
        Ok(Self(stream))
    }
}

/// Writes the shape with something in each place.
fn fill(u: &mut Unstructured<'_>, shape: &str, stream: &mut Vec<u8>) -> Result<()> {
    let mut last: &[u8] = b"";
    for (at, byte) in shape.bytes().enumerate() {
        // Between quotes, or where a value stands.
        let before = shape.as_bytes()[..at].last();
        let pieces = match (byte, before) {
            (b'T' | b'S', Some(b'"')) => TEXTS,
            (b'N', Some(b':' | b' ')) => NUMBERS,
            (b'I', Some(b':' | b' ')) => INDICES,
            (b'V', Some(b':')) => VALUES,
            _ => {
                stream.push(byte);
                continue;
            }
        };
        let choice = usize::from(u.arbitrary::<u8>()?);
        // One in eight is out of all, the rest of the harmless half.
        let most = if choice % 8 == 7 {
            pieces.len()
        } else {
            pieces.len() / 2
        };
        let piece = if byte == b'S' && choice % 8 < 6 {
            last
        } else {
            pieces[choice / 8 % most]
        };
        if byte == b'T' {
            last = piece;
        }
        stream.extend(piece);
    }
    Ok(())
}

/// Changes a byte behind `from`, takes one away or puts one in, or leaves only the end, behind
/// another beginning that is as long.
fn damage(u: &mut Unstructured<'_>, from: usize, stream: &mut Vec<u8>) -> Result<()> {
    const BEGINNINGS: &[&str] = &[
        "",
        ": ",
        "data: ",
        "id: x",
        "data: data: data: data: data: ",
    ];
    let at = u.int_in_range(from..=stream.len() - 1)?;
    match u.arbitrary::<u8>()? % 4 {
        0 => stream[at] = u.arbitrary()?,
        1 => drop(stream.remove(at)),
        2 => stream.insert(at, u.arbitrary()?),
        _ => {
            let beginning = u.choose(BEGINNINGS)?.bytes().chain(iter::repeat(b'x'));
            for (byte, other) in stream[from..at].iter_mut().zip(beginning) {
                *byte = other;
            }
        }
    }
    Ok(())
}
