//! Navigation messages in XML are read or refused, and come back as they were.
#![no_main]

#[path = "ccsds_hold.rs"]
mod ccsds_hold;

use detente_ccsds::Syntax;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| ccsds_hold::hold(data, Syntax::Xml));
