//! Numbers as DynamoDB keeps them: decimal, exact, at most 38 significant digits.
//!
//! A number is a sign, a coefficient without trailing zeros and a power of ten. 38 digits fit into 128 bits, so
//! a number is a small `Copy` value, arithmetic never allocates, and equal numbers have equal representations.
//! A general decimal library would bring a heap allocation per value and no range check; the range is what makes
//! this type small.
//!
//! Implements the number type of
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>.

use std::cmp::Ordering;
use std::fmt;

/// Significant digits a number may have.
pub(super) const SIGNIFICANT_DIGITS_MAX: u32 = 38;
/// Largest power of ten of the first significant digit.
pub(super) const EXPONENT_MAX: i64 = 125;
/// Smallest power of ten of the first significant digit.
pub(super) const EXPONENT_MIN: i64 = -130;
/// The powers of ten that fit into a coefficient.
const POWERS_OF_TEN: [u128; 39] = {
    let mut powers = [1; 39];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};
/// Bytes of a text whose digits fit into 64 bits whatever they are.
const SHORT_BYTES_MAX: usize = 19;

/// A decimal number within DynamoDB's range, always in its one normal form.
///
/// `Display` gives the canonical text: plain decimal digits, no exponent, no leading or trailing zeros.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::Number;
///
/// assert_eq!(Number::parse("1.50e3").unwrap().to_string(), "1500");
/// assert!(Number::parse("1e126").is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    // The bytes of a `u128`, lowest first: its alignment of 16 would double the size of every attribute value.
    coefficient: [u8; 16],
    exponent: i16,
    negative: bool,
}

/// Why a text is no number DynamoDB accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Not the notation of a number at all.
    NotNumeric,
    /// The magnitude is 1e126 or more.
    Overflow,
    /// The magnitude is below 1e-130 and not zero.
    Underflow,
    /// More than 38 significant digits.
    TooPrecise,
}

impl Number {
    /// The number zero.
    pub const ZERO: Number = Number { coefficient: [0; 16], exponent: 0, negative: false };

    /// Reads decimal notation with optional sign, fraction and exponent; linear in the length of `text`.
    ///
    /// # Errors
    ///
    /// One [`NumberError`] each: the notation, then the magnitude, then the number of digits.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        if let Some(number) = Number::parse_short(text.as_bytes()) {
            return Ok(number);
        }
        let mut bytes = text.bytes().peekable();
        let negative = match bytes.peek() {
            Some(b'-') => bytes.next().is_some(),
            Some(b'+') => bytes.next().is_none(),
            _ => false,
        };
        let mut digits = Digits::default();
        let mut seen_digit = false;
        let mut seen_point = false;
        while let Some(&byte) = bytes.peek() {
            match byte {
                b'0'..=b'9' => {
                    seen_digit = true;
                    digits.push(byte - b'0', seen_point);
                }
                b'.' if !seen_point => seen_point = true,
                _ => break,
            }
            bytes.next();
        }
        if !seen_digit {
            return Err(NumberError::NotNumeric);
        }
        let mut exponent: i64 = 0;
        if let Some(b'e' | b'E') = bytes.peek() {
            bytes.next();
            let down = match bytes.peek() {
                Some(b'-') => bytes.next().is_some(),
                Some(b'+') => bytes.next().is_none(),
                _ => false,
            };
            if bytes.peek().is_none() {
                return Err(NumberError::NotNumeric);
            }
            while let Some(&byte) = bytes.peek() {
                if !byte.is_ascii_digit() {
                    return Err(NumberError::NotNumeric);
                }
                // AWS: an exponent that takes more than 64 bits makes the text no number.
                exponent = exponent
                    .checked_mul(10)
                    .and_then(|exponent| exponent.checked_add(i64::from(byte - b'0')))
                    .ok_or(NumberError::NotNumeric)?;
                bytes.next();
            }
            if down {
                exponent = -exponent;
            }
        }
        if bytes.next().is_some() {
            return Err(NumberError::NotNumeric);
        }
        digits.finish(negative, exponent)
    }

    /// Reads a number of a statement or of its parameters, whose exponent and number of places have 32 bits.
    ///
    /// # Errors
    ///
    /// As [`Number::parse`]; what has more than 32 bits is no number. AWS: at the very end of the range, the power of
    /// ten of the first digit wraps around.
    pub(super) fn parse_in_statement(text: &str) -> Result<Number, NumberError> {
        let number = Number::parse(text);
        let Err(NumberError::Overflow | NumberError::Underflow) = number else { return number };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().map_err(|_| NumberError::NotNumeric)?;
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let clip = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
        let scale = i32::try_from(clip(fraction).saturating_sub(i64::from(exponent)))
            .map_err(|_| NumberError::NotNumeric)?;
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
        match clip(digits.max(1)).saturating_sub(i64::from(scale)) {
            magnitude if magnitude > i64::from(i32::MAX) => Err(NumberError::Underflow),
            magnitude if magnitude < i64::from(i32::MIN) => Err(NumberError::Overflow),
            _ => number,
        }
    }

    /// Reads what most numbers are: few digits, perhaps with a sign and a point. `None` says nothing of the text.
    fn parse_short(text: &[u8]) -> Option<Number> {
        let negative = text.first() == Some(&b'-');
        let text = if negative { text.get(1..)? } else { text };
        if text.is_empty() || text.len() > SHORT_BYTES_MAX {
            return None;
        }
        let (mut coefficient, mut exponent, mut seen_point) = (0_u64, 0_i16, false);
        for byte in text {
            match byte {
                b'0'..=b'9' => {
                    coefficient = coefficient * 10 + u64::from(byte - b'0');
                    exponent -= i16::from(seen_point);
                }
                b'.' if !seen_point && text.len() > 1 => seen_point = true,
                _ => return None,
            }
        }
        if coefficient == 0 {
            return Some(Number::ZERO);
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        // So few digits are neither too many nor out of range.
        Some(Number { coefficient: u128::from(coefficient).to_le_bytes(), exponent, negative })
    }

    /// The sum, exact.
    ///
    /// # Errors
    ///
    /// [`NumberError::Overflow`] when the sum leaves the range or needs more than 38 digits.
    pub fn checked_add(self, other: Number) -> Result<Number, NumberError> {
        if self.is_zero() {
            return Ok(other);
        }
        if other.is_zero() {
            return Ok(self);
        }
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        let shift = u32::from(large.exponent.abs_diff(small.exponent));
        // A coefficient that does not fit after the shift has digits in more than 38 places: the other operand
        // has at most 38 of them and ends in a digit that is not zero.
        let aligned = 10u128
            .checked_pow(shift)
            .and_then(|power| large.coefficient().checked_mul(power))
            .ok_or(NumberError::Overflow)?;
        let (negative, coefficient) = if large.negative == small.negative {
            (large.negative, aligned.checked_add(small.coefficient()).ok_or(NumberError::Overflow)?)
        } else if aligned >= small.coefficient() {
            (large.negative, aligned - small.coefficient())
        } else {
            (small.negative, small.coefficient() - aligned)
        };
        Number::normalized(negative, coefficient, i64::from(small.exponent))
            .map_err(|_| NumberError::Overflow)
    }

    /// The difference, exact.
    ///
    /// # Errors
    ///
    /// As [`Number::checked_add`].
    pub fn checked_sub(self, other: Number) -> Result<Number, NumberError> {
        self.checked_add(other.negated())
    }

    /// Whether the number is zero.
    pub fn is_zero(self) -> bool {
        self.coefficient() == 0
    }

    /// Bytes the number counts for in the size of an item.
    pub fn size_bytes(self) -> usize {
        if self.is_zero() {
            return 1;
        }
        let digits = self.digits();
        let even = digits.is_multiple_of(2) && self.leading_exponent() % 2 == 0;
        1 + usize::try_from(digits.div_ceil(2)).unwrap_or(usize::MAX / 2)
            + usize::from(even)
            + usize::from(self.negative)
    }

    /// The number as a whole number of seconds, bytes or the like; `None` when it is none or does not fit.
    pub fn to_i64(self) -> Option<i64> {
        let exponent = u32::try_from(self.exponent).ok()?;
        let magnitude = self.coefficient().checked_mul(10u128.checked_pow(exponent)?)?;
        let magnitude = i64::try_from(magnitude).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    fn negated(self) -> Number {
        Number { negative: !self.negative && !self.is_zero(), ..self }
    }

    const fn coefficient(self) -> u128 {
        u128::from_le_bytes(self.coefficient)
    }

    fn digits(self) -> u32 {
        digits(self.coefficient())
    }

    /// The power of ten of the first significant digit.
    fn leading_exponent(self) -> i32 {
        i32::from(self.exponent) + i32::try_from(self.digits()).unwrap_or(0) - 1
    }

    fn normalized(negative: bool, mut coefficient: u128, mut exponent: i64) -> Result<Number, NumberError> {
        if coefficient == 0 {
            return Ok(Number::ZERO);
        }
        while coefficient > u128::from(u64::MAX) && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        // Dividing 128 bits costs many times what dividing 64 does, and most numbers are short.
        if let Ok(mut short) = u64::try_from(coefficient) {
            while short.is_multiple_of(10) {
                short /= 10;
                exponent += 1;
            }
            coefficient = short.into();
        }
        let digits = digits(coefficient);
        let leading = exponent + i64::from(digits) - 1;
        if leading > EXPONENT_MAX {
            return Err(NumberError::Overflow);
        }
        if leading < EXPONENT_MIN {
            return Err(NumberError::Underflow);
        }
        if digits > SIGNIFICANT_DIGITS_MAX {
            return Err(NumberError::TooPrecise);
        }
        let exponent = i16::try_from(exponent).map_err(|_| NumberError::Overflow)?;
        Ok(Number { coefficient: coefficient.to_le_bytes(), exponent, negative })
    }

    /// Appends the canonical text, which is ASCII.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        let mut buffer = [0; DIGITS_BYTES];
        let digits = write_digits(self.coefficient(), &mut buffer);
        let zeros = |out: &mut Vec<u8>, count: usize| out.resize(out.len() + count, b'0');
        let places = usize::from(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            out.extend_from_slice(digits);
            zeros(out, places);
        } else if let Some((whole, fraction)) = digits.split_at_checked(digits.len().saturating_sub(places))
            && !whole.is_empty()
        {
            out.extend_from_slice(whole);
            out.push(b'.');
            out.extend_from_slice(fraction);
        } else {
            out.extend_from_slice(b"0.");
            zeros(out, places - digits.len());
            out.extend_from_slice(digits);
        }
    }
}

/// The decimal digits of a coefficient; none for zero.
fn digits(coefficient: u128) -> u32 {
    let log = match u64::try_from(coefficient) {
        Ok(short) => short.checked_ilog10(),
        Err(_) => coefficient.checked_ilog10(),
    };
    log.map_or(0, |log| log + 1)
}

/// Bytes that the digits of two halves of a coefficient need.
const DIGITS_BYTES: usize = 40;

/// Writes a coefficient in decimal to the end of `buffer` and returns its digits, one at least.
fn write_digits(coefficient: u128, buffer: &mut [u8; DIGITS_BYTES]) -> &[u8] {
    /// The largest power of ten in 64 bits.
    const HALF: u128 = 10_u128.pow(19);
    let mut start = DIGITS_BYTES;
    let mut write = |mut half: u64, length_min: usize| {
        let end = start.saturating_sub(length_min);
        while half > 0 || start > end {
            start -= 1;
            if let Some(digit) = buffer.get_mut(start) {
                *digit = b'0' + u8::try_from(half % 10).unwrap_or(0);
            }
            half /= 10;
        }
    };
    match u64::try_from(coefficient) {
        Ok(short) => write(short, 1),
        Err(_) => {
            write(u64::try_from(coefficient % HALF).unwrap_or(0), 19);
            write(u64::try_from(coefficient / HALF).unwrap_or(0), 1);
        }
    }
    buffer.get(start..).unwrap_or_default()
}

/// The digits of a mantissa as they are read, zeros at either end kept out of the coefficient.
#[derive(Default)]
struct Digits {
    coefficient: u128,
    /// Significant digits so far, up to the last that is not zero.
    count: u64,
    /// Zeros since the last digit that is not zero.
    zeros: u64,
    /// Digits after the decimal point up to the last that is not zero, and zeros after it.
    fraction: u64,
    fraction_zeros: u64,
}

impl Digits {
    fn push(&mut self, digit: u8, after_point: bool) {
        self.fraction_zeros += u64::from(after_point);
        if digit == 0 {
            self.zeros += u64::from(self.count > 0);
            return;
        }
        self.count += self.zeros + 1;
        self.fraction += self.fraction_zeros;
        self.fraction_zeros = 0;
        if self.count <= u64::from(SIGNIFICANT_DIGITS_MAX) {
            let power = u32::try_from(self.zeros).unwrap_or(0) + 1;
            self.coefficient = self.coefficient * 10u128.pow(power) + u128::from(digit);
        }
        self.zeros = 0;
    }

    fn finish(self, negative: bool, exponent: i64) -> Result<Number, NumberError> {
        let clip = |n: u64| i64::try_from(n).unwrap_or(i64::MAX / 4);
        if self.count == 0 {
            // AWS: zero is out of range by the place of its last digit.
            return match exponent.saturating_sub(clip(self.fraction_zeros)) {
                EXPONENT_MIN..=EXPONENT_MAX => Ok(Number::ZERO),
                ..EXPONENT_MIN => Err(NumberError::Underflow),
                _ => Err(NumberError::Overflow),
            };
        }
        // Zeros before the point that end the mantissa, as in `1000`, or digits after it.
        let places = if self.fraction > 0 {
            -clip(self.fraction)
        } else {
            clip(self.zeros) - clip(self.fraction_zeros)
        };
        let last = exponent.saturating_add(places);
        let leading = last.saturating_add(clip(self.count)) - 1;
        if leading > EXPONENT_MAX {
            return Err(NumberError::Overflow);
        }
        if leading < EXPONENT_MIN {
            return Err(NumberError::Underflow);
        }
        if self.count > u64::from(SIGNIFICANT_DIGITS_MAX) {
            return Err(NumberError::TooPrecise);
        }
        Number::normalized(negative, self.coefficient, last)
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Number {
        Number::normalized(false, u128::from(value), 0).unwrap_or(Number::ZERO)
    }
}

impl Ord for Number {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if self.exponent == other.exponent && !self.negative && !other.negative {
            return self.coefficient().cmp(&other.coefficient());
        }
        self.cmp_any(*other)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Number {
    /// Compares two numbers of any sign and exponent.
    fn cmp_any(self, other: Number) -> Ordering {
        match (self.sign(), other.sign()) {
            (a, b) if a != b => a.cmp(&b),
            (0, _) => Ordering::Equal,
            (1, _) => self.cmp_magnitude(other),
            _ => other.cmp_magnitude(self),
        }
    }

    fn sign(self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// Compares two numbers that are not zero by their distance from it.
    fn cmp_magnitude(self, other: Number) -> Ordering {
        if self.exponent == other.exponent {
            return self.coefficient().cmp(&other.coefficient());
        }
        if self.exponent < other.exponent {
            return other.cmp_magnitude(self).reverse();
        }
        let power = POWERS_OF_TEN.get(usize::from(self.exponent.abs_diff(other.exponent)));
        if let (Ok(large), Ok(small)) =
            (u64::try_from(self.coefficient()), u64::try_from(other.coefficient()))
            && let Some(Ok(power)) = power.map(|power| u64::try_from(*power))
            && let Some(aligned) = large.checked_mul(power)
        {
            return aligned.cmp(&small);
        }
        let aligned = power.and_then(|power| self.coefficient().checked_mul(*power));
        // What 128 bits do not hold has more than the 38 digits that the other coefficient has at most.
        aligned.map_or(Ordering::Greater, |aligned| aligned.cmp(&other.coefficient()))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = match Number::parse(text) {
            Ok(number) => number.to_string(),
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(actual, expected, "{text:?}");
    }

    #[test]
    fn canonical_form() {
        for (text, expected) in [
            ("1e3", "1000"),
            ("1.10", "1.1"),
            ("123e-2", "1.23"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0e5", "0"),
            ("-0", "0"),
            ("+3", "3"),
            ("-17.4E3", "-17400"),
            ("0001.23", "1.23"),
            ("1e+5", "100000"),
            ("100.00", "100"),
            ("0.00100", "0.001"),
            ("-1.5e-3", "-0.0015"),
            ("0e125", "0"),
            ("0.00e-128", "0"),
            ("-0.0", "0"),
            ("-000.50", "-0.5"),
            ("9999999999999999999", "9999999999999999999"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("100000000000000000001", "100000000000000000001"),
            ("-12345678901234567890.0012300", "-12345678901234567890.00123"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn limits() {
        check("1e125", &format!("1{}", "0".repeat(125)));
        check("1e126", "Overflow");
        check("1e-130", &format!("0.{}1", "0".repeat(129)));
        check("1e-131", "Underflow");
        check("1e999999999", "Overflow");
        check("1e99999999999", "Overflow");
        check("1e-9223372036854775807", "Underflow");
        check("0e126", "Overflow");
        check("0e-131", "Underflow");
        check(&"9".repeat(38), &"9".repeat(38));
        check(&"9".repeat(39), "TooPrecise");
        check(&format!("0.{}", "1".repeat(39)), "TooPrecise");
        check(&format!("1{}", "0".repeat(40)), &format!("1{}", "0".repeat(40)));
    }

    #[test]
    fn not_numeric() {
        for text in [
            "", "dog", " 1", "1 ", "-", "-.", "--1", "1-", "NaN", "Infinity", "1e", "e1", ".", "+", "1.2.3",
            "1e5x", "0x10", "١",
        ] {
            check(text, "NotNumeric");
        }
        check("1e9223372036854775808", "NotNumeric");
        check("1e-99999999999999999999999999", "NotNumeric");
    }

    #[test]
    fn exponents_of_statements_have_32_bits() {
        for (text, expected) in [
            ("1.5e3", Ok("1500")),
            ("1e126", Err(NumberError::Overflow)),
            ("1e-2147483647", Err(NumberError::Underflow)),
            ("1e2147483647", Err(NumberError::Underflow)),
            ("1e2147483648", Err(NumberError::NotNumeric)),
            ("-1e99999999999", Err(NumberError::NotNumeric)),
            ("1.5e-2147483647", Err(NumberError::NotNumeric)),
        ] {
            let actual = Number::parse_in_statement(text).map(|number| number.to_string());
            assert_eq!(actual, expected.map(str::to_owned), "{text}");
        }
    }

    #[track_caller]
    fn check_sum(a: &str, b: &str, expected: &str) {
        let sum = Number::parse(a).unwrap().checked_add(Number::parse(b).unwrap());
        let actual = sum.map_or_else(|error| format!("{error:?}"), |n| n.to_string());
        assert_eq!(actual, expected, "{a} + {b}");
    }

    #[test]
    fn arithmetic_is_exact() {
        check_sum("0.1", "0.2", "0.3");
        check_sum("1", "-1", "0");
        check_sum("5", "-7.5", "-2.5");
        check_sum("1e50", "1", "Overflow");
        check_sum("1e38", "-1", &"9".repeat(38));
        check_sum(&"9".repeat(38), "1", &format!("1{}", "0".repeat(38)));
        check_sum("9e125", "1e125", "Overflow");
        check_sum("1e125", "1e-130", "Overflow");
    }

    #[test]
    fn order_is_numeric() {
        let texts = [
            "-1e125",
            "-10",
            "-9.5",
            "-1e-130",
            "0",
            "1e-130",
            "0.5",
            "1",
            "1.00000001",
            "9",
            "10",
            "49",
            "50",
            "51",
            "1e125",
        ];
        let numbers: Vec<Number> = texts.iter().map(|text| Number::parse(text).unwrap()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn an_attribute_sized_number_stays_small() {
        assert_eq!(std::mem::size_of::<Number>(), 20);
    }
}
