//! Who keeps which provision, since when, and how we know: an agreement and a record in, an
//! [`Assessment`] out.
//!
//! The definition of every verdict is the page `docs/src/semantics/assessment.md`; numbers like §4 in this
//! crate are its sections. One module a subject:
//!
//! ```text
//! record ──counting──► store (values, registers, events, acts)
//!                        │
//!          leaves (one tally for each count, sum or extreme of one party)
//!                        │
//!   life, dates, clock ──expression──► clause, duty ──► assessment, explanation
//! ```
//!
//! Nothing here reads files, clocks, networks or keys. The same agreement, entries and options give the
//! same answer, whatever the order of the entries and the number of threads.

mod acts;
pub mod assessment;
mod assessor;
mod cell;
mod classes;
mod clause;
mod clock;
mod contradiction;
mod counting;
mod dates;
mod describe;
mod duty;
mod entry_set;
mod explain;
mod expression;
mod fixed;
mod incremental;
mod leaves;
mod life;
mod options;
mod provision;
mod remarks;
mod sources;
mod store;
mod subject;
mod test;
mod track;
mod unit;
mod variant;

pub use assessment::{
    Assessment, Basis, Contradiction, ContradictionSide, Explanation, Instance, InstanceStatus,
    LifeInterval, LifeState, PartyLife, PeriodUse, ProvisionAssessment, ReadingHeader, Remark,
    Standing, Verdict, VerdictInterval,
};
pub use assessor::{Assessor, assess};
pub use explain::explain;
pub use options::{Options, Readings};
