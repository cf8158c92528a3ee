//! What a splicer tells.

use core::{error, fmt};

use deltaic_chunk::ParseError;

/// What has been passed on.
///
/// ```
/// use bytes::Bytes;
/// use deltaic::{Refused, Splicer, chunk::Edit};
///
/// let edits = [Edit::remove("x")?];
/// let mut splicer = Splicer::new();
/// splicer.push(Bytes::from_static(b"data: {\"x\":1}\n\ndata: {\"y\":1}\n\ndata: {\"x\":\ndata: 1}\n\n"));
/// let mut refused = None;
/// while splicer.next().is_some() {
///     refused = splicer.edit(&edits).err();
/// }
/// assert_eq!(refused, Some(Refused::SeveralLines));
/// while splicer.piece().is_some() {}
/// let relayed = splicer.relayed();
/// assert_eq!((relayed.events, relayed.edited, relayed.refused), (3, 1, 1));
/// # Ok::<(), deltaic::chunk::EditError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Relayed {
    /// Events that [`Splicer::next`](crate::Splicer::next) and [`Splicer::finish`](crate::Splicer::finish) gave.
    pub events: u64,
    /// Those that were edited, and had anything to edit.
    pub edited: u64,
    /// Those that were taken out.
    pub removed: u64,
    /// Those that could not be edited; they went out as they were.
    pub refused: u64,
    /// Events that were too long to be held; they went out as they were.
    pub too_long: u64,
    /// The response is no event stream; it went out as it was.
    pub is_no_stream: bool,
}

/// Why an event cannot be edited.
///
/// ```
/// use bytes::Bytes;
/// use deltaic::{Refused, Splicer, chunk::{Edit, Expected}};
///
/// let mut splicer = Splicer::new();
/// splicer.push(Bytes::from_static(b"data: overloaded\n\n"));
/// splicer.next().expect("an event");
/// let Err(Refused::NotJson(error)) = splicer.edit(&[Edit::remove("model")?]) else {
///     panic!("it is text");
/// };
/// assert_eq!((error.expected, error.offset), (Expected::Value, 0));
/// // It goes out as it is.
/// assert_eq!(splicer.piece().expect("a piece"), "data: overloaded\n\n");
/// # Ok::<(), deltaic::chunk::EditError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Refused {
    /// Its data stands in several lines.
    SeveralLines,
    /// Its data is neither JSON nor `[DONE]`.
    NotJson(ParseError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SeveralLines => "expected data in one line",
            Self::NotJson(_) => "expected JSON",
        })
    }
}

impl error::Error for Refused {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NotJson(error) => Some(error),
            Self::SeveralLines => None,
        }
    }
}
