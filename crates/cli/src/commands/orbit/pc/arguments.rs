//! The command line of `detente orbit pc`.

use super::super::arguments::Shape;
use clap::Args;
use std::path::PathBuf;

/// `detente orbit pc`
#[derive(Args, Debug)]
#[command(
    after_help = "A message is told with all methods side by side: the two-dimensional probability, the expected number of collisions in two and in \
    three dimensions, and, with --samples, a simulation with its bounds of 95 %; which of them is to be used, and what speaks against the \
    others. What the sender states stands beside it.\n\n\
    Where one of the two covariances is missing, or both are, there is no probability of collision: then the largest is told that any \
    covariance in its place could give, and so named. A covariance counts as missing if it is not given, if its variances of position are 0, \
    or if a deviation is ten Earth radii or more, which catalogues write where they know nothing.\n\n\
    The radius of both bodies together is, in this order: the sum of both in --radii; --hard-body-radius; the sum of both HBR keywords (draft \
    of version 2 of the CDM); a comment `HBR = 20 [m]` of the message.\n\n\
    Exit codes: 0 each message is told, 3 a message, or more, is refused; the others are told all the same.\n\n\
    Examples:\n  \
    detente orbit pc conjunction.cdm\n  \
    detente orbit pc conjunction.xml --hard-body-radius 20 --plane plane.svg\n  \
    detente orbit pc *.cdm --radii radii.csv --format csv --output risk.csv\n  \
    detente orbit pc conjunction.cdm --samples 1000000 --seed 7 --format json"
)]
pub(in crate::commands::orbit) struct Pc {
    /// Conjunction data messages as KVN, XML or JSON, plain or gzip; `-` reads from standard input.
    #[arg(required = true, value_name = "CDM")]
    pub(super) messages: Vec<PathBuf>,
    /// Radius of both bodies together, metres (default: what the message says, if it does).
    #[arg(long, value_name = "METRES")]
    pub(super) hard_body_radius: Option<f64>,
    /// Radii of single objects, metres: columns ObjectID and HBR; where both are known their sum is used.
    #[arg(long, value_name = "FILE")]
    pub(super) radii: Option<PathBuf>,
    /// Simulate too, with so many random trials.
    #[arg(long, value_name = "NUMBER")]
    pub(super) samples: Option<u64>,
    /// Seed of the random numbers: the same seed gives the same answer.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(super) seed: u64,
    /// Draw the encounter plane into this file (.svg, or .png where the program was built with it); one message only.
    #[arg(long, value_name = "FILE")]
    pub(super) plane: Option<PathBuf>,
    /// Accept named deviations from the standard, and tell each.
    #[arg(long)]
    pub(super) lenient: bool,
    #[command(flatten)]
    pub(super) shape: Shape,
}
