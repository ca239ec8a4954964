//! From the abstract tree back to text that parses to the same tree.
//!
//! For programs that write rules: a drafting aid that puts an alternative in place of a bracket, an
//! editor that renames, a generator of agreements in tests. The text has each rule on its own line;
//! [`format_rules`](crate::format::format_rules) gives it the one true form.

mod expression;
mod provision;

use super::ast::*;
use super::words;
use std::fmt::{self, Display};

/// Statements as text.
pub fn print<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> String {
    let mut text = String::new();
    for statement in statements {
        // Writing to a String does not fail.
        let _ = write_statement(&mut text, statement, 0);
    }
    text
}

type Out<'a> = &'a mut dyn fmt::Write;

fn write_statement(out: Out<'_>, statement: &Statement, indent: usize) -> fmt::Result {
    write!(out, "{:indent$}", "")?;
    match statement {
        Statement::Agreement(agreement) => write_agreement(out, agreement, indent),
        Statement::Item(class) => write_class(out, "item", class, indent),
        Statement::Event(class) => write_class(out, "event", class, indent),
        Statement::Zone(zone) => {
            write!(out, "zone {} = ", zone.name.value)?;
            let members: Vec<String> = zone
                .members
                .iter()
                .map(|member| place(&member.value))
                .collect();
            writeln!(out, "{}", members.join(", "))
        }
        Statement::Date(date) => {
            write!(out, "date {} ", date.name.value)?;
            match &date.set {
                DateSetter::Is(date) => writeln!(out, "= {date}"),
                DateSetter::Act(actors) => writeln!(out, "is set by an act of {actors}"),
                DateSetter::OwnAct(act) => writeln!(out, "is set by each party's {}", act.value),
            }
        }
        Statement::Measure(measure) => {
            write!(out, "measure {}", measure.name.value)?;
            if let Some(unit) = &measure.unit {
                write!(out, " in {}", unit.value)?;
            }
            if let Some(formula) = &measure.formula {
                write!(out, " = {formula}")?;
            }
            if let Some(declared) = &measure.declared {
                write!(out, " declared {}", declared.value)?;
            }
            writeln!(out)
        }
        Statement::Limit(provision) => provision::write(out, "limit", provision, indent),
        Statement::Right(provision) => provision::write(out, "right", provision, indent),
        Statement::Watch(provision) => provision::write(out, "watch", provision, indent),
        Statement::Duty(duty) => provision::write_duty(out, duty, indent),
        Statement::Reading(reading) => {
            let by = list(&reading.by);
            match (reading.proposal, by.is_empty()) {
                (true, _) => write!(out, "reading [{by}]")?,
                (false, true) => write!(out, "reading")?,
                (false, false) => write!(out, "reading {by}")?,
            }
            writeln!(out, " \"{}\"", reading.title.value)?;
            if let Some(because) = &reading.because {
                writeln!(out, "{:indent$}  because \"{}\"", "", because.value)?;
            }
            for statement in &reading.statements {
                write_statement(out, statement, indent + 2)?;
            }
            Ok(())
        }
    }
}

/// A place, in quotation marks if it is no name.
fn place(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = words.iter().enumerate().all(|(index, word)| {
        !words::ends_name(word, words.get(index + 1).copied())
            && word.chars().any(char::is_alphabetic)
            && word.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !word.starts_with('-')
            && !word.ends_with('-')
            && !word.contains("--")
    });
    if plain {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}

fn list(words: &[Words]) -> String {
    words
        .iter()
        .map(|word| word.value.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn actors_with_names(actors: &[Actor]) -> String {
    actors.iter().map(actor).collect::<Vec<_>>().join(", ")
}

fn actor(actor: &Actor) -> String {
    match &actor.full {
        Some(full) => format!("{} \"{}\"", actor.name.value, full.value),
        None => actor.name.value.clone(),
    }
}

fn write_agreement(out: Out<'_>, agreement: &Agreement, indent: usize) -> fmt::Result {
    writeln!(out, "agreement \"{}\"", agreement.title.value)?;
    for line in &agreement.lines {
        write!(out, "{:indent$}  ", "")?;
        match &line.value {
            AgreementLine::Parties(parties) => {
                write!(out, "parties {}", actors_with_names(parties))?
            }
            AgreementLine::Bodies(bodies) => write!(out, "bodies {}", actors_with_names(bodies))?,
            AgreementLine::Group {
                actor: group,
                members,
            } => {
                write!(out, "group {} = {}", actor(group), list(members))?;
            }
            AgreementLine::Signed(date) => write!(out, "signed {}", date.value)?,
            AgreementLine::InForce { entry, term } => {
                match entry {
                    InForce::On(date) => write!(out, "in force {}", date.value)?,
                    InForce::ByAct => write!(out, "in force by an act")?,
                    InForce::When {
                        who,
                        ratified,
                        later,
                    } => {
                        let who = match who {
                            Quorum::Number(number) => format!("{} parties", number.value),
                            Quorum::All => "all parties".to_owned(),
                            Quorum::Named(names) => list(names),
                        };
                        let act = if *ratified { "ratified" } else { "signed" };
                        write!(out, "in force when {who} have {act}")?;
                        if let Some(later) = later {
                            write!(out, ", {} later", later.value)?;
                        }
                    }
                }
                match term {
                    None => {}
                    Some(Term::For(duration)) => write!(out, " for {}", duration.value)?,
                    Some(Term::Until(date)) => write!(out, " until {}", date.value)?,
                    Some(Term::Unlimited) => write!(out, " without limit of time")?,
                }
            }
            AgreementLine::Provisional(date) => write!(out, "applied provisionally from {date}")?,
            AgreementLine::Extension { up_to, repeatable } => {
                let times = if *repeatable {
                    " any number of times"
                } else {
                    ""
                };
                write!(
                    out,
                    "may be extended by agreement for up to {}{times}",
                    up_to.value
                )?;
            }
            AgreementLine::Withdrawal(notice) => {
                write!(out, "withdrawal takes effect {} after notice", notice.value)?;
            }
            AgreementLine::Accession => write!(out, "open to accession")?,
            AgreementLine::Year(YearStart::EntryIntoForce) => {
                write!(out, "its year begins on entry into force")?;
            }
            AgreementLine::Year(YearStart::MonthDay(day)) => {
                write!(out, "its year begins on {day}")?
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_class(out: Out<'_>, word: &str, class: &Class, indent: usize) -> fmt::Result {
    write!(out, "{word} {}", class.name.value)?;
    if let Some(plural) = &class.plural {
        write!(out, " plural \"{}\"", plural.value)?;
    }
    writeln!(out)?;
    for line in &class.lines {
        write!(out, "{:indent$}  ", "")?;
        match line {
            ClassLine::Attribute(name, kind) => writeln!(out, "{} {}", name.value, kind.value)?,
            ClassLine::Means(name, filter) => writeln!(out, "{} means {filter}", name.value)?,
            ClassLine::Declared(schedule) => writeln!(out, "declared {}", schedule.value)?,
            ClassLine::RecordedInFull(_) => writeln!(out, "recorded in full")?,
        }
    }
    Ok(())
}

impl Display for AttributeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeType::OneOf(values) => write!(f, "one of {}", list(values)),
            AttributeType::Count => f.write_str("count"),
            AttributeType::Quantity(unit) => write!(f, "quantity in {}", unit.value),
            AttributeType::Share(Some(of)) => write!(f, "share of {}", of.value),
            AttributeType::Share(None) => f.write_str("share"),
            AttributeType::Date => f.write_str("date"),
            AttributeType::Place => f.write_str("place"),
            AttributeType::Text => f.write_str("text"),
            AttributeType::Party => f.write_str("party"),
            AttributeType::YesOrNo => f.write_str("yes or no"),
        }
    }
}

impl Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = usize::from(self.month)
            .checked_sub(1)
            .and_then(|month| words::MONTHS.get(month))
            .unwrap_or(&"January");
        write!(f, "{} {month}", self.day)
    }
}

fn month_days(days: &[MonthDay]) -> String {
    days.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" and ")
}

impl Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = match self {
            Schedule::Every(duration, from) => {
                write!(f, "every {}", duration.value)?;
                from
            }
            Schedule::AsOf(days, from) => {
                write!(f, "as of {}", month_days(days))?;
                from
            }
            Schedule::Each(period) => return write!(f, "in each {period}"),
        };
        match from {
            Some(date) => write!(f, " from {date}"),
            None => Ok(()),
        }
    }
}

impl Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Period::TreatyYear => "treaty year",
            Period::CalendarYear => "calendar year",
            Period::CalendarMonth => "calendar month",
        })
    }
}

impl Display for OwnAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OwnAct::Signature => "signature",
            OwnAct::Ratification => "ratification",
            OwnAct::Accession => "accession",
            OwnAct::EntryIntoForce => "entry into force",
        })
    }
}

impl Display for Actors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actors::AnyParty => f.write_str("any party"),
            Actors::EachParty => f.write_str("each party"),
            Actors::AllParties => f.write_str("all parties"),
            Actors::Named(name) => f.write_str(&name.value),
        }
    }
}

impl Display for DateOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DateKind::Fixed(date) => write!(f, "{date}"),
            DateKind::Signature => f.write_str("signature"),
            DateKind::EntryIntoForce => f.write_str("entry into force"),
            DateKind::Ratification => f.write_str("ratification"),
            DateKind::Accession => f.write_str("accession"),
            DateKind::End => f.write_str("the end"),
            DateKind::After(duration, date) => write!(f, "{} after {date}", duration.value),
            DateKind::Before(duration, date) => write!(f, "{} before {date}", duration.value),
            DateKind::MonthAfter(date) => write!(f, "the month after {date}"),
            DateKind::Named(name) => f.write_str(name),
        }
    }
}
