//! The entries that the value of a formula rests on on a day.

use crate::expression::Scene;
use crate::leaves::spec::{EventLeaf, Leaf};
use crate::subject::Subject;
use crate::track::Day;
use detente_agreement::model::{Expr, MeasureIndex};
use detente_record::EntryIndex;

/// How deep measures may refer to each other; the checker refuses circles.
const DEEPEST: u32 = 64;

impl Scene<'_> {
    /// The evidence, in no order, possibly named twice.
    pub(crate) fn sources(&self, expr: &Expr, subject: Subject, day: Day) -> Vec<EntryIndex> {
        let mut entries = Vec::new();
        self.add_sources(expr, subject, day, DEEPEST, &mut entries);
        entries
    }

    fn add_sources(
        &self,
        expr: &Expr,
        subject: Subject,
        day: Day,
        deep: u32,
        into: &mut Vec<EntryIndex>,
    ) {
        let Some(deep) = deep.checked_sub(1) else {
            return;
        };
        match expr {
            Expr::Number(_) | Expr::LimitIn(_) => {}
            Expr::Measure(index, holder) => {
                for member in subject.holder(*holder).members(self.agreement) {
                    self.add_sources_of_measure(*index, Subject::Actor(member), day, deep, into);
                }
            }
            Expr::Aggregate(aggregate) => {
                for leaf in self.leaves_of(aggregate, subject) {
                    self.add_sources_of_leaf(&leaf, day, into);
                }
            }
            Expr::On(of, date) => {
                if let Some(day) = self.dates().day(date, subject) {
                    self.add_sources(of, subject, day, deep, into);
                }
            }
            Expr::Growth(of, over) => {
                let before = crate::clock::minus(day, *over);
                self.add_sources(of, subject, day, deep, into);
                self.add_sources(of, subject, before, deep, into);
            }
            Expr::Round(_, of, _) => self.add_sources(of, subject, day, deep, into),
            Expr::Share(a, b)
            | Expr::Binary(_, a, b)
            | Expr::Smaller(a, b)
            | Expr::Larger(a, b) => {
                self.add_sources(a, subject, day, deep, into);
                self.add_sources(b, subject, day, deep, into);
            }
            Expr::Bracket(_, alternatives) => {
                let first = alternatives.first().and_then(|first| first.value.as_ref());
                if let Some(first) = first {
                    self.add_sources(first, subject, day, deep, into);
                }
            }
        }
    }

    fn add_sources_of_measure(
        &self,
        index: MeasureIndex,
        subject: Subject,
        day: Day,
        deep: u32,
        into: &mut Vec<EntryIndex>,
    ) {
        let Subject::Actor(actor) = subject else {
            return;
        };
        let facts = self.store.values.get(&(index, actor));
        for figure in self.figures(index, actor, facts.map_or(&[], Vec::as_slice)) {
            if !figure.estimate && figure.from <= day && day < figure.to {
                into.extend(figure.entries);
            }
        }
        let measure = self.agreement.measures.get(index.index());
        if let Some(formula) = measure.and_then(|measure| measure.formula.as_ref()) {
            self.add_sources(formula, subject, day, deep, into);
        }
    }

    fn add_sources_of_leaf(&self, leaf: &Leaf, day: Day, into: &mut Vec<EntryIndex>) {
        match leaf {
            Leaf::Items(leaf) => {
                let registers = self.store.registers.iter();
                let registers = registers.filter(|of| {
                    of.class == leaf.class.index() && of.party == leaf.holder && !of.estimate
                });
                into.extend(registers.flat_map(|of| of.entries_on(self.record, day)));
            }
            Leaf::Events(leaf) => self.add_sources_of_events(leaf, day, into),
        }
    }

    fn add_sources_of_events(&self, leaf: &EventLeaf, day: Day, into: &mut Vec<EntryIndex>) {
        let class = leaf.class.index();
        let (table, view) = (&self.store.events[class], &self.store.classes.events[class]);
        for (_, event) in table.made_by(leaf.maker) {
            let codes = table.states.codes(event.state);
            let counts = leaf.holds(event.day(), day)
                && !leaf.reckoning.test.truth(view, codes, day).is_false();
            if counts {
                into.extend(table.statements(event).iter().map(|row| row.entry));
            }
        }
    }
}
