//! §4: registers of items and lots.

use std::cmp::Ordering;

use detente_agreement::model::{ActorIndex, Aggregate, Class, ClassIndex, ItemIndex};
use detente_assess::Basis;
use detente_quantity::{Date, Decimal, Interval, Name, Truth};
use detente_record::{Entry, Statement, Value};

use super::aggregate::{Match, bounds};
use super::attributes::{Attributes, Recorded, read};
use super::counting::{in_order, statement_counts};
use super::{Known, Subject, World, earliest, hull_of, intersection_of};

/// What makes a thing the same thing. The order is that of the definition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Identity {
    /// An item by its name.
    Item(Name),
    /// A lot by its id.
    Lot(Name),
    /// A lot without id by what it is.
    Alike(Vec<(Name, Recorded)>),
}

/// A thing as a register has it on a day.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) identity: Identity,
    pub(crate) attributes: Attributes,
    pub(crate) quantity: Interval,
    /// The day of its last statement.
    pub(crate) stated: Date,
}

/// What an aggregate over one register gives.
struct Register {
    range: Interval,
    /// The day of its fresh anchor.
    anchor: Option<Date>,
    /// A fresh anchor or a sure match spoke.
    speaks: bool,
}

impl World<'_> {
    /// An aggregate over the items of one holder.
    pub(crate) fn items_of_one(
        &self,
        aggregate: &Aggregate,
        item: ItemIndex,
        holder: ActorIndex,
        subject: Subject,
        day: Date,
    ) -> Known {
        let registers = |estimated: bool| -> Vec<Register> {
            self.authors(Subject::Actor(holder), estimated)
                .iter()
                .map(|author| {
                    self.register_bounds(aggregate, item, holder, author, estimated, subject, day)
                })
                .filter(|register| register.speaks)
                .collect()
        };
        let since = |registers: &[Register]| {
            registers
                .iter()
                .fold(None, |since, register| earliest(since, register.anchor))
        };
        let ranges = |registers: &[Register]| -> Vec<Interval> {
            registers.iter().map(|register| register.range).collect()
        };

        let evidence = registers(false);
        let unknown = bounds(aggregate.kind, aggregate.of.rank, &[], false);
        let known = intersection_of(&ranges(&evidence)).map_or(unknown, |(range, _)| range);
        let by_evidence_alone = Known {
            range: known,
            basis: if evidence.is_empty() {
                Basis::Nothing
            } else {
                Basis::Evidence
            },
            since: since(&evidence),
        };

        let estimates = registers(true);
        match hull_of(&ranges(&estimates)) {
            Some(estimate) if known.hi().is_none() => match known.intersect(&estimate) {
                Some(range) => Known {
                    range,
                    basis: Basis::Estimate,
                    since: earliest(since(&evidence), since(&estimates)),
                },
                None => by_evidence_alone,
            },
            _ => by_evidence_alone,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "it is what the paragraph speaks of"
    )]
    fn register_bounds(
        &self,
        aggregate: &Aggregate,
        item: ItemIndex,
        holder: ActorIndex,
        author: &Name,
        estimated: bool,
        subject: Subject,
        day: Date,
    ) -> Register {
        let class = &self.agreement.items[item.index()];
        let schedule = class.declared.as_ref();
        let own = Subject::Actor(holder);
        let filter = &aggregate.of.filter;
        let anchor = self
            .stream(own, author, estimated)
            .filter(|entry| entry.as_of.date() <= day)
            .filter(|entry| {
                self.completes(entry, class)
                    .any(|stated| World::demands_all(class, filter, stated))
            })
            .last()
            .map(|entry| entry.as_of.date())
            .filter(|anchor| self.is_fresh(schedule, *anchor, day, own));
        let mut things = self.register(item, holder, author, estimated, day);
        things.sort_by(|a, b| by_identity(&a.identity, &b.identity));
        let matches: Vec<Match> = things
            .into_iter()
            .filter_map(|thing| {
                let matches = self.matches(filter, &thing.attributes, subject, day);
                let fresh = anchor.is_some() || self.is_fresh(schedule, thing.stated, day, own);
                (matches != Truth::False).then(|| Match {
                    sure: matches == Truth::True && fresh,
                    quantity: thing.quantity,
                    attributes: thing.attributes,
                })
            })
            .collect();
        Register {
            range: bounds(
                aggregate.kind,
                aggregate.of.rank,
                &matches,
                anchor.is_some(),
            ),
            anchor,
            speaks: anchor.is_some() || matches.iter().any(|found| found.sure),
        }
    }

    /// The things of a register on a day: the fold of its statements up to that day, in order.
    pub(crate) fn register(
        &self,
        item: ItemIndex,
        holder: ActorIndex,
        author: &Name,
        estimated: bool,
        day: Date,
    ) -> Vec<Thing> {
        let mut things = Vec::new();
        for entry in self
            .stream(Subject::Actor(holder), author, estimated)
            .filter(|entry| entry.as_of.date() <= day)
        {
            self.apply_entry(item, entry, &mut things);
        }
        things
    }

    /// What an entry makes of the things of a register.
    pub(crate) fn apply_entry(&self, item: ItemIndex, entry: &Entry, things: &mut Vec<Thing>) {
        let mut own: Vec<Identity> = Vec::new();
        for statement in &entry.statements {
            self.apply(item, entry, statement, &mut own, things);
        }
        self.complete(item, entry, &own, things);
    }

    /// What one statement makes of the things of a register; `own` gathers what the entry states.
    pub(crate) fn apply(
        &self,
        item: ItemIndex,
        entry: &Entry,
        statement: &Statement,
        own: &mut Vec<Identity>,
        things: &mut Vec<Thing>,
    ) {
        let class = &self.agreement.items[item.index()];
        if !statement_counts(entry, statement, self.question) {
            return;
        }
        let stated = entry.as_of.date();
        match statement {
            Statement::Item {
                class: name,
                item,
                attributes,
                gone,
            } if *name == class.name => {
                let identity = Identity::Item(item.clone());
                own.push(identity.clone());
                if *gone {
                    things.retain(|thing| thing.identity != identity);
                    return;
                }
                let attributes = read(class, attributes);
                match things.iter_mut().find(|thing| thing.identity == identity) {
                    Some(thing) => {
                        thing.attributes.extend(attributes);
                        thing.stated = stated;
                    }
                    None => things.push(Thing {
                        identity,
                        attributes,
                        quantity: Interval::exact(1),
                        stated,
                    }),
                }
            }
            Statement::Lot {
                class: name,
                lot,
                attributes,
                quantity,
            } if *name == class.name => {
                let attributes = read(class, attributes);
                let identity = match lot {
                    Some(lot) => Identity::Lot(lot.clone()),
                    None => {
                        let mut named: Vec<(Name, Recorded)> = attributes
                            .iter()
                            .map(|(attribute, value)| {
                                (
                                    class.attributes[attribute.index()].name.clone(),
                                    value.clone(),
                                )
                            })
                            .collect();
                        named.sort_by(|(a, _), (b, _)| a.cmp(b));
                        Identity::Alike(named)
                    }
                };
                let earlier = things.iter().position(|thing| thing.identity == identity);
                let earlier = earlier.map(|at| things.remove(at));
                // Alike within one entry they add up; else the last statement replaces the lot whole.
                let adds = lot.is_none() && own.contains(&identity);
                let quantity = match earlier {
                    Some(earlier) if adds => earlier.quantity.add(quantity),
                    _ => *quantity,
                };
                own.push(identity.clone());
                if quantity.hi() != Some(Decimal::ZERO) {
                    things.push(Thing {
                        identity,
                        attributes,
                        quantity,
                        stated,
                    });
                }
            }
            _ => {}
        }
    }

    /// Ends what a `complete` of an entry leaves out.
    pub(crate) fn complete(
        &self,
        item: ItemIndex,
        entry: &Entry,
        own: &[Identity],
        things: &mut Vec<Thing>,
    ) {
        let class = &self.agreement.items[item.index()];
        for stated in self.completes(entry, class) {
            let demanded = read(class, stated);
            things.retain(|thing| {
                own.contains(&thing.identity)
                    || demanded.len() != stated.len()
                    || !demanded
                        .iter()
                        .all(|(attribute, value)| surely_has(thing, attribute, value))
            });
        }
    }

    /// The attribute values of an entry's `complete` statements of a class.
    pub(crate) fn completes<'b>(
        &'b self,
        entry: &'b Entry,
        class: &'b Class,
    ) -> impl Iterator<Item = &'b [(Name, Value)]> + 'b {
        entry
            .statements
            .iter()
            .filter(|statement| statement_counts(entry, statement, self.question))
            .filter_map(|statement| match statement {
                Statement::Complete {
                    class: name,
                    attributes,
                    ..
                } if *name == class.name => Some(attributes.as_slice()),
                _ => None,
            })
    }

    /// An aggregate over things of a class, of all its holders.
    pub(crate) fn aggregate(&self, aggregate: &Aggregate, subject: Subject, day: Date) -> Known {
        use detente_agreement::model::AggregateKind;
        let mut total: Option<Known> = None;
        for holder in self.holders(aggregate.of.by, subject) {
            let own = match aggregate.of.class {
                ClassIndex::Item(item) => self.items_of_one(aggregate, item, holder, subject, day),
                ClassIndex::Event(event) => {
                    self.events_of_one(aggregate, event, holder, subject, day)
                }
            };
            total = Some(match total {
                None => own,
                Some(total) => {
                    let range = match aggregate.kind {
                        AggregateKind::Number | AggregateKind::Total(_) => {
                            total.range.add(&own.range)
                        }
                        AggregateKind::Largest(_) => total.range.max(&own.range),
                        AggregateKind::Smallest(_) => total.range.min(&own.range),
                    };
                    total.join(own, range)
                }
            });
        }
        total.unwrap_or_else(|| {
            Known::unfounded(bounds(aggregate.kind, aggregate.of.rank, &[], true))
        })
    }
}

fn surely_has(
    thing: &Thing,
    attribute: &detente_agreement::model::AttributeIndex,
    value: &Recorded,
) -> bool {
    match (thing.attributes.get(attribute), value) {
        (Some(Recorded::Number(own)), Recorded::Number(value)) => {
            own.is_exact().is_some() && own == value
        }
        (own, value) => own == Some(value),
    }
}

/// The order of identities: items, lots with an id, lots without; by name (by attributes).
fn by_identity(a: &Identity, b: &Identity) -> Ordering {
    match (a, b) {
        (Identity::Item(a), Identity::Item(b)) | (Identity::Lot(a), Identity::Lot(b)) => {
            in_order(a.as_str(), b.as_str())
        }
        (Identity::Alike(a), Identity::Alike(b)) => format!("{a:?}").cmp(&format!("{b:?}")),
        (Identity::Item(_), _) | (Identity::Lot(_), Identity::Alike(_)) => Ordering::Less,
        _ => Ordering::Greater,
    }
}
