//! Small agreements and records, built by hand.
#![allow(clippy::allow_attributes)]
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

use detente_agreement::model::*;
use detente_agreement::syntax::ast::Period;
use detente_assess::assessment::*;
use detente_assess::{Options, assess};
use detente_quantity::{Comparison, Date, Decimal, Duration, Instant, Interval, Name, Unit, When};
use detente_record::{Act, Entry, Evidence, Kind, Origin, Record, Statement, Value};

pub fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn number(value: i64) -> Expr {
    Expr::Number(Decimal::from(value))
}

/// Parties A and B, a missile with type, status, warheads and built, an inspection recorded in full, a
/// launch that is not, in force 2011-02-05 for ten years.
pub fn agreement() -> Agreement {
    let attribute = |text: &str, kind| Attribute {
        name: name(text),
        kind,
    };
    let class = |text: &str, attributes: Vec<Attribute>| Class {
        name: name(text),
        plural: format!("{text}s"),
        attributes,
        defined: Vec::new(),
        declared: None,
        recorded_in_full: false,
        span: 0..0,
    };
    let actor = |text: &str, party| Actor {
        name: name(text),
        full: None,
        party,
    };
    let mut inspection = class(
        "inspection",
        vec![attribute(
            "kind",
            AttributeKind::OneOf(vec![name("one"), name("two")]),
        )],
    );
    inspection.recorded_in_full = true;
    Agreement {
        title: "Test".to_owned(),
        actors: vec![actor("A", true), actor("B", true)],
        groups: Vec::new(),
        life: Life {
            signed: Some(date("2010-04-08")),
            in_force: InForce::On(date("2011-02-05")),
            term: Term::For(Duration::Months(120)),
            extension: None,
            withdrawal: Some(Duration::Months(3)),
            accession: false,
            provisional: None,
            year: YearStart::EntryIntoForce,
        },
        items: vec![class(
            "missile",
            vec![
                attribute(
                    "type",
                    AttributeKind::OneOf(vec![name("ICBM"), name("SLBM")]),
                ),
                attribute(
                    "status",
                    AttributeKind::OneOf(vec![name("deployed"), name("stored")]),
                ),
                attribute("warheads", AttributeKind::Number(Unit::COUNT)),
                attribute("built", AttributeKind::Date),
                attribute("site", AttributeKind::Place),
            ],
        )],
        events: vec![
            inspection,
            class(
                "launch",
                vec![attribute("weight", AttributeKind::Number(Unit::COUNT))],
            ),
        ],
        zones: Vec::new(),
        dates: Vec::new(),
        measures: Vec::new(),
        provisions: Vec::new(),
        readings: Vec::new(),
        brackets: Vec::new(),
    }
}

pub const MISSILE: ClassIndex = ClassIndex::Item(ItemIndex(0));
pub const INSPECTION: ClassIndex = ClassIndex::Event(EventIndex(0));
pub const LAUNCH: ClassIndex = ClassIndex::Event(EventIndex(1));
pub const TYPE: AttributeIndex = AttributeIndex(0);
pub const STATUS: AttributeIndex = AttributeIndex(1);
pub const WARHEADS: AttributeIndex = AttributeIndex(2);
pub const BUILT: AttributeIndex = AttributeIndex(3);

pub fn deployed() -> Filter {
    Filter::OneOf(STATUS, vec![ValueIndex(0)])
}

pub fn select(class: ClassIndex, filter: Filter) -> Selector {
    Selector {
        class,
        by: Holder::Subject,
        toward: None,
        filter,
        rank: None,
    }
}

pub fn aggregate(kind: AggregateKind, of: Selector, window: Option<Window>) -> Expr {
    Expr::Aggregate(Box::new(Aggregate { kind, of, window }))
}

pub fn count(class: ClassIndex, filter: Filter) -> Expr {
    aggregate(AggregateKind::Number, select(class, filter), None)
}

pub fn count_in(class: ClassIndex, window: Window) -> Expr {
    aggregate(
        AggregateKind::Number,
        select(class, Filter::All),
        Some(window),
    )
}

pub fn measure(agreement: &mut Agreement, text: &str, formula: Option<Expr>) -> Expr {
    agreement.measures.push(Measure {
        name: name(text),
        unit: Unit::COUNT,
        formula,
        declared: None,
        span: 0..0,
    });
    Expr::Measure(
        MeasureIndex(agreement.measures.len() as u32 - 1),
        Holder::Subject,
    )
}

pub fn clause(value: Expr, comparison: Comparison, bound: Expr) -> Clause {
    Clause {
        subjects: Subjects::Each(vec![ActorIndex(0), ActorIndex(1)]),
        value,
        comparison,
        rows: vec![Row {
            bound,
            during: During::default(),
        }],
        unit: Unit::COUNT,
        case: None,
        span: 0..0,
    }
}

pub fn provide(agreement: &mut Agreement, id: &str, rule: Rule) {
    agreement.provisions.push(Provision {
        id: name(id),
        citation: id.to_owned(),
        title: id.to_owned(),
        rule,
        exceptions: Vec::new(),
        because: None,
        span: 0..0,
    });
}

pub fn limit(agreement: &mut Agreement, id: &str, value: Expr, comparison: Comparison, bound: i64) {
    provide(
        agreement,
        id,
        Rule::Limit(vec![clause(value, comparison, number(bound))]),
    );
}

pub fn duty(
    agreement: &mut Agreement,
    id: &str,
    trigger: Trigger,
    action: Action,
    deadline: Deadline,
) {
    let clause = DutyClause {
        subjects: Subjects::Each(vec![ActorIndex(0)]),
        trigger,
        action,
        deadline,
        otherwise: None,
        during: During::default(),
        span: 0..0,
    };
    provide(agreement, id, Rule::Duty(vec![clause]));
}

/// A record under construction.
#[derive(Default, Clone)]
pub struct Book {
    pub entries: Vec<Entry>,
}

impl Book {
    /// A declaration by A about itself, made on its day.
    pub fn say(&mut self, day: &str, statements: Vec<Statement>) -> &mut Entry {
        let number = self.entries.len() + 1;
        let when: When = day.parse().unwrap();
        self.entries.push(Entry {
            id: name(&format!("e{number}")),
            kind: Kind::Declaration,
            author: name("A"),
            party: name("A"),
            as_of: when,
            made: Some(when.earliest()),
            agreement: None,
            provision: None,
            evidence: Evidence::Declared,
            corrects: None,
            source: None,
            note: None,
            statements,
            origin: Origin {
                file: "test".into(),
                line: number as u64,
            },
        });
        self.entries.last_mut().unwrap()
    }

    pub fn notify(&mut self, day: &str, statements: Vec<Statement>) -> &mut Entry {
        let entry = self.say(day, statements);
        entry.kind = Kind::Notification;
        entry
    }

    pub fn act(&mut self, day: &str, author: &str, act: Act) -> &mut Entry {
        let entry = self.say(
            day,
            vec![Statement::Act {
                act,
                until: None,
                sets: None,
                answers: None,
            }],
        );
        entry.kind = Kind::Act;
        entry.author = name(author);
        entry.party = name(author);
        entry
    }

    pub fn record(&self) -> Record {
        let mut record = Record::new();
        for entry in &self.entries {
            record.push(entry.clone()).unwrap();
        }
        record
    }
}

pub fn word(attribute: &str, value: &str) -> (Name, Value) {
    (name(attribute), Value::Word(name(value)))
}

pub fn amount(attribute: &str, value: i64) -> (Name, Value) {
    (name(attribute), Value::Number(Interval::exact(value), None))
}

pub fn item(id: &str, attributes: Vec<(Name, Value)>) -> Statement {
    Statement::Item {
        class: name("missile"),
        item: name(id),
        attributes,
        gone: false,
    }
}

pub fn gone(id: &str) -> Statement {
    Statement::Item {
        class: name("missile"),
        item: name(id),
        attributes: Vec::new(),
        gone: true,
    }
}

pub fn lot(attributes: Vec<(Name, Value)>, quantity: Interval) -> Statement {
    Statement::Lot {
        class: name("missile"),
        lot: None,
        attributes,
        quantity,
    }
}

pub fn complete(attributes: Vec<(Name, Value)>) -> Statement {
    Statement::Complete {
        class: name("missile"),
        attributes,
        over: None,
    }
}

pub fn event(class: &str, id: &str, at: &str) -> Statement {
    Statement::Event {
        class: name(class),
        event: name(id),
        at: at.parse().unwrap(),
        toward: None,
        attributes: Vec::new(),
    }
}

pub fn value(measure: &str, value: Interval) -> Statement {
    Statement::Value {
        measure: name(measure),
        value,
        unit: None,
        over: None,
    }
}

pub fn exactly(value: i64) -> Interval {
    Interval::exact(value)
}

pub fn between(lo: i64, hi: i64) -> Interval {
    Interval::between(lo, hi)
}

pub fn at_least(lo: i64) -> Interval {
    Interval::at_least(lo)
}

pub fn year_window() -> Window {
    Window::Each(Period::TreatyYear)
}

/// Assesses as of a day.
pub fn on(agreement: &Agreement, book: &Book, day: &str) -> Assessment {
    assess(agreement, &book.record(), &Options::as_of(date(day)))
}

/// A provision for a subject in the text's reading.
pub fn of<'a>(assessment: &'a Assessment, id: &str, subject: &str) -> &'a ProvisionAssessment {
    in_reading(assessment, id, subject, "text")
}

pub fn in_reading<'a>(
    assessment: &'a Assessment,
    id: &str,
    subject: &str,
    reading: &str,
) -> &'a ProvisionAssessment {
    assessment
        .provisions
        .iter()
        .find(|found| found.id == id && found.subject == subject && found.reading == reading)
        .unwrap()
}

/// The intervals in one line each.
pub fn lines(assessed: &ProvisionAssessment) -> Vec<String> {
    assessed
        .intervals
        .iter()
        .map(|interval| {
            let value = interval
                .value
                .map(|value| format!(" {value}"))
                .unwrap_or_default();
            let since = interval
                .presumed_since
                .map(|day| format!(" since {day}"))
                .unwrap_or_default();
            let verdict = format!("{:?}", interval.verdict).to_lowercase();
            let basis = format!("{:?}", interval.basis).to_lowercase();
            format!(
                "{} {} {verdict}{value} by {basis}{since}",
                interval.from, interval.to
            )
        })
        .collect()
}

/// The value on a day.
pub fn value_on(assessed: &ProvisionAssessment, day: &str) -> Interval {
    let day = date(day);
    assessed
        .intervals
        .iter()
        .find(|interval| interval.from <= day && day < interval.to)
        .unwrap()
        .value
        .unwrap()
}

/// The instances in one line each.
pub fn instances(assessed: &ProvisionAssessment) -> Vec<String> {
    assessed
        .instances
        .iter()
        .map(|instance| {
            let status = format!("{:?}", instance.status).to_lowercase();
            let by = instance.met_by.join(" ");
            let late = instance
                .late_hours
                .map(|hours| format!(" late {hours}"))
                .unwrap_or_default();
            format!("{} {status}{late} [{by}]", instance.trigger)
        })
        .collect()
}
