//! The form of a draft: what is wrong with it, what is missing, and what it answers, before anything is signed.
//!
//! A statement cannot be unsaid. So a draft is held against the agreement first: whether its words are the agreement's,
//! whether its parts are there, which duty it would meet, by when that was due, and whether it is late already. The last
//! two are the assessor's own answer on the record with the draft added, not a second opinion.

mod duties;
mod names;
mod problem;

pub use duties::Answer;
pub use problem::{FormProblem, Severity};

use std::collections::{BTreeMap, BTreeSet};

use detente_agreement::model::Agreement;
use detente_quantity::{Instant, Name};
use detente_record::{Entry, Kind, Record, Statement};
use serde::{Serialize, Serializer};

use crate::near::nearest;

/// What a check of a draft found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// What is wrong or doubtful, the errors first.
    pub findings: Vec<Finding>,
    /// The duties that it answers.
    pub answers: Vec<Answer>,
}

/// Something about a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where in the draft: `values.deployed-warheads`, `items[3].status`.
    pub place: String,
    /// What.
    pub problem: FormProblem,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut object = serializer.serialize_struct("Finding", 3)?;
        object.serialize_field("severity", &self.problem.severity())?;
        object.serialize_field("place", &self.place)?;
        object.serialize_field("problem", &self.problem.to_string())?;
        object.end()
    }
}

impl Checked {
    /// Whether nothing speaks against signing; warnings do not.
    #[must_use]
    pub fn may_be_signed(&self) -> bool {
        let errors = |finding: &Finding| finding.problem.severity() == Severity::Error;
        !self.findings.iter().any(errors)
    }
}

/// Checks a draft against the agreement and what is on the record, as if it were received at `now`.
#[must_use]
pub fn check(agreement: &Agreement, record: &Record, draft: &Entry, now: Instant) -> Checked {
    let mut form = Form {
        agreement,
        record,
        draft,
        findings: Vec::new(),
    };
    form.head(now);
    form.statements();
    form.completeness();
    let mut answers = Vec::new();
    // Duties are asked about only where the draft could stand on the record at all.
    if !form
        .findings
        .iter()
        .any(|finding| finding.problem.severity() == Severity::Error)
    {
        answers = duties::answers(&mut form, now);
    }
    let mut findings = form.findings;
    findings.sort_by_key(|finding| finding.problem.severity());
    Checked { findings, answers }
}

struct Form<'a> {
    agreement: &'a Agreement,
    record: &'a Record,
    draft: &'a Entry,
    findings: Vec<Finding>,
}

impl Form<'_> {
    fn say(&mut self, place: impl Into<String>, problem: FormProblem) {
        self.findings.push(Finding {
            place: place.into(),
            problem,
        });
    }

    /// Author, party, agreement, provision, times and references.
    fn head(&mut self, now: Instant) {
        let draft = self.draft;
        let actors = || {
            self.agreement
                .actors
                .iter()
                .map(|actor| actor.name.as_str())
        };
        let near = |name: &Name| nearest(name.as_str(), actors()).map(str::to_owned);
        let known: Vec<String> = actors().map(str::to_owned).collect();
        let unknown = |name: &Name| FormProblem::Actor {
            name: name.to_string(),
            near: near(name),
            known: known.clone(),
        };
        let is_actor = |name: &Name| self.agreement.actor(name).is_some();
        let (author, party) = (is_actor(&draft.author), is_actor(&draft.party));
        let (no_author, no_party) = (unknown(&draft.author), unknown(&draft.party));
        if !author {
            self.say("author", no_author);
        }
        if draft.party != draft.author && !party {
            self.say("party", no_party);
        }
        if draft.party != draft.author
            && matches!(
                draft.kind,
                Kind::Act | Kind::Declaration | Kind::Notification
            )
        {
            self.say(
                "party",
                FormProblem::ForAnother {
                    kind: draft.kind.word(),
                    party: draft.party.to_string(),
                },
            );
        }
        if let Some(title) = &draft.agreement
            && title.as_str() != self.agreement.title
        {
            self.say(
                "agreement",
                FormProblem::OtherAgreement {
                    found: title.to_string(),
                    title: self.agreement.title.clone(),
                },
            );
        }
        if let Some(id) = &draft.provision {
            let ids = || self.agreement.provisions.iter().map(|one| one.id.as_str());
            if !ids().any(|known| known == id.as_str()) {
                let problem = FormProblem::Provision {
                    id: id.to_string(),
                    near: nearest(id.as_str(), ids()).map(str::to_owned),
                };
                self.say("provision", problem);
            }
        }
        if draft.made.is_some() {
            self.say("made", FormProblem::Made);
        }
        if draft.kind == Kind::Declaration && draft.as_of.earliest() > now {
            self.say("as_of", FormProblem::Future(draft.as_of.date()));
        }
        self.references();
    }

    fn references(&mut self) {
        let draft = self.draft;
        if let Some(other) = self.record.find(&draft.id) {
            let place = self.record.origin(other).to_string();
            self.say("id", FormProblem::IdTaken(place));
        }
        if let Some(corrected) = &draft.corrects {
            match self.record.find(corrected) {
                None => self.say("corrects", FormProblem::NotOnRecord(corrected.to_string())),
                Some(entry) => {
                    let author = self
                        .record
                        .context(entry)
                        .map(|context| self.record.text(context.author).to_owned());
                    if let Some(author) = author.filter(|author| *author != draft.author.as_str()) {
                        self.say("corrects", FormProblem::OthersEntry(author));
                    }
                }
            }
        }
        let mut named = Vec::new();
        for statement in &draft.statements {
            match statement {
                Statement::Act {
                    answers: Some(id), ..
                } => named.push(("act.answers", id)),
                Statement::Concern {
                    replies: Some(id), ..
                } => named.push(("concern.replies", id)),
                _ => {}
            }
        }
        for (place, id) in named {
            if self.record.find(id).is_none() {
                self.say(place, FormProblem::NotOnRecord(id.to_string()));
            }
        }
    }

    /// What a declaration leaves open.
    fn completeness(&mut self) {
        if self.draft.statements.is_empty() && self.draft.kind != Kind::Concern {
            self.say("", FormProblem::NothingStated(self.draft.kind.word()));
        }
        if self.draft.kind != Kind::Declaration {
            return;
        }
        let mut listed: BTreeSet<&Name> = BTreeSet::new();
        let mut complete: BTreeSet<&Name> = BTreeSet::new();
        for statement in &self.draft.statements {
            match statement {
                Statement::Item { class, .. } | Statement::Lot { class, .. } => {
                    listed.insert(class);
                }
                Statement::Complete { class, .. } => {
                    complete.insert(class);
                }
                _ => {}
            }
        }
        for class in &listed {
            let declared = self
                .agreement
                .items
                .iter()
                .any(|item| item.name == **class && item.declared.is_some());
            if declared && !complete.contains(*class) {
                let problem = FormProblem::NotComplete(class.to_string());
                self.say("complete", problem);
            }
        }
        for ((class, attribute), count) in self.unsaid_attributes() {
            let problem = FormProblem::AttributeUnsaid {
                class,
                attribute,
                count,
            };
            self.say("items", problem);
        }
    }

    /// Attributes of items that neither the draft nor the record states, with how many items lack them.
    fn unsaid_attributes(&self) -> BTreeMap<(String, String), usize> {
        let mut known: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
        let has_items = self
            .draft
            .statements
            .iter()
            .any(|statement| matches!(statement, Statement::Item { .. }));
        if has_items {
            for row in self.record.items() {
                let about = self.record.context(row.entry).map(|context| context.party);
                if about.map(|party| self.record.text(party)) != Some(self.draft.party.as_str()) {
                    continue;
                }
                let (class, item) = (self.record.text(row.class), self.record.text(row.item));
                for (attribute, _) in self.record.attributes(row.attributes) {
                    known.insert((class, item, self.record.text(*attribute)));
                }
            }
        }
        let mut unsaid = BTreeMap::new();
        for statement in &self.draft.statements {
            let Statement::Item {
                class,
                item,
                attributes,
                gone: false,
            } = statement
            else {
                continue;
            };
            let Some(of_class) = self.agreement.items.iter().find(|one| one.name == *class) else {
                continue;
            };
            for attribute in &of_class.attributes {
                let said = attributes.iter().any(|(name, _)| *name == attribute.name)
                    || known.contains(&(class.as_str(), item.as_str(), attribute.name.as_str()));
                if !said {
                    *unsaid
                        .entry((class.to_string(), attribute.name.to_string()))
                        .or_insert(0) += 1;
                }
            }
        }
        unsaid
    }
}
