//! Delta debugging: leaving out what is not needed.

/// Leaves out of `parts` what can be while they show what they are to: all of them, then
/// halves, quarters, and so on to single parts, until none can be left out alone.
///
/// `shows` may run out of patience. Then it is over, and `parts` are the least so far.
pub(super) fn leave_out<T: Clone>(
    parts: &mut Vec<T>,
    mut shows: impl FnMut(&[T]) -> Option<bool>,
) -> Option<()> {
    let mut len = parts.len();
    loop {
        let before = parts.len();
        // From the end on: what comes late leans on what came before.
        let mut end = before;
        while end > 0 {
            let start = end.saturating_sub(len);
            let fewer = [&parts[..start], &parts[end..]].concat();
            if shows(&fewer)? {
                *parts = fewer;
            }
            end = start;
        }
        if len > 1 {
            len /= 2;
        } else if parts.len() == before {
            return Some(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parts: &str, shows: fn(&[char]) -> bool, expected: &str, most_tries: usize) {
        let mut parts: Vec<char> = parts.chars().collect();
        let mut tries = 0;
        let done = leave_out(&mut parts, |parts| {
            tries += 1;
            Some(shows(parts))
        });
        assert_eq!(done, Some(()));
        assert_eq!(parts.into_iter().collect::<String>(), expected);
        assert!(tries <= most_tries, "{tries}");
    }

    #[test]
    fn what_is_not_needed_is_left_out() {
        check("abcdef", |_| true, "", 1);
        check("abcdef", |parts| parts.contains(&'e'), "e", 12);
        let both = |parts: &[char]| parts.contains(&'a') && parts.contains(&'f');
        check("abcdef", both, "af", 14);
        check("abcdef", |parts| parts.len() == 6, "abcdef", 18);
        // What goes alone only when another has gone.
        let in_turn = |parts: &[char]| "abcd".starts_with(&*String::from_iter(parts));
        check("abcd", |parts| parts == ['a', 'b', 'c', 'd'], "abcd", 11);
        check("abcd", in_turn, "", 1);
        let pairs = |parts: &[char]| {
            let has = |char| parts.contains(&char);
            has('x') && (has('b') || !has('a'))
        };
        check("bxa", pairs, "x", 10);
        check("", |_| true, "", 0);
    }

    #[test]
    fn where_patience_ends_the_least_so_far_is_there() {
        let mut parts = vec![1, 2, 3, 4];
        let mut patience = 3;
        let done = leave_out(&mut parts, |parts| {
            patience -= 1;
            (patience > 0).then(|| parts.contains(&1))
        });
        assert_eq!(done, None);
        assert_eq!(parts, [1, 2]);
    }
}
