//! The command line of what objects do: changes of orbit, matching planes, breakups.

use super::{AssumedError, Catalogue, Said, Shape, instant, number};
use clap::Args;
use detente_orbit::behaviour::breakup::BreakupRule;
use detente_orbit::behaviour::manoeuvres::ManoeuvreRule;
use detente_orbit::elements::CatalogNumber;
use detente_quantity::Name;
use jiff::Timestamp;
use std::path::PathBuf;

/// How changes of orbit are looked for.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::commands::orbit) struct ManoeuvreSearch {
    /// Rate of false alarms: of so many comparisons of two sets of an object that did nothing, one is told as a change of orbit all the same
    /// (0.001: one in a thousand; from 1e-9 to 0.4).
    #[arg(long, value_name = "RATE", default_value_t = ManoeuvreRule::default().false_alarm_rate)]
    pub(in crate::commands::orbit) false_alarm: f64,
    /// Longest time between two sets that are compared, days: beyond it drag that nobody foresaw looks like a change of orbit.
    #[arg(long, value_name = "DAYS", default_value_t = ManoeuvreRule::default().longest_gap)]
    pub(in crate::commands::orbit) longest_gap: f64,
    /// How many neighbouring comparisons tell how large the errors of the sets usually are.
    #[arg(long, value_name = "NUMBER", default_value_t = ManoeuvreRule::default().neighbours)]
    pub(in crate::commands::orbit) neighbours: usize,
    /// Distribution of the errors: Student's of so many degrees of freedom (2 to 1000). Real element sets are now and then far off: 3 keeps
    /// the rate that is asked for with them, 1000 is as good as normal.
    #[arg(long, value_name = "DEGREES", default_value_t = 3.0)]
    pub(in crate::commands::orbit) student: f64,
}

/// `detente orbit history`
#[derive(Args, Debug)]
#[command(
    after_help = "A change of orbit is told where a set differs from the one before by more than the errors of the sets around explain, at the rate \
    of false alarms that is asked for. It needs 14 sets or more. It lies between the two epochs, or shortly before: a set is fitted to days of \
    observations. `persists`: the sets around show it too; `returned`: they do not, so one set is probably bad; `unknown`: the history ends there. \
    What cannot be seen: slow changes by electric propulsion, and those of an object that changes its orbit between any two sets.\n\n\
    Examples:\n  \
    detente orbit history 2023-*.3le --object 25544\n  \
    detente orbit history jason-3.tle --only-changes --false-alarm 0.0001\n  \
    detente orbit history sets.omm.csv --object 40258 --format json"
)]
pub(in crate::commands::orbit) struct History {
    #[command(flatten)]
    pub(in crate::commands::orbit) catalogue: Catalogue,
    /// Only these objects (default: all that have several element sets).
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(in crate::commands::orbit) object: Vec<CatalogNumber>,
    /// Only the sets that show a change of orbit.
    #[arg(long)]
    pub(in crate::commands::orbit) only_changes: bool,
    #[command(flatten)]
    pub(in crate::commands::orbit) search: ManoeuvreSearch,
    #[command(flatten)]
    pub(in crate::commands::orbit) shape: Shape,
}

/// Which planes count as one.
#[derive(Args, Debug)]
pub(in crate::commands::orbit) struct PlaneSearch {
    /// Instant at which the planes are compared, UTC (default: the newest epoch of the catalogue).
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(in crate::commands::orbit) at: Option<Timestamp>,
    /// Largest angle between two planes, degrees (up to 30).
    #[arg(long, value_name = "DEGREES", default_value_t = 0.5)]
    pub(in crate::commands::orbit) angle_degrees: f64,
    /// For how many days the angle must stay below that, as the nodes drift.
    #[arg(long, value_name = "DAYS", default_value_t = 30.0)]
    pub(in crate::commands::orbit) days: f64,
    /// These objects (catalogue numbers).
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number, required_unless_present = "party")]
    pub(in crate::commands::orbit) object: Vec<CatalogNumber>,
    /// The objects of these parties.
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(in crate::commands::orbit) party: Vec<Name>,
    /// Against the objects of these parties (default: of anybody).
    #[arg(long, value_name = "PARTY,…", value_delimiter = ',')]
    pub(in crate::commands::orbit) of: Vec<Name>,
    /// Against these objects.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(in crate::commands::orbit) of_object: Vec<CatalogNumber>,
    /// Only payloads (by the type in --satellites).
    #[arg(long)]
    pub(in crate::commands::orbit) payloads: bool,
    #[command(flatten)]
    pub(in crate::commands::orbit) error: AssumedError,
}

/// `detente orbit planes`
#[derive(Args, Debug)]
#[command(
    after_help = "Two objects share a plane where the angle between their planes is small now and stays so while their nodes drift. Since when they do \
    is told from the histories, where several element sets are given: between the last set that showed them apart and the first that did not. \
    Which of the two came into the other's plane, that does not show.\n\n\
    Examples:\n  \
    detente orbit planes 2023-*.3le --object 40258\n  \
    detente orbit planes catalogue.3le --satellites satcat.csv --holders map.csv --party US --of CN,RU --payloads --angle-degrees 0.2"
)]
pub(in crate::commands::orbit) struct Planes {
    #[command(flatten)]
    pub(in crate::commands::orbit) catalogue: Catalogue,
    #[command(flatten)]
    pub(in crate::commands::orbit) search: PlaneSearch,
    #[command(flatten)]
    pub(in crate::commands::orbit) shape: Shape,
}

/// `detente orbit entries planes`
#[derive(Args, Debug)]
pub(in crate::commands::orbit) struct PlaneEntries {
    #[command(flatten)]
    pub(in crate::commands::orbit) catalogue: Catalogue,
    #[command(flatten)]
    pub(in crate::commands::orbit) search: PlaneSearch,
    /// Objects that are known to have come into the other's plane, by catalogue number: those matches are observed, not estimated, and the
    /// note says that it was stated here.
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(in crate::commands::orbit) mover: Vec<CatalogNumber>,
    #[command(flatten)]
    pub(in crate::commands::orbit) said: Said,
}

/// `detente orbit entries manoeuvres`
#[derive(Args, Debug)]
#[command(
    after_help = "A change of orbit that the sets around show too is observed; one at the end of a history is estimated; one that the sets around do not \
    show gives no entry, as one of the two sets is probably bad. See `detente orbit history --help`.\n\n\
    Example:\n  \
    detente orbit entries manoeuvres 2023-*.3le --satellites satcat.csv --holders map.csv --false-alarm 0.0001 > seen.jsonl"
)]
pub(in crate::commands::orbit) struct ManoeuvreEntries {
    #[command(flatten)]
    pub(in crate::commands::orbit) catalogue: Catalogue,
    /// Only these objects (default: all whose history is long enough).
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', value_parser = number)]
    pub(in crate::commands::orbit) object: Vec<CatalogNumber>,
    #[command(flatten)]
    pub(in crate::commands::orbit) search: ManoeuvreSearch,
    #[command(flatten)]
    pub(in crate::commands::orbit) said: Said,
}

/// `detente orbit entries breakups`
#[derive(Args, Debug)]
#[command(
    after_help = "Possible parents are the objects with an element set from before the window, each by its last one; new objects are those whose first \
    element set is later, or those in --pieces. They are followed back; what is told is the instant at which most of them were where one parent \
    was. The window must hold the breakup, and the sets of the pieces must be a few days from it: nothing is found from sets that are months \
    or years younger. A catalogue never shows why something broke.\n\n\
    Example:\n  \
    detente orbit entries breakups before.3le after.3le --from 2009-02-10T04:00:00 --hours 24 --satellites satcat.csv --holders map.csv"
)]
pub(in crate::commands::orbit) struct BreakupEntries {
    #[command(flatten)]
    pub(in crate::commands::orbit) catalogue: Catalogue,
    /// Files of the element sets of new objects, if they are not among the catalogue's.
    #[arg(long, value_name = "FILE")]
    pub(in crate::commands::orbit) pieces: Vec<PathBuf>,
    /// Beginning of the window, UTC: a day or an instant.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(in crate::commands::orbit) from: Timestamp,
    /// Length of the window, hours.
    #[arg(long, value_name = "HOURS", default_value_t = 24.0)]
    pub(in crate::commands::orbit) hours: f64,
    /// Within which distance of its parent a piece counts as having been there, km.
    #[arg(long, value_name = "KM", default_value_t = BreakupRule::default().distance)]
    pub(in crate::commands::orbit) within_km: f64,
    /// Up to which speed relative to its parent, m/s.
    #[arg(long, value_name = "M/S", default_value_t = 1000.0 * BreakupRule::default().speed)]
    pub(in crate::commands::orbit) speed_m_s: f64,
    /// Fewest pieces.
    #[arg(long, value_name = "NUMBER", default_value_t = BreakupRule::default().fewest)]
    pub(in crate::commands::orbit) fewest: usize,
    /// Largest chance that so many meet there without a common origin.
    #[arg(long, value_name = "CHANCE", default_value_t = 0.001)]
    pub(in crate::commands::orbit) chance: f64,
    /// Pieces whose median speed is below this, m/s, were set free or came off: told, but no entry of a breakup.
    #[arg(long, value_name = "M/S", default_value_t = 5.0)]
    pub(in crate::commands::orbit) separation_m_s: f64,
    #[command(flatten)]
    pub(in crate::commands::orbit) said: Said,
}
