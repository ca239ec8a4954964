//! The command line of `detente orbit convert`.

use super::super::arguments::instant;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::path::PathBuf;

/// `detente orbit convert`
#[derive(Args, Debug)]
#[command(
    after_help = "Element sets (tle, omm-csv, omm-json, omm-kvn, omm-xml): read from two lines, three lines or OMM in any form, and written anew; what is \
    wrong is told by line, and the rest is used. A two-line set holds less: numbers to 339,999, fewer digits.\n\n\
    Messages (kvn, xml, json): a CDM, OPM, OMM, OEM, OCM or TDM in another syntax, every number, date, unit and comment in the words in which it \
    was read. JSON is for CDM only, in the form of Space-Track.org. Several messages of a file stay together: a combined message (ndm) in XML, an \
    array in JSON; KVN has one message in a file. Reading is strict: what deviates from the standard is refused with its line, or, with \
    --lenient, told and accepted.\n\n\
    Exit codes: 0 done, 3 the input is wrong (for messages: nothing is written).\n\n\
    Examples:\n  \
    detente orbit convert catalogue.3le --to omm-json > catalogue.json\n  \
    detente orbit convert gp.csv --to tle --output catalogue.tle\n  \
    detente orbit convert conjunction.cdm --to xml --output conjunction.xml\n  \
    curl … | detente orbit convert - --to kvn --lenient"
)]
pub(in crate::commands::orbit) struct Convert {
    /// The file, plain or gzip; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The form to write.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(super) to: Target,
    /// Take sets whose checksum does not hold, and messages with named deviations from the standard; each is told.
    #[arg(long)]
    pub(super) lenient: bool,
    /// Who makes the messages, for element sets written as omm-kvn or omm-xml.
    #[arg(long, value_name = "NAME", default_value = "DETENTE")]
    pub(super) originator: String,
    /// When those are made (default: the newest epoch in the file, so that the same input gives the same output).
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(super) created: Option<Timestamp>,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// Forms to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// Two-line element sets, with names where there are any.
    Tle,
    /// Element sets as OMM in CSV.
    OmmCsv,
    /// Element sets as OMM in JSON.
    OmmJson,
    /// Element sets as OMM in KVN, one after another.
    OmmKvn,
    /// Element sets as OMM in XML, several as one combined message.
    OmmXml,
    /// A message as it is, in keyword = value notation.
    Kvn,
    /// Messages as they are, in XML.
    Xml,
    /// Conjunction data messages as they are, in JSON.
    Json,
}
