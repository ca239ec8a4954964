//! The whole assessment: readings, provisions, subjects, in the order of §11.

use std::collections::BTreeSet;

use detente_agreement::model::{Agreement, Clause, Provision, Reading, Rule};
use detente_assess::{
    Assessment, LifeInterval, PartyLife, ProvisionAssessment, ReadingHeader, Verdict,
    VerdictInterval,
};
use detente_quantity::{Date, Name};
use detente_record::{Entry, Evidence, Statement};

use super::clauses::{DayVerdict, intervals};
use super::counting::counting;
use super::{Question, Subject, World, days};

/// Assesses an agreement and a record: the text, its readings, and the suspensions that not all accepted.
///
/// Left out, because the definition leaves their words to the program: sentences, remarks, what brought a
/// state about, and the contradictions between sources.
#[must_use]
pub fn assess(agreement: &Agreement, entries: &[Entry], question: &Question) -> Assessment {
    let counting = counting(agreement, entries, question);
    let mut assessment = Assessment {
        agreement: agreement.title.clone(),
        as_of: question.as_of,
        as_known_at: question.known_at,
        evidence: evidence_words(question),
        strict: question.strict,
        parties: agreement
            .parties()
            .map(|party| agreement.actors[party.index()].name.to_string())
            .collect(),
        life: Vec::new(),
        readings: Vec::new(),
        provisions: Vec::new(),
        contradictions: Vec::new(),
        remarks: Vec::new(),
    };
    add_reading(
        &mut assessment,
        agreement,
        &counting,
        question,
        None,
        ReadingHeader {
            name: "text".to_owned(),
            by: Vec::new(),
            kind: "text",
            because: None,
        },
    );
    for reading in &agreement.readings {
        let read = under(agreement, reading);
        let header = ReadingHeader {
            name: reading.title.clone(),
            by: reading.by.iter().map(Name::to_string).collect(),
            kind: if reading.proposal {
                "proposal"
            } else {
                "reading"
            },
            because: reading.because.clone(),
        };
        add_reading(&mut assessment, &read, &counting, question, None, header);
    }
    let mut text = World {
        agreement,
        entries: &counting,
        question,
        life: Default::default(),
        valid_suspension: None,
    };
    text.reckon_life();
    for suspension in text.life.suspensions.clone() {
        if suspension.accepted.is_some() {
            continue;
        }
        let header = ReadingHeader {
            name: format!("suspension {}", suspension.entry),
            by: vec![text.name(suspension.author).to_string()],
            kind: "suspension",
            because: None,
        };
        let valid = Some(suspension.entry);
        add_reading(
            &mut assessment,
            agreement,
            &counting,
            question,
            valid,
            header,
        );
    }
    assessment
}

/// The days up to `T` on which the evidence on a measure of a party excludes itself, in the text or in one of
/// its readings: party, measure, day.
#[must_use]
pub fn contradictions(
    agreement: &Agreement,
    entries: &[Entry],
    question: &Question,
) -> BTreeSet<(String, String, Date)> {
    let counting = counting(agreement, entries, question);
    let mut found = BTreeSet::new();
    // Nothing is stated of a day before these.
    let overs = counting.iter().flat_map(|entry| {
        entry
            .statements
            .iter()
            .filter_map(|statement| match statement {
                Statement::Value { over, .. } => over.map(|(from, _)| from),
                _ => None,
            })
    });
    let stated = counting.iter().map(|entry| entry.as_of.date());
    let Some(first) = stated.chain(overs).min() else {
        return found;
    };
    let mut texts = vec![agreement.clone()];
    texts.extend(
        agreement
            .readings
            .iter()
            .map(|reading| under(agreement, reading)),
    );
    for text in &texts {
        let mut world = World {
            agreement: text,
            entries: &counting,
            question,
            life: Default::default(),
            valid_suspension: None,
        };
        world.reckon_life();
        for party in text.parties() {
            for measure in &text.measures {
                for day in days(first, question.as_of) {
                    if world.is_contradicted(measure, Subject::Actor(party), day) {
                        let party = world.name(party).to_string();
                        found.insert((party, measure.name.to_string(), day));
                    }
                }
            }
        }
    }
    found
}

/// The agreement with a reading's statements in place of the text's.
#[must_use]
pub(crate) fn under(agreement: &Agreement, reading: &Reading) -> Agreement {
    let mut read = agreement.clone();
    for (index, measure) in &reading.measures {
        read.measures[index.index()] = measure.clone();
    }
    for (index, provision) in &reading.provisions {
        read.provisions[index.index()] = provision.clone();
    }
    read.provisions.extend(reading.added.iter().cloned());
    for (index, date) in &reading.dates {
        read.dates[index.index()] = date.clone();
    }
    for (index, zone) in &reading.zones {
        read.zones[index.index()] = zone.clone();
    }
    if let Some(life) = &reading.life {
        read.life = life.clone();
    }
    read
}

fn add_reading(
    assessment: &mut Assessment,
    agreement: &Agreement,
    entries: &[&Entry],
    question: &Question,
    valid_suspension: Option<Name>,
    header: ReadingHeader,
) {
    let mut world = World {
        agreement,
        entries,
        question,
        life: Default::default(),
        valid_suspension,
    };
    world.reckon_life();
    for party in agreement.parties() {
        assessment.life.push(PartyLife {
            party: world.name(party).to_string(),
            reading: header.name.clone(),
            states: world.told_states(party),
        });
    }
    for provision in &agreement.provisions {
        match &provision.rule {
            Rule::Limit(clauses) => {
                world.add_clauses(assessment, &header, provision, "limit", clauses);
            }
            Rule::Right(clauses) => {
                world.add_clauses(assessment, &header, provision, "right", clauses);
            }
            Rule::Watch(clauses) => {
                world.add_clauses(assessment, &header, provision, "watch", clauses);
            }
            Rule::Duty(clauses) => {
                for clause in clauses {
                    for subject in world.subjects(&clause.subjects) {
                        let mut found = world.blank(&header, provision, "duty", subject, None);
                        found.instances = world.instances(provision, clause, subject, &found.node);
                        let days = world.duty_days(subject, &found.instances);
                        fill(&mut found, &days, question.as_of);
                        assessment.provisions.push(found);
                    }
                }
            }
        }
    }
    assessment.readings.push(header);
}

impl World<'_> {
    fn add_clauses(
        &self,
        assessment: &mut Assessment,
        header: &ReadingHeader,
        provision: &Provision,
        kind: &'static str,
        clauses: &[Clause],
    ) {
        for clause in clauses {
            for subject in self.subjects(&clause.subjects) {
                let case = clause.case.as_ref();
                let mut found = self.blank(header, provision, kind, subject, case);
                found.comparison = Some(clause.comparison.symbol());
                found.unit = Some(clause.unit.to_string());
                let watch = kind == "watch";
                let days = self.clause_days(clause, &provision.exceptions, watch, subject);
                if !watch {
                    found.periods = self.periods(clause, subject, &days);
                }
                fill(&mut found, &days, self.question.as_of);
                assessment.provisions.push(found);
            }
        }
    }

    fn blank(
        &self,
        header: &ReadingHeader,
        provision: &Provision,
        kind: &'static str,
        subject: Subject,
        case: Option<&Name>,
    ) -> ProvisionAssessment {
        let subject = self.subject_name(subject);
        let mut node = format!("{}/{}/{}", provision.id, subject, header.name);
        if let Some(case) = case {
            node = format!("{node}/{case}");
        }
        ProvisionAssessment {
            id: provision.id.to_string(),
            node,
            citation: provision.citation.clone(),
            title: provision.title.clone(),
            kind,
            subject,
            case: case.map(Name::to_string),
            reading: header.name.clone(),
            verdict: None,
            comparison: None,
            unit: None,
            intervals: Vec::new(),
            first_broken: None,
            days_broken: 0,
            days_undetermined: 0,
            instances: Vec::new(),
            periods: Vec::new(),
            sentence: String::new(),
            because: provision.because.clone(),
        }
    }

    /// The states of a party, from the first one to `T`.
    fn told_states(&self, party: detente_agreement::model::ActorIndex) -> Vec<LifeInterval> {
        let mut states: Vec<LifeInterval> = Vec::new();
        let Some(first) = self.first_day() else {
            return states;
        };
        for day in days(first, self.question.as_of) {
            let Some(state) = self.state(party, day) else {
                continue;
            };
            match states.last_mut() {
                Some(last) if last.state == state => {}
                last => {
                    if let Some(last) = last {
                        last.to = Some(day);
                    }
                    states.push(LifeInterval {
                        from: day,
                        to: None,
                        state,
                        by: String::new(),
                    });
                }
            }
        }
        states
    }
}

/// Fills in what follows from the verdict of each day.
fn fill(found: &mut ProvisionAssessment, days: &[(Date, DayVerdict)], as_of: Date) {
    let count = |verdict: Verdict| {
        days.iter()
            .filter(|(_, day)| day.verdict == verdict)
            .count()
    };
    found.intervals = intervals(days);
    found.verdict = found
        .intervals
        .last()
        .filter(|last: &&VerdictInterval| last.to == as_of.next())
        .map(|last| last.verdict);
    found.first_broken = days
        .iter()
        .find(|(_, day)| day.verdict == Verdict::Broken)
        .map(|(date, _)| *date);
    found.days_broken = count(Verdict::Broken) as u64;
    found.days_undetermined = count(Verdict::Undetermined) as u64;
}

fn evidence_words(question: &Question) -> Vec<String> {
    let word = |evidence: &Evidence| format!("{evidence:?}").to_lowercase();
    match &question.evidence {
        None => [
            Evidence::Declared,
            Evidence::Inspected,
            Evidence::Verified,
            Evidence::Observed,
            Evidence::Proved,
            Evidence::Estimated,
        ]
        .iter()
        .map(word)
        .collect(),
        Some(kinds) => kinds.iter().map(word).collect(),
    }
}
