//! The typed agreement as JSON, with names instead of indices, for editors and other programs.
//!
//! The form is described by `docs/src/formats/agreement.schema.json`; numbers are in base units (kg, m, %,
//! hour, count), whole ones as integers and others as strings, so that none passes through binary floating
//! point. Keys come in alphabetical order: the same agreement gives the same bytes.

use super::{
    Action, Aggregate, AggregateKind, Agreement, Attribute, AttributeIndex, AttributeKind, Class,
    ClassIndex, Clause, Condition, DateOf, DateSetter, Deadline, Declared, During, DutyClause,
    Exception, Expr, Filter, Group, Holder, InForce, Life, Measure, NamedDate, Provision,
    ProvisionIndex, Reading, Rule, Schedule, Selector, Subjects, Term, Trigger, ValueIndex, Window,
    YearStart,
};
use crate::resolve::value_word;
use crate::syntax::ast::{MonthDay, Operator, OwnAct, Period, Span};
use detente_quantity::{Comparison, Decimal};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

impl Agreement {
    /// The agreement as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "title": self.title,
            "parties": self.actors.iter().filter(|actor| actor.party).map(|actor| named(actor.name.as_str(), actor.full.as_deref())).collect::<Vec<_>>(),
            "bodies": self.actors.iter().filter(|actor| !actor.party).map(|actor| named(actor.name.as_str(), actor.full.as_deref())).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(|group| self.group(group)).collect::<Vec<_>>(),
            "life": self.life(&self.life),
            "items": self.items.iter().map(|class| self.class(class)).collect::<Vec<_>>(),
            "events": self.events.iter().map(|class| self.class(class)).collect::<Vec<_>>(),
            "zones": self.zones.iter().map(zone).collect::<Vec<_>>(),
            "dates": self.dates.iter().map(|date| self.named_date(date)).collect::<Vec<_>>(),
            "measures": self.measures.iter().map(|measure| self.measure(measure)).collect::<Vec<_>>(),
            "provisions": self.provisions.iter().map(|provision| self.provision(provision)).collect::<Vec<_>>(),
            "readings": self.readings.iter().map(|reading| self.reading(reading)).collect::<Vec<_>>(),
            "brackets": self.brackets.iter().map(|bracket| json!({
                "within": bracket.within,
                "alternatives": bracket.alternatives.iter().map(|(by, shown)| json!({ "by": by, "text": shown })).collect::<Vec<_>>(),
                "span": span(&bracket.span),
            })).collect::<Vec<_>>(),
        })
    }

    fn group(&self, group: &Group) -> Value {
        let members: Vec<&str> = group
            .members
            .iter()
            .map(|member| self.actor_name(*member))
            .collect();
        json!({ "name": group.name, "full": group.full, "members": members })
    }

    fn life(&self, life: &Life) -> Value {
        let in_force = match &life.in_force {
            InForce::On(date) => json!({ "on": date }),
            InForce::ByAct => json!("by an act"),
            InForce::When {
                who,
                count,
                ratified,
                later,
            } => json!({
                "when": if *ratified { "ratified" } else { "signed" },
                "who": who.iter().map(|actor| self.actor_name(*actor)).collect::<Vec<_>>(),
                "count": count,
                "later": later.map(|later| later.to_string()),
            }),
        };
        let term = match life.term {
            Term::For(duration) => json!({ "for": duration.to_string() }),
            Term::Until(date) => json!({ "until": date }),
            Term::Unlimited => json!("unlimited"),
        };
        json!({
            "signed": life.signed,
            "in-force": in_force,
            "term": term,
            "extension": life.extension.map(|extension| json!({
                "up-to": extension.up_to.to_string(), "repeatable": extension.repeatable,
            })),
            "withdrawal": life.withdrawal.map(|duration| duration.to_string()),
            "accession": life.accession,
            "provisional": life.provisional.as_ref().map(|date| self.date(date)),
            "year-begins": match life.year {
                YearStart::EntryIntoForce => json!("entry into force"),
                YearStart::MonthDay(day) => month_day(day),
            },
        })
    }

    fn class(&self, class: &Class) -> Value {
        json!({
            "name": class.name,
            "plural": class.plural,
            "attributes": class.attributes.iter().map(attribute).collect::<Vec<_>>(),
            "adjectives": class.defined.iter().map(|(name, filter)| json!({
                "name": name, "means": self.filter(class, filter),
            })).collect::<Vec<_>>(),
            "declared": class.declared.as_ref().map(|schedule| self.schedule(schedule)),
            "recorded-in-full": class.recorded_in_full,
            "sentence": self.class_sentence(class),
            "span": span(&class.span),
        })
    }

    fn named_date(&self, date: &NamedDate) -> Value {
        let set = match &date.set {
            DateSetter::Is(date) => json!({ "is": self.date(date) }),
            DateSetter::Act(actors) => {
                json!({ "first-act-of": actors.iter().map(|actor| self.actor_name(*actor)).collect::<Vec<_>>() })
            }
            DateSetter::AllActs(actors) => {
                json!({ "acts-of-all": actors.iter().map(|actor| self.actor_name(*actor)).collect::<Vec<_>>() })
            }
            DateSetter::Own(act) => json!({ "own": own_act(*act) }),
            DateSetter::OwnNamed => json!({ "own": "act" }),
        };
        json!({ "name": date.name, "set": set, "sentence": self.date_sentence(date) })
    }

    fn date(&self, date: &DateOf) -> Value {
        match date {
            DateOf::Fixed(date) => json!(date),
            DateOf::Signature => json!("signature"),
            DateOf::EntryIntoForce => json!("entry into force"),
            DateOf::Ratification => json!("ratification"),
            DateOf::Accession => json!("accession"),
            DateOf::End => json!("the end"),
            DateOf::After(duration, from) => {
                json!({ "after": self.date(from), "by": duration.to_string() })
            }
            DateOf::Before(duration, from) => {
                json!({ "before": self.date(from), "by": duration.to_string() })
            }
            DateOf::MonthAfter(from) => json!({ "month-after": self.date(from) }),
            DateOf::Named(index) => {
                json!({ "date": self.dates.get(index.index()).map(|date| &date.name) })
            }
        }
    }

    fn schedule(&self, schedule: &Schedule) -> Value {
        match schedule {
            Schedule::Every(duration, from) => json!({
                "every": duration.to_string(), "from": from.as_ref().map(|from| self.date(from)),
            }),
            Schedule::AsOf(days, from) => json!({
                "as-of": days.iter().map(|day| month_day(*day)).collect::<Vec<_>>(),
                "from": from.as_ref().map(|from| self.date(from)),
            }),
            Schedule::Each(each) => json!({ "each": period(*each) }),
        }
    }

    fn measure(&self, measure: &Measure) -> Value {
        json!({
            "name": measure.name,
            "unit": measure.unit,
            "formula": measure.formula.as_ref().map(|formula| self.expression(formula)),
            "declared": measure.declared.as_ref().map(|schedule| self.schedule(schedule)),
            "sentence": self.measure_sentence(measure),
            "span": span(&measure.span),
        })
    }

    fn expression(&self, expr: &Expr) -> Value {
        let tell = |expr: &Expr| self.expression(expr);
        match expr {
            Expr::Number(value) => json!({ "number": decimal(*value) }),
            Expr::Measure(index, holder) => json!({
                "measure": self.measures.get(index.index()).map(|measure| &measure.name), "of": self.holder(*holder),
            }),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Share(part, whole) => json!({ "share": tell(part), "in": tell(whole) }),
            Expr::Growth(value, duration) => {
                json!({ "growth": tell(value), "over": duration.to_string() })
            }
            Expr::On(value, date) => json!({ "value": tell(value), "on": self.date(date) }),
            Expr::Binary(operator, left, right) => json!({
                "operator": match operator {
                    Operator::Add => "+", Operator::Subtract => "-", Operator::Multiply => "*", Operator::Divide => "/",
                },
                "left": tell(left),
                "right": tell(right),
            }),
            Expr::Smaller(a, b) => json!({ "smaller": [tell(a), tell(b)] }),
            Expr::Larger(a, b) => json!({ "larger": [tell(a), tell(b)] }),
            Expr::Round(up, value, multiple) => json!({
                "round": if *up { "up" } else { "down" }, "value": tell(value), "multiple": decimal(*multiple),
            }),
            Expr::LimitIn(index) => json!({ "limit-in": self.identity(*index) }),
            Expr::Bracket(index, alternatives) => json!({
                "bracket": index.0,
                "alternatives": alternatives.iter().map(|alternative| json!({
                    "by": alternative.by, "value": alternative.value.as_ref().map(tell),
                })).collect::<Vec<_>>(),
            }),
        }
    }

    fn identity(&self, index: ProvisionIndex) -> Option<&str> {
        self.provisions
            .get(index.index())
            .map(|provision| provision.id.as_str())
    }

    fn class_of(&self, index: ClassIndex) -> Option<&Class> {
        match index {
            ClassIndex::Item(item) => self.items.get(item.index()),
            ClassIndex::Event(event) => self.events.get(event.index()),
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Value {
        let class = self.class_of(aggregate.of.class);
        let (kind, attribute) = match aggregate.kind {
            AggregateKind::Number => ("number", None),
            AggregateKind::Total(at) => ("total", Some(at)),
            AggregateKind::Largest(at) => ("largest", Some(at)),
            AggregateKind::Smallest(at) => ("smallest", Some(at)),
        };
        let window = aggregate.window.as_ref().map(|window| match window {
            Window::Each(each) => json!({ "each": period(*each) }),
            Window::Any(duration) => json!({ "any": duration.to_string() }),
            Window::Since(date) => json!({ "since": self.date(date) }),
            Window::Ever => json!("ever"),
        });
        json!({
            "aggregate": kind,
            "attribute": attribute.and_then(|at| attribute_name(class, at)),
            "of": self.selector(&aggregate.of),
            "window": window,
        })
    }

    fn selector(&self, selector: &Selector) -> Value {
        let class = self.class_of(selector.class);
        json!({
            "class": class.map(|class| &class.name),
            "kind": match selector.class { ClassIndex::Item(_) => "item", ClassIndex::Event(_) => "event" },
            "by": self.holder(selector.by),
            "toward": selector.toward.map(|holder| self.holder(holder)),
            "filter": class.map(|class| self.filter(class, &selector.filter)),
            "rank": selector.rank.map(|rank| json!({
                "count": rank.count,
                "beyond": rank.beyond,
                "by": rank.by.and_then(|(at, _)| attribute_name(class, at)),
                "falling": rank.by.map(|(_, falling)| falling),
            })),
        })
    }

    fn holder(&self, holder: Holder) -> Value {
        match holder {
            Holder::Subject => json!("subject"),
            Holder::Other => json!("the other"),
            Holder::Others => json!("another party"),
            Holder::Any => json!("anybody"),
            Holder::Actor(index) => json!({ "actor": self.actor_name(index) }),
            Holder::Group(index) => {
                json!({ "group": self.groups.get(index.index()).map(|group| &group.name) })
            }
        }
    }

    fn filter(&self, class: &Class, filter: &Filter) -> Value {
        let name = |at: &AttributeIndex| attribute_name(Some(class), *at);
        match filter {
            Filter::All => json!("all"),
            Filter::And(parts) => {
                json!({ "and": parts.iter().map(|part| self.filter(class, part)).collect::<Vec<_>>() })
            }
            Filter::Or(parts) => {
                json!({ "or": parts.iter().map(|part| self.filter(class, part)).collect::<Vec<_>>() })
            }
            Filter::Not(inner) => json!({ "not": self.filter(class, inner) }),
            Filter::OneOf(at, values) => {
                let attribute = class.attributes.get(at.index());
                let word = |value: &ValueIndex| match attribute {
                    Some(Attribute {
                        kind: AttributeKind::YesOrNo,
                        ..
                    }) if value.0 == 0 => "yes".to_owned(),
                    Some(Attribute {
                        kind: AttributeKind::YesOrNo,
                        ..
                    }) => "no".to_owned(),
                    Some(attribute) => value_word(attribute, *value),
                    None => String::new(),
                };
                json!({ "attribute": name(at), "one-of": values.iter().map(word).collect::<Vec<_>>() })
            }
            Filter::Compare(at, compared, value) => {
                json!({ "attribute": name(at), "comparison": comparison(*compared), "value": decimal(*value) })
            }
            Filter::Text(at, word) => json!({ "attribute": name(at), "is": word }),
            Filter::InZone(at, zone) => {
                json!({ "attribute": name(at), "in": self.zones.get(zone.index()).map(|zone| &zone.name) })
            }
            Filter::Date(at, compared, date) => {
                json!({ "attribute": name(at), "comparison": comparison(*compared), "date": self.date(date) })
            }
            Filter::Aged(at, duration) => {
                json!({ "attribute": name(at), "at-least-ago": duration.to_string() })
            }
            Filter::Party(at, holder) => {
                json!({ "attribute": name(at), "party": self.holder(*holder) })
            }
        }
    }

    fn provision(&self, provision: &Provision) -> Value {
        let (kind, clauses) = match &provision.rule {
            Rule::Limit(clauses) => ("limit", self.clauses(clauses)),
            Rule::Right(clauses) => ("right", self.clauses(clauses)),
            Rule::Watch(clauses) => ("watch", self.clauses(clauses)),
            Rule::Duty(clauses) => (
                "duty",
                clauses
                    .iter()
                    .map(|clause| self.duty_clause(clause))
                    .collect(),
            ),
        };
        json!({
            "id": provision.id,
            "citation": provision.citation,
            "title": provision.title,
            "kind": kind,
            "clauses": clauses,
            "exceptions": provision.exceptions.iter().map(|exception| self.exception(exception)).collect::<Vec<_>>(),
            "because": provision.because,
            "sentence": self.sentence_of(provision),
            "span": span(&provision.span),
        })
    }

    fn clauses(&self, clauses: &[Clause]) -> Vec<Value> {
        clauses
            .iter()
            .map(|clause| {
                json!({
                    "subjects": self.subjects(&clause.subjects),
                    "value": self.expression(&clause.value),
                    "comparison": comparison(clause.comparison),
                    "rows": clause.rows.iter().map(|row| json!({
                        "bound": self.expression(&row.bound), "during": self.during(&row.during),
                    })).collect::<Vec<_>>(),
                    "unit": clause.unit,
                    "case": clause.case,
                    "span": span(&clause.span),
                })
            })
            .collect()
    }

    fn subjects(&self, subjects: &Subjects) -> Value {
        match subjects {
            Subjects::Each(actors) => {
                json!({ "each": actors.iter().map(|actor| self.actor_name(*actor)).collect::<Vec<_>>() })
            }
            Subjects::Groups(groups) => json!({
                "groups": groups.iter().map(|group| self.groups.get(group.index()).map(|group| &group.name)).collect::<Vec<_>>(),
            }),
            Subjects::Together => json!("all parties together"),
            Subjects::Pairs => json!("each pair of parties"),
        }
    }

    fn during(&self, during: &During) -> Value {
        json!({
            "from": during.from.as_ref().map(|date| self.date(date)),
            "until": during.until.as_ref().map(|(date, _)| self.date(date)),
            "until-included": during.until.as_ref().is_some_and(|(_, included)| *included),
        })
    }

    fn exception(&self, exception: &Exception) -> Value {
        json!({ "label": exception.label, "title": exception.title, "condition": self.condition(&exception.condition) })
    }

    fn condition(&self, condition: &Condition) -> Value {
        match condition {
            Condition::And(parts) => {
                json!({ "and": parts.iter().map(|part| self.condition(part)).collect::<Vec<_>>() })
            }
            Condition::Or(parts) => {
                json!({ "or": parts.iter().map(|part| self.condition(part)).collect::<Vec<_>>() })
            }
            Condition::Not(inner) => json!({ "not": self.condition(inner) }),
            Condition::Compare(left, compared, right) => json!({
                "left": self.expression(left), "comparison": comparison(*compared), "right": self.expression(right),
            }),
        }
    }

    fn duty_clause(&self, clause: &DutyClause) -> Value {
        let trigger = match &clause.trigger {
            Trigger::Event(selector) => json!({ "event": self.selector(selector) }),
            Trigger::Notice(selector) => json!({ "notice": self.selector(selector) }),
            Trigger::Change(selector, attributes) => {
                let class = self.class_of(selector.class);
                let names: Vec<_> = attributes
                    .iter()
                    .map(|at| attribute_name(class, *at))
                    .collect();
                json!({ "change": self.selector(selector), "of": names })
            }
            Trigger::Count(selector, enters) => {
                json!({ "count": self.selector(selector), "way": if *enters { "enters" } else { "leaves" } })
            }
            Trigger::Becomes(condition) => json!({ "becomes": self.condition(condition) }),
            Trigger::Once(date) => json!({ "once": self.date(date) }),
            Trigger::Each(schedule) => json!({ "schedule": self.schedule(schedule) }),
        };
        let action = match &clause.action {
            Action::Declare(doer, things) => json!({
                "declare": things.iter().map(|thing| match thing {
                    Declared::Item(index) => json!({ "item": self.items.get(index.index()).map(|class| &class.name) }),
                    Declared::Measure(index) => json!({ "measure": self.measures.get(index.index()).map(|measure| &measure.name) }),
                }).collect::<Vec<_>>(),
                "by": self.holder(*doer),
            }),
            Action::NoticeOfTrigger(doer) => {
                json!({ "notice": "of the trigger", "by": self.holder(*doer) })
            }
            Action::Notice(doer, selector) => {
                json!({ "notice": self.selector(selector), "by": self.holder(*doer) })
            }
            Action::Make(selector, count) => {
                json!({ "make": self.selector(selector), "count": count })
            }
            Action::Act(doer, name) => json!({ "act": name, "by": self.holder(*doer) }),
        };
        let deadline = match clause.deadline {
            Deadline::Within(duration) => json!({ "within": duration.to_string() }),
            Deadline::AtLeastBefore(duration) => json!({ "at-least-before": duration.to_string() }),
            Deadline::Between(earliest, latest) => {
                json!({ "between": [earliest.to_string(), latest.to_string()] })
            }
            Deadline::SameDay => json!("same day"),
            Deadline::ByThen => json!("by then"),
        };
        json!({
            "subjects": self.subjects(&clause.subjects),
            "trigger": trigger,
            "action": action,
            "deadline": deadline,
            "otherwise": clause.otherwise,
            "during": self.during(&clause.during),
            "span": span(&clause.span),
        })
    }

    fn reading(&self, reading: &Reading) -> Value {
        json!({
            "by": reading.by,
            "proposal": reading.proposal,
            "title": reading.title,
            "because": reading.because,
            "measures": reading.measures.iter().map(|(_, measure)| self.measure(measure)).collect::<Vec<_>>(),
            "provisions": reading.provisions.iter().map(|(_, provision)| self.provision(provision)).collect::<Vec<_>>(),
            "added": reading.added.iter().map(|provision| self.provision(provision)).collect::<Vec<_>>(),
            "dates": reading.dates.iter().map(|(_, date)| self.named_date(date)).collect::<Vec<_>>(),
            "zones": reading.zones.iter().map(|(_, changed)| zone(changed)).collect::<Vec<_>>(),
            "life": reading.life.as_ref().map(|life| self.life(life)),
            "sentence": self.reading_sentence(reading),
            "span": span(&reading.span),
        })
    }
}

impl Serialize for Agreement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

fn named(name: &str, full: Option<&str>) -> Value {
    json!({ "name": name, "full": full })
}

fn zone(zone: &super::Zone) -> Value {
    json!({ "name": zone.name, "places": zone.places })
}

fn attribute(attribute: &Attribute) -> Value {
    let (kind, values, unit) = match &attribute.kind {
        AttributeKind::OneOf(values) => ("one of", Some(values), None),
        AttributeKind::Number(unit) => ("number", None, Some(unit)),
        AttributeKind::Date => ("date", None, None),
        AttributeKind::Place => ("place", None, None),
        AttributeKind::Text => ("text", None, None),
        AttributeKind::Party => ("party", None, None),
        AttributeKind::YesOrNo => ("yes or no", None, None),
    };
    json!({ "name": attribute.name, "type": kind, "values": values, "unit": unit })
}

fn attribute_name(class: Option<&Class>, at: AttributeIndex) -> Option<&str> {
    class
        .and_then(|class| class.attributes.get(at.index()))
        .map(|attribute| attribute.name.as_str())
}

fn comparison(comparison: Comparison) -> &'static str {
    comparison.symbol()
}

fn period(period: Period) -> &'static str {
    match period {
        Period::TreatyYear => "treaty year",
        Period::CalendarYear => "calendar year",
        Period::CalendarMonth => "calendar month",
    }
}

fn own_act(act: OwnAct) -> &'static str {
    match act {
        OwnAct::Signature => "signature",
        OwnAct::Ratification => "ratification",
        OwnAct::Accession => "accession",
        OwnAct::EntryIntoForce => "entry into force",
    }
}

fn month_day(day: MonthDay) -> Value {
    json!({ "month": day.month, "day": day.day })
}

fn span(span: &Span) -> Value {
    json!([span.start, span.end])
}

/// Whole numbers as integers, others as strings, as everywhere in our formats.
fn decimal(value: Decimal) -> Value {
    detente_quantity::decimal::serialize(&value, serde_json::value::Serializer)
        .unwrap_or_else(|_| json!(value.to_string()))
}
