//! The value of an expression on every day (§3, §6).

use crate::acts::ActFact;
use crate::cell::{Cell, divide};
use crate::clock::{minus, plus};
use crate::contradiction::Sides;
use crate::dates::Dates;
use crate::leaves::spec::{EventLeaf, Frame, ItemLeaf, Leaf, Reckoning};
use crate::leaves::table::LeafSource;
use crate::leaves::values::{Figure, combine, figures};
use crate::leaves::{measure, values::ValueFact};
use crate::life::Life;
use crate::store::Store;
use crate::subject::{Subject, binds};
use crate::test::Test;
use crate::track::{Day, FIRST_DAY, Span, Track};
use detente_agreement::model::{
    ActorIndex, Aggregate, AggregateKind, Agreement, ClassIndex, Clause, Expr, Holder,
    MeasureIndex, ProvisionIndex, Rule, Selector, Window,
};
use detente_agreement::syntax::ast::{Operator, Period};
use detente_quantity::{Decimal, Interval};
use detente_record::Record;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep measures and limits may refer to each other; the checker refuses circles.
const DEEPEST: u32 = 64;

/// A measure of a subject over a span of days.
type MeasureOn = (MeasureIndex, Subject, Span);

/// One reading of an agreement with the record it is assessed on.
pub(crate) struct Scene<'a> {
    pub(crate) agreement: &'a Agreement,
    pub(crate) life: &'a Life,
    pub(crate) acts: &'a [ActFact],
    pub(crate) binding: &'a BTreeMap<ActorIndex, Track<bool>>,
    pub(crate) record: &'a Record,
    pub(crate) store: &'a Store,
    pub(crate) leaves: &'a dyn LeafSource,
    pub(crate) strict: bool,
    /// The day asked about.
    pub(crate) last: Day,
    pub(crate) known: RefCell<HashMap<MeasureOn, Rc<Track<Cell>>>>,
    pub(crate) depth: std::cell::Cell<u32>,
}

impl<'a> Scene<'a> {
    pub(crate) fn dates(&self) -> Dates<'a> {
        Dates {
            agreement: self.agreement,
            life: self.life,
            acts: self.acts,
        }
    }

    /// All days up to the one asked about.
    pub(crate) fn all_days(&self) -> Span {
        Span::new(FIRST_DAY, self.last.saturating_add(1))
    }

    /// The days on which the agreement binds a subject (§7).
    pub(crate) fn binding(&self, subject: Subject) -> Track<bool> {
        let members = subject.members(self.agreement);
        let mut tracks = members.iter().filter_map(|member| self.binding.get(member));
        let Some(first) = tracks.next() else {
            return Track::constant(Span::new(FIRST_DAY, crate::track::LAST_DAY), false);
        };
        let all = matches!(subject, Subject::Pair(..));
        tracks.fold(first.clone(), |so_far, next| {
            so_far.zip(next, |a, b| if all { *a && *b } else { *a || *b })
        })
    }

    /// The value of an expression on every day of the span.
    pub(crate) fn value(&self, expr: &Expr, subject: Subject, span: Span) -> Track<Cell> {
        let both = |a: &Expr, b: &Expr, f: &dyn Fn(&Interval, &Interval) -> Interval| {
            let (a, b) = (self.value(a, subject, span), self.value(b, subject, span));
            a.zip(&b, |a, b| a.with(b, f))
        };
        match expr {
            Expr::Number(number) => Track::constant(span, Cell::fixed(Interval::exact(*number))),
            Expr::Measure(index, holder) => self
                .measure(*index, subject.holder(*holder), span)
                .as_ref()
                .clone(),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, subject, span),
            Expr::Share(part, whole) => both(part, whole, &|part, whole| {
                divide(&part.scale(Decimal::ONE_HUNDRED), whole)
            }),
            Expr::Growth(of, over) => {
                let now = self.value(of, subject, span);
                let before = Span::new(minus(span.from, *over), span.to);
                let then = later(&self.value(of, subject, before), *over, span);
                let hundred = Interval::exact(Decimal::ONE_HUNDRED);
                now.zip(&then, |now, then| {
                    now.with(then, |now, then| {
                        divide(&now.scale(Decimal::ONE_HUNDRED), then).sub(&hundred)
                    })
                })
            }
            Expr::On(of, date) => {
                let cell = match self
                    .dates()
                    .day(date, subject)
                    .filter(|day| *day <= self.last)
                {
                    Some(day) => *self.value(of, subject, Span::day(day)).at(day),
                    None => Cell::EVERYTHING,
                };
                Track::constant(span, cell)
            }
            Expr::Binary(operator, a, b) => match operator {
                Operator::Add => both(a, b, &Interval::add),
                Operator::Subtract => both(a, b, &Interval::sub),
                Operator::Multiply => both(a, b, &Interval::mul),
                Operator::Divide => both(a, b, &divide),
            },
            Expr::Smaller(a, b) => both(a, b, &Interval::min),
            Expr::Larger(a, b) => both(a, b, &Interval::max),
            Expr::Round(up, of, multiple) => self.value(of, subject, span).map(|cell| {
                cell.map(|value| match up {
                    true => value.round_up(*multiple),
                    false => value.round_down(*multiple),
                })
            }),
            Expr::LimitIn(provision) => self.limit_in(*provision, subject, span),
            Expr::Bracket(_, alternatives) => {
                match alternatives.first().and_then(|first| first.value.as_ref()) {
                    Some(value) => self.value(value, subject, span),
                    None => Track::constant(span, Cell::EVERYTHING),
                }
            }
        }
    }

    /// The bound in force each day in the first clause that binds this very subject.
    fn limit_in(&self, provision: ProvisionIndex, subject: Subject, span: Span) -> Track<Cell> {
        let everything = Track::constant(span, Cell::EVERYTHING);
        let Some(provision) = self.agreement.provisions.get(provision.index()) else {
            return everything;
        };
        let (Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses)) = &provision.rule
        else {
            return everything;
        };
        let binding = |clause: &&Clause| binds(self.agreement, &clause.subjects, subject);
        let Some(clause) = clauses.iter().find(binding) else {
            return everything;
        };
        if self.depth.get() >= DEEPEST {
            return everything;
        }
        self.depth.set(self.depth.get() + 1);
        let bound = self.bound(clause, subject, span);
        self.depth.set(self.depth.get() - 1);
        bound.map(|bound| bound.map_or(Cell::EVERYTHING, |bound| bound.cell))
    }

    /// A measure for a subject: of an actor by §3; of several the sum if it is additive, else the formula.
    pub(crate) fn measure(
        &self,
        index: MeasureIndex,
        subject: Subject,
        span: Span,
    ) -> Rc<Track<Cell>> {
        let key = (index, subject, span);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        let track = Rc::new(self.reckon_measure(index, subject, span));
        self.known.borrow_mut().insert(key, Rc::clone(&track));
        track
    }

    fn reckon_measure(&self, index: MeasureIndex, subject: Subject, span: Span) -> Track<Cell> {
        let unknown = Track::constant(span, Cell::UNKNOWN);
        let Some(measure) = self.agreement.measures.get(index.index()) else {
            return unknown;
        };
        if self.depth.get() >= DEEPEST {
            return unknown;
        }
        self.depth.set(self.depth.get() + 1);
        let track = match subject {
            Subject::Actor(actor) => self.own_measure(index, actor, span, None).0,
            _ if self.is_additive(index) => {
                let members = subject.members(self.agreement);
                let mut sum = Track::constant(span, Cell::fixed(Interval::ZERO));
                for member in members {
                    let own = self.measure(index, Subject::Actor(member), span);
                    sum = sum.zip(&own, |sum, own| sum.with(own, Interval::add));
                }
                sum
            }
            _ => match &measure.formula {
                Some(formula) => self.value(formula, subject, span),
                None => unknown,
            },
        };
        self.depth.set(self.depth.get() - 1);
        track
    }

    /// A measure of one actor, with the figures it rests on.
    pub(crate) fn own_measure(
        &self,
        index: MeasureIndex,
        actor: ActorIndex,
        span: Span,
        sides: Option<&mut Sides>,
    ) -> (Track<Cell>, Vec<Figure>) {
        let Some(measure) = self.agreement.measures.get(index.index()) else {
            return (Track::constant(span, Cell::UNKNOWN), Vec::new());
        };
        let subject = Subject::Actor(actor);
        let none: &[ValueFact] = &[];
        let facts = self
            .store
            .values
            .get(&(index, actor))
            .map_or(none, |facts| facts);
        let figures = self.figures(index, actor, facts);
        let formula = measure
            .formula
            .as_ref()
            .map(|formula| self.value(formula, subject, span));
        match sides {
            None => {
                let direct = combine(&figures, span, None);
                (
                    measure::value(&direct, formula.as_ref(), &figures, None),
                    figures,
                )
            }
            Some(sides) => {
                let direct = combine(&figures, span, Some(sides));
                let mut of_formula = Sides::default();
                let track =
                    measure::value(&direct, formula.as_ref(), &figures, Some(&mut of_formula));
                if let Some(formula) = &measure.formula {
                    of_formula.name_sources(|day| self.sources(formula, subject, day));
                }
                sides.spans.extend(of_formula.spans);
                sides.spans.sort_by_key(|(span, _)| (span.from, span.to));
                (track, figures)
            }
        }
    }

    pub(crate) fn figures(
        &self,
        index: MeasureIndex,
        actor: ActorIndex,
        facts: &[ValueFact],
    ) -> Vec<Figure> {
        if facts.is_empty() {
            return Vec::new();
        }
        let measure = &self.agreement.measures[index.index()];
        let dates = self.dates();
        let rhythm = dates.rhythm(measure.declared.as_ref(), Subject::Actor(actor));
        let period = period_of_formula(measure.formula.as_ref());
        let years = dates.years();
        let period_of = |day: Day| period.and_then(|period| years.period(period, day));
        figures(
            facts,
            self.record,
            &rhythm,
            self.strict,
            self.last,
            &period_of,
        )
    }

    /// Whether a measure of several is the sum of theirs (§3).
    fn is_additive(&self, index: MeasureIndex) -> bool {
        let Some(measure) = self.agreement.measures.get(index.index()) else {
            return false;
        };
        measure
            .formula
            .as_ref()
            .is_none_or(|formula| self.adds_up(formula))
    }

    fn adds_up(&self, expr: &Expr) -> bool {
        let constant = |expr: &Expr| matches!(expr, Expr::Number(_));
        match expr {
            Expr::Number(_) => true,
            // Measures refer to earlier ones only, so this ends.
            Expr::Measure(index, Holder::Subject) => self.is_additive(*index),
            Expr::Aggregate(aggregate) => {
                aggregate.of.by == Holder::Subject
                    && matches!(
                        aggregate.kind,
                        AggregateKind::Number | AggregateKind::Total(_)
                    )
            }
            Expr::Binary(Operator::Add | Operator::Subtract, a, b) => {
                self.adds_up(a) && self.adds_up(b)
            }
            Expr::Binary(Operator::Multiply, a, b) => {
                (constant(a) && self.adds_up(b)) || (self.adds_up(a) && constant(b))
            }
            Expr::Binary(Operator::Divide, a, b) => self.adds_up(a) && constant(b),
            Expr::Bracket(_, alternatives) => alternatives
                .first()
                .and_then(|first| first.value.as_ref())
                .is_some_and(|value| self.adds_up(value)),
            _ => false,
        }
    }

    /// An aggregate: over several holders taken for each and put together.
    fn aggregate(&self, aggregate: &Aggregate, subject: Subject, span: Span) -> Track<Cell> {
        let leaves = self.leaves_of(aggregate, subject);
        let mut tracks = leaves.into_iter().map(|leaf| self.leaves.track(leaf, span));
        let Some(first) = tracks.next() else {
            // Nobody holds anything.
            let none = match aggregate.kind {
                AggregateKind::Smallest(_) => Interval::at_least(Decimal::MAX),
                _ => Interval::ZERO,
            };
            return Track::constant(span, Cell::fixed(none));
        };
        let join = match aggregate.kind {
            AggregateKind::Number | AggregateKind::Total(_) => Interval::add,
            AggregateKind::Largest(_) => Interval::max,
            AggregateKind::Smallest(_) => Interval::min,
        };
        tracks.fold(first, |all, one| all.zip(&one, |a, b| a.with(b, join)))
    }

    /// The leaves of an aggregate, one for each holder.
    pub(crate) fn leaves_of(&self, aggregate: &Aggregate, subject: Subject) -> Vec<Leaf> {
        let dates = self.dates();
        let selector = &aggregate.of;
        let reckoning = Reckoning {
            kind: aggregate.kind,
            test: Test::new(&selector.filter, subject, &dates),
            rank: selector.rank,
        };
        let holders = subject.holder(selector.by).members(self.agreement);
        holders
            .into_iter()
            .map(|holder| {
                self.leaf(
                    selector,
                    aggregate.window.as_ref(),
                    &reckoning,
                    holder,
                    subject,
                )
            })
            .collect()
    }

    fn leaf(
        &self,
        selector: &Selector,
        window: Option<&Window>,
        reckoning: &Reckoning,
        holder: ActorIndex,
        subject: Subject,
    ) -> Leaf {
        let dates = self.dates();
        match selector.class {
            ClassIndex::Item(class) => {
                let schedule = self
                    .agreement
                    .items
                    .get(class.index())
                    .and_then(|class| class.declared.as_ref());
                Leaf::Items(ItemLeaf {
                    class,
                    holder,
                    reckoning: reckoning.clone(),
                    rhythm: dates.rhythm(schedule, Subject::Actor(holder)),
                })
            }
            ClassIndex::Event(class) => Leaf::Events(EventLeaf {
                class,
                maker: holder,
                toward: selector.toward.map(|toward| {
                    let mut actors = subject.holder(toward).members(self.agreement);
                    actors.sort_unstable();
                    actors
                }),
                reckoning: reckoning.clone(),
                window: match window {
                    Some(Window::Each(period)) => Frame::Each(*period, dates.years()),
                    Some(Window::Any(duration)) => Frame::Any(*duration),
                    Some(Window::Since(date)) => Frame::Since(dates.day(date, subject)),
                    Some(Window::Ever) | None => Frame::Ever,
                },
            }),
        }
    }

    /// The period of the first `in each PERIOD` window of an expression, as written, formulas included.
    pub(crate) fn first_period(&self, expr: &Expr) -> Option<Period> {
        match expr {
            Expr::Aggregate(aggregate) => match aggregate.window {
                Some(Window::Each(period)) => Some(period),
                _ => None,
            },
            Expr::Measure(index, _) => {
                let measure = self.agreement.measures.get(index.index())?;
                self.first_period(measure.formula.as_ref()?)
            }
            Expr::Share(a, b)
            | Expr::Binary(_, a, b)
            | Expr::Smaller(a, b)
            | Expr::Larger(a, b) => self.first_period(a).or_else(|| self.first_period(b)),
            Expr::Growth(a, _) | Expr::On(a, _) | Expr::Round(_, a, _) => self.first_period(a),
            Expr::Bracket(_, alternatives) => {
                self.first_period(alternatives.first()?.value.as_ref()?)
            }
            Expr::Number(_) | Expr::LimitIn(_) => None,
        }
    }
}

/// The period of a measure that values over a time may speak of (§5).
pub(crate) fn period_of_formula(formula: Option<&Expr>) -> Option<Period> {
    let Some(Expr::Aggregate(aggregate)) = formula else {
        return None;
    };
    let grows = match aggregate.kind {
        AggregateKind::Number | AggregateKind::Total(_) | AggregateKind::Largest(_) => {
            aggregate.of.rank.is_none_or(|rank| rank.by.is_none())
        }
        AggregateKind::Smallest(_) => false,
    };
    match aggregate.window {
        Some(Window::Each(period)) if grows => Some(period),
        _ => None,
    }
}

/// The track whose value on a day is the given one's so long before.
fn later(track: &Track<Cell>, by: detente_quantity::Duration, span: Span) -> Track<Cell> {
    let mut moved = Track::begin(span, *track.at(minus(span.from, by)));
    for (piece, cell) in track.pieces().skip(1) {
        // The first day whose day so long before is not before the change.
        let mut day = plus(piece.from, by);
        while minus(day, by) < piece.from && day < span.to {
            day += 1;
        }
        while day > span.from && minus(day - 1, by) >= piece.from {
            day -= 1;
        }
        if day > span.from {
            moved.push(day, *cell);
        } else {
            moved = Track::begin(span, *track.at(minus(span.from, by)));
        }
    }
    moved
}
