//! The rows of an assessment in the order of a reader: by provision, then by subject, the text before the
//! readings, and a reading only where it changes the answer.

use detente_assess::assessment::{Assessment, ProvisionAssessment};

/// One provision (and case) with its rows.
pub(crate) struct Group<'a> {
    /// The provision as the first row states it.
    pub(crate) head: &'a ProvisionAssessment,
    /// The rows of the text, then of each reading that differs from it.
    pub(crate) rows: Vec<&'a ProvisionAssessment>,
    /// How many rows of readings say the same as the text.
    pub(crate) same: usize,
}

/// Groups the rows.
pub(crate) fn groups(assessment: &Assessment) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut place = std::collections::HashMap::new();
    let mut clauses = std::collections::HashMap::new();
    for row in &assessment.provisions {
        let index = *place
            .entry((row.id.as_str(), row.case.as_deref()))
            .or_insert_with(|| {
                groups.push(Group {
                    head: row,
                    rows: Vec::new(),
                    same: 0,
                });
                groups.len() - 1
            });
        let group = &mut groups[index];
        // A provision may have several clauses for one subject: the first answers the first, and so on.
        let clause = clauses
            .entry((index, row.reading.as_str(), row.subject.as_str()))
            .or_insert(0_usize);
        let text = group
            .rows
            .iter()
            .filter(|other| other.reading == "text" && other.subject == row.subject)
            .nth(*clause);
        *clause += 1;
        if row.reading != "text" && text.is_some_and(|text| says_the_same(text, row)) {
            group.same += 1;
        } else {
            group.rows.push(row);
        }
    }
    groups
}

fn says_the_same(one: &ProvisionAssessment, other: &ProvisionAssessment) -> bool {
    one.verdict == other.verdict
        && one.intervals == other.intervals
        && one.periods == other.periods
        && one.instances.len() == other.instances.len()
        && one
            .instances
            .iter()
            .zip(&other.instances)
            .all(|(a, b)| a.status == b.status && a.due == b.due && a.met_by == b.met_by)
}
