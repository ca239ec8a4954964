//! Provisions and duties as text.

use super::super::ast::*;
use super::expression::ends_open;
use super::{Out, list, month_days};
use std::fmt::{self, Display};

pub(super) fn write(out: Out<'_>, word: &str, provision: &Provision, indent: usize) -> fmt::Result {
    header(out, word, provision.label.as_ref(), &provision.title)?;
    for clause in &provision.clauses {
        write!(out, "{:indent$}  {}: ", "", clause.subject.value)?;
        if ends_open(&clause.value) {
            write!(out, "({})", clause.value)?;
        } else {
            write!(out, "{}", clause.value)?;
        }
        write!(out, " {}", clause.comparison.value.symbol())?;
        let table = clause.rows.len() > 1;
        let each = clause
            .each
            .as_ref()
            .map_or(String::new(), |each| format!(" for each {}", each.value));
        if table {
            write!(out, "{each}")?;
        }
        for row in &clause.rows {
            if table {
                write!(out, "\n{:indent$}    {}", "", row.bound)?;
            } else {
                write!(out, " {}{each}", row.bound)?;
            }
            timing(out, &row.timing)?;
        }
        writeln!(out)?;
    }
    notes(out, &provision.notes, indent)
}

pub(super) fn write_duty(out: Out<'_>, duty: &Duty, indent: usize) -> fmt::Result {
    header(out, "duty", duty.label.as_ref(), &duty.title)?;
    for clause in &duty.clauses {
        write!(out, "{:indent$}  {}: ", "", clause.subject.value)?;
        if let Some(trigger) = &clause.trigger {
            write!(out, "whenever {}\n{:indent$}    ", trigger.value, "")?;
        }
        write!(out, "{}", clause.action.value)?;
        if let Some(deadline) = &clause.deadline {
            write!(out, " {}", deadline.value)?;
        }
        if let Some(otherwise) = &clause.otherwise {
            write!(out, "\n{:indent$}    else \"{}\"", "", otherwise.value)?;
        }
        timing(out, &clause.timing)?;
        writeln!(out)?;
    }
    notes(out, &duty.notes, indent)
}

fn header(out: Out<'_>, word: &str, label: Option<&Words>, title: &Words) -> fmt::Result {
    match label {
        Some(label) => writeln!(out, "{word} {} \"{}\"", label.value, title.value),
        None => writeln!(out, "{word} \"{}\"", title.value),
    }
}

fn notes(out: Out<'_>, notes: &Notes, indent: usize) -> fmt::Result {
    for exception in &notes.exceptions {
        write!(out, "{:indent$}  unless ", "")?;
        if let Some(label) = &exception.label {
            write!(out, "{} ", label.value)?;
        }
        writeln!(
            out,
            "\"{}\": {}",
            exception.title.value, exception.condition
        )?;
    }
    if let Some(because) = &notes.because {
        writeln!(out, "{:indent$}  because \"{}\"", "", because.value)?;
    }
    if let Some(cite) = &notes.cite {
        writeln!(out, "{:indent$}  cite \"{}\"", "", cite.value)?;
    }
    Ok(())
}

fn timing(out: Out<'_>, timing: &[Spanned<Timing>]) -> fmt::Result {
    for timing in timing {
        write!(out, " {}", timing.value)?;
    }
    Ok(())
}

impl Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timing::From(date) => write!(f, "from {date}"),
            Timing::Until(date) => write!(f, "until {date}"),
            Timing::Through(date) => write!(f, "through {date}"),
            Timing::On(date) => write!(f, "on {date}"),
            Timing::For(duration, date) => write!(f, "for {} from {date}", duration.value),
        }
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::EachParty { but } if but.is_empty() => f.write_str("each party"),
            Subject::EachParty { but } => write!(f, "each party but {}", list(but)),
            Subject::EachGroup => f.write_str("each group"),
            Subject::Together => f.write_str("all parties together"),
            Subject::EachPair => f.write_str("each pair of parties"),
            Subject::Named(names) => f.write_str(&list(names)),
        }
    }
}

impl Display for Doer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doer::It => f.write_str("it"),
            Doer::AnyParty => f.write_str("a party"),
            Doer::AnotherParty => f.write_str("another party"),
            Doer::Named(name) => f.write_str(&name.value),
        }
    }
}

impl Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trigger::Event(doer, event) => write!(f, "{doer} makes {}", Indefinite(event)),
            Trigger::Notice(doer, event) => {
                write!(f, "{doer} gives notice of {}", Indefinite(event))
            }
            Trigger::Change(items, attributes) => {
                let attributes: Vec<&str> =
                    attributes.iter().map(|name| name.value.as_str()).collect();
                write!(f, "one of its {items} changes {}", attributes.join(" or "))
            }
            Trigger::Count(items, true) => write!(f, "one of its {items} enters the count"),
            Trigger::Count(items, false) => write!(f, "one of its {items} leaves the count"),
            Trigger::Becomes(condition) => write!(f, "{condition} becomes true"),
        }
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Declares {
                doer,
                things,
                as_of,
                schedule,
            } => {
                write!(f, "{doer} declares {}", list(things))?;
                match as_of {
                    Some(AsOf::Days(days)) => write!(f, " as of {}", month_days(days))?,
                    Some(AsOf::Date(date)) => write!(f, " as of {date}")?,
                    None => {}
                }
                match schedule {
                    Some(schedule) => write!(f, " {schedule}"),
                    None => Ok(()),
                }
            }
            Action::NoticeOfTrigger { doer } => write!(f, "{doer} gives notice of that change"),
            Action::Notice { doer, of } => write!(f, "{doer} gives notice of {}", Indefinite(of)),
            Action::Makes {
                doer,
                event,
                count,
                schedule,
            } => {
                if *count == 1 {
                    write!(f, "{doer} makes {}", Indefinite(event))?;
                } else {
                    write!(f, "{doer} makes {count} {event}")?;
                }
                match schedule {
                    Some(schedule) => write!(f, " {schedule}"),
                    None => Ok(()),
                }
            }
            Action::Acts { doer, act } => write!(f, "{doer} acts \"{}\"", act.value),
        }
    }
}

/// A selector with an article before it.
struct Indefinite<'a>(&'a Selector);

impl Display for Indefinite<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vowel = self.0.words.value.starts_with(['a', 'e', 'i', 'o', 'u']);
        write!(f, "{} {}", if vowel { "an" } else { "a" }, self.0)
    }
}

impl Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deadline::Within(duration, None) => write!(f, "within {}", duration.value),
            Deadline::Within(duration, Some(date)) => {
                write!(f, "within {} after {date}", duration.value)
            }
            Deadline::AtLeastBefore(duration, None) => {
                write!(f, "at least {} before", duration.value)
            }
            Deadline::AtLeastBefore(duration, Some(date)) => {
                write!(f, "at least {} before {date}", duration.value)
            }
            Deadline::Between(first, second, date) => {
                write!(
                    f,
                    "between {} and {} after {date}",
                    first.value, second.value
                )
            }
            Deadline::By(date) => write!(f, "by {date}"),
            Deadline::SameDay => f.write_str("on the same day"),
        }
    }
}
