//! Catalogue numbers: five digits, Alpha-5, and up to nine digits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number under which a catalogue keeps an object (`NORAD_CAT_ID`), 0 to 999,999,999.
///
/// Two-line element sets have five columns for it. Numbers from 100,000 to 339,999 are written there
/// with a letter in the first column (Alpha-5, without I and O); larger ones need an OMM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CatalogNumber(u32);

/// Why a text is not a catalogue number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogNumberError {
    /// Larger than nine digits.
    #[error("catalogue number {0:?} has more than nine digits")]
    TooLarge(String),
    /// Neither digits nor Alpha-5.
    #[error(
        "{0:?} is not a catalogue number: write one to nine digits, or in a two-line set a letter \
         (not I or O) and four digits"
    )]
    NotANumber(String),
    /// Cannot be written in five columns.
    #[error("catalogue number {0} does not fit a two-line set (at most 339999): write an OMM")]
    NeedsOmm(u32),
}

/// The letters of Alpha-5 in order; A stands for 10, Z for 33.
const ALPHA5: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

impl CatalogNumber {
    /// The largest number, nine digits.
    pub const MAX: u32 = 999_999_999;

    /// A number, if it has at most nine digits.
    ///
    /// # Errors
    /// [`CatalogNumberError::TooLarge`].
    pub fn new(number: u32) -> Result<Self, CatalogNumberError> {
        if number > Self::MAX {
            return Err(CatalogNumberError::TooLarge(number.to_string()));
        }
        Ok(Self(number))
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// Reads decimal digits as in an OMM: with leading zeros, or a plus (CCSDS 502.0-B-3, 7.5.4).
    ///
    /// # Errors
    /// When the text is not one to nine digits.
    pub fn from_digits(text: &str) -> Result<Self, CatalogNumberError> {
        let text = text.trim();
        Self::from_bare_digits(text.strip_prefix('+').unwrap_or(text))
    }

    fn from_bare_digits(text: &str) -> Result<Self, CatalogNumberError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CatalogNumberError::NotANumber(text.to_owned()));
        }
        let significant = text.trim_start_matches('0');
        if significant.len() > 9 {
            return Err(CatalogNumberError::TooLarge(text.to_owned()));
        }
        let number = significant
            .bytes()
            .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        Ok(Self(number))
    }

    /// Reads the five columns of a two-line set: digits, padded with blanks or zeros, or Alpha-5.
    ///
    /// # Errors
    /// When the columns hold neither.
    pub fn from_columns(columns: &str) -> Result<Self, CatalogNumberError> {
        let text = columns.trim();
        let first = text.bytes().next();
        let Some(letter) = first.filter(u8::is_ascii_alphabetic) else {
            return Self::from_bare_digits(text);
        };
        let fail = || CatalogNumberError::NotANumber(columns.to_owned());
        let rest = text
            .get(1..)
            .filter(|rest| rest.len() == 4)
            .ok_or_else(fail)?;
        let high = ALPHA5
            .iter()
            .position(|&known| known == letter)
            .ok_or_else(fail)?;
        let low = Self::from_bare_digits(rest).map_err(|_| fail())?;
        let high = u32::try_from(high + 10).map_err(|_| fail())?;
        Ok(Self(high * 10_000 + low.0))
    }

    /// Writes the five columns of a two-line set.
    ///
    /// # Errors
    /// [`CatalogNumberError::NeedsOmm`] above 339,999.
    pub fn to_columns(self) -> Result<String, CatalogNumberError> {
        if self.0 < 100_000 {
            return Ok(format!("{:05}", self.0));
        }
        let index = usize::try_from(self.0 / 10_000 - 10).unwrap_or(usize::MAX);
        let letter = ALPHA5
            .get(index)
            .ok_or(CatalogNumberError::NeedsOmm(self.0))?;
        Ok(format!("{}{:04}", char::from(*letter), self.0 % 10_000))
    }
}

impl fmt::Display for CatalogNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha5_as_published() {
        // The examples of space-track.org/documentation#tle-alpha5.
        for (columns, number) in [
            ("A0000", 100_000),
            ("E8493", 148_493),
            ("J2931", 182_931),
            ("P4018", 234_018),
            ("Z9999", 339_999),
        ] {
            assert_eq!(CatalogNumber::from_columns(columns).unwrap().get(), number);
            assert_eq!(CatalogNumber(number).to_columns().unwrap(), columns);
        }
        assert_eq!(CatalogNumber::from_columns("   29").unwrap().get(), 29);
        for wrong in [
            "I0000", "O1234", "a0000", "A000", "A00 0", "", "-0001", "1+234", "Ä0000",
        ] {
            assert!(CatalogNumber::from_columns(wrong).is_err(), "{wrong}");
        }
        assert!(CatalogNumber(340_000).to_columns().is_err());
    }

    #[test]
    fn nine_digits() {
        assert_eq!(
            CatalogNumber::from_digits("799999999").unwrap().get(),
            799_999_999
        );
        assert_eq!(
            CatalogNumber::from_digits("000025544").unwrap().get(),
            25544
        );
        assert!(CatalogNumber::from_digits("1000000000").is_err());
        assert!(CatalogNumber::from_digits("T0001").is_err());
    }

    proptest::proptest! {
        #[test]
        fn columns_come_back(number in 0_u32..340_000) {
            let number = CatalogNumber(number);
            proptest::prop_assert_eq!(CatalogNumber::from_columns(&number.to_columns().unwrap()).unwrap(), number);
        }
    }
}
