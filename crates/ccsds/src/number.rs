//! Numbers as they are written: the text is kept, the value goes with it.

/// A number read from a message: what was written, and what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number<'a> {
    /// The digits as they stand in the message.
    pub text: &'a str,
    /// The nearest double.
    pub value: f64,
}

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotANumber {
    /// Not written as one.
    Form,
    /// Beyond what a double holds.
    Range,
}

impl<'a> Number<'a> {
    /// A finite real number: sign, digits with at most one point, exponent. No blanks, no `NaN`, no `Inf`.
    pub(crate) fn parse(text: &'a str) -> Result<Self, NotANumber> {
        Self::with_shape(text).map(|(number, _)| number)
    }

    /// A finite real number, and how it is written.
    pub(crate) fn with_shape(text: &'a str) -> Result<(Self, Shape), NotANumber> {
        let shape = shape(text).ok_or(NotANumber::Form)?;
        let value: f64 = text.parse().map_err(|_| NotANumber::Form)?;
        if value.is_finite() {
            Ok((Self { text, value }, shape))
        } else {
            Err(NotANumber::Range)
        }
    }
}

/// How a number is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// There is a digit on both sides of the point, or no point.
    pub(crate) digits_on_both_sides: bool,
    /// There is an exponent.
    pub(crate) exponent: bool,
}

/// The shape of a real number; `None` if it is none.
pub(crate) fn shape(text: &str) -> Option<Shape> {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let digits = |at: &mut usize| {
        let from = *at;
        while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        *at - from
    };
    let before = digits(&mut at);
    let mut after = 0;
    let point = bytes.get(at) == Some(&b'.');
    if point {
        at += 1;
        after = digits(&mut at);
    }
    if before + after == 0 {
        return None;
    }
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E'));
    if exponent {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        if digits(&mut at) == 0 {
            return None;
        }
    }
    (at == bytes.len()).then_some(Shape {
        digits_on_both_sides: !point || (before > 0 && after > 0),
        exponent,
    })
}

/// Whether a text is a finite number beyond doubt, with digits on both sides of its point.
pub(crate) fn is_plain(text: &str) -> bool {
    // Without an exponent, it takes more digits than this to leave what a double holds.
    const FINITE: usize = 300;
    shape(text).is_some_and(|shape| {
        shape.digits_on_both_sides
            && (!shape.exponent && text.len() < FINITE
                || text.parse().is_ok_and(|value: f64| value.is_finite()))
    })
}

/// A whole number in the range of the standards, −2³¹ to 2³¹ − 1.
pub(crate) fn integer(text: &str) -> Result<i32, NotANumber> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotANumber::Form);
    }
    text.parse().map_err(|_| NotANumber::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_numbers() {
        for (text, value) in [
            ("0", 0.0),
            ("-1.5", -1.5),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("-.47102E-5", -0.471_02e-5),
            ("2.0e+26", 2.0e26),
            ("001.50", 1.5),
        ] {
            assert_eq!(
                Number::parse(text).map(|number| number.value),
                Ok(value),
                "{text}"
            );
        }
        for text in [
            "", "+", ".", "e5", "1e", "1e+", "1 2", "0x1", "1,5", "NaN", "inf", "1d5", "--1",
            "1.2.3",
        ] {
            assert_eq!(Number::parse(text), Err(NotANumber::Form), "{text}");
            assert!(!is_plain(text), "{text}");
        }
        for text in ["0", "-1.5", "2.0e+26", "1e-999"] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["5.", "+.5", "1e999"] {
            assert!(!is_plain(text), "{text}");
        }
        // 10^309 without an exponent.
        let long = format!("1{}", "0".repeat(309));
        assert_eq!(Number::parse(&long), Err(NotANumber::Range));
        assert!(!is_plain(&long) && is_plain(&long[..300]));
        assert_eq!(Number::parse("1e999"), Err(NotANumber::Range));
        assert_eq!(integer("0925"), Ok(925));
        assert_eq!(integer("2147483648"), Err(NotANumber::Range));
        assert_eq!(integer("12.0"), Err(NotANumber::Form));
    }
}
