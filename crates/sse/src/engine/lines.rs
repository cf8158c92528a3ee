//! What a line says, and what that does to its block.
//!
//! A line is read where it lies: in the slice at hand, where its value is only
//! noted, or in the carry, where it stays if it is data and is dropped if not.

use core::ops::Range;

use memchr::memchr;

use super::{Engine, Found, Lent, Place, Skipping, Wanted};
use crate::{
    buffer::Buffer,
    event::{Item, TooLong},
    field::{self, Field},
};

impl<B: Buffer> Engine<B> {
    /// Reads a line that lies in the slice.
    pub(super) fn read_line(
        &mut self,
        slice: &[u8],
        range: Range<usize>,
        found: &mut Found,
        wanted: Wanted,
    ) -> Result<Option<Item<Place>>, TooLong> {
        let line = slice.get(range.clone()).unwrap_or_default();
        let data_len = found.data.as_ref().map_or(self.data_len(), Range::len);
        if line.len() > self.limit.saturating_sub(data_len) {
            return self.too_long(Skipping::Block);
        }
        let (field, value) = Field::read(line);
        let said = line.get(value.clone()).unwrap_or_default();
        let place = range.start + value.start..range.end;
        match field {
            Field::Data if found.data.is_none() && self.kept.data().is_none() => {
                self.block.data_at = self.position + place.start as u64;
                found.data = Some(place);
            }
            Field::Data => {
                if let Some(first) = found.data.take() {
                    self.kept.keep_data(slice.get(first).unwrap_or_default());
                }
                self.kept.join_data(said);
            }
            Field::Id if memchr(0, said).is_some() => {}
            Field::Event | Field::Id if !self.kept.has_room(said) => {
                return self.too_long(Skipping::Block);
            }
            Field::Event => found.name = Some(place),
            Field::Id => found.id = Some(place),
            Field::Retry => self.set_retry(field::milliseconds(said)),
            Field::Comment | Field::Unknown(_) => {
                let at = self.position + range.start as u64;
                let item = self.pass_over(field, range.start, place, at, wanted);
                return Ok(item.map(|item| item.map(Place::Input)));
            }
        }
        Ok(None)
    }

    /// Reads the line in the carry, which is whole now.
    pub(super) fn read_kept_line(
        &mut self,
        wanted: Wanted,
    ) -> Result<Option<Item<Place>>, TooLong> {
        let (field, value) = self.kept_line();
        let said = self.kept.carry().get(value.clone()).unwrap_or_default();
        match field {
            Field::Data => {
                self.keep_data_line(value);
                return Ok(None);
            }
            Field::Id if memchr(0, said).is_some() => {}
            Field::Event | Field::Id if !self.kept.has_room(said) => {
                return self.too_long(Skipping::Block);
            }
            Field::Event => self.kept.keep_name_of_line(value),
            Field::Id => self.kept.keep_id_of_line(value),
            Field::Retry => {
                let retry = field::milliseconds(said);
                self.set_retry(retry);
            }
            Field::Comment | Field::Unknown(_) => {
                if let Some(item) = self.pass_over_kept(field, value, wanted) {
                    self.lent = Lent::Line;
                    return Ok(Some(item));
                }
            }
        }
        self.kept.drop_line();
        Ok(None)
    }

    /// The field of the line in the carry, and where in the carry its value lies.
    pub(super) fn kept_line(&self) -> (Field, Range<usize>) {
        let (field, value) = Field::read(self.kept.line());
        let start = self.kept.line_start();
        (field, start + value.start..start + value.end)
    }

    /// The line in the carry is a data line, with its value at `value`.
    pub(super) fn keep_data_line(&mut self, value: Range<usize>) {
        if self.kept.data().is_none() {
            // Without data before it, the line begins the carry.
            self.block.data_at = self.block.line_at + value.start as u64;
        }
        self.kept.keep_data_line(value);
    }

    /// The line in the carry says nothing to the standard.
    pub(super) fn pass_over_kept(
        &mut self,
        field: Field,
        value: Range<usize>,
        wanted: Wanted,
    ) -> Option<Item<Place>> {
        let (start, at) = (self.kept.line_start(), self.block.line_at);
        let item = self.pass_over(field, start, value, at, wanted)?;
        Some(item.map(Place::Carry))
    }

    /// A line that says nothing to the standard; it lies at `start`, and in the
    /// stream at `at`.
    fn pass_over(
        &mut self,
        field: Field,
        start: usize,
        value: Range<usize>,
        at: u64,
        wanted: Wanted,
    ) -> Option<Item<Range<usize>>> {
        self.comments += u64::from(field == Field::Comment);
        if wanted == Wanted::Events {
            return None;
        }
        Some(match field {
            Field::Unknown(name) => Item::Field {
                name: start..start + name,
                value,
                at,
            },
            _ => Item::Comment { text: value, at },
        })
    }

    fn set_retry(&mut self, retry: Option<u64>) {
        self.block.retry = retry.or(self.block.retry);
        self.retry = retry.or(self.retry);
    }

    /// How long the data is that is kept.
    fn data_len(&self) -> usize {
        self.kept.data().map_or(0, |data| data.len())
    }

    /// By how much the line may grow that is not whole yet.
    pub(super) fn room(&self) -> usize {
        let len = self.data_len() + self.kept.line().len();
        self.limit.saturating_sub(len)
    }

    /// Keeps what was found in a slice that is at its end.
    pub(super) fn keep(&mut self, slice: &[u8], found: &Found) {
        let bytes = |range: &Range<usize>| slice.get(range.clone()).unwrap_or_default();
        if let Some(data) = &found.data {
            self.kept.keep_data(bytes(data));
        }
        if let Some(name) = &found.name {
            self.kept.keep_name(bytes(name));
        }
        if let Some(id) = &found.id {
            self.kept.keep_id(bytes(id));
        }
    }

    /// Adds to the line that is not whole yet.
    pub(super) fn keep_line(&mut self, part: &[u8], at: u64) -> Result<(), TooLong> {
        if part.is_empty() {
            return Ok(());
        }
        if self.skipping != Skipping::No {
            self.skipping = Skipping::Line;
            return Ok(());
        }
        if part.len() > self.room() {
            return self.too_long(Skipping::Line);
        }
        if self.kept.line().is_empty() {
            self.block.line_at = at;
        }
        self.kept.push_line(part);
        Ok(())
    }
}
