//! Whether two numbers of JSON are one, to the last digit.

/// Whether they are equal. An integer and another number are not, as most readers of JSON
/// tell them apart.
pub(super) fn are_equal(a: &str, b: &str) -> bool {
    let are_alike = || match (parts(a), parts(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    a == b || (is_integer(a) == is_integer(b) && are_alike())
}

fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// The sign, the digits without zeros around them, and the exponent behind the last of them.
/// `None` where the exponent is past all use.
fn parts(number: &str) -> Option<(bool, String, i128)> {
    let unsigned = number.strip_prefix('-');
    let (mantissa, exponent) = unsigned
        .unwrap_or(number)
        .split_once(['e', 'E'])
        .unwrap_or((unsigned.unwrap_or(number), "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some((false, String::new(), 0));
    }
    let dropped = digits.len() - kept.len();
    let exponent = i128::from(exponent.parse::<i64>().ok()?);
    let behind = dropped as i128 - fraction.len() as i128;
    Some((unsigned.is_some(), kept.into(), exponent + behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_to_the_last_digit() {
        for (a, b) in [
            ("1", "1"),
            ("1.0", "1.00"),
            ("1.50", "15e-1"),
            ("0.001", "1E-3"),
            ("100.0", "1e2"),
            ("0.0", "-0.0"),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ] {
            assert!(are_equal(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "-1"),
            ("1", "1.0"),
            ("123456789012345678901", "123456789012345678902"),
            ("0.1", "0.10000000000000000001"),
            ("1e400", "1e401"),
            ("10", "1"),
        ] {
            assert!(!are_equal(a, b), "{a} {b}");
        }
    }
}
