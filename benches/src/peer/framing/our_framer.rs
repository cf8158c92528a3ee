use deltaic::sse::Framer;

use super::{Data, Framing};
use crate::Read;

/// Our framer, for peers that only parse.
#[derive(Debug, Default)]
pub struct OurFramer(Framer);

impl Framing for OurFramer {
    fn push(&mut self, mut read: Read, mut each: impl FnMut(Data<'_>)) {
        while let Some(event) = self.0.next(&mut read).expect("an event within the limit") {
            each(Data::Bytes(event.data));
        }
    }
}
