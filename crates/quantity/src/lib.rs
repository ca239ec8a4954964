//! The ground floor: what an agreement and a record are measured in.
//!
//! * [`Date`], [`Instant`], [`When`] and [`Duration`]: a calendar of whole UTC days and UTC instants,
//!   with one stated rounding for month arithmetic.
//! * [`Interval`]: a closed range of exact decimals, open-ended where nothing is known. Arithmetic on
//!   intervals is *sound*: whatever the true values inside the inputs, the true result lies inside the
//!   output. Comparing two intervals gives a [`Truth`] with three values.
//! * [`Unit`], [`Quantity`]: units with exact factors, a year for money, a substance for masses.
//! * [`Steps`]: a value that changes on a finite number of dates, and the algebra of such values.
//! * [`Name`]: an identifier as people write it.
//!
//! Nothing here reads files, clocks or networks, and nothing here panics on outside input. The rules are
//! told in full in the book, `docs/src/semantics/quantities.md`.
//!
//! ```
//! use detente_quantity::{Comparison, Date, Interval, Steps, Truth};
//!
//! // Launchers of some party, due to be declared every half year: nothing is known before the first
//! // declaration, nor once the last one has gone stale.
//! let date = |text: &str| text.parse::<Date>();
//! let launchers = Steps::new(
//!     Interval::NON_NEGATIVE,
//!     [
//!         (date("2011-03-01")?, Interval::exact(810)),
//!         (date("2011-09-01")?, Interval::exact(795)),
//!         (date("2012-03-01")?, Interval::NON_NEGATIVE),
//!     ],
//! );
//! let limit = Interval::exact(800);
//! let verdicts = launchers.map(|value| value.compare(Comparison::AtMost, &limit));
//! let told: Vec<(Date, Date, &Truth)> =
//!     verdicts.pieces(date("2011-06-01")?, date("2012-06-01")?).collect();
//! assert_eq!(
//!     told,
//!     [
//!         (date("2011-06-01")?, date("2011-09-01")?, &Truth::False),
//!         (date("2011-09-01")?, date("2012-03-01")?, &Truth::True),
//!         (date("2012-03-01")?, date("2012-06-01")?, &Truth::Unknown),
//!     ]
//! );
//! # Ok::<(), detente_quantity::DateError>(())
//! ```

mod calendar;
pub mod decimal;
mod duration;
mod excerpt;
mod interval;
mod name;
mod steps;
mod truth;
mod unit;

pub use calendar::{Date, DateError, Instant, InstantError, When, WhenError};
pub use duration::{Duration, DurationError};
pub use interval::{Interval, IntervalError};
pub use name::{Name, NameError};
pub use rust_decimal::Decimal;
pub use steps::{Pieces, Steps};
pub use truth::{Comparison, Truth};
pub use unit::{ConversionError, CurrencyCode, Dimension, Quantity, Substance, Unit, UnitError};
