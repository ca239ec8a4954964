//! CCSDS navigation messages, read and written: Conjunction Data Message (CDM), Orbit Parameter, Mean-elements, Ephemeris
//! and Comprehensive Messages (OPM, OMM, OEM, OCM), Tracking Data Message (TDM), and the combined message of XML.
//!
//! - [`read`] takes the bytes of a file in KVN, XML or JSON and gives a [`Document`]: messages, and remarks on what is
//!   off in them. It is strict unless [`Strictness::Lenient`] is asked for, which accepts each [`Deviation`] by name.
//! - [`Message`] keeps every number, date and text as it was written, so that what is read is written back the same.
//! - [`description`] states once, for each message, its blocks and keywords with order, obligation, type and unit; every
//!   reader and writer works from it.
//! - The views ([`Cdm`], [`Opm`], [`Omm`], [`OemSegment`], [`Ocm`], [`TdmSegment`]) give what a message says as numbers in the standard's units.
//!
//! After CCSDS 508.0-B-1 (CDM), 502.0-B-3 (orbit data), 503.0-B-2 (tracking data) and 505.0-B-3 (XML).

mod assemble;
mod builder;
mod character;
mod check;
mod date;
pub mod description;
mod error;
mod json;
mod kvn;
mod message;
mod number;
mod read;
mod remark;
mod time_system;
mod unit;
mod value;
mod view;
mod xml;

pub use builder::Builder;
pub use date::{Date, DateProblem};
pub use description::{Kind, Version};
pub use error::{Problem, ReadError};
pub use json::write_json;
pub use kvn::write_kvn;
pub use message::{Block, Field, Item, Line, Message};
pub use number::Number;
pub use read::{Combined, Document, OtherMessage, Syntax, read};
pub use remark::{Deviation, Remark, Strictness};
pub use time_system::TimeSystem;
pub use unit::{Relation, Unit};
pub use view::{
    Anomaly, Cdm, CdmObject, EphemerisCovariance, History, KeplerianElements, Maneuver,
    Observation, Ocm, OemSegment, Omm, Opm, State, TdmSegment, Time,
};
pub use xml::{write_combined_xml, write_xml};
