//! What the engine makes of measures on a day: each is asked about as if it were limited.

use crate::ReturnError;
use crate::plan::Question;
use detente_agreement::model::{
    Agreement, Clause, During, Expr, Holder, MeasureIndex, Provision, Row, Rule, Subjects,
};
use detente_assess::{Basis, Options, Readings};
use detente_quantity::{Comparison, Date, Decimal, Interval, Name};
use detente_record::Record;

/// The value of a measure of a party on a day, in base units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    /// The value; everything from 0 where nothing is known.
    pub(crate) value: Interval,
    /// What it rests on.
    pub(crate) basis: Basis,
    /// Stated as of this day and presumed to go on since.
    pub(crate) presumed_since: Option<Date>,
}

/// The values of measures of a party on the day asked about. `agreement` has its reading in place.
fn figures(
    agreement: &Agreement,
    record: &Record,
    options: &Options,
    party: &str,
    measures: &[MeasureIndex],
) -> Vec<Option<Figure>> {
    let name = |place: usize| Name::new(&format!("figure {place}")).ok();
    let Some(actor) = Name::new(party)
        .ok()
        .and_then(|name| agreement.actor(&name))
    else {
        return vec![None; measures.len()];
    };
    let mut asked = agreement.clone();
    asked.readings.clear();
    asked.provisions = measures
        .iter()
        .enumerate()
        .filter_map(|(place, measure)| {
            let unit = agreement.measures.get(measure.index())?.unit.base();
            Some(Provision {
                id: name(place)?,
                citation: format!("figure {place}"),
                title: String::new(),
                rule: Rule::Watch(vec![Clause {
                    subjects: Subjects::Each(vec![actor]),
                    value: Expr::Measure(*measure, Holder::Subject),
                    comparison: Comparison::AtLeast,
                    rows: vec![Row {
                        bound: Expr::Number(Decimal::ZERO),
                        during: During::default(),
                    }],
                    unit,
                    case: None,
                    span: 0..0,
                }]),
                exceptions: Vec::new(),
                because: None,
                span: 0..0,
            })
        })
        .collect();
    let mut text = options.clone();
    text.readings = Readings::Text;
    text.provisions = None;
    text.parties = None;
    let assessment = detente_assess::assess(&asked, record, &text);
    (0..measures.len())
        .map(|place| {
            let id = name(place)?;
            let row = assessment
                .provisions
                .iter()
                .find(|row| row.id == id.as_str())?;
            let last = row.intervals.last()?;
            (last.to > options.as_of).then(|| Figure {
                value: last.value.unwrap_or(Interval::EVERYTHING),
                basis: last.basis,
                presumed_since: last.presumed_since,
            })
        })
        .collect()
}

/// The figures of the parties' measures on the day.
pub(crate) struct Known<'a> {
    pub(crate) question: &'a Question<'a>,
    pub(crate) agreement: &'a Agreement,
}

impl<'a> Known<'a> {
    pub(crate) fn of(question: &'a Question<'a>, agreement: &'a Agreement) -> Known<'a> {
        Known {
            question,
            agreement,
        }
    }

    pub(crate) fn figure(&self, party: &str, measure: MeasureIndex) -> Option<Figure> {
        figures(
            self.agreement,
            self.question.record,
            self.question.options,
            party,
            &[measure],
        )
        .pop()
        .flatten()
    }

    pub(crate) fn measure(&self, name: &str) -> Result<MeasureIndex, ReturnError> {
        measure(self.agreement, name)
    }
}

/// The measure of a name.
pub(crate) fn measure(agreement: &Agreement, name: &str) -> Result<MeasureIndex, ReturnError> {
    agreement
        .measures
        .iter()
        .position(|measure| measure.name == name)
        .and_then(|index| u32::try_from(index).ok())
        .map(MeasureIndex)
        .ok_or_else(|| ReturnError::Unknown {
            what: "measure",
            name: name.to_owned(),
            known: list(
                agreement
                    .measures
                    .iter()
                    .map(|measure| measure.name.as_str()),
            ),
        })
}

/// Names with commas between them.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
