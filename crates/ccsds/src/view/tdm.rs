//! The Tracking Data Message as numbers.

use crate::date::Date;
use crate::description::{Kind, observation};
use crate::message::{Block, Message};
use crate::number::Number;
use crate::time_system::TimeSystem;

/// One segment of a Tracking Data Message.
#[derive(Clone, Copy, Debug)]
pub struct TdmSegment<'a> {
    metadata: &'a Block,
    data: &'a Block,
}

/// An observed or computed quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation<'a> {
    /// What was observed.
    pub keyword: &'static str,
    /// In the segment's time system.
    pub epoch: Date,
    /// As it is written, and its value.
    pub number: Number<'a>,
    /// The unit; of a range the one that the segment names; `None`: dimensionless or not said.
    pub unit: Option<&'a str>,
}

impl<'a> TdmSegment<'a> {
    /// The segments of a TDM; none if the message is another.
    pub fn of(message: &'a Message) -> impl Iterator<Item = Self> {
        let is_tracking = message.kind() == Kind::Tdm;
        message
            .segments()
            .filter(move |_| is_tracking)
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

    /// The time system.
    #[must_use]
    pub fn time_system(&self) -> Option<TimeSystem> {
        TimeSystem::parse(self.metadata.text("TIME_SYSTEM")?)
    }

    /// The participants: their index (from 1) and name.
    pub fn participants(&self) -> impl Iterator<Item = (u8, &'a str)> + use<'a> {
        let metadata = self.metadata;
        (1..=5)
            .filter_map(move |index| Some((index, metadata.text(&format!("PARTICIPANT_{index}"))?)))
    }

    /// The observations in their order.
    pub fn observations(&self) -> impl Iterator<Item = Observation<'a>> + use<'a> {
        let range_unit = self.metadata.text("RANGE_UNITS");
        self.data.lines().filter_map(move |line| {
            let keyword = line.keyword()?;
            Some(Observation {
                keyword,
                epoch: line.date()?,
                number: line.numbers().next()??,
                unit: if keyword == "RANGE" {
                    range_unit
                } else {
                    observation(keyword)?.unit
                },
            })
        })
    }
}
