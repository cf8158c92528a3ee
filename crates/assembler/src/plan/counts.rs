//! Token counts that have a plan.

use alloc::{collections::BTreeSet, string::String};

use deltaic_chunk::{Kind, Raw};

use super::{Counts, Figure, planner::Planner};
use crate::{finding::FindingKind, members::name_of, usage::FIGURES};

impl Planner<'_> {
    /// Token counts that differ in numbers only.
    pub(super) fn usage(&mut self, new: Raw<'_>) -> Option<Counts> {
        let holes = self.claim(new);
        let known = self.known.completion.usage.as_ref()?.raw();
        let (mut before, mut after) = (String::new(), String::new());
        self.skeleton(known, &mut before)?;
        self.skeleton(new, &mut after)?;
        let has_told = self
            .known
            .findings
            .has_told(FindingKind::UsageGrows, "usage", "");
        let numbers = self.template.are_numbers(holes.clone());
        if holes.is_empty() || before != after || !has_told || !numbers {
            return None;
        }
        let figure = |name| match (
            new.get(name),
            self.template.holes_in(self.data, new.get(name)),
        ) {
            (raw, holes) if holes.is_empty() => raw.as_u64().map_or(Figure::None, Figure::Known),
            (raw, holes) if raw.kind() == Kind::Number => Figure::Hole(holes.start),
            _ => Figure::None,
        };
        Some(Counts {
            around: self.template.around(self.data, new, holes.clone())?,
            figures: FIGURES.map(figure),
            holes,
        })
    }

    /// Writes what of token counts is the same in all that only differ in numbers, and
    /// so replace each other without a loss. `None` if there are none such: if a
    /// number in a list may differ, or a name stands twice. It is the same for all plans of an
    /// epoch, so it does not matter which of them has added last.
    fn skeleton(&self, usage: Raw<'_>, out: &mut String) -> Option<()> {
        let mut names = BTreeSet::new();
        for (name, member) in usage.members() {
            if !names.insert(name_of(name)) {
                return None;
            }
            out.extend([name.as_raw(), "\""]);
            match member.kind() {
                Kind::Number => out.push('#'),
                Kind::Object => {
                    out.push('{');
                    self.skeleton(member, out)?;
                    out.push('}');
                }
                _ if self.template.holes_in(self.data, member).is_empty() => {
                    out.push_str(member.text());
                }
                _ => return None,
            }
        }
        (usage.kind() == Kind::Object).then_some(())
    }
}
