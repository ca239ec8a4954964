//! What each message may hold: one description per message, from which every reader and writer works.
//!
//! A message is a tree of blocks. XML shows the tree as it is; in KVN most blocks are only an order of keywords, and
//! some are bracketed by `…_START` and `…_STOP` lines. Order, obligation, type and unit of each keyword are stated
//! once, here and in the files beside this one, after the tables of the Blue Books named there.

mod cdm;
mod lines;
mod matrix;
mod ocm;
mod odm;
mod oem;
mod tdm;

pub use lines::{
    MANEUVER_COLUMNS, ManeuverColumn, TRAJECTORY_TYPES, TrajectoryType, covariance_elements,
    covariance_line_length, trajectory_type,
};

/// Messages of navigation that are not read here: the element that each is in XML, and what it is.
const OTHER_MESSAGES: [(&str, &str); 6] = [
    ("acm", "an attitude comprehensive message"),
    ("aem", "an attitude ephemeris message"),
    ("apm", "an attitude parameter message"),
    ("prm", "a pointing request message"),
    ("rdm", "a reentry data message"),
    ("fdm", "a fragmentation data message"),
];

/// What a message of navigation is that is not read here, by its element or its version keyword.
pub(crate) fn other_message(name: &str) -> Option<&'static str> {
    OTHER_MESSAGES
        .iter()
        .find(|(element, _)| {
            name == *element
                || name
                    .strip_prefix("CCSDS_")
                    .and_then(|name| name.strip_suffix("_VERS"))
                    .is_some_and(|name| name.eq_ignore_ascii_case(element))
        })
        .map(|(_, what)| *what)
}

/// Which message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Conjunction Data Message, CCSDS 508.0-B-1.
    Cdm,
    /// Orbit Comprehensive Message, CCSDS 502.0-B-3.
    Ocm,
    /// Orbit Ephemeris Message, CCSDS 502.0-B-1 to B-3.
    Oem,
    /// Orbit Mean-elements Message, CCSDS 502.0-B-2 and B-3.
    Omm,
    /// Orbit Parameter Message, CCSDS 502.0-B-1 to B-3.
    Opm,
    /// Tracking Data Message, CCSDS 503.0-B-1 and B-2.
    Tdm,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Cdm,
        Self::Ocm,
        Self::Oem,
        Self::Omm,
        Self::Opm,
        Self::Tdm,
    ];

    /// `CDM`, `OCM`, …
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cdm => "CDM",
            Self::Ocm => "OCM",
            Self::Oem => "OEM",
            Self::Omm => "OMM",
            Self::Opm => "OPM",
            Self::Tdm => "TDM",
        }
    }

    /// The keyword of the format version, the first of a message: `CCSDS_CDM_VERS`.
    #[must_use]
    pub const fn version_keyword(self) -> &'static str {
        match self {
            Self::Cdm => "CCSDS_CDM_VERS",
            Self::Ocm => "CCSDS_OCM_VERS",
            Self::Oem => "CCSDS_OEM_VERS",
            Self::Omm => "CCSDS_OMM_VERS",
            Self::Opm => "CCSDS_OPM_VERS",
            Self::Tdm => "CCSDS_TDM_VERS",
        }
    }

    /// The kind whose version keyword this is.
    #[must_use]
    pub fn from_version_keyword(keyword: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.version_keyword() == keyword)
    }

    /// The kind whose root element in XML is called so.
    #[must_use]
    pub fn from_element(element: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.description().name == element)
    }

    /// The published format versions, oldest first.
    #[must_use]
    pub const fn versions(self) -> &'static [Version] {
        match self {
            Self::Cdm => &[V1],
            Self::Ocm => &[V3],
            Self::Oem | Self::Opm => &[V1, V2, V3],
            Self::Omm => &[V2, V3],
            Self::Tdm => &[V1, V2],
        }
    }

    /// Versions that were only drafts but are found in use; read with a remark.
    #[must_use]
    pub const fn draft_versions(self) -> &'static [Version] {
        match self {
            Self::Cdm | Self::Ocm => &[V2],
            _ => &[],
        }
    }

    /// The newest published version.
    #[must_use]
    pub const fn newest_version(self) -> Version {
        match self {
            Self::Cdm => V1,
            Self::Ocm | Self::Oem | Self::Omm | Self::Opm => V3,
            Self::Tdm => V2,
        }
    }

    /// What a message of this kind may hold.
    #[must_use]
    pub const fn description(self) -> &'static BlockDescription {
        match self {
            Self::Cdm => &cdm::CDM,
            Self::Ocm => &ocm::OCM,
            Self::Oem => &oem::OEM,
            Self::Omm => &odm::OMM,
            Self::Opm => &odm::OPM,
            Self::Tdm => &tdm::TDM,
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A format version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// Before the point.
    pub major: u8,
    /// After the point.
    pub minor: u8,
}

impl Version {
    /// `3.0` and so on.
    #[must_use]
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    /// From `x.y`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (digits(major) && digits(minor)).then_some(())?;
        Some(Self::new(major.parse().ok()?, minor.parse().ok()?))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// Version 1.0.
pub(crate) const V1: Version = Version::new(1, 0);
/// Version 2.0.
pub(crate) const V2: Version = Version::new(2, 0);
/// Version 3.0.
pub(crate) const V3: Version = Version::new(3, 0);

/// A block: its name as an element of XML, its brackets in KVN, and its parts in their fixed order.
#[derive(Debug)]
pub struct BlockDescription {
    /// The element of XML.
    pub name: &'static str,
    /// How KVN brackets the block.
    pub brackets: Brackets,
    /// The parts, in the order in which they must come.
    pub parts: &'static [Part],
}

/// How KVN marks the bounds of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// Not at all: the keywords say where it begins.
    None,
    /// Each block stands between `X_START` and `X_STOP`.
    Each(&'static str),
    /// All blocks of this description that follow each other stand together between `X_START` and `X_STOP`, and
    /// each is a matrix given as lines of its lower triangle (the covariances of an OEM).
    Run(&'static str),
}

/// A part of a block.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// One keyword with its value.
    Field(FieldDescription),
    /// A block inside this block.
    Block(BlockUse),
    /// Lines of data: any number of them.
    Lines(LinesDescription),
    /// Any number of `USER_DEFINED_…` keywords.
    UserDefined,
}

/// A block's place in another.
#[derive(Clone, Copy, Debug)]
pub struct BlockUse {
    /// The block.
    pub block: &'static BlockDescription,
    /// How many there must be.
    pub least: u32,
    /// How many there may be.
    pub most: u32,
}

/// Whether a keyword must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Once.
    Obligatory,
    /// At most once.
    Optional,
    /// At most once; without it, this value holds.
    Default(&'static str),
    /// Exactly one of the keywords of the block with the same number.
    OneOf(u8),
    /// At most one of the keywords of the block with the same number.
    AtMostOneOf(u8),
}

/// A keyword: its place, type and unit.
#[derive(Clone, Copy, Debug)]
pub struct FieldDescription {
    /// In capitals, as in KVN and XML.
    pub keyword: &'static str,
    /// Whether it must be there.
    pub presence: Presence,
    /// What its value is.
    pub value: ValueType,
    /// The unit, in the notation of the standards (`km**2/s`); `None`: none or dimensionless.
    pub unit: Option<&'static str>,
    /// The version of the message that brought the keyword.
    pub since: Version,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Any text.
    Text,
    /// Calendar or ordinal date with time of day.
    Date,
    /// A date, or seconds from the message's `EPOCH_TZERO`.
    Time,
    /// One of the time systems of the standards.
    TimeSystem,
    /// A finite real number.
    Real,
    /// A real number, not negative.
    NonNegative,
    /// A real number above zero.
    Positive,
    /// A real number from 0 to 1.
    Probability,
    /// A real number from 0 to 100.
    Percent,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number, not negative.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// This many real numbers, separated by blanks.
    Vector(u8),
    /// Participants' indices (1 to 5), separated by commas.
    Path,
    /// Words separated by commas.
    List,
    /// Units separated by commas, in square brackets.
    Units,
}

/// Lines of data.
#[derive(Clone, Copy, Debug)]
pub struct LinesDescription {
    /// What is on a line.
    pub form: LineForm,
    /// How many there must be.
    pub least: u32,
}

/// What is on a line of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineForm {
    /// A date, position and velocity, and acceleration if it is given (OEM).
    State,
    /// A time and what `TRAJ_TYPE` says (OCM).
    Trajectory,
    /// A time and a matrix as `COV_TYPE` and `COV_ORDERING` say (OCM).
    Covariance,
    /// What `MAN_COMPOSITION` says (OCM).
    Maneuver,
    /// A keyword, a date and a number (TDM).
    Observation,
}

impl LineForm {
    /// The element of XML that holds a line.
    #[must_use]
    pub const fn element(self) -> &'static str {
        match self {
            Self::State => "stateVector",
            Self::Trajectory => "trajLine",
            Self::Covariance => "covLine",
            Self::Maneuver => "manLine",
            Self::Observation => "observation",
        }
    }
}

/// The elements of a state vector in the order of an ephemeris line, with their units; the last three are optional.
pub const STATE_COLUMNS: [(&str, &str); 9] = [
    ("X", "km"),
    ("Y", "km"),
    ("Z", "km"),
    ("X_DOT", "km/s"),
    ("Y_DOT", "km/s"),
    ("Z_DOT", "km/s"),
    ("X_DDOT", "km/s**2"),
    ("Y_DDOT", "km/s**2"),
    ("Z_DDOT", "km/s**2"),
];

/// The keywords of observations (TDM) with their units. The unit of `RANGE` is the value of `RANGE_UNITS`.
pub use tdm::OBSERVATIONS;

/// The description of an observation's keyword.
#[must_use]
pub fn observation(keyword: &str) -> Option<&'static FieldDescription> {
    OBSERVATIONS
        .iter()
        .find(|observation| observation.keyword == keyword)
}

/// The prefix of user-defined keywords.
pub const USER_DEFINED: &str = "USER_DEFINED_";

const fn field(keyword: &'static str, presence: Presence, value: ValueType) -> Part {
    Part::Field(FieldDescription {
        keyword,
        presence,
        value,
        unit: None,
        since: V1,
    })
}

/// A keyword that must be there.
const fn must(keyword: &'static str, value: ValueType) -> Part {
    field(keyword, Presence::Obligatory, value)
}

/// A keyword that may be there.
const fn may(keyword: &'static str, value: ValueType) -> Part {
    field(keyword, Presence::Optional, value)
}

/// A keyword with a value that holds without it.
const fn default(keyword: &'static str, value: ValueType, otherwise: &'static str) -> Part {
    field(keyword, Presence::Default(otherwise), value)
}

/// A block that is there once.
const fn once(block: &'static BlockDescription) -> Part {
    Part::Block(BlockUse {
        block,
        least: 1,
        most: 1,
    })
}

/// A block that may be there once.
const fn perhaps(block: &'static BlockDescription) -> Part {
    Part::Block(BlockUse {
        block,
        least: 0,
        most: 1,
    })
}

/// A block of which there are at least so many.
const fn many(block: &'static BlockDescription, least: u32) -> Part {
    Part::Block(BlockUse {
        block,
        least,
        most: u32::MAX,
    })
}

impl Part {
    const fn unit(self, unit: &'static str) -> Self {
        match self {
            Self::Field(field) => Self::Field(FieldDescription {
                unit: Some(unit),
                ..field
            }),
            other => other,
        }
    }

    const fn since(self, since: Version) -> Self {
        match self {
            Self::Field(field) => Self::Field(FieldDescription { since, ..field }),
            other => other,
        }
    }
}

/// YES or NO.
const YES_NO: ValueType = ValueType::Word(&["YES", "NO"]);

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(block: &'static BlockDescription, visit: &mut impl FnMut(&'static BlockDescription)) {
        visit(block);
        for part in block.parts {
            if let Part::Block(used) = part {
                walk(used.block, visit);
            }
        }
    }

    #[test]
    fn no_keyword_stands_twice_in_a_block_and_every_unit_is_understood() {
        for kind in Kind::ALL {
            walk(kind.description(), &mut |block| {
                let mut keywords = Vec::new();
                for part in block.parts {
                    if let Part::Field(field) = part {
                        assert!(
                            !keywords.contains(&field.keyword),
                            "{kind} {}: {} twice",
                            block.name,
                            field.keyword
                        );
                        keywords.push(field.keyword);
                        if let Some(unit) = field.unit {
                            assert!(
                                crate::unit::Unit::parse(unit).is_some(),
                                "{kind} {} [{unit}]",
                                field.keyword
                            );
                        }
                    }
                }
            });
        }
    }
}
