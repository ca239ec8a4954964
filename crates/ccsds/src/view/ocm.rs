//! The Orbit Comprehensive Message as numbers.

use crate::date::Date;
use crate::description::Kind;
use crate::message::{Block, Line, Message};
use crate::time_system::TimeSystem;

/// An Orbit Comprehensive Message.
#[derive(Clone, Copy, Debug)]
pub struct Ocm<'a> {
    metadata: &'a Block,
    data: Option<&'a Block>,
}

/// When something is: a date, or seconds from [`Ocm::epoch_zero`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Time {
    /// In the message's time system.
    Absolute(Date),
    /// Seconds.
    Relative(f64),
}

impl Time {
    fn parse(text: &str) -> Option<Self> {
        match Date::parse(text) {
            Ok(date) => Some(Self::Absolute(date)),
            Err(_) => crate::number::Number::parse(text)
                .ok()
                .map(|number| Self::Relative(number.value)),
        }
    }

    /// Seconds from an epoch, every day counted as 86400 s.
    #[must_use]
    pub fn seconds_since(self, epoch: Date) -> f64 {
        match self {
            Self::Absolute(date) => date.seconds_since(epoch),
            Self::Relative(seconds) => seconds,
        }
    }
}

/// A block of lines that each hold a time and numbers: a trajectory or a history of covariances.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    block: &'a Block,
}

impl<'a> Ocm<'a> {
    /// The message as an OCM; `None` if it is another.
    #[must_use]
    pub fn new(message: &'a Message) -> Option<Self> {
        if message.kind() != Kind::Ocm {
            return None;
        }
        let segment = message.segments().next()?;
        Some(Self {
            metadata: segment.block("metadata")?,
            data: segment.block("data"),
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

    /// The international designator.
    #[must_use]
    pub fn international_designator(&self) -> Option<&'a str> {
        self.metadata.text("INTERNATIONAL_DESIGNATOR")
    }

    /// The time system; UTC where nothing is said.
    #[must_use]
    pub fn time_system(&self) -> Option<TimeSystem> {
        TimeSystem::parse(self.metadata.text_or_default("TIME_SYSTEM")?)
    }

    /// The epoch from which relative times count.
    #[must_use]
    pub fn epoch_zero(&self) -> Option<Date> {
        self.metadata.date("EPOCH_TZERO")
    }

    /// The trajectories.
    pub fn trajectories(&self) -> impl Iterator<Item = History<'a>> + use<'a> {
        self.blocks("traj").map(|block| History { block })
    }

    /// The histories of covariances.
    pub fn covariances(&self) -> impl Iterator<Item = History<'a>> + use<'a> {
        self.blocks("cov").map(|block| History { block })
    }

    /// The blocks of manoeuvres; `MAN_COMPOSITION` says what is on their lines.
    pub fn maneuvers(&self) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.blocks("man")
    }

    /// The physical properties.
    #[must_use]
    pub fn physical_properties(&self) -> Option<&'a Block> {
        self.data?.block("phys")
    }

    /// The perturbations.
    #[must_use]
    pub fn perturbations(&self) -> Option<&'a Block> {
        self.data?.block("pert")
    }

    /// The orbit determination.
    #[must_use]
    pub fn orbit_determination(&self) -> Option<&'a Block> {
        self.data?.block("od")
    }

    /// The parameters of the sender's own: name (without the prefix) and value.
    pub fn user_defined(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.blocks("user")
            .flat_map(Block::fields)
            .filter_map(|field| Some((field.user_defined()?, field.text())))
    }

    fn blocks(&self, name: &'static str) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.data
            .into_iter()
            .flat_map(move |data| data.blocks(name))
    }
}

impl<'a> History<'a> {
    /// The block, for keywords that have no getter.
    #[must_use]
    pub const fn block(&self) -> &'a Block {
        self.block
    }

    /// Which elements are on the lines: `TRAJ_TYPE` or `COV_TYPE`, or the standard's default.
    #[must_use]
    pub fn elements(&self) -> Option<&'a str> {
        self.block
            .text_or_default("TRAJ_TYPE")
            .or_else(|| self.block.text_or_default("COV_TYPE"))
    }

    /// The reference frame, or the standard's default.
    #[must_use]
    pub fn reference_frame(&self) -> Option<&'a str> {
        self.block
            .text_or_default("TRAJ_REF_FRAME")
            .or_else(|| self.block.text_or_default("COV_REF_FRAME"))
    }

    /// The times and numbers of the lines, in the units of the elements.
    pub fn lines(&self) -> impl Iterator<Item = (Time, Vec<f64>)> + use<'a> {
        self.block.lines().filter_map(|line: &Line| {
            let time = Time::parse(line.items().next()?)?;
            let numbers = line
                .numbers()
                .map(|number| Some(number?.value))
                .collect::<Option<Vec<_>>>()?;
            Some((time, numbers))
        })
    }
}
