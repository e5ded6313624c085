//! Timestamps as the States Language reads them.

use jiff::Timestamp;

/// Reads an RFC 3339 timestamp: with an uppercase `T`, and an uppercase `Z` or a numeric offset.
///
/// <https://states-language.net/spec.html#timestamps>
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let is_digit = |idx: usize| bytes.get(idx).is_some_and(u8::is_ascii_digit);
    let is = |idx: usize, byte: u8| bytes.get(idx) == Some(&byte);
    let digits = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];
    let has_shape = digits.into_iter().all(is_digit)
        && is(4, b'-')
        && is(7, b'-')
        && is(10, b'T')
        && is(13, b':')
        && is(16, b':');
    let rest = text.get(19..)?;
    let fraction =
        rest.strip_prefix('.').map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    let offset = rest.get(fraction..)?;
    let has_offset = offset == "Z"
        || (offset.len() == 6 && offset.starts_with(['+', '-']) && offset.as_bytes().get(3) == Some(&b':'));
    if !has_shape || fraction == 1 || !has_offset {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_timestamp: bool) {
        assert_eq!(parse_timestamp(text).is_some(), is_timestamp, "{text}");
    }

    #[test]
    fn what_aws_accepts_and_refuses() {
        check("2016-12-05T21:29:29Z", true);
        check("2016-12-05T21:29:29.123Z", true);
        check("2012-10-09T19:00:55+01:00", true);
        check("2016-12-05T21:29:29", false);
        check("2016-12-05 21:29:29Z", false);
        check("05-12-2016T21:29:29Z", false);
        check("2016-13-05T21:29:29Z", false);
        check("2016-12-05T25:29:29Z", false);
        check("2016-12-05T21:29:29z", false);
        check("2023-02-24", false);
        check("2016-12-05T21:29:29.Z", false);
    }
}
