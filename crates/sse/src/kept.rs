//! What is kept of a block from earlier slices.
//!
//! ```text
//! carry:  [ data of the whole lines so far | the line that is not whole yet ]
//!           ^ data                         ^ line
//! ```
//!
//! Names and IDs have buffers of their own. In one buffer, lines that take turns
//! (`data`, `event`, `data`, …) would have to be moved again and again.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::{mem, ops::Range};

#[cfg(feature = "alloc")]
use crate::buffer::Name;
use crate::buffer::{Buffer, sealed::Bytes as _};

#[derive(Debug)]
pub(crate) struct Kept<B: Buffer> {
    carry: B,
    name: B::Name,
    /// The ID of the block that is being read, if it `has_id`.
    id: B::Name,
    last_id: B::Name,
    /// Where the block's data begins in the carry, if any is kept. It ends
    /// at `line`.
    data: Option<usize>,
    /// Where the line that is not whole yet begins in the carry.
    line: usize,
    has_id: bool,
    /// The last ID was set since somebody asked.
    last_id_is_new: bool,
}

#[cfg(feature = "alloc")]
impl Kept<Vec<u8>> {
    pub(crate) const NOTHING: Self = Self::new(Vec::new(), Name::NONE, Name::NONE, Name::NONE);
}

impl<B: Buffer> Kept<B> {
    /// `name`, `id` and `last_id` are of one size.
    pub(crate) const fn new(carry: B, name: B::Name, id: B::Name, last_id: B::Name) -> Self {
        Self {
            carry,
            name,
            id,
            last_id,
            data: None,
            line: 0,
            has_id: false,
            last_id_is_new: false,
        }
    }

    pub(crate) fn carry(&self) -> &[u8] {
        self.carry.as_slice()
    }

    pub(crate) fn name(&self) -> &[u8] {
        self.name.as_slice()
    }

    /// The ID that the block gives, if it has given one.
    pub(crate) fn id(&self) -> Option<&[u8]> {
        self.has_id.then(|| self.id.as_slice())
    }

    pub(crate) fn last_id(&self) -> &[u8] {
        self.last_id.as_slice()
    }

    /// Where the data lies in the carry, if any is kept.
    pub(crate) fn data(&self) -> Option<Range<usize>> {
        Some(self.data?..self.line)
    }

    /// The line that is not whole yet.
    pub(crate) fn line(&self) -> &[u8] {
        self.carry().get(self.line..).unwrap_or_default()
    }

    /// Where that line lies in the carry.
    pub(crate) fn line_start(&self) -> usize {
        self.line
    }

    pub(crate) fn has_room(&self, name_or_id: &[u8]) -> bool {
        name_or_id.len() <= self.name.room()
    }

    /// Takes the carry out, with what was lent from it.
    #[cfg(feature = "bytes")]
    pub(crate) fn take_carry(&mut self) -> B
    where
        B: Default,
    {
        mem::take(&mut self.carry)
    }

    /// Whether the last ID was set since this was asked last.
    #[cfg_attr(
        not(feature = "bytes"),
        expect(dead_code, reason = "only `Bytes` share an ID between events")
    )]
    pub(crate) fn take_last_id_is_new(&mut self) -> bool {
        mem::take(&mut self.last_id_is_new)
    }

    /// Adds to the line that is not whole yet.
    pub(crate) fn push_line(&mut self, part: &[u8]) {
        self.carry.extend(part);
    }

    /// Forgets that line.
    pub(crate) fn drop_line(&mut self) {
        self.carry.truncate(self.line);
    }

    /// Keeps the first data value of a block.
    pub(crate) fn keep_data(&mut self, value: &[u8]) {
        self.data = Some(self.line);
        self.carry.extend(value);
        self.line = self.carry().len();
    }

    /// Joins another value to the data that is kept.
    pub(crate) fn join_data(&mut self, value: &[u8]) {
        self.carry.extend(b"\n");
        self.carry.extend(value);
        self.line = self.carry().len();
    }

    /// The line in the carry is a data line, with its value at `value`. The first
    /// stays where it is; another moves behind the data, over its own prefix.
    pub(crate) fn keep_data_line(&mut self, value: Range<usize>) {
        if self.data.is_none() {
            self.data = Some(value.start);
            self.line = value.end;
            return;
        }
        let prefix = value.start - self.line;
        let carry = self.carry.as_mut_slice();
        let line = carry.get_mut(self.line..).unwrap_or_default();
        if let Some(joint) = line.first_mut() {
            *joint = b'\n';
        }
        // Always so, for `data` stands there.
        if (1..=line.len()).contains(&prefix) {
            #[expect(clippy::disallowed_methods, reason = "1 <= prefix <= line.len()")]
            line.copy_within(prefix.., 1);
        }
        self.line += 1 + value.len();
        self.carry.truncate(self.line);
    }

    pub(crate) fn keep_name(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.extend(name);
    }

    pub(crate) fn keep_id(&mut self, id: &[u8]) {
        self.id.clear();
        self.id.extend(id);
        self.has_id = true;
    }

    /// The line in the carry names the event, at `name`.
    pub(crate) fn keep_name_of_line(&mut self, name: Range<usize>) {
        self.name.clear();
        self.name
            .extend(self.carry.as_slice().get(name).unwrap_or_default());
    }

    /// The line in the carry has the ID, at `id`.
    pub(crate) fn keep_id_of_line(&mut self, id: Range<usize>) {
        self.id.clear();
        self.id
            .extend(self.carry.as_slice().get(id).unwrap_or_default());
        self.has_id = true;
    }

    /// The block is whole: its ID lasts.
    pub(crate) fn commit_id(&mut self) {
        if mem::take(&mut self.has_id) {
            mem::swap(&mut self.id, &mut self.last_id);
            self.last_id_is_new = true;
        }
    }

    /// Forgets the block.
    pub(crate) fn forget(&mut self) {
        self.carry.clear();
        self.name.clear();
        self.id.clear();
        self.data = None;
        self.line = 0;
        self.has_id = false;
    }
}
