//! Element sets: the mean orbits that a catalogue publishes for SGP4.
//!
//! [`catalogue::Catalogue`] reads whole files ([`tle`], [`omm`]) and keeps what is sound; everything else
//! comes back as [`Problem`]s with the line they were found in.

pub mod catalogue;
pub mod history;
mod lines;
mod number;
pub mod omm;
pub mod tle;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use number::{CatalogNumber, CatalogNumberError};

/// The mean elements of one object at one epoch, for SGP4 (theory "SGP4", frame TEME, time UTC).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElementSet {
    /// Catalogue number.
    pub number: CatalogNumber,
    /// Name, without the `0 ` of a three-line set.
    pub name: Option<String>,
    /// International designator as in an OMM, `1998-067A`.
    pub designator: Option<String>,
    /// Classification: `U`, `C` or `S`.
    pub classification: char,
    /// Epoch, UTC.
    pub epoch: Timestamp,
    /// Mean motion (Kozai), revolutions per day.
    pub mean_motion: f64,
    /// Eccentricity.
    pub eccentricity: f64,
    /// Inclination, degrees.
    pub inclination: f64,
    /// Right ascension of the ascending node, degrees.
    pub ascending_node: f64,
    /// Argument of pericentre, degrees.
    pub argument_of_pericentre: f64,
    /// Mean anomaly, degrees.
    pub mean_anomaly: f64,
    /// B*, the drag term, 1 / Earth radii.
    pub drag_term: f64,
    /// Half the first derivative of mean motion, revolutions per day² (as a two-line set gives it).
    pub mean_motion_dot: f64,
    /// A sixth of the second derivative of mean motion, revolutions per day³.
    pub mean_motion_ddot: f64,
    /// Ephemeris type; 0 is SGP4.
    pub ephemeris_type: u8,
    /// Element set number.
    pub set_number: u32,
    /// Revolution number at epoch.
    pub revolution: u32,
}

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The entry was loaded.
    Notice,
    /// The entry was left out.
    Refused,
}

/// Something found in a catalogue file; the rest of the file was loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Line of the file, from 1: the first line of the entry, or the very line where that is known.
    pub line: usize,
    /// Whether the entry was left out.
    pub severity: Severity,
    /// What it is.
    pub kind: ProblemKind,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let left_out = if self.severity == Severity::Refused {
            " (entry left out)"
        } else {
            ""
        };
        write!(formatter, "line {}: {}{left_out}", self.line, self.kind)
    }
}

/// What can be wrong with an entry of a catalogue.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemKind {
    /// The line's digits do not add up to its last column.
    #[error(
        "the checksum is {computed} but column 69 says {written}: the line was altered; fetch it again"
    )]
    Checksum {
        /// Computed from columns 1 to 68.
        computed: u8,
        /// The digit in column 69.
        written: u8,
    },
    /// Column 69 is missing or no digit.
    #[error("the checksum in column 69 is missing")]
    ChecksumMissing,
    /// Text after column 69.
    #[error("text after column 69 was not read")]
    TextBeyond,
    /// Lines 1 and 2 are of two objects.
    #[error("line 1 is of object {first}, line 2 of object {second}: they do not belong together")]
    NumbersDiffer {
        /// On line 1.
        first: CatalogNumber,
        /// On line 2.
        second: CatalogNumber,
    },
    /// A line that is no part of an element set.
    #[error("this line belongs to no element set: expected {0}")]
    Stray(&'static str),
    /// A field that cannot be read.
    #[error("{field} is {text:?}, not {expected}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// Its text.
        text: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field given twice.
    #[error("{0} is given twice")]
    Repeated(String),
    /// The number of the object.
    #[error(transparent)]
    Number(#[from] CatalogNumberError),
    /// The epoch.
    #[error(transparent)]
    Epoch(#[from] crate::epoch::EpochError),
    /// Elements that no orbit around the Earth has.
    #[error(transparent)]
    Impossible(#[from] ImpossibleElements),
    /// The same set was read before.
    #[error("object {number} has this very set already, from line {earlier}")]
    Duplicate {
        /// The object.
        number: CatalogNumber,
        /// Where it was first.
        earlier: usize,
    },
    /// Two sets of one object and epoch that differ.
    #[error(
        "object {number} has another set of the same epoch, from line {earlier}; the later line was kept"
    )]
    SameEpoch {
        /// The object.
        number: CatalogNumber,
        /// Where the other was.
        earlier: usize,
    },
    /// Mean elements of a theory, frame or centre that SGP4 cannot take.
    #[error("{field} is {found:?}; SGP4 needs {needed}")]
    NotForSgp4 {
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What it should hold.
        needed: &'static str,
    },
    /// The file is not in the format it was read as.
    #[error("{0}")]
    Syntax(String),
}

/// An element outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{element} is {value}: possible is {range}")]
pub struct ImpossibleElements {
    /// Which element.
    pub element: &'static str,
    /// Its value.
    pub value: f64,
    /// The range.
    pub range: &'static str,
}

impl ElementSet {
    /// Whether two sets are the same but for their names.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let named = Self {
            name: self.name.clone(),
            ..other.clone()
        };
        *self == named
    }

    /// Whether an orbit around the Earth can have these elements.
    ///
    /// Deliberately wide: a sub-orbital or decaying object is possible; whether SGP4 can follow it is
    /// told by the propagator.
    ///
    /// # Errors
    /// The first element out of its range.
    pub fn check(&self) -> Result<(), ImpossibleElements> {
        let within = |element, value: f64, inside: bool, range| {
            if inside && value.is_finite() {
                Ok(())
            } else {
                Err(ImpossibleElements {
                    element,
                    value,
                    range,
                })
            }
        };
        let angle = |element, value: f64| {
            within(
                element,
                value,
                (0.0..=360.0).contains(&value),
                "0 to 360 degrees",
            )
        };
        let motion = self.mean_motion;
        within(
            "mean motion",
            motion,
            motion > 0.0 && motion < 20.0,
            "above 0 and below 20 revolutions a day",
        )?;
        let eccentricity = self.eccentricity;
        within(
            "eccentricity",
            eccentricity,
            (0.0..1.0).contains(&eccentricity),
            "0 to below 1",
        )?;
        let inclination = self.inclination;
        within(
            "inclination",
            inclination,
            (0.0..=180.0).contains(&inclination),
            "0 to 180 degrees",
        )?;
        angle("right ascension of the ascending node", self.ascending_node)?;
        angle("argument of pericentre", self.argument_of_pericentre)?;
        angle("mean anomaly", self.mean_anomaly)?;
        within(
            "B*",
            self.drag_term,
            self.drag_term.abs() < 100.0,
            "within ±100 per Earth radius",
        )?;
        let dot = self.mean_motion_dot;
        within(
            "first derivative of mean motion",
            dot,
            dot.abs() < 100.0,
            "within ±100",
        )?;
        let ddot = self.mean_motion_ddot;
        within(
            "second derivative of mean motion",
            ddot,
            ddot.abs() < 100.0,
            "within ±100",
        )
    }
}
