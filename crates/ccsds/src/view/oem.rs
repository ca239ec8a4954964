//! The Orbit Ephemeris Message as numbers.

use super::omm::covariance;
use crate::date::Date;
use crate::description::Kind;
use crate::message::{Block, Message};
use crate::time_system::TimeSystem;

/// One segment of an Orbit Ephemeris Message: between segments nothing is interpolated.
#[derive(Clone, Copy, Debug)]
pub struct OemSegment<'a> {
    metadata: &'a Block,
    data: &'a Block,
}

/// A state of an ephemeris.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// In the segment's time system.
    pub epoch: Date,
    /// km.
    pub position: [f64; 3],
    /// km/s.
    pub velocity: [f64; 3],
    /// km/s², if it is given.
    pub acceleration: Option<[f64; 3]>,
}

/// A covariance of an ephemeris.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EphemerisCovariance<'a> {
    /// In the segment's time system.
    pub epoch: Date,
    /// The frame of the matrix.
    pub reference_frame: &'a str,
    /// Of position and velocity, km², km²/s, km²/s².
    pub matrix: [[f64; 6]; 6],
}

impl<'a> OemSegment<'a> {
    /// The segments of an OEM; none if the message is another.
    pub fn of(message: &'a Message) -> impl Iterator<Item = Self> {
        let is_ephemeris = message.kind() == Kind::Oem;
        message
            .segments()
            .filter(move |_| is_ephemeris)
            .filter_map(|segment| {
                Some(Self {
                    metadata: segment.block("metadata")?,
                    data: segment.block("data")?,
                })
            })
    }

    /// The block of metadata, for keywords that have no getter.
    #[must_use]
    pub const fn metadata(&self) -> &'a Block {
        self.metadata
    }

    /// The name of the object.
    #[must_use]
    pub fn object_name(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_NAME")
    }

    /// The international designator, as a rule.
    #[must_use]
    pub fn object_id(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_ID")
    }

    /// The centre of the reference frame.
    #[must_use]
    pub fn center(&self) -> Option<&'a str> {
        self.metadata.text("CENTER_NAME")
    }

    /// The reference frame.
    #[must_use]
    pub fn reference_frame(&self) -> Option<&'a str> {
        self.metadata.text("REF_FRAME")
    }

    /// The time system.
    #[must_use]
    pub fn time_system(&self) -> Option<TimeSystem> {
        TimeSystem::parse(self.metadata.text("TIME_SYSTEM")?)
    }

    /// The span that the data cover.
    #[must_use]
    pub fn span(&self) -> Option<(Date, Date)> {
        Some((
            self.metadata.date("START_TIME")?,
            self.metadata.date("STOP_TIME")?,
        ))
    }

    /// The span in which the data can be used: the whole one where nothing else is said.
    #[must_use]
    pub fn useable_span(&self) -> Option<(Date, Date)> {
        let (start, stop) = self.span()?;
        Some((
            self.metadata.date("USEABLE_START_TIME").unwrap_or(start),
            self.metadata.date("USEABLE_STOP_TIME").unwrap_or(stop),
        ))
    }

    /// The method and degree of interpolation that the sender recommends.
    #[must_use]
    pub fn interpolation(&self) -> Option<(&'a str, Option<u32>)> {
        let degree = self
            .metadata
            .text("INTERPOLATION_DEGREE")
            .and_then(|text| crate::number::integer(text).ok())
            .and_then(|degree| u32::try_from(degree).ok());
        Some((self.metadata.text("INTERPOLATION")?, degree))
    }

    /// The states in their order.
    pub fn states(&self) -> impl Iterator<Item = State> + use<'a> {
        self.data.lines().filter_map(|line| {
            let mut numbers = line.numbers().map(|number| Some(number?.value));
            let mut three = || Some([numbers.next()??, numbers.next()??, numbers.next()??]);
            Some(State {
                epoch: line.date()?,
                position: three()?,
                velocity: three()?,
                acceleration: three(),
            })
        })
    }

    /// The covariances in their order.
    pub fn covariances(&self) -> impl Iterator<Item = EphemerisCovariance<'a>> + use<'a> {
        let otherwise = self.reference_frame().unwrap_or_default();
        self.data
            .blocks("covarianceMatrix")
            .filter_map(move |block| {
                let (reference_frame, matrix) = covariance(block, otherwise)?;
                Some(EphemerisCovariance {
                    epoch: block.date("EPOCH")?,
                    reference_frame,
                    matrix,
                })
            })
    }
}
