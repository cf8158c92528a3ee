//! How much may be spent on learning.

/// What is spent on learning, in the time that an event saves which fits; beside that
/// of one in 16 which do not. So a stream pays for what it gives back.
#[derive(Debug)]
pub(super) struct Budget(u32);

impl Budget {
    const START: u32 = 40;
    const MOST: u32 = 64;
    /// Of a look whether there is something to learn, of a shape, and of a plan.
    pub(super) const LOOK: u32 = 2;
    pub(super) const SHAPE: u32 = 6;
    pub(super) const PLAN: u32 = 4;

    pub(super) fn earn(&mut self) {
        self.0 = Self::MOST.min(self.0 + 1);
    }

    pub(super) fn spend(&mut self, cost: u32) -> Option<()> {
        self.0 = self.0.checked_sub(cost)?;
        Some(())
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(Self::START)
    }
}
