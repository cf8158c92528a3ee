//! When the pieces of an answer came.

use std::time::{Duration, Instant};

use deltaic::{Report, Update, Updates};

/// Notes arrivals, from the first look at the input on.
pub(crate) struct Clock {
    began: Instant,
    /// When pieces of the answer came, of which each read may bring several.
    pieces: Vec<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            began: Instant::now(),
            pieces: Vec::new(),
        }
    }

    /// Notes what one event says that has come now. A role is no answer yet, nor are counts.
    pub(crate) fn note(&mut self, updates: Updates<'_>) {
        let is_answer = |update| {
            matches!(
                update,
                Update::Text { .. }
                    | Update::Reasoning { .. }
                    | Update::Refusal { .. }
                    | Update::ToolCall { .. }
                    | Update::Arguments { .. }
                    | Update::FunctionCall { .. }
            )
        };
        if updates.into_iter().any(is_answer) {
            self.pieces.push(self.began.elapsed());
        }
    }

    /// What the arrivals come to, for people. A piece is what one event brings of the answer: it
    /// need not be one token.
    pub(crate) fn summary(&self, report: &Report) -> Vec<String> {
        let mut parts = Vec::new();
        if let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) {
            parts.push(format!("TTFT {}", shown(*first)));
            parts.extend(self.gaps());
            parts.extend(per_second(report, last.saturating_sub(*first)));
        }
        parts.push(format!("{} in all", shown(self.began.elapsed())));
        parts
    }

    fn gaps(&self) -> Option<String> {
        let pairs = self.pieces.iter().zip(self.pieces.iter().skip(1));
        let mut gaps: Vec<Duration> = pairs.map(|(one, next)| next.saturating_sub(*one)).collect();
        gaps.sort_unstable();
        // So many of a hundred are no longer.
        let rank = |percent: usize| (gaps.len() * percent).div_ceil(100).checked_sub(1);
        let [half, most] = [50, 99].map(|percent| gaps.get(rank(percent)?));
        let (half, most) = (shown(*half?), shown(*most?));
        Some(format!("between pieces p50 {half} p99 {most}"))
    }
}

/// How many tokens came in a second, from the first piece to the last.
fn per_second(report: &Report, time: Duration) -> Option<String> {
    let usage = report.completion.as_ref()?.usage.as_ref()?;
    let tokens = usage.figures().completion_tokens()?;
    // The first had come when the time began.
    let tokens = u32::try_from(tokens).ok()?.checked_sub(1)?;
    let seconds = time.as_secs_f64();
    let speed = f64::from(tokens) / seconds;
    (tokens > 0 && seconds >= 0.001).then(|| format!("{speed:.0} tokens/s"))
}

fn shown(time: Duration) -> String {
    match time.as_millis() {
        0 => format!("{} µs", time.as_micros()),
        ms @ 1..10_000 => format!("{ms} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_gaps_the_half_and_all_but_a_hundredth_are_told() {
        let mut clock = Clock::start();
        assert_eq!(clock.gaps(), None);
        let ms = Duration::from_millis;
        clock.pieces = vec![ms(5)];
        assert_eq!(clock.gaps(), None);
        // Gaps of 1, 2 … 200 ms.
        clock.pieces = (0..=200).map(|n| ms(n * (n + 1) / 2)).collect();
        let gaps = clock.gaps().expect("there are gaps");
        assert_eq!(gaps, "between pieces p50 100 ms p99 198 ms");
        clock.pieces = vec![ms(0), ms(1), ms(4), ms(11)];
        let gaps = clock.gaps().expect("there are gaps");
        assert_eq!(gaps, "between pieces p50 3 ms p99 7 ms");
    }

    #[test]
    fn tokens_are_counted_from_the_first_piece_on() {
        let stream: &[u8] = b"data: {\"choices\":[],\"usage\":{\"completion_tokens\":101}}\n\n";
        let report = crate::check::read([stream]);
        let of = |ms| per_second(&report, Duration::from_millis(ms));
        assert_eq!(of(2_000).as_deref(), Some("50 tokens/s"));
        assert_eq!(of(0), None);
        let report = crate::check::read([&b"data: {\"choices\":[]}\n\n"[..]]);
        assert_eq!(per_second(&report, Duration::from_secs(1)), None);
    }
}
