//! The command line of `detente orbit`.

mod behaviour;

pub(super) use behaviour::{
    BreakupEntries, History, ManoeuvreEntries, ManoeuvreSearch, PlaneEntries, PlaneSearch, Planes,
};

use clap::{Args, Subcommand, ValueEnum};
use detente_orbit::elements::CatalogNumber;
use detente_quantity::{Date, Instant, Name};
use jiff::Timestamp;
use std::path::PathBuf;

/// `detente orbit …`
#[derive(Args, Debug)]
#[command(
    after_help = "A catalogue is a file of element sets (two-line, three-line, or OMM as CSV, JSON, KVN, XML), plain or gzip; what is wrong in it is \
    told by line, and the rest is used. Element sets carry no covariance: what is said of risk from them is the largest probability that \
    any uncertainty could give, never a probability of collision. Conjunction data messages carry covariances: `pc` reads those.\n\n\
    Each command has its own --help with examples. Exit codes: 0 done, 1 register and catalogue do not agree, 3 the input is wrong."
)]
pub(crate) struct Orbit {
    #[command(subcommand)]
    pub(super) command: OrbitCommand,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum OrbitCommand {
    /// Find every pair of objects that come within a distance of each other.
    Screen(Screen),
    /// Say who stays near whose objects, and for how long.
    Near(Near),
    /// Reckon from conjunction data messages how likely a collision is, by all methods side by side.
    Pc(super::pc::Pc),
    /// Follow an object through its element sets: its orbit over time, how far each set is off the one before, and where it changed its orbit.
    History(History),
    /// Say which objects share an orbital plane, and since when.
    Planes(Box<Planes>),
    /// Turn element sets, and messages of the CCSDS, from one form into another.
    Convert(super::convert::Convert),
    /// Compare a register of objects launched into space with a catalogue.
    Register(Register),
    /// Write what a catalogue, a register or a table of notices says as entries of a record.
    Entries(Entries),
}

/// A catalogue and whose the objects are.
#[derive(Args, Debug)]
pub(super) struct Catalogue {
    /// Files of element sets; `-` reads one from standard input.
    #[arg(required = true, value_name = "CATALOGUE")]
    pub(super) catalogue: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) tables: Tables,
}

/// What goes with a catalogue.
#[derive(Args, Debug)]
pub(super) struct Tables {
    /// Take sets whose checksum does not hold, and say so (they are left out otherwise).
    #[arg(long)]
    pub(super) lenient: bool,
    /// Tables of satellites with owner codes: CelesTrak's satcat.csv, or columns norad, owner, and if wanted name, designator, object_type,
    /// launch_date, launch_site, decay_date. The first one that knows an object counts.
    #[arg(long, value_name = "FILE")]
    pub(super) satellites: Vec<PathBuf>,
    /// Which owner code is taken for which party: columns code, party (several with `;`, none for no party). Codes are not States.
    #[arg(long, value_name = "FILE")]
    pub(super) holders: Option<PathBuf>,
}

/// A window of time.
#[derive(Args, Debug)]
pub(super) struct Window {
    /// Beginning, UTC: a day or an instant (default: the newest epoch of the catalogue).
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(super) from: Option<Timestamp>,
    /// Length of the window, hours.
    #[arg(long, value_name = "HOURS", default_value_t = 24.0)]
    pub(super) hours: f64,
    /// Threads to work with (the result does not depend on it).
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(super) threads: usize,
}

/// Which objects, and against which.
#[derive(Args, Debug, Default)]
pub(super) struct Choice {
    /// These objects (catalogue numbers) against all.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(super) object: Vec<CatalogNumber>,
    /// The objects of these parties against all (needs --satellites and --holders).
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(super) party: Vec<Name>,
    /// The objects listed in this file (catalogue numbers, one a line) against all.
    #[arg(long, value_name = "FILE")]
    pub(super) set: Option<PathBuf>,
    /// Against these objects instead of all.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(super) against_object: Vec<CatalogNumber>,
    /// Against the objects of these parties instead of all.
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(super) against_party: Vec<Name>,
    /// Against the objects listed in this file instead of all.
    #[arg(long, value_name = "FILE")]
    pub(super) against_set: Option<PathBuf>,
    /// Only payloads (by the type in --satellites).
    #[arg(long)]
    pub(super) payloads: bool,
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
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For reading.
    Text,
    /// For programs; the schema is in the documentation.
    Json,
    /// One row for each line.
    Csv,
}

/// `detente orbit screen`
#[derive(Args, Debug)]
#[command(
    after_help = "Every pair that comes within the distance is found once for each stay: passes, pairs that move together, and pairs that are attached. \
    The bounds of each step are written down in the documentation.\n\n\
    --resume FILE keeps in FILE how far a screening has come. Start the same command again to go on from there; it needs --output, and \
    a format that is written row by row (csv, jsonl) without --sort.\n\n\
    Conjunction data messages hold a covariance of each object, which element sets do not have. --format cdm-kvn (a file for each, in the \
    folder --output) and cdm-xml (one combined message) therefore need --covariance-km, the deviations that you assume; each message says \
    that they are assumed. `detente orbit pc` reads those messages. --format cdm-summary needs none: JSON with the fields of Space-Track's \
    cdm_public.\n\n\
    Exit codes: 0 done, 3 the input is wrong.\n\n\
    Examples:\n  \
    detente orbit screen catalogue.3le.gz --from 2023-10-10 --hours 24 --within-km 5\n  \
    detente orbit screen catalogue.3le --object 25544 --within-km 10 --sort range\n  \
    detente orbit screen catalogue.csv --satellites satcat.csv --holders map.csv --party US --against-party RU,CN --format csv\n  \
    detente orbit screen catalogue.3le --hours 168 --threads 2 --format jsonl --output week.jsonl --resume week.state\n  \
    detente orbit screen catalogue.3le --object 25544 --format cdm-xml --covariance-km 0.2,1.5,0.2 --output near.xml"
)]
pub(super) struct Screen {
    #[command(flatten)]
    pub(super) catalogue: Catalogue,
    #[command(flatten)]
    pub(super) window: Window,
    /// Distance that counts as near, km.
    #[arg(long, value_name = "KM", default_value_t = 5.0)]
    pub(super) within_km: f64,
    #[command(flatten)]
    pub(super) choice: Choice,
    /// Radius of both bodies together, metres, for the largest probability.
    #[arg(long, value_name = "METRES", default_value_t = 10.0)]
    pub(super) hard_body_radius: f64,
    /// Radii of single objects, metres: columns ObjectID and HBR; where both are known their sum is used.
    #[arg(long, value_name = "FILE")]
    pub(super) radii: Option<PathBuf>,
    /// Deviations of positions to assume for --format cdm-kvn and cdm-xml: radial, along track, across track, km.
    #[arg(long, value_name = "R,T,N", value_delimiter = ',')]
    pub(super) covariance_km: Vec<f64>,
    /// Who makes those messages.
    #[arg(long, value_name = "NAME", default_value = "DETENTE")]
    pub(super) originator: String,
    /// Order of the answer (default: by time, as found).
    #[arg(long, value_enum)]
    pub(super) sort: Option<Sort>,
    /// Only the first so many (needs --sort).
    #[arg(long, value_name = "NUMBER", requires = "sort")]
    pub(super) top: Option<usize>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = ScreenForm::Text)]
    pub(super) format: ScreenForm,
    /// Write to this file (for cdm-kvn: folder) instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Keep in this file how far the screening has come, and go on from it if it is there.
    #[arg(long, value_name = "FILE", requires = "output", conflicts_with_all = ["sort", "top"])]
    pub(super) resume: Option<PathBuf>,
    /// How often that is kept, seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 10.0,
        requires = "resume"
    )]
    pub(super) keep_every: f64,
}

/// The forms of a screening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ScreenForm {
    /// A table like that of SOCRATES.
    Text,
    /// One row for each encounter.
    Csv,
    /// One document.
    Json,
    /// One object for each encounter, line by line.
    Jsonl,
    /// Apache Parquet (needs --output).
    Parquet,
    /// Summaries of conjunction data messages, as JSON.
    CdmSummary,
    /// Conjunction data messages in keyword = value notation, a file for each (needs --output, a folder).
    CdmKvn,
    /// Conjunction data messages in XML, as one combined message.
    CdmXml,
}

/// Orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// Nearest first.
    Range,
    /// Largest maximum probability first.
    Probability,
    /// Earliest first.
    Time,
    /// Fastest first.
    Speed,
}

/// `detente orbit near`
#[derive(Args, Debug)]
#[command(
    after_help = "A visit is a stay within the distance for long, or several close after each other. Which of the two drew near, a catalogue does not say.\n\n\
    Examples:\n  \
    detente orbit near catalogue.3le --object 40258 --from 2023-10-10 --hours 48\n  \
    detente orbit near catalogue.3le --satellites owners.csv --holders map.csv --party US --of CN,RU --payloads\n  \
    detente orbit near catalogue.3le --object 40258 --of-object 42950 --distance distance.svg --relative-orbit relative.svg"
)]
pub(super) struct Near {
    #[command(flatten)]
    pub(super) catalogue: Catalogue,
    #[command(flatten)]
    pub(super) window: Window,
    /// Distance that counts as near, km.
    #[arg(long, value_name = "KM", default_value_t = 50.0)]
    pub(super) within_km: f64,
    /// From how many hours within the distance on it is a visit.
    #[arg(long, value_name = "HOURS", default_value_t = 6.0)]
    pub(super) for_hours: f64,
    /// These objects (catalogue numbers).
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number, required_unless_present = "party")]
    pub(super) object: Vec<CatalogNumber>,
    /// The objects of these parties.
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(super) party: Vec<Name>,
    /// Near the objects of these parties (default: of anybody).
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(super) of: Vec<Name>,
    /// Near these objects.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(super) of_object: Vec<CatalogNumber>,
    /// Only payloads (by the type in --satellites).
    #[arg(long)]
    pub(super) payloads: bool,
    /// Draw the distance of the first visit over time into this file (.svg, or .png where the program was built with it).
    #[arg(long, value_name = "FILE")]
    pub(super) distance: Option<PathBuf>,
    /// Draw the relative orbit of the first visit into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) relative_orbit: Option<PathBuf>,
    #[command(flatten)]
    pub(super) error: AssumedError,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// The error that positions from element sets are assumed to have.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct AssumedError {
    /// Error of a position at the epoch of its element set, km: an assumption of yours, told with the answer.
    #[arg(long, value_name = "KM", default_value_t = 1.0)]
    pub(super) error_km: f64,
    /// Growth of that error, km for each day from the epoch.
    #[arg(long, value_name = "KM", default_value_t = 1.0)]
    pub(super) error_km_per_day: f64,
}

/// `detente orbit register`
#[derive(Args, Debug)]
#[command(
    after_help = "REGISTER is a CSV table with the columns party (State of registry), designator, launch date, and if wanted registration number, name, \
    launching states, launch place, nodal period (min), inclination (degrees), apogee, perigee (km), function, decay date, given, document, page, \
    url: what Article IV of the Registration Convention asks for.\n\n\
    A register tells the orbit of its day, a catalogue that of its own: a difference is a reason to ask, not a fault.\n\n\
    Exit codes: 0 they agree, 1 they do not, 3 the input is wrong.\n\n\
    Examples:\n  \
    detente orbit register register.csv catalogue.3le --satellites satcat.csv --holders map.csv\n  \
    detente orbit register register.csv catalogue.3le --satellites satcat.csv --holders map.csv --height-km 20 --format csv"
)]
pub(super) struct Register {
    /// The register.
    #[arg(value_name = "REGISTER")]
    pub(super) register: PathBuf,
    #[command(flatten)]
    pub(super) catalogue: Catalogue,
    /// Tolerance of the nodal period, minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 1.0)]
    pub(super) period_minutes: f64,
    /// Tolerance of the inclination, degrees.
    #[arg(long, value_name = "DEGREES", default_value_t = 0.5)]
    pub(super) inclination_degrees: f64,
    /// Tolerance of apogee and perigee, km.
    #[arg(long, value_name = "KM", default_value_t = 50.0)]
    pub(super) height_km: f64,
    #[command(flatten)]
    pub(super) shape: Shape,
}

/// `detente orbit entries`
#[derive(Args, Debug)]
#[command(
    after_help = "The entries are JSON Lines, in the words of agreements/outer-space.\n\n\
    Examples:\n  \
    detente orbit entries approaches catalogue.3le --satellites owners.csv --holders map.csv --from 2023-10-10 > seen.jsonl\n  \
    detente orbit entries registrations register.csv | detente check agreements/outer-space --record -\n  \
    detente orbit entries notices launches.csv\n  \
    detente orbit entries launches --satellites satcat.csv --holders map.csv --from 2024-12-01 --until 2025-01-01 --known notices.jsonl"
)]
pub(super) struct Entries {
    #[command(subcommand)]
    pub(super) what: EntriesOf,
}

/// What to write entries of.
#[derive(Debug, Subcommand)]
pub(super) enum EntriesOf {
    /// Approaches of parties' objects to each other, from a screening.
    Approaches(Box<ApproachEntries>),
    /// Launches and objects placed in orbit, from a table of satellites.
    Launches(LaunchEntries),
    /// Changes of orbit, from the histories of objects.
    Manoeuvres(Box<ManoeuvreEntries>),
    /// Objects that share an orbital plane, and since when.
    Planes(Box<PlaneEntries>),
    /// Breakups: new objects that come from one parent, from catalogues of before and after.
    Breakups(Box<BreakupEntries>),
    /// Notices of launches, from a table.
    Notices {
        /// CSV: party, launch, generic class, window from, window until, area, direction, and if wanted given, document, url.
        #[arg(value_name = "TABLE")]
        table: PathBuf,
        /// Write to this file instead of standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Registrations, from a register.
    Registrations {
        /// The register, as `detente orbit register` reads it.
        #[arg(value_name = "REGISTER")]
        register: PathBuf,
        /// Write to this file instead of standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Who says it.
#[derive(Args, Debug)]
pub(super) struct Said {
    /// The author of the entries.
    #[arg(long, value_name = "NAME", default_value = "Catalogue")]
    pub(super) author: Name,
    /// When it was said (default: the newest epoch of the catalogue, before which nobody can have known it).
    #[arg(long, value_name = "TIME", value_parser = said)]
    pub(super) made: Option<Instant>,
    /// The agreement the entries are for (default: any).
    #[arg(long, value_name = "TITLE")]
    pub(super) agreement: Option<Name>,
    /// What the catalogue is called, for the source of the entries (default: the names of its files).
    #[arg(long, value_name = "TEXT")]
    pub(super) document: Option<String>,
    /// Where the catalogue is to be found.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) url: Option<String>,
    /// A record that announces approaches and launches: what was announced keeps its name, so that the notice answers it.
    #[arg(long, value_name = "PATH")]
    pub(super) known: Vec<PathBuf>,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `detente orbit entries approaches`
#[derive(Args, Debug)]
pub(super) struct ApproachEntries {
    #[command(flatten)]
    pub(super) catalogue: Catalogue,
    #[command(flatten)]
    pub(super) window: Window,
    /// Distance that counts as near, km.
    #[arg(long, value_name = "KM", default_value_t = 50.0)]
    pub(super) within_km: f64,
    /// From how many hours within the distance on an approach is a proximity.
    #[arg(long, value_name = "HOURS", default_value_t = 6.0)]
    pub(super) for_hours: f64,
    /// Passes too, not only proximities and attached objects.
    #[arg(long)]
    pub(super) passes: bool,
    /// Only payloads (by the type in --satellites).
    #[arg(long)]
    pub(super) payloads: bool,
    /// Objects that are known to have drawn near, by catalogue number: their approaches are observed, not estimated, and the note says that it
    /// was stated here.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(super) approacher: Vec<CatalogNumber>,
    #[command(flatten)]
    pub(super) error: AssumedError,
    #[command(flatten)]
    pub(super) said: Said,
}

/// `detente orbit entries launches`
#[derive(Args, Debug)]
pub(super) struct LaunchEntries {
    #[command(flatten)]
    pub(super) tables: Tables,
    /// First day of the launches.
    #[arg(long, value_name = "DATE")]
    pub(super) from: Date,
    /// First day after them.
    #[arg(long, value_name = "DATE")]
    pub(super) until: Date,
    /// Who launches from which site: columns code (of the site), party.
    #[arg(long, value_name = "FILE")]
    pub(super) sites: Option<PathBuf>,
    #[command(flatten)]
    pub(super) said: Said,
}

fn number(text: &str) -> Result<CatalogNumber, String> {
    CatalogNumber::from_digits(text).map_err(|error| error.to_string())
}

pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    detente_orbit::epoch::parse(text).map_err(|error| error.to_string())
}

/// A day stands for its last microsecond, as everywhere in a record.
fn said(text: &str) -> Result<Instant, String> {
    match text.parse::<Date>() {
        Ok(date) => Ok(Instant::from_micros(date.end().micros() - 1)),
        Err(_) => text.parse::<Instant>().map_err(|error| error.to_string()),
    }
}
