//! What an assessment says. Its JSON is published (`docs/`): names and order are part of the contract.

use detente_quantity::{Date, Instant, Interval};
use serde::Serialize;

/// Who keeps which provision, since when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessment {
    /// The agreement's title.
    pub agreement: String,
    /// The day asked about; every interval ends with it.
    pub as_of: Date,
    /// Entries made after this instant were left out.
    pub as_known_at: Option<Instant>,
    /// Which kinds of evidence were used.
    pub evidence: Vec<String>,
    /// Whether only dates on which something was declared count.
    pub strict: bool,
    /// Short names of the parties.
    pub parties: Vec<String>,
    /// The agreement's life for each party, in each reading of its life.
    pub life: Vec<PartyLife>,
    /// The readings assessed: the text first.
    pub readings: Vec<ReadingHeader>,
    /// One for each provision, clause case, subject and reading.
    pub provisions: Vec<ProvisionAssessment>,
    /// Where sources exclude each other.
    pub contradictions: Vec<Contradiction>,
    /// Entries that the agreement could not make sense of, and other remarks.
    pub remarks: Vec<Remark>,
}

/// A reading that was assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadingHeader {
    /// Its name in [`ProvisionAssessment::reading`]: `text`, or its title.
    pub name: String,
    /// Who holds it.
    pub by: Vec<String>,
    /// `text`, `reading`, `proposal`, `suspension`.
    pub kind: &'static str,
    /// Why.
    pub because: Option<String>,
}

/// The agreement's life for a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyLife {
    /// The party.
    pub party: String,
    /// The reading.
    pub reading: String,
    /// States in order, without gaps, from the first act.
    pub states: Vec<LifeInterval>,
}

/// A state of the agreement for a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LifeInterval {
    /// First day.
    pub from: Date,
    /// First day after; `None` while it lasts.
    pub to: Option<Date>,
    /// The state.
    pub state: LifeState,
    /// The entry or clause that brought it about.
    pub by: String,
}

/// The states of an agreement for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is the state it names")]
pub enum LifeState {
    Signed,
    /// Ratified or acceded, not yet in force.
    Contracting,
    ProvisionallyApplied,
    InForce,
    /// A suspension that the others accepted, or that a reading takes as valid.
    Suspended,
    /// A suspension is claimed and not accepted by all others; in the text's reading obligations go on.
    SuspensionClaimed,
    /// Withdrawal was notified; obligations go on until it takes effect.
    Withdrawing,
    Withdrawn,
    Ended,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the three verdicts")]
pub enum Verdict {
    Kept,
    Broken,
    Undetermined,
}

/// One provision for one subject in one reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProvisionAssessment {
    /// The provision's id.
    pub id: String,
    /// The stable id of its explanation: `id/subject/reading`, and a case if there is one.
    pub node: String,
    /// The citation.
    pub citation: String,
    /// The title.
    pub title: String,
    /// `limit`, `right`, `watch` or `duty`.
    pub kind: &'static str,
    /// Party, group, `all parties`, or `A → B`.
    pub subject: String,
    /// The case of a `for each` clause.
    pub case: Option<String>,
    /// The reading.
    pub reading: String,
    /// The verdict on the day asked about; `None` where the provision does not apply that day.
    pub verdict: Option<Verdict>,
    /// The comparison (`<=`), limits only.
    pub comparison: Option<&'static str>,
    /// The unit of values, limits and margins.
    pub unit: Option<String>,
    /// Verdict intervals in order; days on which the provision does not apply are left out.
    pub intervals: Vec<VerdictInterval>,
    /// The first day broken.
    pub first_broken: Option<Date>,
    /// How many days broken.
    pub days_broken: u64,
    /// How many days undetermined.
    pub days_undetermined: u64,
    /// Duties: every trigger.
    pub instances: Vec<Instance>,
    /// Rights and windowed limits by period.
    pub periods: Vec<PeriodUse>,
    /// The rule as a plain sentence.
    pub sentence: String,
    /// `because`.
    pub because: Option<String>,
}

/// A span of days with one verdict, one value and one limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VerdictInterval {
    /// First day.
    pub from: Date,
    /// First day after.
    pub to: Date,
    /// The verdict.
    pub verdict: Verdict,
    /// The value, in the shown unit.
    pub value: Option<Interval>,
    /// The limit, in the shown unit; unbounded for `none`.
    pub limit: Option<Interval>,
    /// Limit − value for upper bounds, value − limit for lower ones: negative means over it.
    pub margin: Option<Interval>,
    /// What the verdict rests on: `evidence`, `estimate`, `nothing`.
    pub basis: Basis,
    /// An exception holds: its label or title.
    pub excepted: Option<String>,
    /// The value is presumed to go on since this day (the latest declaration it rests on).
    pub presumed_since: Option<Date>,
}

/// What a value rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Constants only, or nothing is known.
    Nothing,
    /// Declared, inspected, verified, observed or proved.
    Evidence,
    /// At least one part is an estimate.
    Estimate,
}

/// One trigger of a duty and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// Stable id: the duty's node and the trigger's id.
    pub node: String,
    /// What triggered it: an entry, an event, an item and date, or a date of a schedule.
    pub trigger: String,
    /// The trigger's date (the last one possible, where only a range is known).
    pub on: Date,
    /// The end of the time allowed (exclusive instant); `None` if there is none yet.
    pub due: Option<Instant>,
    /// The entries that met it (in order; the one that decided first).
    pub met_by: Vec<String>,
    /// When it was met.
    pub met_at: Option<Instant>,
    /// What came of it.
    pub status: InstanceStatus,
    /// By how many whole hours it was late.
    pub late_hours: Option<i64>,
}

/// What came of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceStatus {
    /// Done in time.
    Met,
    /// Done, too late.
    Late,
    /// Not done, and the time has passed.
    Missed,
    /// Not done, and there is still time on the day asked about.
    Pending,
    /// It cannot be told: the trigger itself is uncertain, or part of what was due is.
    Undetermined,
    /// An exception applies.
    Excepted,
}

/// Use of a right, or of a windowed limit, in one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeriodUse {
    /// First day.
    pub from: Date,
    /// First day after.
    pub to: Date,
    /// Used by the end of the period, or by the day asked about.
    pub used: Interval,
    /// Allowed.
    pub allowed: Interval,
    /// Allowed − used.
    pub left: Interval,
    /// The verdict for the period.
    pub verdict: Verdict,
}

/// Two sources that exclude each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contradiction {
    /// Stable id.
    pub node: String,
    /// The party.
    pub party: String,
    /// The measure (or class and selection) on which they differ.
    pub measure: String,
    /// First day.
    pub from: Date,
    /// First day after.
    pub to: Date,
    /// The values: each with what states it.
    pub sides: Vec<ContradictionSide>,
}

/// One side of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContradictionSide {
    /// The value.
    pub value: Interval,
    /// The entries it rests on (at most 20, then `…`).
    pub entries: Vec<String>,
    /// In words (`declared`, `sum of 5 lots`).
    pub from: String,
}

/// A remark on the record or the agreement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Remark {
    /// The entry.
    pub entry: Option<String>,
    /// The remark, with what to do about it.
    pub message: String,
}

/// A node of an explanation: a tree from the verdict down to the entries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Stable id: a page can link to it.
    pub node: String,
    /// In words, numbers filled in.
    pub text: String,
    /// The value on the day asked about.
    pub value: Option<Interval>,
    /// The entry, for a leaf.
    pub entry: Option<String>,
    /// The entry's source.
    pub source: Option<String>,
    /// What it rests on.
    pub parts: Vec<Explanation>,
}

/// Whether one provision is kept on the day asked about: what is asked after every entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The stable id, that of [`ProvisionAssessment::node`].
    pub node: String,
    /// The provision's id.
    pub id: String,
    /// The party, group or pair.
    pub subject: String,
    /// The reading.
    pub reading: String,
    /// The verdict; absent if the provision does not apply that day.
    pub verdict: Option<Verdict>,
}
