//! The server that is tested, and what comes of asking it.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
    process::Child,
    time::{Duration, Instant},
};

use crate::common::start;

/// A server that is asked.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

/// What came of a request.
pub(crate) struct Answer {
    pub(crate) head: String,
    /// The chunks of the body.
    pub(crate) chunks: Vec<Vec<u8>>,
    /// How it ended: the last chunk is empty, or what went wrong.
    pub(crate) end: Result<(), ErrorKind>,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = start(&[&["replay"], arguments].concat());
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("it tells where it is");
        let address = line.trim_end().strip_prefix("http://");
        let address = address.expect("it is a URL").to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        Self { child, address }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let connection = TcpStream::connect(&self.address).expect("it listens");
        let patience = Some(Duration::from_secs(20));
        connection.set_read_timeout(patience).expect("it is set");
        connection
    }

    pub(crate) fn ask(&self) -> Answer {
        self.ask_for("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    }

    pub(crate) fn ask_for(&self, request: &str) -> Answer {
        let began = Instant::now();
        let mut connection = self.connect();
        let written = connection.write_all(request.as_bytes());
        written.expect("it is taken");
        let mut all = Vec::new();
        let end = connection.read_to_end(&mut all);
        let took = began.elapsed();
        let text = String::from_utf8_lossy(&all);
        let head = text.split_inclusive("\r\n\r\n").next().expect("it is one");
        let (chunks, has_end) = chunks(&all[head.len()..]);
        let end = match end {
            Ok(_) if has_end => Ok(()),
            Ok(_) => Err(ErrorKind::UnexpectedEof),
            Err(error) => Err(error.kind()),
        };
        Answer {
            head: head.to_owned(),
            chunks,
            end,
            took,
        }
    }

    /// Ends by itself.
    #[track_caller]
    pub(crate) fn ends(mut self) {
        let status = self.child.wait().expect("it ends");
        let told = self.child.stderr.take().expect("it is piped");
        let told = io::read_to_string(told).expect("it is UTF-8");
        assert_eq!((status.code(), &*told), (Some(0), ""));
    }

    /// Goes on until it is ended.
    #[track_caller]
    pub(crate) fn goes_on(mut self) {
        let ended = self.child.try_wait().expect("it can be asked");
        assert_eq!(ended, None);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.chunks.concat()).expect("it is UTF-8")
    }

    pub(crate) fn lens(&self) -> Vec<usize> {
        self.chunks.iter().map(Vec::len).collect()
    }
}

/// The chunks of a body, and whether it has an end.
fn chunks(mut body: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut chunks = Vec::new();
    while let Some(at) = body.windows(2).position(|two| two == b"\r\n") {
        let len = str::from_utf8(&body[..at]).expect("a number");
        let len = usize::from_str_radix(len, 16).expect("a number");
        if len == 0 {
            assert_eq!(body, b"0\r\n\r\n");
            return (chunks, true);
        }
        let chunk = &body[at + 2..][..len];
        chunks.push(chunk.to_vec());
        body = body[at + 2 + len..].strip_prefix(b"\r\n").expect("its end");
    }
    assert!(body.is_empty(), "the last chunk is whole");
    (chunks, false)
}
