//! One cell of a table, whatever the format.

use std::borrow::Cow;

use detente_quantity::{Date, Decimal, Instant};

/// What a cell holds.
#[cfg_attr(
    not(all(feature = "parquet", feature = "xlsx")),
    allow(
        dead_code,
        clippy::allow_attributes,
        reason = "which kinds of cell occur depends on the formats that are read"
    )
)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str),
    /// A text of the column's dictionary, by its code: what it means is worked out once.
    Coded {
        code: usize,
        text: &'a str,
    },
    Whole(i64),
    Number(Decimal),
    /// A number that is not a number, or beyond what decimals hold.
    BadNumber(f64),
    Truth(bool),
    Date(Date),
    Instant(Instant),
}

impl<'a> Cell<'a> {
    /// A binary fraction as the shortest decimal that means it.
    #[cfg(any(feature = "parquet", feature = "xlsx"))]
    pub(super) fn real(value: f64) -> Cell<'a> {
        if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
            return Cell::Whole(value as i64);
        }
        match crate::read::amount::number(&value.to_string()) {
            Ok(number) => Cell::Number(number),
            Err(_) => Cell::BadNumber(value),
        }
    }

    /// The cell as text, without space around it.
    pub(super) fn text(self) -> Cow<'a, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Coded { text, .. } => Cow::Borrowed(text.trim()),
            Cell::Whole(whole) => Cow::Owned(whole.to_string()),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::BadNumber(number) => Cow::Owned(number.to_string()),
            Cell::Truth(truth) => Cow::Borrowed(if truth { "yes" } else { "no" }),
            Cell::Date(date) => Cow::Owned(date.to_string()),
            Cell::Instant(instant) => Cow::Owned(instant.to_string()),
        }
    }
}

/// The cells of a row.
pub(super) trait Cells {
    /// The cell in a column; empty where there is none.
    fn cell(&self, column: usize) -> Cell<'_>;
}
