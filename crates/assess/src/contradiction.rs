//! Sources that exclude each other.

use crate::assessment::{Contradiction, ContradictionSide};
use crate::track::{Day, Span, date};
use crate::unit::shown;
use detente_quantity::{Interval, Unit};
use detente_record::{EntryIndex, Record};

/// One side of a contradiction, in base units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Side {
    pub(crate) value: Interval,
    pub(crate) entries: Vec<EntryIndex>,
    pub(crate) from: String,
    /// The entries of this side exclude each other among themselves.
    pub(crate) torn: bool,
}

/// Spans of days with the sides that contradict each other on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sides {
    pub(crate) spans: Vec<(Span, Vec<Side>)>,
}

/// What a side is called that a formula gives.
pub(crate) const BY_FORMULA: &str = "reckoned by the formula";

impl Sides {
    /// Names the entries that the formula's sides rest on, by day.
    pub(crate) fn name_sources(&mut self, sources: impl Fn(Day) -> Vec<EntryIndex>) {
        for (span, sides) in &mut self.spans {
            for side in sides.iter_mut().filter(|side| side.from == BY_FORMULA) {
                side.entries = sources(span.from);
            }
        }
    }

    pub(crate) fn push(&mut self, span: Span, sides: Vec<Side>) {
        if span.is_empty() {
            return;
        }
        if let Some((last, known)) = self.spans.last_mut()
            && last.to == span.from
            && *known == sides
        {
            last.to = span.to;
            return;
        }
        self.spans.push((span, sides));
    }
}

/// How many entries of a side are named.
const MOST_ENTRIES: usize = 20;

/// The contradictions of one measure or selection in their final form.
pub(crate) fn list(
    record: &Record,
    party: &str,
    measure: &str,
    unit: &Unit,
    sides: &Sides,
    into: &mut Vec<Contradiction>,
) {
    for (span, sides) in &sides.spans {
        let mut shown_sides: Vec<ContradictionSide> = sides
            .iter()
            .map(|side| {
                let mut entries: Vec<EntryIndex> = side.entries.clone();
                entries.sort_by(|a, b| record.order(*a, *b));
                entries.dedup();
                let mut names: Vec<String> = entries
                    .iter()
                    .take(MOST_ENTRIES)
                    .map(|entry| record.id_text(*entry))
                    .collect();
                if entries.len() > MOST_ENTRIES {
                    names.push("…".to_owned());
                }
                ContradictionSide {
                    value: shown(&side.value, unit),
                    entries: names,
                    from: match side.torn {
                        true => format!("{}, though these exclude each other", side.from),
                        false => side.from.clone(),
                    },
                }
            })
            .collect();
        shown_sides.sort_by(|a, b| a.entries.cmp(&b.entries).then_with(|| a.from.cmp(&b.from)));
        into.push(Contradiction {
            node: format!("contradiction/{measure}/{party}/{}", date(span.from)),
            party: party.to_owned(),
            measure: measure.to_owned(),
            from: date(span.from),
            to: date(span.to),
            sides: shown_sides,
        });
    }
}
