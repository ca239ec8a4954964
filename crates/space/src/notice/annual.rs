//! The yearly declaration.

use detente_quantity::{Date, Decimal, Instant, Interval, Name, When};
use detente_record::{Entry, Kind, Source, Statement};
use serde::Serialize;

use super::NoticeError;
use crate::entries::{Attributes, Draft};

/// So many vehicles of one generic class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Launched {
    /// The class, in the party's words.
    pub generic_class: String,
    /// How many were launched.
    pub number: u32,
}

/// The yearly declaration (Hague Code of Conduct, 4 (a) i and ii): an outline of policies, and what was launched in the year before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnnualDeclaration {
    /// Who declares.
    pub party: Name,
    /// The year that the launches are of.
    pub year: i32,
    /// The launches by class; none launched is an empty list, and is declared as 0.
    pub launched: Vec<Launched>,
    /// What the outline of policies is about: one event for each, such as `ballistic missiles` and `space launch vehicles`.
    pub policies: Vec<String>,
    /// When it was given.
    pub made: Option<Instant>,
    /// The document.
    #[serde(skip)]
    pub source: Option<Source>,
}

impl AnnualDeclaration {
    /// The declaration as an entry as of 1 January after the year: the number of `launches` over the year, `launched vehicles` by
    /// class and said to be all of that year, and a `policy outline` for each subject.
    ///
    /// # Errors
    /// When a class is told twice or a text cannot be a name.
    pub fn entry(&self) -> Result<Entry, NoticeError> {
        let name = NoticeError::of("declaration");
        let (Some(from), Some(until), 1957..=9998) = (
            Date::from_ymd(self.year, 1, 1),
            Date::from_ymd(self.year.saturating_add(1), 1, 1),
            self.year,
        ) else {
            return Err(NoticeError::Year(self.year));
        };
        let as_of = When::Day(until);
        let id = format!("{}: launches of {}", self.party, self.year);
        let total: u64 = self.launched.iter().map(|one| u64::from(one.number)).sum();
        let year = Interval::exact(Decimal::from(self.year));
        let vehicle = Name::new("launched vehicle").map_err(&name)?;
        let mut draft = Draft::new(&id, Kind::Declaration, &self.party, as_of)
            .map_err(&name)?
            .made(self.made)
            .source(self.source.as_ref())
            .state(Statement::Value {
                measure: Name::new("launches").map_err(&name)?,
                value: Interval::exact(Decimal::from(total)),
                unit: None,
                over: Some((from, until)),
            });
        let mut classes = Vec::new();
        for one in &self.launched {
            let class = Name::new(&one.generic_class).map_err(NoticeError::of("generic class"))?;
            if classes.contains(&class) {
                return Err(NoticeError::ClassTwice(one.generic_class.clone()));
            }
            let attributes = Attributes::default()
                .word("generic-class", class.as_str())
                .and_then(|all| all.amount("year", year, None))
                .map_err(&name)?;
            draft = draft.state(Statement::Lot {
                class: vehicle.clone(),
                lot: Some(Name::new(&format!("{} {class}", self.year)).map_err(&name)?),
                attributes: attributes.done(),
                quantity: Interval::exact(Decimal::from(one.number)),
            });
            classes.push(class);
        }
        draft = draft.state(Statement::Complete {
            class: vehicle,
            attributes: Vec::new(),
            over: None,
        });
        for subject in &self.policies {
            let subject = Name::new(subject).map_err(NoticeError::of("subject of a policy"))?;
            let event = format!("{} {subject}", self.year.saturating_add(1));
            draft = draft.state(Statement::Event {
                class: Name::new("policy outline").map_err(&name)?,
                event: Name::new(&event).map_err(&name)?,
                at: self.made.map_or(as_of, When::At),
                toward: None,
                attributes: Attributes::default()
                    .word("subject", subject.as_str())
                    .map_err(&name)?
                    .done(),
            });
        }
        Ok(draft.finish())
    }
}
