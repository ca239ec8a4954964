//! Decimals in text and data are exact, or refused.

use detente_quantity::{Decimal, Interval, decimal};
use proptest::prelude::*;

#[test]
fn reading() {
    let read = |text: &str| decimal::parse(text).map(|value| value.to_string()).ok();
    assert_eq!(read("1550").as_deref(), Some("1550"));
    assert_eq!(read("202.80").as_deref(), Some("202.8"));
    assert_eq!(read("-0.50").as_deref(), Some("-0.5"));
    assert_eq!(read("-0").as_deref(), Some("0"));
    assert_eq!(read("+007").as_deref(), Some("7"));
    assert_eq!(
        read("79228162514264337593543950335").as_deref(),
        Some("79228162514264337593543950335")
    );
    // Zeros without value do not count as digits.
    assert_eq!(
        read(&format!("{}1.{}", "0".repeat(50), "0".repeat(50))).as_deref(),
        Some("1")
    );
    assert_eq!(
        read(&format!("0.{}1", "0".repeat(27))).as_deref(),
        Some("0.0000000000000000000000000001")
    );
    for text in [
        "", "-", ".5", "5.", "1,550", "1_550", "1e3", " 1", "0x10", "1.2.3", "--1", "٣", "NaN",
        "inf",
    ] {
        assert!(
            matches!(decimal::parse(text), Err(decimal::DecimalError::Form(_))),
            "{text}"
        );
    }
    for text in [
        "79228162514264337593543950336",
        "0.00000000000000000000000000001",
        "1234567890123456789012345678.123",
    ] {
        assert!(
            matches!(decimal::parse(text), Err(decimal::DecimalError::TooLong(_))),
            "{text}"
        );
    }
    assert!(
        decimal::parse(&"9".repeat(1_000_000))
            .unwrap_err()
            .to_string()
            .len()
            < 300
    );
}

#[test]
fn data() {
    let interval = |text: &str| serde_json::from_str::<Interval>(text);
    assert_eq!(
        serde_json::to_string(&Interval::between(Decimal::new(2028, 1), 300)).unwrap(),
        r#"{"lo":"202.8","hi":300}"#
    );
    assert_eq!(
        interval(r#"{"lo": 202.8, "hi": "300.0"}"#).unwrap(),
        Interval::between(Decimal::new(2028, 1), 300)
    );
    assert_eq!(interval(r#"{"lo": 5}"#).unwrap(), Interval::at_least(5));
    assert_eq!(interval("{}").unwrap(), Interval::EVERYTHING);
    assert_eq!(
        interval(r#"{"lo": 18446744073709551615, "hi": null}"#)
            .unwrap()
            .to_string(),
        "at least 18446744073709551615"
    );
    // Past 64 bits a number in JSON is binary floating point: refused, but fine as a string.
    assert!(interval(r#"{"lo": 184467440737095516150123}"#).is_err());
    assert!(interval(r#"{"lo": "184467440737095516150123"}"#).is_ok());
    assert!(
        interval(r#"{"lo": 0.12345678901234567}"#)
            .unwrap_err()
            .to_string()
            .contains("more than 15 digits")
    );
    assert_eq!(
        interval(r#"{"lo": 2, "hi": 1}"#).unwrap_err().to_string(),
        "the lower bound 2 is above the upper bound 1; exchange them, or correct one"
    );
    assert!(interval(r#"{"low": 2}"#).is_err());
    assert!(interval(r#"{"lo": "1,550"}"#).is_err());
}

proptest! {
    #[test]
    fn every_decimal_reads_back(words in any::<[u32; 3]>(), negative in any::<bool>(), places in 0..=28u32) {
        let value = Decimal::from_parts(words[0], words[1], words[2], negative, places);
        prop_assert_eq!(decimal::parse(&value.to_string()), Ok(value));
    }

    #[test]
    fn short_floating_point_numbers_are_read_as_written(digits in -999_999_999_999_999..=999_999_999_999_999i64, places in 0..=10u32) {
        let value = Decimal::new(digits, places).normalize();
        let read: Interval = serde_json::from_str(&format!("{{\"lo\": {value}}}")).unwrap();
        prop_assert_eq!(read.lo(), Some(value));
    }

    #[test]
    fn any_text(text in "[0-9.+-]{0,40}|\\PC{0,10}") {
        if let Ok(value) = decimal::parse(&text) {
            let again: Decimal = text.trim_start_matches('+').parse().unwrap();
            prop_assert_eq!(value, again);
        }
    }
}
