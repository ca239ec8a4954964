//! The value of an expression on a day, and what each part of it rests on.

use super::{MOST_LEAVES, Teller, leaf};
use crate::assessment::{Basis, Explanation};
use crate::cell::Cell;
use crate::describe::{describe_leaf, leaf_unit};
use crate::leaves::events::event_name;
use crate::leaves::spec::Leaf;
use crate::subject::Subject;
use crate::track::date;
use crate::unit::shown;
use detente_agreement::model::{Aggregate, Expr, MeasureIndex};
use detente_agreement::syntax::ast::Operator;
use detente_quantity::{Interval, Unit};
use detente_record::{EntryIndex, Source};

impl Teller<'_> {
    /// A value in its unit, in words.
    pub(super) fn amount(&self, value: &Interval, unit: &Unit) -> String {
        let unit = unit.to_string();
        if value.hi().is_none() && value.lo().is_none_or(|lo| lo.is_zero()) {
            "unknown".to_owned()
        } else if unit.is_empty() || unit == "count" {
            value.to_string()
        } else {
            format!("{value} {unit}")
        }
    }

    fn cell(&self, expr: &Expr, subject: Subject) -> Cell {
        *self
            .scene
            .value(expr, subject, self.span())
            .at(self.day.days())
    }

    /// An expression with its parts. `unit` is the one in which the whole is shown.
    pub(super) fn expression(
        &self,
        expr: &Expr,
        subject: Subject,
        unit: Option<&Unit>,
        node: &str,
    ) -> Explanation {
        let cell = self.cell(expr, subject);
        let value = unit.map_or(cell.value, |unit| shown(&cell.value, unit));
        let mut told = leaf(node, "", String::new());
        node.clone_into(&mut told.node);
        told.value = Some(value);
        let two = |told: &mut Explanation, a: &Expr, b: &Expr, of: Option<&Unit>| {
            told.parts
                .push(self.expression(a, subject, of, &format!("{node}/1")));
            told.parts
                .push(self.expression(b, subject, of, &format!("{node}/2")));
        };
        match expr {
            Expr::Number(_) => "the number in the text".clone_into(&mut told.text),
            Expr::Measure(index, holder) => {
                return self.measure(*index, subject.holder(*holder), node);
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, subject, &mut told),
            Expr::Share(part, whole) => {
                "share, 100 · part / whole".clone_into(&mut told.text);
                two(&mut told, part, whole, None);
            }
            Expr::Growth(of, over) => {
                told.text = format!("growth over {over}, 100 · now / then − 100");
                let then = Teller {
                    scene: self.scene,
                    state: self.state,
                    day: self.day.minus(*over),
                };
                told.parts
                    .push(self.expression(of, subject, None, &format!("{node}/now")));
                told.parts
                    .push(then.expression(of, subject, None, &format!("{node}/then")));
            }
            Expr::On(of, on) => match self.scene.dates().day(on, subject) {
                Some(day) if day <= self.scene.last => {
                    told.text = format!("the value on {}", date(day));
                    let then = Teller {
                        scene: self.scene,
                        state: self.state,
                        day: date(day),
                    };
                    told.parts
                        .push(then.expression(of, subject, unit, &format!("{node}/on")));
                }
                _ => "the value on a day that has not come or is not known"
                    .clone_into(&mut told.text),
            },
            Expr::Binary(operator, a, b) => {
                let (word, of) = match operator {
                    Operator::Add => ("sum", unit),
                    Operator::Subtract => ("difference", unit),
                    Operator::Multiply => ("product", None),
                    Operator::Divide => ("quotient", None),
                };
                word.clone_into(&mut told.text);
                two(&mut told, a, b, of);
            }
            Expr::Smaller(a, b) => {
                "the smaller of two".clone_into(&mut told.text);
                two(&mut told, a, b, unit);
            }
            Expr::Larger(a, b) => {
                "the larger of two".clone_into(&mut told.text);
                two(&mut told, a, b, unit);
            }
            Expr::Round(up, of, multiple) => {
                told.text = format!(
                    "rounded {} to a multiple of {multiple}",
                    if *up { "up" } else { "down" }
                );
                told.parts
                    .push(self.expression(of, subject, unit, &format!("{node}/1")));
            }
            Expr::LimitIn(index) => {
                let id = self
                    .scene
                    .agreement
                    .provisions
                    .get(index.index())
                    .map(|provision| provision.id.to_string())
                    .unwrap_or_default();
                told.text = format!("the limit in {id}");
            }
            Expr::Bracket(_, alternatives) => {
                "an open bracket; its first alternative".clone_into(&mut told.text);
                if let Some(value) = alternatives.first().and_then(|first| first.value.as_ref()) {
                    told.parts
                        .push(self.expression(value, subject, unit, &format!("{node}/1")));
                }
            }
        }
        told
    }

    /// A measure: what was stated of it, what its formula says, and how the two were put together.
    fn measure(&self, index: MeasureIndex, subject: Subject, node: &str) -> Explanation {
        let agreement = self.scene.agreement;
        let mut told = leaf(node, "", String::new());
        node.clone_into(&mut told.node);
        let Some(measure) = agreement.measures.get(index.index()) else {
            return told;
        };
        let whole = self.scene.measure(index, subject, self.span());
        let cell = whole.at(self.day.days());
        let rests = match cell.basis {
            Basis::Nothing => ", on which nothing is known",
            Basis::Evidence => "",
            Basis::Estimate => ", by estimates",
        };
        told.text = format!(
            "{} of {} on {}{rests}",
            measure.name,
            subject.name(agreement),
            self.day
        );
        told.value = Some(shown(&cell.value, &measure.unit));
        let Subject::Actor(actor) = subject else {
            for member in subject.members(agreement) {
                told.parts.push(self.measure(
                    index,
                    Subject::Actor(member),
                    &format!("{node}/{}", Subject::Actor(member).name(agreement)),
                ));
            }
            return told;
        };
        let (_, figures) = self.scene.own_measure(index, actor, self.span(), None);
        let day = self.day.days();
        let standing: Vec<_> = figures
            .iter()
            .filter(|figure| figure.from <= day && day < figure.to)
            .collect();
        for (place, figure) in standing.iter().enumerate() {
            let what = if figure.estimate {
                "estimated"
            } else {
                "stated"
            };
            let until = if figure.to == crate::track::LAST_DAY {
                "until another figure".to_owned()
            } else {
                format!("until {}", date(figure.to))
            };
            let presumed = if figure.since == Some(day) {
                String::new()
            } else {
                format!("; presumed to go on {until}")
            };
            let torn = if figure.torn {
                "; these exclude each other"
            } else {
                ""
            };
            let mut part = leaf(
                node,
                &format!("figure/{place}"),
                format!("{what} as of {}{presumed}{torn}", date(figure.from)),
            );
            part.value = Some(shown(&figure.value, &measure.unit));
            self.entries(&figure.entries, &mut part);
            told.parts.push(part);
        }
        if standing.is_empty()
            && let Some(last) = figures
                .iter()
                .filter(|figure| figure.to <= day)
                .max_by_key(|figure| (figure.to, figure.from))
        {
            let mut part = leaf(
                node,
                "stale",
                format!(
                    "nothing stands on this day: the last figure, as of {}, went stale on {}",
                    date(last.from),
                    date(last.to)
                ),
            );
            part.value = Some(shown(&last.value, &measure.unit));
            self.entries(&last.entries, &mut part);
            told.parts.push(part);
        }
        if let Some(formula) = &measure.formula {
            let mut part = self.expression(
                formula,
                subject,
                Some(&measure.unit),
                &format!("{node}/formula"),
            );
            part.text = format!("by its formula: {}", part.text);
            told.parts.push(part);
        } else if figures.is_empty() {
            told.parts
                .push(leaf(node, "silent", "nobody has stated it".to_owned()));
        }
        told
    }

    /// A count, sum or extreme: for each holder, the registers or events it rests on.
    fn aggregate(&self, aggregate: &Aggregate, subject: Subject, told: &mut Explanation) {
        let agreement = self.scene.agreement;
        let leaves = self.scene.leaves_of(aggregate, subject);
        let node = told.node.clone();
        let several = leaves.len() > 1;
        for spec in leaves {
            let text = describe_leaf(agreement, &spec);
            let holder = match &spec {
                Leaf::Items(of) => of.holder,
                Leaf::Events(of) => of.maker,
            };
            let who = Subject::Actor(holder).name(agreement);
            let mut part = leaf(&node, &who, format!("{text} of {who}"));
            let Some(place) = self.state.leaves.list.index.get(&spec).copied() else {
                continue;
            };
            let unit = leaf_unit(agreement, &spec);
            let cell = *self
                .state
                .leaves
                .value(place, self.span())
                .at(self.day.days());
            part.value = Some(shown(&cell.value, &unit));
            match &spec {
                Leaf::Items(_) => self.registers(place, &unit, &mut part),
                Leaf::Events(of) => self.events(of.class.index(), of.maker, &mut part),
            }
            if several {
                told.parts.push(part);
            } else {
                told.text.clone_from(&part.text);
                told.parts.extend(part.parts);
            }
        }
        if several {
            "over all of them".clone_into(&mut told.text);
        }
    }

    fn registers(&self, place: usize, unit: &Unit, part: &mut Explanation) {
        let node = part.node.clone();
        let day = self.day.days();
        for (register, estimate, said) in self.state.leaves.said(place, self.span()) {
            let said = said.at(day);
            if !said.speaks {
                continue;
            }
            let of = &self.state.store.registers[register];
            let author = self.scene.record.text(of.author);
            let what = if estimate {
                "as estimated by"
            } else {
                "as listed by"
            };
            let mut told = leaf(&node, &format!("list/{author}"), format!("{what} {author}"));
            told.value = Some(shown(&said.value, unit));
            self.entries(&of.entries_on(self.scene.record, day), &mut told);
            part.parts.push(told);
        }
        if part.parts.is_empty() {
            part.parts.push(leaf(
                &node,
                "silent",
                "no list that is complete and not stale speaks of these on this day".to_owned(),
            ));
        }
    }

    /// The events of the class that the maker made, the latest first.
    fn events(
        &self,
        class: usize,
        maker: detente_agreement::model::ActorIndex,
        part: &mut Explanation,
    ) {
        let Some(table) = self.state.store.events.get(class) else {
            return;
        };
        let day = self.day.days();
        let mut made: Vec<_> = table
            .events
            .iter()
            .filter(|event| event.maker == maker && event.day() <= day)
            .collect();
        made.sort_by(|a, b| {
            b.day().cmp(&a.day()).then_with(|| {
                event_name(self.scene.record, a.identity)
                    .cmp(&event_name(self.scene.record, b.identity))
            })
        });
        let node = part.node.clone();
        for event in made.iter().take(MOST_LEAVES) {
            let name = event_name(self.scene.record, event.identity);
            let mut told = leaf(&node, &name, format!("{name} on {}", date(event.day())));
            let entries: Vec<EntryIndex> = table
                .statements(event)
                .iter()
                .map(|row| row.entry)
                .collect();
            self.entries(&entries, &mut told);
            part.parts.push(told);
        }
        if made.len() > MOST_LEAVES {
            part.parts.push(leaf(
                &node,
                "more",
                format!("and {} earlier ones", made.len() - MOST_LEAVES),
            ));
        }
        if made.is_empty() {
            part.parts.push(leaf(
                &node,
                "silent",
                "none is on the record by this day".to_owned(),
            ));
        }
    }

    fn entries(&self, entries: &[EntryIndex], part: &mut Explanation) {
        let node = part.node.clone();
        for entry in entries.iter().take(MOST_LEAVES) {
            part.parts.push(self.entry(*entry, &node, "entry"));
        }
        if entries.len() > MOST_LEAVES {
            part.parts.push(leaf(
                &node,
                "more",
                format!("and {} more entries", entries.len() - MOST_LEAVES),
            ));
        }
    }

    /// An entry with its author, its two times and its source.
    pub(super) fn entry(&self, entry: EntryIndex, node: &str, what: &str) -> Explanation {
        let id = self.scene.record.id_text(entry);
        let mut told = leaf(node, &id, what.to_owned());
        if let Some(read) = self.scene.record.entry(entry) {
            let made = read.made.map_or_else(
                || "made on a day that is not on the record".to_owned(),
                |made| format!("made {made}"),
            );
            told.text = format!(
                "{what} by {} as of {}, {made}",
                read.author,
                read.as_of.date()
            );
            if let Some(note) = &read.note {
                told.text.push_str(&format!(" ({note})"));
            }
            told.source = read.source.as_deref().map(in_words);
        }
        told.entry = Some(id);
        told
    }
}

fn in_words(source: &Source) -> String {
    let mut text = source.document.clone();
    for more in [&source.page, &source.url].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(more);
    }
    text
}
