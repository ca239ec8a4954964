//! Notices and declarations that States give, as entries.
//!
//! The form is that of the Hague Code of Conduct against Ballistic Missile Proliferation (2002), section 4: for each launch a notice before
//! it with the generic class of the vehicle, the planned window, the launch area and the planned direction; and each year a declaration
//! with an outline of policies and the number and generic class of the vehicles launched in the year before.

mod annual;
mod approach;
mod launch;
mod table;

use detente_quantity::{Date, NameError};

pub use annual::{AnnualDeclaration, Launched};
pub use approach::ApproachNotice;
pub use launch::LaunchNotice;
pub(crate) use table::made;
pub use table::read_launch_notices;

/// Why a notice cannot be written as an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// A text that the record cannot hold as a name.
    #[error("{what}: {error}")]
    Name {
        /// What it names.
        what: &'static str,
        /// Why not.
        error: NameError,
    },
    /// A window that ends before it begins.
    #[error("the window ends on {until}, before it begins on {from}")]
    Window {
        /// Its first day.
        from: Date,
        /// Its last day.
        until: Date,
    },
    /// A generic class told twice.
    #[error("the generic class \"{0}\" is told twice; give one number for each")]
    ClassTwice(String),
    /// A year that no declaration can be about.
    #[error("{0} is no year to declare launches of: it is from 1957 to 9998")]
    Year(i32),
}

impl NoticeError {
    pub(crate) fn of(what: &'static str) -> impl Fn(NameError) -> Self {
        move |error| Self::Name { what, error }
    }
}
