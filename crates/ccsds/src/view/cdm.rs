//! The Conjunction Data Message as numbers.

use super::symmetric;
use crate::date::Date;
use crate::description::{Kind, Part};
use crate::message::{Block, Message};

/// A Conjunction Data Message: two objects at their closest approach. All dates are UTC.
#[derive(Clone, Copy, Debug)]
pub struct Cdm<'a> {
    message: &'a Message,
}

impl<'a> Cdm<'a> {
    /// The message as a CDM; `None` if it is another.
    #[must_use]
    pub fn new(message: &'a Message) -> Option<Self> {
        (message.kind() == Kind::Cdm).then_some(Self { message })
    }

    /// The message itself.
    #[must_use]
    pub const fn message(&self) -> &'a Message {
        self.message
    }

    fn header(&self, keyword: &str) -> Option<&'a str> {
        self.message.header()?.text(keyword)
    }

    /// The block of what concerns both objects.
    #[must_use]
    pub fn relative(&self) -> Option<&'a Block> {
        self.message
            .root()
            .block("body")?
            .block("relativeMetadataData")
    }

    /// The message's identifier.
    #[must_use]
    pub fn message_id(&self) -> Option<&'a str> {
        self.header("MESSAGE_ID")
    }

    /// Who made the message.
    #[must_use]
    pub fn originator(&self) -> Option<&'a str> {
        self.header("ORIGINATOR")
    }

    /// For whom it was made.
    #[must_use]
    pub fn message_for(&self) -> Option<&'a str> {
        self.header("MESSAGE_FOR")
    }

    /// When it was made.
    #[must_use]
    pub fn creation_date(&self) -> Option<Date> {
        self.message.header()?.date("CREATION_DATE")
    }

    /// The time of closest approach.
    #[must_use]
    pub fn tca(&self) -> Option<Date> {
        self.relative()?.date("TCA")
    }

    /// The distance at closest approach, m.
    #[must_use]
    pub fn miss_distance(&self) -> Option<f64> {
        self.relative()?.number("MISS_DISTANCE")
    }

    /// The relative speed at closest approach, m/s.
    #[must_use]
    pub fn relative_speed(&self) -> Option<f64> {
        self.relative()?.number("RELATIVE_SPEED")
    }

    /// The position of object 2 relative to object 1 in object 1's radial, transverse, normal frame, m.
    #[must_use]
    pub fn relative_position(&self) -> Option<[f64; 3]> {
        let block = self.relative()?.block("relativeStateVector")?;
        Some([
            block.number("RELATIVE_POSITION_R")?,
            block.number("RELATIVE_POSITION_T")?,
            block.number("RELATIVE_POSITION_N")?,
        ])
    }

    /// The velocity of object 2 relative to object 1 in object 1's radial, transverse, normal frame, m/s.
    #[must_use]
    pub fn relative_velocity(&self) -> Option<[f64; 3]> {
        let block = self.relative()?.block("relativeStateVector")?;
        Some([
            block.number("RELATIVE_VELOCITY_R")?,
            block.number("RELATIVE_VELOCITY_T")?,
            block.number("RELATIVE_VELOCITY_N")?,
        ])
    }

    /// The probability of collision as the originator has it.
    #[must_use]
    pub fn collision_probability(&self) -> Option<f64> {
        self.relative()?.number("COLLISION_PROBABILITY")
    }

    /// By which method it was had.
    #[must_use]
    pub fn collision_probability_method(&self) -> Option<&'a str> {
        self.relative()?.text("COLLISION_PROBABILITY_METHOD")
    }

    /// Object 1 and object 2, in this order.
    #[must_use]
    pub fn objects(&self) -> Option<[CdmObject<'a>; 2]> {
        let of = |name: &str| {
            self.message.segments().find_map(|segment| {
                let metadata = segment.block("metadata")?;
                (metadata.text("OBJECT") == Some(name)).then_some(CdmObject {
                    metadata,
                    data: segment.block("data")?,
                })
            })
        };
        Some([of("OBJECT1")?, of("OBJECT2")?])
    }
}

/// One of the two objects of a CDM.
#[derive(Clone, Copy, Debug)]
pub struct CdmObject<'a> {
    metadata: &'a Block,
    data: &'a Block,
}

impl<'a> CdmObject<'a> {
    /// The block of metadata, for keywords that have no getter.
    #[must_use]
    pub const fn metadata(&self) -> &'a Block {
        self.metadata
    }

    /// The block of data, for keywords that have no getter.
    #[must_use]
    pub const fn data(&self) -> &'a Block {
        self.data
    }

    /// The catalogue number or other designator.
    #[must_use]
    pub fn designator(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_DESIGNATOR")
    }

    /// The catalogue to which the designator belongs.
    #[must_use]
    pub fn catalog(&self) -> Option<&'a str> {
        self.metadata.text("CATALOG_NAME")
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_NAME")
    }

    /// The international designator, as `1997-030E`.
    #[must_use]
    pub fn international_designator(&self) -> Option<&'a str> {
        self.metadata.text("INTERNATIONAL_DESIGNATOR")
    }

    /// Payload, rocket body, debris, other or unknown.
    #[must_use]
    pub fn object_type(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_TYPE")
    }

    /// Whether it can manoeuvre; `None` if that is not said.
    #[must_use]
    pub fn maneuverable(&self) -> Option<bool> {
        match self.metadata.text("MANEUVERABLE")? {
            "YES" => Some(true),
            "NO" => Some(false),
            _ => None,
        }
    }

    /// The frame of the state vector: GCRF, EME2000 or ITRF.
    #[must_use]
    pub fn reference_frame(&self) -> Option<&'a str> {
        self.metadata.text("REF_FRAME")
    }

    /// The position at closest approach in the reference frame, km.
    #[must_use]
    pub fn position(&self) -> Option<[f64; 3]> {
        let block = self.data.block("stateVector")?;
        Some([block.number("X")?, block.number("Y")?, block.number("Z")?])
    }

    /// The velocity at closest approach in the reference frame, km/s.
    #[must_use]
    pub fn velocity(&self) -> Option<[f64; 3]> {
        let block = self.data.block("stateVector")?;
        Some([
            block.number("X_DOT")?,
            block.number("Y_DOT")?,
            block.number("Z_DOT")?,
        ])
    }

    /// The covariance of position and velocity in the object's own radial, transverse, normal frame: m², m²/s, m²/s².
    #[must_use]
    pub fn covariance(&self) -> Option<[[f64; 6]; 6]> {
        self.matrix()
    }

    /// The covariance with drag, as `CD_AREA_OVER_MASS`, in row 7, if it is given.
    #[must_use]
    pub fn covariance_with_drag(&self) -> Option<[[f64; 7]; 7]> {
        self.matrix()
    }

    /// The covariance with drag and radiation pressure (`CR_AREA_OVER_MASS`) in rows 7 and 8, if it is given.
    #[must_use]
    pub fn covariance_with_radiation_pressure(&self) -> Option<[[f64; 8]; 8]> {
        self.matrix()
    }

    /// The covariance with drag, radiation pressure and thrust in rows 7 to 9, if it is given.
    #[must_use]
    pub fn covariance_with_thrust(&self) -> Option<[[f64; 9]; 9]> {
        self.matrix()
    }

    fn matrix<const N: usize>(&self) -> Option<[[f64; N]; N]> {
        let block = self
            .data
            .blocks("covarianceMatrix")
            .find(|block| block.field("CR_R").is_some())?;
        symmetric(|index| match block.description().parts.get(index)? {
            Part::Field(field) => block.number(field.keyword),
            _ => None,
        })
    }

    /// The hard-body radius, m, where the message has it (draft of version 2).
    #[must_use]
    pub fn hard_body_radius(&self) -> Option<f64> {
        self.data.block("additionalParameters")?.number("HBR")
    }

    /// The area for the probability of collision, m².
    #[must_use]
    pub fn area_for_probability(&self) -> Option<f64> {
        self.data.block("additionalParameters")?.number("AREA_PC")
    }

    /// The mass, kg.
    #[must_use]
    pub fn mass(&self) -> Option<f64> {
        self.data.block("additionalParameters")?.number("MASS")
    }
}
