//! The command line of `detente return`.

use crate::arguments::Question;
use clap::{Args, ValueEnum};
use detente_quantity::Date;
use std::path::PathBuf;

/// `detente return`
#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: 0 the steps bring every limit back, 1 a limit stays broken, 2 of one it is not known, 3 the input is wrong.\n\n\
    Examples:\n  \
    detente return agreements/jcpoa --from 2025-06-13\n  \
    detente return agreements/jcpoa --from 2025-06-13 --steps agreements/jcpoa/return/steps.toml\n  \
    detente return agreements/jcpoa --from 2025-06-13 --steps steps.toml --plan plan.md && detente check plan.md --record carried-out.jsonl\n  \
    detente return agreements/new-start --from 2022-03-01 --reading RU --by 2023-03-01 --format agreement"
)]
pub(crate) struct Return {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Set out from this day: what is broken on it has to be undone.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Date,
    /// What is assumed and done by when (a small file; its form is in the documentation).
    #[arg(long, value_name = "FILE")]
    pub(crate) steps: Option<PathBuf>,
    /// The day by which limits without a step are to be kept again (default: with the last step).
    #[arg(long, value_name = "DATE")]
    pub(crate) by: Option<Date>,
    /// Only this party, group or pair.
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// The reading: `text`, a party that holds it, or its title.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) reading: String,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(crate) format: Form,
    /// Write the answer to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write the plan, as an agreement, to this file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
}

/// The forms of a way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For reading.
    Text,
    /// For programs.
    Json,
    /// The plan as an agreement: Markdown with rules, which `check` can follow.
    Agreement,
}
