//! How far long work has come, on a terminal.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// Shows on stderr how much of `all` is done, if that is a terminal.
pub(crate) fn bar(all: usize, of: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {msg} {eta}");
    let bar = ProgressBar::new(all as u64).with_message(of);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// As [`bar`], where nobody knows how much there will be.
pub(crate) fn count(of: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{human_pos} {msg}, {per_sec:0}");
    let bar = ProgressBar::new_spinner().with_message(of);
    bar.enable_steady_tick(Duration::from_millis(100));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// As [`count`], while lines are printed: where they go to a terminal they tell it themselves.
pub(crate) fn count_beside_lines(of: &'static str) -> ProgressBar {
    if io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    count(of)
}
