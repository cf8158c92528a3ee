//! A body whose events are changed in passing.

use std::sync::Arc;

use bytes::Bytes;
use deltaic::{Splicer, chunk::Edit};
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Body, Frame, Incoming};

/// What a body gives.
type Given = Result<Frame<Bytes>, hyper::Error>;

/// `body` with these edits made in each of its events.
pub(super) fn spliced(
    body: Incoming,
    edits: Arc<[Edit<String>]>,
) -> impl Body<Data = Bytes, Error = hyper::Error> {
    let relay = Relay {
        body,
        splicer: Splicer::new(),
        edits,
        end: End::Open,
    };
    StreamBody::new(stream::unfold(relay, async |mut relay| {
        let given = relay.next().await?;
        Some((given, relay))
    }))
}

struct Relay {
    body: Incoming,
    splicer: Splicer,
    edits: Arc<[Edit<String>]>,
    end: End,
}

/// Whether the body has ended.
enum End {
    Open,
    /// With its trailers, or an error, which come behind all that is held.
    With(Given),
    Ended,
}

impl Relay {
    async fn next(&mut self) -> Option<Given> {
        loop {
            if let Some(data) = self.data() {
                return Some(Ok(Frame::data(data)));
            }
            match std::mem::replace(&mut self.end, End::Ended) {
                End::Ended => {
                    self.tell();
                    return None;
                }
                End::With(given) => return Some(given),
                End::Open => {}
            }
            self.end = match self.body.frame().await {
                None => End::Ended,
                Some(given) => match given.map(Frame::into_data) {
                    Ok(Ok(data)) => {
                        self.splicer.push(data);
                        End::Open
                    }
                    Ok(Err(trailers)) => End::With(Ok(trailers)),
                    Err(error) => End::With(Err(error)),
                },
            };
            while self.next_event() {
                // What is no JSON stays as it is.
                let _ = self.splicer.edit(&self.edits);
            }
        }
    }

    fn next_event(&mut self) -> bool {
        match self.end {
            End::Open => self.splicer.next().is_some(),
            End::With(_) | End::Ended => self.splicer.finish().is_some(),
        }
    }

    /// What went out as it came gives the other name away.
    fn tell(&self) {
        let relayed = self.splicer.relayed();
        let unchanged = relayed.refused + relayed.too_long;
        if unchanged > 0 {
            eprintln!("{unchanged} events could not be changed, and went out as they came");
        }
    }

    /// All that may go out, in one frame: the pieces are short, and a frame takes more than the
    /// copy of one.
    fn data(&mut self) -> Option<Bytes> {
        let first = self.splicer.piece()?;
        let Some(second) = self.splicer.piece() else {
            return Some(first);
        };
        let mut data = [first, second].concat();
        while let Some(piece) = self.splicer.piece() {
            data.extend_from_slice(&piece);
        }
        Some(data.into())
    }
}
