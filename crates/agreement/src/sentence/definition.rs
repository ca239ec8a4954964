//! What is not a rule, in words: the life of the agreement, classes, zones, dates, measures, readings.

use super::capital;
use super::expression::Teller;
use super::thing::{Manner, told};
use super::words::{date, day, month_days, quantity, schedule, spaced};
use crate::model::{
    ActorIndex, Agreement, AttributeKind, Class, DateSetter, InForce, Life, Measure, NamedDate,
    Reading, Term, YearStart, Zone,
};
use crate::resolve::{article, listed};
use crate::syntax::ast::OwnAct;
use detente_quantity::Unit;

impl Agreement {
    /// How the agreement begins, lasts and ends, as plain sentences.
    #[must_use]
    pub fn life_sentence(&self) -> String {
        life(self, &self.life)
    }

    /// What a measure is, as a plain sentence.
    #[must_use]
    pub fn measure_sentence(&self, measure: &Measure) -> String {
        let name = capital(&spaced(measure.name.as_str()));
        let mut text = match &measure.formula {
            Some(formula) => format!(
                "“{name}” means {}.",
                Teller::new(self).tell(formula, &measure.unit)
            ),
            None if measure.unit == Unit::COUNT => {
                format!("“{name}” is a number that is declared or observed.")
            }
            None => format!(
                "“{name}” is an amount in {} that is declared or observed.",
                measure.unit
            ),
        };
        if let Some(declared) = &measure.declared {
            text.push_str(&format!(" It is declared {}.", schedule(self, declared)));
        }
        text
    }

    /// What a class is, as plain sentences.
    #[must_use]
    pub fn class_sentence(&self, class: &Class) -> String {
        let name = class.name.as_str();
        let attributes: Vec<String> = class
            .attributes
            .iter()
            .map(|attribute| match &attribute.kind {
                AttributeKind::OneOf(values) => {
                    let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
                    format!("{} ({})", attribute.name, listed(&values, "or"))
                }
                AttributeKind::Number(unit) if *unit == Unit::COUNT => {
                    format!("{} (a number)", attribute.name)
                }
                AttributeKind::Number(unit) => format!("{} (in {unit})", attribute.name),
                AttributeKind::Date => format!("{} (a date)", attribute.name),
                AttributeKind::Place => format!("{} (a place)", attribute.name),
                AttributeKind::Text => format!("{} (in words)", attribute.name),
                AttributeKind::Party => format!("{} (a Party)", attribute.name),
                AttributeKind::YesOrNo => format!("{} (yes or no)", attribute.name),
            })
            .collect();
        // "Uranium" takes no article and no plural; "spacecraft" does.
        let mass_noun = class.plural == name && !name.ends_with("craft");
        let (one, are) = if mass_noun {
            (name.to_owned(), "is")
        } else {
            (format!("{} {name}", article(name)), "are")
        };
        let mut text = if attributes.is_empty() {
            format!("{} is counted as such.", capital(&one))
        } else {
            format!(
                "For {one} the record gives its {}.",
                listed(&attributes, "and")
            )
        };
        for (adjective, filter) in &class.defined {
            let meaning = told(self, class, filter, true, Manner::Whose);
            text.push_str(&format!(
                " “{}” {} are those {meaning}.",
                capital(adjective.as_str()),
                class.plural
            ));
        }
        if let Some(declared) = &class.declared {
            text.push_str(&format!(
                " {} {are} declared {}.",
                capital(&class.plural),
                schedule(self, declared)
            ));
        }
        if class.recorded_in_full {
            text.push_str(&format!(
                " {} that are not on the record did not happen.",
                capital(&class.plural)
            ));
        }
        text
    }

    /// What a zone holds, as a plain sentence.
    #[must_use]
    pub fn zone_sentence(&self, zone: &Zone) -> String {
        let places: Vec<&str> = zone.places.iter().map(|place| place.as_str()).collect();
        format!(
            "“{}” is {}.",
            capital(zone.name.as_str()),
            listed(&places, "and")
        )
    }

    /// What fixes a named date, as a plain sentence.
    #[must_use]
    pub fn date_sentence(&self, named: &NamedDate) -> String {
        let name = capital(&spaced(named.name.as_str()));
        let names = |actors: &[ActorIndex]| -> Vec<String> {
            actors
                .iter()
                .map(|actor| self.actor_name(*actor).to_owned())
                .collect()
        };
        match &named.set {
            DateSetter::Is(day) => format!("“{name}” is {}.", date(self, day)),
            DateSetter::Act(actors) if actors.len() == self.parties().count() => {
                format!("“{name}” is the day of the first act of any Party that sets it.")
            }
            DateSetter::Act(actors) => format!(
                "“{name}” is the day of the first act of {} that sets it.",
                listed(&names(actors), "or")
            ),
            DateSetter::AllActs(actors) if actors.len() == self.parties().count() => {
                format!(
                    "“{name}” is the day on which the last of all Parties has set it by an act."
                )
            }
            DateSetter::AllActs(actors) => {
                format!(
                    "“{name}” is the day on which the last of {} has set it by an act.",
                    listed(&names(actors), "and")
                )
            }
            DateSetter::OwnNamed => {
                format!("“{name}” is, for each Party, the day of its own first act that sets it.")
            }
            DateSetter::Own(act) => format!(
                "“{name}” is, for each Party, the day of its own {}.",
                match act {
                    OwnAct::Signature => "signature",
                    OwnAct::Ratification => "ratification",
                    OwnAct::Accession => "accession",
                    OwnAct::EntryIntoForce => "entry into force",
                }
            ),
        }
    }

    /// What a reading changes, as plain sentences.
    #[must_use]
    pub fn reading_sentence(&self, reading: &Reading) -> String {
        let holders: Vec<&str> = reading.by.iter().map(|name| name.as_str()).collect();
        let holders = if holders.is_empty() {
            "Somebody".to_owned()
        } else {
            listed(&holders, "and")
        };
        let many = reading.by.len() > 1;
        let verb = match (reading.proposal, many) {
            (true, false) => "proposes",
            (true, true) => "propose",
            (false, false) => "reads the text so",
            (false, true) => "read the text so",
        };
        let mut text = format!("{holders} {verb} (“{}”).", reading.title);
        for (_, date) in &reading.dates {
            text.push_str(&format!(" {}", self.date_sentence(date)));
        }
        for (_, zone) in &reading.zones {
            text.push_str(&format!(" {}", self.zone_sentence(zone)));
        }
        for (_, measure) in &reading.measures {
            text.push_str(&format!(" {}", self.measure_sentence(measure)));
        }
        for provision in reading
            .provisions
            .iter()
            .map(|(_, provision)| provision)
            .chain(&reading.added)
        {
            text.push_str(&format!(
                " Under {}, {}",
                provision.citation.replace(" ▸ ", ", "),
                lower_general(&self.sentence_of(provision))
            ));
        }
        if let Some(changed) = &reading.life {
            text.push_str(&format!(" {}", life(self, changed)));
        }
        if let Some(because) = &reading.because {
            text.push_str(&format!(
                " The reason given is “{}”.",
                because.trim().trim_end_matches('.')
            ));
        }
        text
    }
}

/// `each Party …` where a sentence goes on.
fn lower_general(text: &str) -> String {
    for general in ["Each ", "All ", "For ", "Whenever ", "There "] {
        if let Some(rest) = text.strip_prefix(general) {
            return format!("{}{rest}", general.to_lowercase());
        }
    }
    text.to_owned()
}

fn life(agreement: &Agreement, life: &Life) -> String {
    let mut sentences = Vec::new();
    if let Some(signed) = life.signed {
        sentences.push(format!("The agreement is signed on {}.", day(signed)));
    }
    let begins = match &life.in_force {
        InForce::On(date) => format!("on {}", day(*date)),
        InForce::ByAct => "by an act that is put on the record".to_owned(),
        InForce::When {
            who,
            count,
            ratified,
            later,
        } => {
            let parties = agreement.parties().count();
            let everyone = *count as usize == who.len();
            let whom = if who.len() == parties && everyone {
                "all Parties".to_owned()
            } else if everyone {
                let names: Vec<&str> = who
                    .iter()
                    .map(|actor| agreement.actor_name(*actor))
                    .collect();
                listed(&names, "and")
            } else {
                format!("{} Parties", quantity((*count).into(), &Unit::COUNT))
            };
            let verb = if *ratified { "ratified" } else { "signed" };
            let have = if whom == "1 Parties" {
                "1 Party has".to_owned()
            } else {
                format!("{whom} have")
            };
            match later {
                Some(later) => format!("{later} after {have} {verb} it"),
                None => format!("when {have} {verb} it"),
            }
        }
    };
    let lasts = match life.term {
        Term::For(duration) => format!("lasts {duration}"),
        Term::Until(end) => format!("lasts until {}", day(end)),
        Term::Unlimited => "lasts without limit of time".to_owned(),
    };
    sentences.push(format!("It enters into force {begins} and {lasts}."));
    if let Some(provisional) = &life.provisional {
        sentences.push(format!(
            "It is applied provisionally from {}.",
            date(agreement, provisional)
        ));
    }
    if let Some(extension) = life.extension {
        let times = if extension.repeatable {
            "any number of times"
        } else {
            "once"
        };
        sentences.push(format!(
            "The Parties may agree to extend it, {times}, for up to {}.",
            extension.up_to
        ));
    }
    if let Some(withdrawal) = life.withdrawal {
        sentences.push(format!(
            "A withdrawal takes effect {withdrawal} after notice of it."
        ));
    }
    if life.accession {
        sentences.push("Others may accede to it.".to_owned());
    }
    if let YearStart::MonthDay(start) = life.year {
        sentences.push(format!("Its year begins on {}.", month_days(&[start])));
    }
    sentences.join(" ")
}
