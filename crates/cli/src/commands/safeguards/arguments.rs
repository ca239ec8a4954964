//! The command line of `detente safeguards`.

use super::stock::{Enrichment, Lot, Mass};
use clap::{Args, Subcommand, ValueEnum};
use detente_quantity::{Date, Decimal};
use std::path::PathBuf;

/// `detente safeguards …`
#[derive(Args, Debug)]
#[command(
    after_help = "Openly published, policy-level arithmetic: nothing here serves the design of a weapon or of a cascade.\n\
    Each command has its own --help with examples. Exit codes: 0 nothing found, 1 something found, 3 the input is wrong."
)]
pub(crate) struct Safeguards {
    #[command(subcommand)]
    pub(super) command: SafeguardsCommand,
}

/// The five commands.
#[derive(Debug, Subcommand)]
pub(super) enum SafeguardsCommand {
    /// Draw up material balances from accountancy reports, and say where the reports do not agree.
    Balance(Balance),
    /// Test successive balances for a loss: MUF, CUMUF, SITMUF, Page, GEMUF, with thresholds.
    Test(Test),
    /// Say how many items to inspect, and how likely a plan is to find what it looks for.
    Plan(Plan),
    /// Say what it takes to bring a stock of uranium inside a limit, by blending down or shipping out.
    Blend(Blend),
    /// Put a stock into significant quantities, and a stated capacity into time.
    Sq(Sq),
}

/// How the answer is given.
#[derive(Args, Debug)]
pub(super) struct Shape {
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(super) format: Form,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Draw a chart into this file (.svg, or .png where the program was built with it).
    #[arg(long, value_name = "FILE")]
    pub(super) chart: Option<PathBuf>,
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For reading.
    Text,
    /// For programs.
    Json,
    /// One row for each line.
    Csv,
}

/// What fails a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// 1 where something was found.
    Found,
    /// Always 0, unless the input is wrong (3).
    Never,
}

impl FailOn {
    /// The exit code.
    pub(super) fn code(self, found: bool) -> u8 {
        u8::from(found && self == Self::Found)
    }
}

/// `detente safeguards balance`
#[derive(Args, Debug)]
#[command(
    after_help = "REPORT is a CSV table with the labels of UK S.I. 2019/196, Schedule 1: inventory change reports (I), physical inventory \
    listings (P) and material balance reports (M), told apart by their column `Report type`, in any order, of one area or several.\n\n\
    Exit codes: 0 the reports agree, 1 they do not (or one is late), 3 a report is wrong and was not taken.\n\n\
    Examples:\n  \
    detente safeguards balance icr-1.csv icr-2.csv pil-2024.csv pil-2025.csv\n  \
    detente safeguards balance --codes codes.csv reports/*.csv --format json\n  \
    detente safeguards balance reports/*.csv --history E --strata strata.csv | detente safeguards test -\n  \
    detente safeguards balance reports/*.csv --entries State | detente check agreements/safeguards-agreement --record -"
)]
pub(super) struct Balance {
    /// Reports; `-` reads one from standard input.
    #[arg(required_unless_present = "label_template", value_name = "REPORT")]
    pub(super) reports: Vec<PathBuf>,
    /// Meanings of codes and units of categories: a table with the columns table, code, meaning, source.
    #[arg(long, value_name = "FILE")]
    pub(super) codes: Option<PathBuf>,
    /// Other names of the columns: a table with the columns report, field, label, source.
    #[arg(long, value_name = "FILE")]
    pub(super) labels: Option<PathBuf>,
    /// Write the table for --labels, with every field and no label: none is built in.
    #[arg(long, exclusive = true)]
    pub(super) label_template: bool,
    /// Write, instead of the balances, the history of a category for `detente safeguards test`.
    #[arg(long, value_name = "CATEGORY", requires = "strata")]
    pub(super) history: Option<String>,
    /// Which lines belong into which stratum, and how those are measured (with --history).
    #[arg(long, value_name = "FILE", requires = "history")]
    pub(super) strata: Option<PathBuf>,
    /// Write, instead of the balances, the material balance report of the last period, drawn up under this number.
    #[arg(long, value_name = "NUMBER", requires = "completed", conflicts_with_all = ["history", "export", "entries"])]
    pub(super) draw_up: Option<u64>,
    /// The day on which that report is completed.
    #[arg(long, value_name = "DATE", requires = "draw_up")]
    pub(super) completed: Option<jiff::civil::Date>,
    /// Who reports, for that report.
    #[arg(long, value_name = "NAME", default_value = "", requires = "draw_up")]
    pub(super) person: String,
    /// Write, instead of the balances, the reports as entries of a record by this party, as JSON Lines.
    #[arg(long, value_name = "PARTY", conflicts_with_all = ["history", "export"])]
    pub(super) entries: Option<String>,
    /// Write, instead of the balances, the reports of a kind with every field of the regulation.
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "history")]
    pub(super) export: Option<Kind>,
    /// What makes the exit code differ from 0.
    #[arg(long, value_enum, default_value_t = FailOn::Found)]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// The kinds of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Inventory change reports.
    Icr,
    /// Physical inventory listings.
    Pil,
    /// Material balance reports.
    Mbr,
}

/// `detente safeguards test`
#[derive(Args, Debug)]
#[command(
    after_help = "HISTORY has a row for each stratum: stratum, role (input, output, inventory), random and systematic (relative standard \
    deviations), and if wanted instrument, items, recalibrated every; then a column for each inventory taking, in order. An inventory \
    has a mass in each, a flow none in the first: its mass in a column is that of the balance which closes then.\n\n\
    With --covariance HISTORY has the columns balance and muf instead. With --items it is left out, or read as well.\n\n\
    Thresholds hold for the probability of a false alarm anywhere in the history, test by test. They come from simulated histories and \
    depend on --histories and --seed only.\n\n\
    Exit codes: 0 no alarm, 1 an alarm, 3 the input is wrong. An alarm is a reason to look, not a finding of a loss.\n\n\
    Examples:\n  \
    detente safeguards test history.csv\n  \
    detente safeguards test history.csv --false-alarm 0.01 --test cumuf,sitmuf --chart control.svg\n  \
    detente safeguards test history.csv --loss 0,2,4,8 --over 3..8 --curves detection.svg\n  \
    detente safeguards test muf.csv --covariance covariance.csv\n  \
    detente safeguards test --items measured.csv"
)]
pub(super) struct Test {
    /// The history; `-` reads it from standard input.
    #[arg(value_name = "HISTORY", required_unless_present = "items")]
    pub(super) history: Option<PathBuf>,
    /// Covariance of the balances computed elsewhere: numbers only, a row for each balance.
    #[arg(long, value_name = "FILE", requires = "history")]
    pub(super) covariance: Option<PathBuf>,
    /// Items measured by operator and inspector, for the D statistic.
    #[arg(long, value_name = "FILE")]
    pub(super) items: Option<PathBuf>,
    /// Only these tests (default: all that the number of balances allows).
    #[arg(long, value_enum, value_name = "TEST,…", value_delimiter = ',')]
    pub(super) test: Vec<TestName>,
    /// Probability of a false alarm of each test, anywhere in the history.
    #[arg(long, value_name = "PROBABILITY", default_value_t = 0.05)]
    pub(super) false_alarm: f64,
    /// Page's reference value.
    #[arg(long, value_name = "K", default_value_t = 0.5)]
    pub(super) reference: f64,
    /// Simulated histories.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    pub(super) histories: usize,
    /// Seed of the random numbers.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(super) seed: u64,
    /// Total losses for detection curves, in the unit of the history.
    #[arg(long, value_name = "MASS,…", value_delimiter = ',')]
    pub(super) loss: Vec<f64>,
    /// Balances over which the loss is spread, counted from 1: 4 for an abrupt loss, 3..8 for a protracted one (default: all).
    #[arg(long, value_name = "BALANCES", requires = "loss")]
    pub(super) over: Option<Span>,
    /// Draw the detection curves into this file.
    #[arg(long, value_name = "FILE", requires = "loss")]
    pub(super) curves: Option<PathBuf>,
    /// Unit of the masses, for the headings.
    #[arg(long, value_name = "UNIT", default_value = "kg")]
    pub(super) unit: String,
    /// What makes the exit code differ from 0.
    #[arg(long, value_enum, default_value_t = FailOn::Found)]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// The tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestName {
    /// MUF of each balance over its standard deviation.
    Muf,
    /// Cumulative MUF over its standard deviation.
    Cumuf,
    /// Standardised independent transformed MUF.
    Sitmuf,
    /// Page's test on SITMUF.
    Page,
    /// GEMUF, version 1.
    GemufV1,
    /// GEMUF, version 5B3 (five balances or more).
    GemufV5b3,
}

/// Balances from one to another, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The first.
    pub(super) first: usize,
    /// The last.
    pub(super) last: usize,
}

impl std::str::FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let number = |part: &str| part.trim().parse::<usize>().ok().filter(|n| *n > 0);
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err("write a balance such as 4, or two such as 3..8, counted from 1".to_owned()),
        }
    }
}

/// `detente safeguards plan`
#[derive(Args, Debug)]
#[command(
    after_help = "STRATA has a row for each stratum: stratum, items, mass (of an item, in the unit of the goal), and if wanted identification \
    (probability that an inspected defect is recognised, 1 if absent), effort (to inspect an item, whole units, 1 if absent), \
    sample (a plan to be rated), defects (assumed, with --known). One stratum can be stated with --items and --mass instead.\n\n\
    Exit codes: 0 the plan reaches the detection probability asked for, 1 it does not, 3 the input is wrong.\n\n\
    Examples:\n  \
    detente safeguards plan --items 500 --mass 4 --goal 75 --detection 0.9\n  \
    detente safeguards plan strata.csv --material low-enriched-uranium --detection 0.5\n  \
    detente safeguards plan strata.csv --goal 75 --effort 120 --chart plan.svg\n  \
    detente safeguards plan --items 200 --mass 2.5 --goal 8 --attribute 40:0.5:0.95 --variable 10:0.02:0.05"
)]
pub(super) struct Plan {
    /// The strata; `-` reads them from standard input.
    #[arg(value_name = "STRATA", required_unless_present = "items", conflicts_with_all = ["items", "mass"])]
    pub(super) strata: Option<PathBuf>,
    /// Items of a single stratum.
    #[arg(long, value_name = "NUMBER", requires = "mass")]
    pub(super) items: Option<u64>,
    /// Mass of one of them, in the unit of the goal.
    #[arg(long, value_name = "MASS", requires = "items")]
    pub(super) mass: Option<f64>,
    /// Probability that an inspected defect is recognised, for a single stratum.
    #[arg(
        long,
        value_name = "PROBABILITY",
        default_value_t = 1.0,
        requires = "items"
    )]
    pub(super) identification: f64,
    /// What the plan looks for, in the unit of the masses.
    #[arg(
        long,
        value_name = "MASS",
        required_unless_present = "material",
        conflicts_with = "material"
    )]
    pub(super) goal: Option<f64>,
    /// Take one significant quantity of this material as the goal, in kilograms of what it is counted in.
    #[arg(long, value_enum, value_name = "MATERIAL")]
    pub(super) material: Option<Material>,
    /// The detection probability to be reached.
    #[arg(long, value_name = "PROBABILITY")]
    pub(super) detection: Option<Decimal>,
    /// Divide this effort over the strata so that the way of taking the goal that is hardest to find is found as often as can be.
    #[arg(long, value_name = "UNITS")]
    pub(super) effort: Option<u64>,
    /// With --effort: against the numbers of defects in the column `defects` instead, which are taken as known.
    #[arg(long, requires = "effort")]
    pub(super) known: bool,
    /// Items tested for a gross defect, as SAMPLE:SHARE:IDENTIFICATION (a mixed plan; may be repeated).
    #[arg(
        long,
        value_name = "N:SHARE:P",
        requires = "items",
        conflicts_with = "effort"
    )]
    pub(super) attribute: Vec<String>,
    /// Items measured, as SAMPLE:DEVIATION:FALSE-ALARM (a mixed plan; may be repeated).
    #[arg(
        long,
        value_name = "N:DEVIATION:P",
        requires = "items",
        conflicts_with = "effort"
    )]
    pub(super) variable: Vec<String>,
    /// What makes the exit code differ from 0.
    #[arg(long, value_enum, default_value_t = FailOn::Found)]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// Materials with a significant quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Material {
    /// Plutonium with less than 80 % Pu-238.
    Plutonium,
    /// Uranium-233.
    Uranium233,
    /// 20 % U-235 or more, counted by its U-235.
    HighEnrichedUranium,
    /// Below 20 % U-235, counted by its U-235.
    LowEnrichedUranium,
    /// Natural uranium, counted by the element.
    NaturalUranium,
    /// Depleted uranium, counted by the element.
    DepletedUranium,
    /// Thorium.
    Thorium,
}

/// A stock, from a table or from the command line.
#[derive(Args, Debug)]
pub(super) struct Stock {
    /// The stock: a table with the columns lot, mass (kilograms of the compound), enrichment (per cent), and if wanted compound,
    /// material (plutonium and others that have no enrichment) and limit (kilograms of the element); `-` reads it from standard input.
    #[arg(value_name = "STOCK", required_unless_present = "lot")]
    pub(super) table: Option<PathBuf>,
    /// A lot, such as "300 kg of UF6 at 3.67 %" or "8 kg of plutonium" (may be repeated).
    #[arg(long, value_name = "LOT", conflicts_with = "table")]
    pub(super) lot: Vec<Lot>,
}

/// `detente safeguards blend`
#[derive(Args, Debug)]
#[command(
    after_help = "Uranium and U-235 are conserved to the last digit; where that cannot be done the answer is an error, never a rounded number.\n\n\
    Examples:\n  \
    detente safeguards blend --lot \"100 kg of uranium at 5 %\" --to 3.67 --with 0.711\n  \
    detente safeguards blend stock.csv --to 3.67 --with 0.711 --step 1\n  \
    detente safeguards blend stock.csv --ship-to \"202.8 kg\" --format json"
)]
pub(super) struct Blend {
    #[command(flatten)]
    pub(super) stock: Stock,
    /// Blend every lot above this enrichment down to it (per cent of U-235).
    #[arg(
        long,
        value_name = "PERCENT",
        requires = "with",
        required_unless_present = "ship_to"
    )]
    pub(super) to: Option<Enrichment>,
    /// Enrichment of the blendstock (per cent of U-235).
    #[arg(long, value_name = "PERCENT", requires = "to")]
    pub(super) with: Option<Enrichment>,
    /// Ship out until at most this mass of uranium stays: lot by lot in their order, what was blended as it is after that.
    #[arg(long, value_name = "MASS")]
    pub(super) ship_to: Option<Mass>,
    /// What can be weighed, in grams: masses of blendstock and of U-235 shipped are whole multiples of it.
    #[arg(long, value_name = "GRAMS", default_value = "1")]
    pub(super) step: Decimal,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// `detente safeguards sq`
#[derive(Args, Debug)]
#[command(
    after_help = "A significant quantity measures an amount. It says nothing of any use, and no time printed here is a statement of intention.\n\
    Masses and figures may be ranges: \"390..410\". Separative work is computed for reactor fuel (below 20 %) only; other figures are \
    stated with --work and their source.\n\n\
    Examples:\n  \
    detente safeguards sq stock.csv --chart stock.svg\n  \
    detente safeguards sq --lot \"300 kg of UF6 at 3.67 %\"\n  \
    detente safeguards sq --lot \"300 kg at 3.67 %\" --feed 0.711 --tails 0.3 --capacity 5000..6000 --capacity-source \"a report, page 3\"\n  \
    detente safeguards sq stock.csv --work 700..900 --work-source \"an estimate\" --capacity 4500..5500 --capacity-source \"a report\""
)]
pub(super) struct Sq {
    #[command(flatten)]
    pub(super) stock: Stock,
    /// Separative work in kg SWU, a number or a range, as somebody published it.
    #[arg(long, value_name = "SWU", requires_all = ["work_source", "capacity"])]
    pub(super) work: Option<String>,
    /// Where the figure of the work comes from.
    #[arg(long, value_name = "TEXT", requires = "work")]
    pub(super) work_source: Option<String>,
    /// Compute the work that is in the stock's lots instead, from feed of this enrichment (per cent).
    #[arg(
        long,
        value_name = "PERCENT",
        conflicts_with = "work",
        requires = "tails"
    )]
    pub(super) feed: Option<Enrichment>,
    /// Enrichment of the tails (per cent).
    #[arg(long, value_name = "PERCENT", requires = "feed")]
    pub(super) tails: Option<Enrichment>,
    /// Separative capacity in kg SWU a year, a number or a range.
    #[arg(long, value_name = "SWU", requires = "capacity_source")]
    pub(super) capacity: Option<String>,
    /// Where the figure of the capacity comes from.
    #[arg(long, value_name = "TEXT", requires = "capacity")]
    pub(super) capacity_source: Option<String>,
    /// Write entries of a record instead: the stock of each level as a declared measure of this party.
    #[arg(long, value_name = "PARTY", requires_all = ["as_of", "source"])]
    pub(super) entries: Option<String>,
    /// The day on which the stock was that, for --entries.
    #[arg(long, value_name = "DATE", requires = "entries")]
    pub(super) as_of: Option<Date>,
    /// The document it comes from, for --entries.
    #[arg(long, value_name = "TEXT", requires = "entries")]
    pub(super) source: Option<String>,
    #[command(flatten)]
    pub(super) shape: Shape,
}
