//! How much may be spent on learning.

/// What is spent on learning, in the time that an event saves which fits; beside that
/// of one in 64 which do not. So a stream pays for what it gives back.
#[derive(Debug)]
pub(super) struct Budget {
    left: u32,
    /// What came in since that was counted.
    earned: u32,
}

impl Budget {
    const START: u32 = 40;
    const MOST: u32 = 64;
    /// Of a look whether there is something to learn, of a shape, and of a plan.
    pub(super) const LOOK: u32 = 2;
    pub(super) const SHAPE: u32 = 6;
    pub(super) const PLAN: u32 = 4;

    #[inline]
    pub(super) fn earn(&mut self, count: u64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.earned = self.earned.saturating_add(count);
    }

    /// Spends so much, if as much as is to be kept is left behind that: else what is earned
    /// slowly would go for looks alone.
    pub(super) fn spend(&mut self, cost: u32, kept: u32) -> Option<()> {
        self.left = Self::MOST.min(self.left.saturating_add(self.earned));
        self.earned = 0;
        let left = self.left.checked_sub(cost).filter(|left| *left >= kept)?;
        self.left = left;
        Some(())
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: Self::START,
            earned: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn what_is_spent_comes_back_for_a_shape() {
        let mut budget = Budget::default();
        while budget.spend(Budget::LOOK, Budget::SHAPE).is_some() {}
        let mut earned = 0;
        while budget.spend(Budget::LOOK, Budget::SHAPE).is_none() {
            budget.earn(1);
            earned += 1;
        }
        assert!(budget.spend(Budget::SHAPE, 0).is_some());
        assert!(earned <= Budget::LOOK + Budget::SHAPE, "{earned}");
    }
}
