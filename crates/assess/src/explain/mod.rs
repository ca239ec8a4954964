//! Why a verdict is what it is: the rule with its numbers filled in, down to the entries.

mod value;

use crate::assessment::{Explanation, InstanceStatus, ProvisionAssessment, Verdict};
use crate::assessor::{Assessor, asked, scene};
use crate::clause::verdict as of_truth;
use crate::expression::Scene;
use crate::options::Options;
use crate::subject::{Subject, subjects};
use crate::track::Span;
use crate::variant::Variant;
use detente_agreement::model::{Agreement, Clause, Exception, Provision, Rule};
use detente_quantity::{Comparison, Date};
use detente_record::Record;

/// So many entries of one place are told one by one; of more only the number.
const MOST_LEAVES: usize = 20;

/// Explains one row of the assessment for the day asked about (`options.as_of`).
///
/// `node` is [`ProvisionAssessment::node`]; `None` if the assessment under these options has no such row. Nodes
/// within the tree are named by their path from it, and stay the same as long as the rule does.
#[must_use]
pub fn explain(
    agreement: &Agreement,
    record: &Record,
    options: &Options,
    node: &str,
) -> Option<Explanation> {
    let mut assessor = Assessor::new(agreement, options);
    assessor.add_all(record);
    let state = assessor.settle(record);
    for variant in &state.variants {
        let scene = scene(variant, record, &state.store, &state.leaves, options);
        let teller = Teller {
            scene: &scene,
            state,
            day: options.as_of,
        };
        for provision in &variant.agreement.provisions {
            if !node.starts_with(provision.id.as_str()) {
                continue;
            }
            let mut rows = Vec::new();
            scene.provision(variant, provision, options, &mut rows);
            if let Some(place) = rows.iter().position(|row| row.node == node) {
                return Some(teller.row(variant, provision, options, &rows[place], place));
            }
        }
    }
    None
}

/// Tells of one reading on one day.
pub(crate) struct Teller<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) state: &'a crate::assessor::State,
    pub(crate) day: Date,
}

impl Teller<'_> {
    pub(crate) fn span(&self) -> Span {
        Span::day(self.day.days())
    }

    fn row(
        &self,
        variant: &Variant,
        provision: &Provision,
        options: &Options,
        row: &ProvisionAssessment,
        place: usize,
    ) -> Explanation {
        let agreement = &variant.agreement;
        let mut tree = Explanation {
            node: row.node.clone(),
            text: format!(
                "{} {}, {}: {}",
                row.citation,
                row.title,
                row.subject,
                self.outcome(row)
            ),
            value: None,
            entry: None,
            source: None,
            parts: vec![leaf(&row.node, "rule", row.sentence.clone())],
        };
        if let Some(because) = &row.because {
            tree.parts
                .push(leaf(&row.node, "because", format!("because {because}")));
        }
        match &provision.rule {
            Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
                let clause = nth(
                    agreement,
                    options,
                    clauses.iter().map(|clause| (clause, &clause.subjects)),
                    place,
                );
                if let Some((clause, subject)) = clause {
                    self.clause(clause, subject, row, &mut tree);
                    self.exceptions(&provision.exceptions, subject, &row.node, &mut tree);
                }
            }
            Rule::Duty(_) => self.instances(row, &mut tree),
        }
        tree
    }

    fn outcome(&self, row: &ProvisionAssessment) -> String {
        let day = self.day;
        match row.verdict {
            Some(Verdict::Kept) if row.kind == "watch" => format!("quiet on {day}"),
            Some(Verdict::Broken) if row.kind == "watch" => format!("alert on {day}"),
            Some(Verdict::Kept) => format!("kept on {day}"),
            Some(Verdict::Broken) => format!("broken on {day}"),
            Some(Verdict::Undetermined) => format!("undetermined on {day}"),
            None => match row.intervals.first() {
                Some(first) if row.intervals.last().is_some_and(|last| last.to <= day) => {
                    format!(
                        "does not apply on {day}: it applied from {} until {}",
                        first.from,
                        row.intervals.last().map_or(first.to, |last| last.to)
                    )
                }
                _ => format!(
                    "does not apply on {day}: the agreement does not bind the subject then, or the rule's own time has not come"
                ),
            },
        }
    }

    fn clause(
        &self,
        clause: &Clause,
        subject: Subject,
        row: &ProvisionAssessment,
        tree: &mut Explanation,
    ) {
        let node = &row.node;
        let interval = row
            .intervals
            .iter()
            .find(|interval| interval.from <= self.day && self.day < interval.to);
        if let Some(interval) = interval {
            let unit = &clause.unit;
            let shown = |value: &Option<_>| {
                value
                    .as_ref()
                    .map_or_else(|| "no number".to_owned(), |value| self.amount(value, unit))
            };
            let mut text = format!(
                "{} {} {}",
                shown(&interval.value),
                clause.comparison.words(),
                shown(&interval.limit)
            );
            if let Some(margin) = &interval.margin {
                text.push_str(&format!(", margin {}", self.amount(margin, unit)));
            }
            text.push_str(&format!("; the same since {}", interval.from));
            if self.scene.first_period(&clause.value).is_some()
                && !matches!(clause.comparison, Comparison::AtMost | Comparison::Less)
            {
                text.push_str("; judged over the whole period, so that the parts below, as of the day, may be less");
            }
            tree.parts.push(leaf(node, "comparison", text));
        }
        tree.parts.push(self.expression(
            &clause.value,
            subject,
            Some(&clause.unit),
            &format!("{node}/value"),
        ));
        let rows = self.scene.rows(&clause.rows, subject, self.span());
        if let Some(applying) = rows.at(self.day.days()) {
            let bound = &clause.rows[*applying].bound;
            tree.parts.push(self.expression(
                bound,
                subject,
                Some(&clause.unit),
                &format!("{node}/limit"),
            ));
        }
    }

    fn exceptions(
        &self,
        exceptions: &[Exception],
        subject: Subject,
        node: &str,
        tree: &mut Explanation,
    ) {
        for (place, exception) in exceptions.iter().enumerate() {
            let truth = *self
                .scene
                .condition(&exception.condition, subject, self.span())
                .at(self.day.days());
            let said = match of_truth(truth) {
                Verdict::Kept => "applies",
                Verdict::Broken => "does not apply",
                Verdict::Undetermined => "may apply: what it depends on is not known",
            };
            let text = format!(
                "exception {}“{}” {said}",
                exception
                    .label
                    .as_ref()
                    .map(|l| format!("{l} "))
                    .unwrap_or_default(),
                exception.title
            );
            tree.parts
                .push(leaf(node, &format!("exception/{place}"), text));
        }
    }

    fn instances(&self, row: &ProvisionAssessment, tree: &mut Explanation) {
        if row.instances.is_empty() {
            tree.parts.push(leaf(
                &row.node,
                "none",
                "nothing on the record has called for it".to_owned(),
            ));
        }
        // What went wrong first; then the others, the latest first.
        let grave = |status: InstanceStatus| {
            !matches!(status, InstanceStatus::Missed | InstanceStatus::Late)
        };
        let mut instances: Vec<_> = row.instances.iter().collect();
        instances.sort_by(|a, b| grave(a.status).cmp(&grave(b.status)).then(b.on.cmp(&a.on)));
        let rest = instances.len().saturating_sub(MOST_LEAVES);
        for instance in instances.into_iter().take(MOST_LEAVES) {
            let due = instance
                .due
                .map(|due| format!(", due before {due}"))
                .unwrap_or_default();
            let status = match instance.status {
                InstanceStatus::Met => "met".to_owned(),
                InstanceStatus::Late => {
                    format!("late by {} hours", instance.late_hours.unwrap_or(0))
                }
                InstanceStatus::Missed => "missed: no answer is on the record".to_owned(),
                InstanceStatus::Pending => "pending".to_owned(),
                InstanceStatus::Undetermined if instance.met_by.is_empty() => {
                    "undetermined: the record does not say enough".to_owned()
                }
                InstanceStatus::Undetermined => {
                    "undetermined: answered, but the record does not say when".to_owned()
                }
                InstanceStatus::Excepted => "excepted".to_owned(),
            };
            // Dates of a schedule are their own names.
            let on = instance.on.to_string();
            let trigger = match instance.trigger == on {
                true => on,
                false => format!("{} on {on}", instance.trigger),
            };
            let mut told = leaf(&row.node, "", format!("{trigger}{due}: {status}"));
            told.node.clone_from(&instance.node);
            for entry in instance.met_by.iter().take(MOST_LEAVES) {
                let name = entry.parse().ok();
                let found = name.and_then(|name| self.scene.record.find(&name));
                told.parts.push(match found {
                    Some(entry) => self.entry(entry, &instance.node, "answer"),
                    None => leaf(&instance.node, entry, entry.clone()),
                });
            }
            tree.parts.push(told);
        }
        if rest > 0 {
            tree.parts
                .push(leaf(&row.node, "more", format!("and {rest} more")));
        }
    }
}

/// The clause and subject of a row by its place, in the order in which the assessment lists them.
fn nth<'a>(
    agreement: &Agreement,
    options: &Options,
    clauses: impl Iterator<Item = (&'a Clause, &'a detente_agreement::model::Subjects)>,
    place: usize,
) -> Option<(&'a Clause, Subject)> {
    clauses
        .flat_map(|(clause, whom)| {
            subjects(agreement, whom)
                .into_iter()
                .map(move |subject| (clause, subject))
        })
        .filter(|(_, subject)| asked(agreement, options, *subject))
        .nth(place)
}

/// A node without parts.
pub(crate) fn leaf(parent: &str, name: &str, text: String) -> Explanation {
    Explanation {
        node: format!("{parent}/{name}"),
        text,
        value: None,
        entry: None,
        source: None,
        parts: Vec::new(),
    }
}
