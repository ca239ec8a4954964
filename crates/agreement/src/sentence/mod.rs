//! Every rule as a plain English sentence, for the lawyer who checks it.
//!
//! Sentences are made from the typed agreement, not from the text, so that they say what will be assessed.
//! They hold none of the language's signs; square brackets appear only where the text has brackets, shown
//! as negotiators show them.

mod definition;
mod duty;
mod expression;
mod thing;
mod words;

use crate::model::{
    AggregateKind, Agreement, ClassIndex, Clause, Expr, Holder, Provision, ProvisionIndex, Rule,
    Subjects,
};
use crate::resolve::{in_expression, listed};
use detente_quantity::Comparison;
use expression::Teller;
use words::{comparison, during};

pub(crate) use words::quantity;

impl Agreement {
    /// A provision as plain sentences; empty for an unknown index.
    #[must_use]
    pub fn sentence(&self, provision: ProvisionIndex) -> String {
        self.provisions
            .get(provision.index())
            .map_or_else(String::new, |provision| self.sentence_of(provision))
    }

    /// A provision of this agreement (or of one of its readings) as plain sentences.
    #[must_use]
    pub fn sentence_of(&self, provision: &Provision) -> String {
        let mut sentences = Vec::new();
        match &provision.rule {
            Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
                let mut left = clauses.as_slice();
                while let Some(first) = left.first() {
                    // The cases of one `for each` are one sentence.
                    let cases = if first.case.is_some() {
                        left.iter()
                            .take_while(|clause| clause.span == first.span && clause.case.is_some())
                            .count()
                    } else {
                        1
                    };
                    let (told, rest) = left.split_at(cases);
                    sentences.push(clause(self, &provision.rule, told));
                    left = rest;
                }
                if clauses.is_empty() {
                    sentences.push("There is no limit.".to_owned());
                }
            }
            Rule::Duty(clauses) => {
                sentences.extend(clauses.iter().map(|clause| duty::clause(self, clause)))
            }
        }
        for exception in &provision.exceptions {
            let mut teller = Teller::new(self);
            let condition = teller.condition(&exception.condition);
            let named = match &exception.label {
                Some(label) => format!(
                    "exception {}, “{}”",
                    label.trim_matches(['(', ')']),
                    exception.title
                ),
                None => format!("“{}”", exception.title),
            };
            sentences.push(format!("This does not apply while {condition} ({named})."));
        }
        if let Some(because) = &provision.because {
            sentences.push(format!(
                "The reason given is “{}”.",
                because.trim().trim_end_matches('.')
            ));
        }
        sentences.join(" ")
    }
}

/// Whom a clause binds, in words.
struct Subject {
    /// `Each Party`.
    name: String,
    /// `For each Party`.
    about: String,
    /// Takes a plural verb.
    many: bool,
}

impl Subject {
    fn of(agreement: &Agreement, subjects: &Subjects) -> Subject {
        let one = |name: &str, about: &str| Subject {
            name: name.to_owned(),
            about: about.to_owned(),
            many: false,
        };
        match subjects {
            Subjects::Each(actors) => {
                let parties: Vec<_> = agreement.parties().collect();
                let names = |actors: &[crate::model::ActorIndex]| -> Vec<String> {
                    actors
                        .iter()
                        .map(|actor| agreement.actor_name(*actor).to_owned())
                        .collect()
                };
                let left_out: Vec<_> = parties
                    .iter()
                    .copied()
                    .filter(|party| !actors.contains(party))
                    .collect();
                match actors.as_slice() {
                    [only] => one(
                        agreement.actor_name(*only),
                        &format!("For {}", agreement.actor_name(*only)),
                    ),
                    all if all.len() == parties.len() && left_out.is_empty() => {
                        one("Each Party", "For each Party")
                    }
                    some if some.len() + left_out.len() == parties.len()
                        && left_out.len() < some.len() =>
                    {
                        let but = listed(&names(&left_out), "and");
                        one(
                            &format!("Each Party but {but}"),
                            &format!("For each Party but {but}"),
                        )
                    }
                    some => {
                        let names = listed(&names(some), "and");
                        Subject {
                            name: format!("{names} each"),
                            about: format!("For each of {names}"),
                            many: true,
                        }
                    }
                }
            }
            Subjects::Groups(groups) => {
                let names: Vec<String> = groups
                    .iter()
                    .filter_map(|group| {
                        agreement
                            .groups
                            .get(group.index())
                            .map(|group| group.name.to_string())
                    })
                    .collect();
                match names.as_slice() {
                    [only] => one(only, &format!("For {only}")),
                    all if all.len() == agreement.groups.len() => {
                        one("Each group of Parties", "For each group of Parties")
                    }
                    some => {
                        let names = listed(some, "and");
                        Subject {
                            name: format!("{names} each"),
                            about: format!("For each of {names}"),
                            many: true,
                        }
                    }
                }
            }
            Subjects::Together => Subject {
                name: "All Parties together".to_owned(),
                about: "For all Parties together".to_owned(),
                many: true,
            },
            Subjects::Pairs => one(
                "Each Party, toward each other Party,",
                "For each Party and each other Party",
            ),
        }
    }

    /// The name where it does not begin the sentence.
    fn name_inside(&self) -> String {
        for general in ["Each ", "All "] {
            if let Some(rest) = self.name.strip_prefix(general) {
                return format!("{}{rest}", general.to_lowercase());
            }
        }
        self.name.clone()
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A clause, or all cases of one, as a sentence.
fn clause(agreement: &Agreement, rule: &Rule, cases: &[Clause]) -> String {
    let Some(clause) = cases.first() else {
        return String::new();
    };
    let subject = Subject::of(agreement, &clause.subjects);
    let mut teller = Teller::new(agreement);
    teller.many = subject.many;
    teller.case = clause.case.as_ref();
    let sentence = match rule {
        Rule::Watch(_) => watch(&mut teller, clause, &subject),
        Rule::Right(_) => right(&mut teller, clause, &subject),
        _ => limit(&mut teller, clause, &subject),
    };
    match (teller.each.take(), clause.case.is_some()) {
        (Some(attribute), true) => {
            let values: Vec<String> = cases
                .iter()
                .filter_map(|case| case.case.as_ref())
                .map(ToString::to_string)
                .collect();
            format!(
                "{} This holds for each {attribute} by itself, that is for {}.",
                sentence,
                listed(&values, "and")
            )
        }
        _ => sentence,
    }
}

/// Whether a measure that is the value is named in a bound as well.
fn named_again(clause: &Clause) -> bool {
    let Expr::Measure(value, _) = &clause.value else {
        return false;
    };
    let mut again = false;
    for row in &clause.rows {
        in_expression(&row.bound, &mut |expr| {
            again |= matches!(expr, Expr::Measure(index, _) if index == value);
        });
    }
    again
}

fn limit(teller: &mut Teller<'_>, clause: &Clause, subject: &Subject) -> String {
    let keep = if subject.many { "keep" } else { "keeps" };
    let value = teller.value(&clause.value, &clause.unit, named_again(clause));
    // A comma ends a long description of what is counted.
    let comma = if value.contains(" whose ") || value.contains(" for which ") {
        ","
    } else {
        ""
    };
    format!(
        "{} {keep} {value}{comma} {}.",
        subject.name,
        rows(teller, clause)
    )
}

/// `at or below 700, from … for as long as the agreement lasts`.
fn rows(teller: &mut Teller<'_>, clause: &Clause) -> String {
    let mut told = Vec::new();
    for row in &clause.rows {
        let nothing = matches!(&row.bound, Expr::Number(value) if value.is_zero());
        let words = match clause.comparison {
            Comparison::AtMost | Comparison::Equal if nothing => "at",
            other => comparison(other),
        };
        let bound = teller.tell(&row.bound, &clause.unit);
        told.push(format!(
            "{words} {bound}{}",
            during(teller.agreement, &row.during)
        ));
    }
    told.join(", then ")
}

fn watch(teller: &mut Teller<'_>, clause: &Clause, subject: &Subject) -> String {
    let value = teller.value(&clause.value, &clause.unit, named_again(clause));
    let mut told = Vec::new();
    for row in &clause.rows {
        let bound = teller.tell(&row.bound, &clause.unit);
        let always = row.during == crate::model::During::default();
        let when = if always {
            String::new()
        } else {
            during(teller.agreement, &row.during)
        };
        told.push(format!("{} {bound}{when}", comparison(clause.comparison)));
    }
    format!(
        "{}, an alert is given when {value} is {}. Nobody is bound by this.",
        subject.about,
        told.join(", then ")
    )
}

fn right(teller: &mut Teller<'_>, clause: &Clause, subject: &Subject) -> String {
    if let Expr::Aggregate(aggregate) = &clause.value
        && matches!(aggregate.kind, AggregateKind::Number)
        && matches!(aggregate.of.class, ClassIndex::Event(_))
        && matches!(clause.comparison, Comparison::AtMost | Comparison::Less)
        && let Some(window) = &aggregate.window
        && let (Holder::Subject, None | Some(Holder::Other)) | (Holder::Any, Some(Holder::Subject)) =
            (aggregate.of.by, aggregate.of.toward)
        && aggregate.of.rank.is_none()
    {
        let things = teller.selected(&aggregate.of);
        let of = if aggregate.of.toward == Some(Holder::Other) {
            " of that other Party"
        } else {
            ""
        };
        let window = match window {
            crate::model::Window::Each(each) => format!(" {}", words::period(*each)),
            crate::model::Window::Any(duration) => format!(" in any period of {duration}"),
            crate::model::Window::Since(day) => {
                format!(" since {}", words::date(teller.agreement, day))
            }
            crate::model::Window::Ever => String::new(),
        };
        let may = if aggregate.of.by == Holder::Any {
            "need receive"
        } else {
            "may make"
        };
        let mut told = Vec::new();
        for row in &clause.rows {
            let bound = teller.tell(&row.bound, &clause.unit);
            let words = clause.comparison.words();
            let thing = if told.is_empty() {
                format!(" {things}{of}{window}")
            } else {
                String::new()
            };
            told.push(format!(
                "{words} {bound}{thing}{}",
                during(teller.agreement, &row.during)
            ));
        }
        return format!("{} {may} {}.", subject.name, told.join(", then "));
    }
    let value = teller.value(&clause.value, &clause.unit, named_again(clause));
    if clause.comparison == Comparison::AtMost {
        let mut told = Vec::new();
        for row in &clause.rows {
            let bound = teller.tell(&row.bound, &clause.unit);
            told.push(format!(
                "up to {bound}{}",
                during(teller.agreement, &row.during)
            ));
        }
        return format!(
            "{} may bring {value} {}.",
            subject.name,
            told.join(", then ")
        );
    }
    let is = if subject.many { "are" } else { "is" };
    format!(
        "{} {is} entitled to {value} {}.",
        subject.name,
        rows(teller, clause)
    )
}
