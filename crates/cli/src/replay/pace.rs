//! How fast a recording is sent.

use std::time::Duration;

/// How fast a recording is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pace {
    /// As it came.
    Recorded,
    /// As fast as may be.
    None,
    /// Event by event, so long after each other.
    Each(Duration),
}

impl Pace {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "recorded" => Ok(Self::Recorded),
            "none" => Ok(Self::None),
            text => match duration(text) {
                Some(each) if each <= DAY => Ok(Self::Each(each)),
                Some(_) => Err("expected a day at most".into()),
                None => Err("expected recorded, none, or a time such as 20ms or 1s".into()),
            },
        }
    }
}

/// Nobody waits for longer, and no clock ends before it.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A whole number of `s`, `ms` or `us`.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|char: char| !char.is_ascii_digit())?);
    let number = number.parse().ok()?;
    match unit {
        "s" => Some(Duration::from_secs(number)),
        "ms" => Some(Duration::from_millis(number)),
        "us" => Some(Duration::from_micros(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_a_word_or_a_time() {
        for (text, expected) in [
            ("recorded", Some(Pace::Recorded)),
            ("none", Some(Pace::None)),
            ("20ms", Some(Pace::Each(Duration::from_millis(20)))),
            ("1s", Some(Pace::Each(Duration::from_secs(1)))),
            ("500us", Some(Pace::Each(Duration::from_micros(500)))),
            ("86400s", Some(Pace::Each(DAY))),
            ("86400001ms", None),
            ("18446744073709551615s", None),
            ("20", None),
            ("ms", None),
            ("-1s", None),
            ("1.5s", None),
            ("1m", None),
        ] {
            assert_eq!(Pace::parse(text).ok(), expected, "{text}");
        }
    }
}
