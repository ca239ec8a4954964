//! The command line, as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use detente_quantity::{Date, Instant};
use std::path::PathBuf;

/// Who keeps this agreement, since when, and how do we know?
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    about = "Who keeps this agreement, since when, and how do we know?",
    after_help = "Exit codes: 0 all kept, 1 something broken, 2 something undetermined (nothing broken), 3 the input is wrong.\n\
                  `--fail-on` chooses which of them count for a script.\n\n\
                  Examples:\n  \
                  detente check agreements/new-start\n  \
                  detente check agreements/jcpoa --as-of 2019-07-01 --format json\n  \
                  detente explain agreements/new-start II.1.b --party RU --on 2018-02-05\n  \
                  detente fmt --check agreements/new-start/agreement.md"
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Assess an agreement on its record: who keeps which provision, since when.
    Check(Check),
    /// Explain one verdict down to the entries it rests on.
    Explain(Explain),
    /// Put agreement files into their one true form.
    Fmt(Fmt),
    /// Show the open brackets of a draft and what each alternative would mean today.
    Draft(Draft),
    /// Read a record by itself.
    Record(Record),
    /// Reckon what it takes to be inside broken limits again, as a plan that can be checked.
    Return(crate::commands::return_plan::arguments::Return),
    /// Material accountancy and inspection plans: balances, tests for loss, samples, blending, significant quantities.
    Safeguards(crate::commands::safeguards::Safeguards),
    /// Orbits: who comes near whose satellite, registers against catalogues, entries of what was seen.
    Orbit(crate::commands::orbit::Orbit),
    /// Keys of officials, logs, witnesses and readers, in encrypted files.
    Key(crate::commands::key::arguments::Key),
    /// Say what a party holds: check it against the agreement, sign it, put it into the log.
    Declare(Box<crate::commands::say::arguments::Say>),
    /// Announce an event: check, sign, put into the log.
    Notify(Box<crate::commands::say::arguments::Say>),
    /// Do something to the agreement itself: sign, extend, withdraw, adopt a trust file.
    Act(Box<crate::commands::say::arguments::Say>),
    /// Report what was seen at an inspection.
    Inspect(Box<crate::commands::say::arguments::Say>),
    /// Write the receipt of an entry of a log: one file that proves it, offline.
    Receipt(crate::commands::verify::arguments::Receipt),
    /// Verify a receipt, a file of evidence, or whole logs.
    Verify(crate::commands::verify::arguments::Verify),
    /// A party's node: make its folder, its peers and accounts, run it, ask how it stands.
    Node(Box<crate::commands::node::arguments::Node>),
    /// Visit the other parties' nodes once, or copy somebody's log.
    Sync(Box<crate::commands::sync::Sync>),
    /// Play a treaty year on three nodes: notices in time and late, an accession, a party that cheats and is caught.
    Demo(crate::commands::demo::Demo),
}

/// What every assessing command takes.
#[derive(Args, Debug)]
pub(crate) struct Question {
    /// A Markdown file, or a folder with `agreement.md` and `record/` beside it.
    #[arg(value_name = "AGREEMENT")]
    pub(crate) agreement: PathBuf,
    /// The record: files or folders (JSON Lines, CSV, Parquet, xlsx), folders or addresses of signed logs; `-` reads JSON
    /// Lines from standard input.
    #[arg(long, value_name = "PATH")]
    pub(crate) record: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) opening: crate::commands::verify::arguments::Opening,
    /// Leave out what was said after this date (its end) or instant.
    #[arg(long, value_name = "TIME", value_parser = known_at)]
    pub(crate) as_known_at: Option<Instant>,
    /// Use only these kinds of evidence.
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    pub(crate) evidence: Vec<EvidenceKind>,
    /// Count a declaration only on the day as of which it was made, without presuming that it goes on.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Go on with what could be read when part of the record is bad.
    #[arg(long)]
    pub(crate) partial: bool,
}

/// `detente check`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente check agreements/new-start\n  \
    detente check agreements/new-start --as-of 2018-02-05 --party RU\n  \
    detente check agreements/stockpile-declaration --evidence declared,inspected\n  \
    detente check agreements/jcpoa --format html --output jcpoa.html")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Answer for this day (default: today, UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Only this party, group or pair.
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// Only this provision (its id, as shown).
    #[arg(long, value_name = "ID")]
    pub(crate) provision: Option<String>,
    /// Only this reading: `text`, `all`, a party that holds it, or its title.
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub(crate) reading: String,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What makes the exit code differ from 0.
    #[arg(long, value_enum, default_value_t = FailOn::Undetermined)]
    pub(crate) fail_on: FailOn,
}

/// `detente explain`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente explain agreements/new-start II.1.c --party US --on 2022-03-01 --reading RU\n  \
    detente explain agreements/jcpoa I.56 --on 2019-07-01 --format json")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) question: Question,
    /// The provision's id, as `check` shows it.
    #[arg(value_name = "PROVISION")]
    pub(crate) provision: String,
    /// The party, group or pair (default: each).
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// The day (default: today, UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// The reading: `text`, `all`, a party that holds it, or its title.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) reading: String,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
}

/// `detente fmt`
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  detente fmt agreements/new-start/agreement.md\n  detente fmt - < draft.md\n  detente fmt --check agreements/*/agreement.md"
)]
pub(crate) struct Fmt {
    /// Agreement files (or folders with `agreement.md`); `-` reads standard input and writes standard output.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; exit with 1 if a file is not in its true form.
    #[arg(long)]
    pub(crate) check: bool,
}

/// `detente draft`
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  detente draft agreements/uncrewed-systems --as-of 2026-01-01")]
pub(crate) struct Draft {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Answer for this day (default: today, UTC).
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
}

/// `detente record …`
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  detente record check agreements/new-start/record\n  detente record export agreements/new-start/record > all.jsonl"
)]
pub(crate) struct Record {
    #[command(subcommand)]
    pub(crate) command: RecordCommand,
}

/// The commands on a record.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    /// Read files and folders, report every bad row and every entry that cannot stand.
    Check {
        /// Files or folders; `-` reads JSON Lines from standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
    /// Write the record as JSON Lines, whatever it was read from.
    Export {
        /// Files or folders; `-` reads JSON Lines from standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

/// The forms of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a memo.
    Text,
    /// For programs; its schema is in the documentation.
    Json,
    /// One row for each interval, instance and period.
    Csv,
    /// Tables for a document.
    Markdown,
    /// One self-contained page with charts.
    Html,
}

/// The forms of the shorter answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plain {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

/// What fails a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Broken gives 1, undetermined 2.
    Undetermined,
    /// Broken gives 1, undetermined 0.
    Broken,
    /// Always 0, unless the input is wrong (3).
    Never,
}

/// The kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvidenceKind {
    /// By the party itself.
    Declared,
    /// Seen by inspectors.
    Inspected,
    /// Verified by an agency.
    Verified,
    /// Seen by others.
    Observed,
    /// Proved without disclosure.
    Proved,
    /// Estimated.
    Estimated,
}

/// A date stands for its end, so that everything said on that day is known.
fn known_at(text: &str) -> Result<Instant, String> {
    match text.parse::<Date>() {
        Ok(date) => Ok(Instant::from_micros(date.end().micros() - 1)),
        Err(_) => text.parse::<Instant>().map_err(|e| e.to_string()),
    }
}
