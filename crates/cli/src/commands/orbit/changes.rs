//! Changes of orbit, looked for in the history of an object.

use super::arguments::ManoeuvreSearch;
use super::form::{aligned, minute};
use super::rows::rounded;
use crate::failure::Failure;
use crate::input::count;
use detente_orbit::behaviour::manoeuvres::{
    Manoeuvre, ManoeuvreError, ManoeuvreReport, ManoeuvreRule, Persistence, Tail, manoeuvres,
};
use detente_orbit::elements::history::History;
use detente_orbit::epoch;
use jiff::Timestamp;
use serde::Serialize;

/// The 90 % quantile of the scores over their median: 2.44 of normal errors, 3.08 of Student's with three degrees of freedom; from here on it is
/// clearly more.
const HEAVY: f64 = 3.5;

impl ManoeuvreSearch {
    /// As the library takes it.
    pub(super) fn rule(&self) -> ManoeuvreRule {
        ManoeuvreRule {
            false_alarm_rate: self.false_alarm,
            tail: Tail::Student(self.student),
            longest_gap: self.longest_gap,
            neighbours: self.neighbours,
        }
    }
}

/// Looks for changes of orbit; the reason where the history is too short to tell.
pub(super) fn look(
    history: &History,
    rule: &ManoeuvreRule,
) -> Result<Result<ManoeuvreReport, String>, Failure> {
    match manoeuvres(history, rule) {
        Ok(report) => Ok(Ok(report)),
        Err(error @ ManoeuvreError::TooFew { .. }) => Ok(Err(error.to_string())),
        Err(error) => Err(Failure::Usage(error.to_string())),
    }
}

/// What was looked for, and how well it could have been found.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Changes {
    /// It was looked for.
    Looked(Looked),
    /// It was not.
    Not {
        /// Why not.
        not_looked_for: String,
    },
}

/// What was found.
#[derive(Serialize)]
pub(super) struct Looked {
    found: Vec<Change>,
    comparisons: usize,
    left_out: usize,
    false_alarm_rate: f64,
    expected_false_alarms: f64,
    /// The score above which a difference is told.
    threshold: f64,
    /// 2.44 for normal errors.
    tail_ratio: f64,
    /// What would be found half of the times.
    detectable_along_track_m_s: f64,
    detectable_across_track_m_s: f64,
}

/// One change of orbit.
#[derive(Serialize)]
pub(super) struct Change {
    after: String,
    before: String,
    along_track_m_s: f64,
    along_track_deviation_m_s: f64,
    across_track_m_s: f64,
    across_track_deviation_m_s: f64,
    score: f64,
    persistence: &'static str,
    #[serde(skip)]
    between: [Timestamp; 2],
}

/// The word for it.
pub(super) fn persistence(one: Persistence) -> &'static str {
    match one {
        Persistence::Persists => "persists",
        Persistence::Returned => "returned",
        Persistence::Unknown => "unknown",
    }
}

impl From<&Manoeuvre> for Change {
    fn from(found: &Manoeuvre) -> Self {
        let between = found.between();
        let [after, before] = between.map(epoch::format);
        Self {
            after,
            before,
            along_track_m_s: rounded(found.along_track_speed, 4),
            along_track_deviation_m_s: rounded(found.along_track_deviation, 4),
            across_track_m_s: rounded(found.across_track_speed, 3),
            across_track_deviation_m_s: rounded(found.across_track_deviation, 3),
            score: rounded(found.score(), 1),
            persistence: persistence(found.persistence),
            between,
        }
    }
}

impl Changes {
    /// Looks for them.
    pub(super) fn of(history: &History, rule: &ManoeuvreRule) -> Result<Self, Failure> {
        Ok(match look(history, rule)? {
            Ok(report) => Self::Looked(Looked {
                found: report.manoeuvres.iter().map(Change::from).collect(),
                comparisons: report.comparisons,
                left_out: report.left_out,
                false_alarm_rate: rule.false_alarm_rate,
                expected_false_alarms: rounded(report.expected_false_alarms, 2),
                threshold: rounded(report.threshold, 2),
                tail_ratio: rounded(report.tail_ratio, 2),
                detectable_along_track_m_s: rounded(report.detectable_along_track, 4),
                detectable_across_track_m_s: rounded(report.detectable_across_track, 3),
            }),
            Err(not_looked_for) => Self::Not { not_looked_for },
        })
    }

    /// Whether there was too little to look at.
    pub(super) fn not_looked_for(&self) -> bool {
        matches!(self, Self::Not { .. })
    }

    /// The change that ends at the set of this epoch.
    pub(super) fn at(&self, epoch: Timestamp) -> Option<&Change> {
        match self {
            Self::Looked(looked) => looked.found.iter().find(|one| one.between[1] == epoch),
            Self::Not { .. } => None,
        }
    }

    /// For reading.
    pub(super) fn text(&self) -> String {
        let looked = match self {
            Self::Not { not_looked_for } => {
                return format!("  changes of orbit: not looked for: {not_looked_for}\n");
            }
            Self::Looked(looked) => looked,
        };
        let mut text = format!(
            "  changes of orbit: {} found in {} of two sets; {} false alarms to be expected; half of the changes of {} m/s along or {} m/s across the track would be found\n",
            looked.found.len(),
            count(looked.comparisons, "comparison"),
            looked.expected_false_alarms,
            looked.detectable_along_track_m_s,
            looked.detectable_across_track_m_s,
        );
        if looked.tail_ratio > HEAVY {
            text.push_str(&format!(
                "  the errors of these sets have a heavy tail ({}; normal ones 2.44, Student's of three degrees 3.08): more false alarms may come than that; --student 2 asks for more\n",
                looked.tail_ratio
            ));
        }
        if looked.found.is_empty() {
            return text;
        }
        let heading = [
            "after (UTC)",
            "before",
            "along m/s",
            "±",
            "across m/s",
            "±",
            "score",
            "",
        ];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        rows.extend(looked.found.iter().map(|one| {
            vec![
                minute(one.between[0]),
                minute(one.between[1]),
                format!("{:+.4}", one.along_track_m_s),
                format!("{:.4}", one.along_track_deviation_m_s),
                format!("{:.3}", one.across_track_m_s),
                format!("{:.3}", one.across_track_deviation_m_s),
                format!("{:.1}", one.score),
                one.persistence.to_owned(),
            ]
        }));
        text + &aligned(&rows, 2)
    }
}

/// Headings of [`Change::cells`].
pub(super) const COLUMNS: [&str; 6] = [
    "change_along_track_m_s",
    "change_along_track_deviation_m_s",
    "change_across_track_m_s",
    "change_across_track_deviation_m_s",
    "change_score",
    "change_persistence",
];

impl Change {
    /// One row of a table.
    pub(super) fn cells(&self) -> [String; 6] {
        [
            self.along_track_m_s.to_string(),
            self.along_track_deviation_m_s.to_string(),
            self.across_track_m_s.to_string(),
            self.across_track_deviation_m_s.to_string(),
            self.score.to_string(),
            self.persistence.to_owned(),
        ]
    }
}
