//! Random abstract trees that stand for themselves: printed and parsed, they are what they were.

use detente_agreement::syntax::ast::*;
use detente_quantity::{Comparison, Date, Decimal, Duration};
use proptest::prelude::*;
use proptest::sample::select;

/// The tree without its places.
pub(crate) fn without_places(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("..") {
        let head = rest[..at].trim_end_matches(|c: char| c.is_ascii_digit());
        let tail = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit());
        kept.push_str(head);
        kept.push('_');
        rest = tail;
    }
    kept + rest
}

fn at<T>(value: T) -> Spanned<T> {
    Spanned { value, span: 0..0 }
}

const SINGLE: [&str; 12] = [
    "missile",
    "ALCM",
    "IR-1",
    "9M729",
    "IT",
    "IN",
    "stock-pile",
    "Zürich",
    "x_1",
    "U.S",
    "place",
    "text",
];
const OTHERS: [&str; 10] = [
    "deployed",
    "heavy",
    "less",
    "more",
    "becomes",
    "date",
    "limit",
    "count",
    "party",
    "signature",
];

/// A name of one word.
fn name() -> BoxedStrategy<Words> {
    select(SINGLE.to_vec())
        .prop_map(|word| at(word.to_owned()))
        .boxed()
}

/// A name of up to three words.
fn names() -> BoxedStrategy<Words> {
    (
        select(SINGLE.to_vec()),
        prop::collection::vec(select(OTHERS.to_vec()), 0..2),
        any::<bool>(),
    )
        .prop_map(|(word, mut others, last)| {
            others.insert(if last { others.len() } else { 0 }, word);
            // No statement word at a line's beginning.
            if ["date", "limit"].contains(&others[0]) {
                others.reverse();
            }
            if ["date", "limit"].contains(&others[0]) {
                others.insert(0, "heavy");
            }
            at(others.join(" "))
        })
        .boxed()
}

fn title() -> BoxedStrategy<Words> {
    "[ -!#-~éü–“”]{0,30}".prop_map(at).boxed()
}

fn label() -> BoxedStrategy<Option<Words>> {
    prop::option::of(
        select(vec!["(a)", "II.1", "37", "I.56(b)", "4/2", "V"])
            .prop_map(|label| at(label.to_owned())),
    )
    .boxed()
}

fn list<T: std::fmt::Debug + 'static>(
    item: BoxedStrategy<T>,
    most: usize,
) -> BoxedStrategy<Vec<T>> {
    prop::collection::vec(item, 1..=most).boxed()
}

fn date() -> BoxedStrategy<Date> {
    (1900i32..2100, 1u8..=12, 1u8..=28)
        .prop_filter_map("no such day", |(year, month, day)| {
            Date::from_ymd(year, month, day)
        })
        .boxed()
}

fn duration() -> BoxedStrategy<Duration> {
    (0u32..500, 0..3)
        .prop_map(|(number, unit)| match unit {
            0 => Duration::Hours(number),
            1 => Duration::Days(number),
            _ => Duration::Months(number),
        })
        .boxed()
}

fn number() -> BoxedStrategy<Decimal> {
    (0i64..10_000_000, 0u32..4)
        .prop_map(|(digits, places)| Decimal::new(digits, places).normalize())
        .boxed()
}

fn unit() -> BoxedStrategy<Words> {
    select(vec![
        "%",
        "kg",
        "kg of uranium",
        "t of heavy water",
        "long tons",
        "m/s",
        "USD 2020",
        "million USD 2020",
        "inch",
        "blob",
    ])
    .prop_map(|unit| at(unit.to_owned()))
    .boxed()
}

fn comparison() -> BoxedStrategy<Comparison> {
    select(vec![
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Equal,
        Comparison::AtLeast,
        Comparison::Greater,
    ])
    .boxed()
}

fn month_day() -> BoxedStrategy<MonthDay> {
    (1u8..=12, 1u8..=29)
        .prop_map(|(month, day)| MonthDay { month, day })
        .boxed()
}

fn date_of() -> BoxedStrategy<DateOf> {
    let leaf = prop_oneof![
        date().prop_map(DateKind::Fixed),
        Just(DateKind::Signature),
        Just(DateKind::EntryIntoForce),
        Just(DateKind::Ratification),
        Just(DateKind::Accession),
        Just(DateKind::End),
        names().prop_map(|name| DateKind::Named(name.value)),
        Just(DateKind::Named("signature day".to_owned())),
    ]
    .prop_map(|kind| DateOf { span: 0..0, kind });
    leaf.prop_recursive(3, 4, 1, |inner| {
        prop_oneof![
            (duration(), inner.clone())
                .prop_map(|(d, date)| DateKind::After(at(d), Box::new(date))),
            (duration(), inner.clone())
                .prop_map(|(d, date)| DateKind::Before(at(d), Box::new(date))),
            inner.prop_map(|date| DateKind::MonthAfter(Box::new(date))),
        ]
        .prop_map(|kind| DateOf { span: 0..0, kind })
    })
    .boxed()
}

fn period() -> BoxedStrategy<Period> {
    select(vec![
        Period::TreatyYear,
        Period::CalendarYear,
        Period::CalendarMonth,
    ])
    .boxed()
}

fn schedule() -> BoxedStrategy<Schedule> {
    prop_oneof![
        (duration(), prop::option::of(date_of()))
            .prop_map(|(d, from)| Schedule::Every(at(d), from)),
        (list(month_day(), 2), prop::option::of(date_of()))
            .prop_map(|(days, from)| Schedule::AsOf(days, from)),
        period().prop_map(Schedule::Each),
    ]
    .boxed()
}

fn filter() -> BoxedStrategy<Filter> {
    let kind = prop_oneof![
        (comparison(), number(), prop::option::of(unit()))
            .prop_map(|(comparison, number, unit)| TestKind::Compare(comparison, at(number), unit)),
        (
            any::<bool>(),
            prop_oneof![
                names(),
                Just(at("it".to_owned())),
                Just(at("the other".to_owned()))
            ]
        )
            .prop_map(|(not, value)| TestKind::Is { not, value }),
        list(names(), 3).prop_map(TestKind::IsOneOf),
        names().prop_map(TestKind::In),
        date_of().prop_map(TestKind::Before),
        date_of().prop_map(TestKind::After),
        duration().prop_map(|duration| TestKind::Aged(at(duration))),
        Just(TestKind::Holds),
    ];
    let test = (names(), kind).prop_map(|(attribute, kind)| {
        Filter::Test(Test {
            span: 0..0,
            attribute,
            kind,
        })
    });
    test.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
    .boxed()
}

fn actors() -> BoxedStrategy<Actors> {
    prop_oneof![
        Just(Actors::AnyParty),
        Just(Actors::EachParty),
        Just(Actors::AllParties),
        names().prop_map(Actors::Named),
    ]
    .boxed()
}

fn selector() -> BoxedStrategy<Selector> {
    let rank = (
        0u64..1000,
        any::<bool>(),
        prop::option::of((names(), any::<bool>())),
    )
        .prop_map(|(count, beyond, by)| at(Rank { count, beyond, by }));
    let whose = prop_oneof![
        Just(Whose::ItMakes),
        Just(Whose::ItReceives),
        Just(Whose::OneOfTheOther),
        actors().prop_map(Whose::MadeBy),
        names().prop_map(Whose::Of),
        Just(Whose::Of(at("the other".to_owned()))),
    ]
    .prop_map(at);
    (
        names(),
        prop::option::weighted(0.2, rank),
        prop::option::weighted(0.3, names()),
        prop::option::weighted(0.3, filter()),
        prop::option::weighted(0.3, whose),
    )
        .prop_map(|(words, rank, zone, filter, whose)| Selector {
            span: 0..0,
            words,
            rank,
            zone,
            filter,
            whose,
        })
        .boxed()
}

fn aggregate() -> BoxedStrategy<Aggregate> {
    let kind = prop_oneof![
        Just(AggregateKind::Number),
        names().prop_map(AggregateKind::Total),
        names().prop_map(AggregateKind::Largest),
        names().prop_map(AggregateKind::Smallest),
    ];
    let window = prop_oneof![
        period().prop_map(Window::Each),
        duration().prop_map(Window::Any),
        date_of().prop_map(Window::Since),
    ]
    .prop_map(at);
    (kind, selector(), prop::option::weighted(0.3, window))
        .prop_map(|(kind, selector, window)| Aggregate {
            kind,
            selector,
            window,
        })
        .boxed()
}

fn expr(kind: ExprKind) -> Expr {
    Expr { span: 0..0, kind }
}

pub(crate) fn expression() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        (number(), prop::option::of(unit()))
            .prop_map(|(number, unit)| ExprKind::Number(number, unit)),
        names().prop_map(ExprKind::Name),
        aggregate().prop_map(|aggregate| ExprKind::Aggregate(Box::new(aggregate))),
        select(vec!["(a)", "II.1", "I.56(b)", "V"])
            .prop_map(|label| ExprKind::LimitIn(at(label.to_owned()))),
    ]
    .prop_map(expr);
    leaf.prop_recursive(4, 16, 3, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        let not_a_number = inner
            .clone()
            .prop_filter("a number is the same on every date", |e| {
                !matches!(e.kind, ExprKind::Number(..))
            })
            .prop_map(Box::new);
        let alternative =
            (prop::option::of(name()), prop::option::of(inner.clone())).prop_map(|(by, value)| {
                Alternative {
                    span: 0..0,
                    by,
                    value,
                }
            });
        prop_oneof![
            (
                select(vec![
                    Operator::Add,
                    Operator::Subtract,
                    Operator::Multiply,
                    Operator::Divide
                ]),
                pair.clone()
            )
                .prop_map(|(operator, (a, b))| ExprKind::Binary(operator, a, b)),
            pair.clone().prop_map(|(a, b)| ExprKind::Smaller(a, b)),
            pair.clone().prop_map(|(a, b)| ExprKind::Larger(a, b)),
            pair.prop_map(|(a, b)| ExprKind::Share(a, b)),
            (inner.clone(), duration())
                .prop_map(|(value, over)| ExprKind::Growth(Box::new(value), at(over))),
            (not_a_number.clone(), date_of()).prop_map(|(value, date)| ExprKind::On(value, date)),
            (not_a_number, names()).prop_map(|(value, who)| ExprKind::Of(value, who)),
            (any::<bool>(), inner, prop::option::of(number()))
                .prop_map(|(up, value, to)| ExprKind::Round(up, Box::new(value), to.map(at))),
            prop::collection::vec(alternative, 1..4).prop_map(ExprKind::Bracket),
        ]
        .prop_map(expr)
    })
    .boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    let compare = (expression(), comparison(), expression())
        .prop_map(|(left, comparison, right)| Condition::Compare(left, at(comparison), right));
    compare
        .prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Or),
                inner.prop_map(|condition| Condition::Not(Box::new(condition))),
            ]
        })
        .boxed()
}

fn subject() -> BoxedStrategy<Spanned<Subject>> {
    prop_oneof![
        prop::collection::vec(name(), 0..3).prop_map(|but| Subject::EachParty { but }),
        Just(Subject::EachGroup),
        Just(Subject::Together),
        Just(Subject::EachPair),
        list(name(), 3).prop_map(Subject::Named),
    ]
    .prop_map(at)
    .boxed()
}

fn timing() -> BoxedStrategy<Timing> {
    prop_oneof![
        date_of().prop_map(Timing::From),
        date_of().prop_map(Timing::Until),
        date_of().prop_map(Timing::Through),
        date_of().prop_map(Timing::On),
        (duration(), date_of()).prop_map(|(duration, date)| Timing::For(at(duration), date)),
    ]
    .boxed()
}

fn row(table: bool) -> BoxedStrategy<Row> {
    (
        expression(),
        date_of(),
        prop::collection::vec(timing(), 0..3),
    )
        .prop_map(move |(bound, from, mut timing)| {
            if table {
                timing.insert(0, Timing::From(from));
            } else if !matches!(bound.kind, ExprKind::Number(..)) {
                // `on` after a value belongs to the value.
                while matches!(timing.first(), Some(Timing::On(_))) {
                    timing.remove(0);
                }
            }
            Row {
                span: 0..0,
                bound,
                timing: timing.into_iter().map(at).collect(),
            }
        })
        .boxed()
}

fn clause() -> BoxedStrategy<Clause> {
    let rows = prop_oneof![
        4 => row(false).prop_map(|row| vec![row]),
        1 => prop::collection::vec(row(true), 2..4),
    ];
    (
        subject(),
        expression(),
        comparison(),
        rows,
        prop::option::weighted(0.2, names()),
    )
        .prop_map(|(subject, value, comparison, rows, each)| Clause {
            span: 0..0,
            subject,
            value,
            comparison: at(comparison),
            rows,
            each,
        })
        .boxed()
}

fn notes() -> BoxedStrategy<Notes> {
    let exception =
        (label(), title(), condition()).prop_map(|(label, title, condition)| Exception {
            span: 0..0,
            label,
            title,
            condition,
        });
    (
        prop::collection::vec(exception, 0..2),
        prop::option::of(title()),
        prop::option::of(title()),
    )
        .prop_map(|(exceptions, because, cite)| Notes {
            exceptions,
            because,
            cite,
        })
        .boxed()
}

fn provision() -> BoxedStrategy<Provision> {
    (label(), title(), list(clause(), 2), notes())
        .prop_map(|(label, title, clauses, notes)| Provision {
            span: 0..0,
            label,
            title,
            clauses,
            notes,
        })
        .boxed()
}

fn doer() -> BoxedStrategy<Doer> {
    prop_oneof![
        Just(Doer::It),
        Just(Doer::AnyParty),
        Just(Doer::AnotherParty),
        names().prop_map(Doer::Named),
    ]
    .boxed()
}

/// What brings a duty about: `it makes` after it would begin what must be done.
fn happening() -> BoxedStrategy<Selector> {
    selector()
        .prop_map(|mut selector| {
            selector.whose = selector
                .whose
                .filter(|whose| !matches!(whose.value, Whose::ItMakes | Whose::ItReceives));
            selector
        })
        .boxed()
}

fn trigger() -> BoxedStrategy<Trigger> {
    prop_oneof![
        (doer(), happening()).prop_map(|(doer, event)| Trigger::Event(doer, event)),
        (doer(), happening()).prop_map(|(doer, event)| Trigger::Notice(doer, event)),
        (happening(), list(names(), 2))
            .prop_map(|(items, attributes)| Trigger::Change(items, attributes)),
        (happening(), any::<bool>()).prop_map(|(items, enters)| Trigger::Count(items, enters)),
        condition().prop_map(Trigger::Becomes),
    ]
    .boxed()
}

fn action() -> BoxedStrategy<Action> {
    let repeated = prop_oneof![
        (duration(), prop::option::of(date_of()))
            .prop_map(|(d, from)| Schedule::Every(at(d), from)),
        period().prop_map(Schedule::Each),
    ];
    let as_of = prop_oneof![
        list(month_day(), 2).prop_map(AsOf::Days),
        date_of().prop_map(AsOf::Date)
    ];
    let when = prop_oneof![
        Just((None, None)),
        as_of.prop_map(|as_of| (Some(as_of), None)),
        repeated.clone().prop_map(|schedule| (None, Some(schedule))),
    ];
    prop_oneof![
        (doer(), list(names(), 3), when).prop_map(|(doer, things, (as_of, schedule))| {
            Action::Declares {
                doer,
                things,
                as_of,
                schedule,
            }
        }),
        doer().prop_map(|doer| Action::NoticeOfTrigger { doer }),
        (doer(), selector()).prop_map(|(doer, of)| Action::Notice { doer, of }),
        (doer(), selector(), 1u32..5, prop::option::of(repeated)).prop_map(
            |(doer, event, count, schedule)| {
                Action::Makes {
                    doer,
                    event,
                    count,
                    schedule,
                }
            }
        ),
        (doer(), title()).prop_map(|(doer, act)| Action::Acts { doer, act }),
    ]
    .boxed()
}

fn deadline() -> BoxedStrategy<Deadline> {
    prop_oneof![
        (duration(), prop::option::of(date_of()))
            .prop_map(|(d, date)| Deadline::Within(at(d), date)),
        (duration(), prop::option::of(date_of()))
            .prop_map(|(d, date)| Deadline::AtLeastBefore(at(d), date)),
        (duration(), duration(), date_of()).prop_map(|(a, b, date)| Deadline::Between(
            at(a),
            at(b),
            date
        )),
        date_of().prop_map(Deadline::By),
        Just(Deadline::SameDay),
    ]
    .boxed()
}

fn duty() -> BoxedStrategy<Duty> {
    let clause = (
        subject(),
        prop::option::of(trigger()),
        action(),
        deadline(),
        prop::option::of(title()),
        prop::collection::vec(timing(), 0..2),
    )
        .prop_map(
            |(subject, trigger, action, deadline, otherwise, timing)| DutyClause {
                span: 0..0,
                subject,
                trigger: trigger.map(at),
                action: at(action),
                deadline: Some(at(deadline)),
                otherwise,
                timing: timing.into_iter().map(at).collect(),
            },
        );
    (label(), title(), list(clause.boxed(), 2), notes())
        .prop_map(|(label, title, clauses, notes)| Duty {
            span: 0..0,
            label,
            title,
            clauses,
            notes,
        })
        .boxed()
}

fn attribute_type() -> BoxedStrategy<AttributeType> {
    prop_oneof![
        list(names(), 4).prop_map(AttributeType::OneOf),
        Just(AttributeType::Count),
        unit().prop_map(AttributeType::Quantity),
        prop::option::of(names()).prop_map(AttributeType::Share),
        Just(AttributeType::Date),
        Just(AttributeType::Place),
        Just(AttributeType::Text),
        Just(AttributeType::Party),
        Just(AttributeType::YesOrNo),
    ]
    .boxed()
}

fn class(event: bool) -> BoxedStrategy<Class> {
    let last = if event {
        Just(ClassLine::RecordedInFull(0..0)).boxed()
    } else {
        schedule()
            .prop_map(|schedule| ClassLine::Declared(at(schedule)))
            .boxed()
    };
    let line = prop_oneof![
        4 => (names(), attribute_type()).prop_map(|(name, kind)| ClassLine::Attribute(name, at(kind))),
        1 => (names(), filter()).prop_map(|(name, filter)| ClassLine::Means(name, filter)),
        1 => last,
    ];
    (
        names(),
        prop::option::of(title()),
        prop::collection::vec(line, 0..5),
    )
        .prop_map(|(name, plural, lines)| Class {
            span: 0..0,
            name,
            plural,
            lines,
        })
        .boxed()
}

fn actor() -> BoxedStrategy<Actor> {
    (name(), prop::option::of(title()))
        .prop_map(|(name, full)| Actor { name, full })
        .boxed()
}

fn agreement() -> BoxedStrategy<Agreement> {
    let quorum = prop_oneof![
        (1u32..20).prop_map(|number| Quorum::Number(at(number))),
        Just(Quorum::All),
        list(name(), 3).prop_map(Quorum::Named),
    ];
    let entry = prop_oneof![
        date().prop_map(|date| InForce::On(at(date))),
        (quorum, any::<bool>(), prop::option::of(duration())).prop_map(|(who, ratified, later)| {
            InForce::When {
                who,
                ratified,
                later: later.map(at),
            }
        }),
        Just(InForce::ByAct),
    ];
    let term = prop_oneof![
        duration().prop_map(|duration| Term::For(at(duration))),
        date().prop_map(|date| Term::Until(at(date))),
        Just(Term::Unlimited),
    ];
    let line = prop_oneof![
        list(actor(), 4).prop_map(AgreementLine::Parties),
        list(actor(), 2).prop_map(AgreementLine::Bodies),
        (actor(), list(name(), 3))
            .prop_map(|(actor, members)| AgreementLine::Group { actor, members }),
        date().prop_map(|date| AgreementLine::Signed(at(date))),
        (entry, prop::option::of(term))
            .prop_map(|(entry, term)| AgreementLine::InForce { entry, term }),
        date_of().prop_map(AgreementLine::Provisional),
        (duration(), any::<bool>()).prop_map(|(up_to, repeatable)| AgreementLine::Extension {
            up_to: at(up_to),
            repeatable,
        }),
        duration().prop_map(|notice| AgreementLine::Withdrawal(at(notice))),
        Just(AgreementLine::Accession),
        Just(AgreementLine::Year(YearStart::EntryIntoForce)),
        month_day().prop_map(|day| AgreementLine::Year(YearStart::MonthDay(day))),
    ]
    .prop_map(at);
    (title(), prop::collection::vec(line, 0..6))
        .prop_map(|(title, lines)| Agreement {
            span: 0..0,
            title,
            lines,
        })
        .boxed()
}

fn plain_statement() -> BoxedStrategy<Statement> {
    let setter = prop_oneof![
        date_of().prop_map(DateSetter::Is),
        actors().prop_map(DateSetter::Act),
        select(vec![
            OwnAct::Signature,
            OwnAct::Ratification,
            OwnAct::Accession,
            OwnAct::EntryIntoForce
        ])
        .prop_map(|act| DateSetter::OwnAct(at(act))),
    ];
    let measure = (
        names(),
        prop::option::of(unit()),
        prop::option::of(expression()),
        prop::option::of(schedule()),
    )
        .prop_map(|(name, unit, formula, declared)| Measure {
            span: 0..0,
            name,
            unit,
            formula,
            declared: declared.map(at),
        });
    let place = prop_oneof![
        names(),
        Just(at("Kaliningrad (Oblast)".to_owned())),
        Just(at("of the sea".to_owned()))
    ];
    prop_oneof![
        agreement().prop_map(Statement::Agreement),
        class(false).prop_map(Statement::Item),
        class(true).prop_map(Statement::Event),
        (names(), list(place.boxed(), 4)).prop_map(|(name, members)| Statement::Zone(Zone {
            span: 0..0,
            name,
            members,
        })),
        (names(), setter).prop_map(|(name, set)| Statement::Date(NamedDate {
            span: 0..0,
            name,
            set,
        })),
        measure.prop_map(Statement::Measure),
        provision().prop_map(Statement::Limit),
        provision().prop_map(Statement::Right),
        provision().prop_map(Statement::Watch),
        duty().prop_map(Statement::Duty),
    ]
    .boxed()
}

/// Some statements, readings among them.
pub(crate) fn statements() -> BoxedStrategy<Vec<Statement>> {
    let by = prop_oneof![Just((Vec::new(), false)), (list(name(), 2), any::<bool>()),];
    let reading = (
        by,
        title(),
        prop::option::of(title()),
        prop::collection::vec(plain_statement(), 0..3),
    )
        .prop_map(|((by, proposal), title, because, statements)| {
            Statement::Reading(Reading {
                span: 0..0,
                by,
                proposal,
                title,
                because,
                statements,
            })
        });
    prop::collection::vec(prop_oneof![6 => plain_statement(), 1 => reading], 1..4).boxed()
}
