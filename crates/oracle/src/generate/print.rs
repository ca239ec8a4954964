//! An agreement as the text that would compile to it.

use std::fmt::Write as _;

use detente_agreement::model::{
    Action, Aggregate, AggregateKind, Agreement, AttributeIndex, AttributeKind, Class, ClassIndex,
    Clause, Condition, DateOf, DateSetter, Deadline, Declared, During, DutyClause, Exception, Expr,
    Filter, Holder, InForce, Measure, NamedDate, Provision, Rule, Schedule, Selector, Subjects,
    Term, Trigger, Window, YearStart,
};
use detente_agreement::syntax::ast::{MonthDay, Operator, OwnAct, Period};
use detente_quantity::Comparison;

/// Why there is no text for an agreement: the language has no words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWords(pub &'static str);

type Printed = Result<String, NoWords>;

/// The agreement as a Markdown file.
///
/// # Errors
/// Where the model can say what the language cannot.
pub fn print(agreement: &Agreement) -> Printed {
    let printer = Printer { agreement };
    let mut out = String::from("# Test\n\n```detente\n");
    out += &printer.head()?;
    for class in &agreement.items {
        out += &printer.class("item", class)?;
    }
    for class in &agreement.events {
        out += &printer.class("event", class)?;
    }
    for zone in &agreement.zones {
        let places: Vec<String> = zone
            .places
            .iter()
            .map(|place| format!("\"{place}\""))
            .collect();
        let _ = writeln!(out, "zone {} = {}", zone.name, places.join(", "));
    }
    for date in &agreement.dates {
        out += &printer.named_date(date)?;
    }
    for measure in &agreement.measures {
        out += &printer.measure(measure)?;
    }
    for provision in &agreement.provisions {
        out += &printer.provision(provision)?;
    }
    for reading in &agreement.readings {
        let by: Vec<String> = reading.by.iter().map(ToString::to_string).collect();
        let by = by.join(", ");
        let by = if reading.proposal {
            format!("[{by}]")
        } else {
            by
        };
        let _ = writeln!(out, "reading {by} \"{}\"", reading.title);
        let mut inner = String::new();
        for (_, date) in &reading.dates {
            inner += &printer.named_date(date)?;
        }
        for (_, measure) in &reading.measures {
            inner += &printer.measure(measure)?;
        }
        for (_, provision) in &reading.provisions {
            inner += &printer.provision(provision)?;
        }
        for line in inner.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    out += "```\n";
    Ok(out)
}

struct Printer<'a> {
    agreement: &'a Agreement,
}

impl Printer<'_> {
    fn names(&self, actors: &[detente_agreement::model::ActorIndex]) -> String {
        let names: Vec<String> = actors
            .iter()
            .map(|actor| self.agreement.actors[actor.index()].name.to_string())
            .collect();
        names.join(", ")
    }

    fn head(&self) -> Printed {
        let life = &self.agreement.life;
        let mut out = format!("agreement \"{}\"\n", self.agreement.title);
        let parties: Vec<_> = self.agreement.parties().collect();
        let _ = writeln!(out, "  parties {}", self.names(&parties));
        for actor in self.agreement.actors.iter().filter(|actor| !actor.party) {
            let _ = writeln!(out, "  bodies {}", actor.name);
        }
        for group in &self.agreement.groups {
            let _ = writeln!(
                out,
                "  group {} = {}",
                group.name,
                self.names(&group.members)
            );
        }
        if let Some(signed) = life.signed {
            let _ = writeln!(out, "  signed {signed}");
        }
        let in_force = match &life.in_force {
            InForce::On(date) => date.to_string(),
            InForce::ByAct => "by an act".to_owned(),
            InForce::When {
                who,
                count,
                ratified,
                later,
            } => {
                let who = match (*who == parties, *count as usize == who.len()) {
                    (true, true) => "all parties".to_owned(),
                    (true, false) => format!("{count} parties"),
                    (false, true) => self.names(who),
                    (false, false) => return Err(NoWords("some of some parties")),
                };
                let done = if *ratified { "ratified" } else { "signed" };
                let later = later.map_or(String::new(), |later| format!(", {later} later"));
                format!("when {who} have {done}{later}")
            }
        };
        let term = match life.term {
            Term::For(length) => format!("for {length}"),
            Term::Until(date) => format!("until {date}"),
            Term::Unlimited => "without limit of time".to_owned(),
        };
        let _ = writeln!(out, "  in force {in_force} {term}");
        if let Some(date) = &life.provisional {
            let _ = writeln!(out, "  applied provisionally from {}", self.date(date));
        }
        if let Some(extension) = life.extension {
            let times = if extension.repeatable {
                "any number of times"
            } else {
                "once"
            };
            let _ = writeln!(
                out,
                "  may be extended by agreement for up to {} {times}",
                extension.up_to
            );
        }
        if let Some(period) = life.withdrawal {
            let _ = writeln!(out, "  withdrawal takes effect {period} after notice");
        }
        if life.accession {
            out += "  open to accession\n";
        }
        match life.year {
            YearStart::EntryIntoForce => {}
            YearStart::MonthDay(day) => {
                let _ = writeln!(out, "  its year begins on {}", month_day(day));
            }
        }
        Ok(out)
    }

    fn class(&self, word: &str, class: &Class) -> Printed {
        let mut out = format!("{word} {}\n", class.name);
        for attribute in &class.attributes {
            let kind = match &attribute.kind {
                AttributeKind::OneOf(values) => {
                    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                    format!("one of {}", values.join(", "))
                }
                AttributeKind::Number(unit) if *unit == detente_quantity::Unit::COUNT => {
                    "count".to_owned()
                }
                AttributeKind::Number(unit) => format!("quantity in {unit}"),
                AttributeKind::Date => "date".to_owned(),
                AttributeKind::Place => "place".to_owned(),
                AttributeKind::Text => "text".to_owned(),
                AttributeKind::Party => "party".to_owned(),
                AttributeKind::YesOrNo => "yes or no".to_owned(),
            };
            let _ = writeln!(out, "  {} {kind}", attribute.name);
        }
        if let Some(schedule) = &class.declared {
            let _ = writeln!(out, "  declared {}", self.schedule(schedule));
        }
        if class.recorded_in_full {
            out += "  recorded in full\n";
        }
        Ok(out)
    }

    fn named_date(&self, date: &NamedDate) -> Printed {
        let parties: Vec<_> = self.agreement.parties().collect();
        let set = match &date.set {
            DateSetter::Is(of) => format!("= {}", self.date(of)),
            DateSetter::Act(actors) if *actors == parties => {
                "is set by an act of any party".to_owned()
            }
            DateSetter::Act(actors) if actors.len() == 1 => {
                format!("is set by an act of {}", self.names(actors))
            }
            DateSetter::Act(_) => return Err(NoWords("an act of some parties")),
            DateSetter::OwnNamed => "is set by an act of each party".to_owned(),
            DateSetter::AllActs(_) => "is set by an act of all parties".to_owned(),
            DateSetter::Own(act) => format!(
                "is set by each party's {}",
                match act {
                    OwnAct::Signature => "signature",
                    OwnAct::Ratification => "ratification",
                    OwnAct::Accession => "accession",
                    OwnAct::EntryIntoForce => "entry into force",
                }
            ),
        };
        Ok(format!("date {} {set}\n", date.name))
    }

    fn date(&self, date: &DateOf) -> String {
        match date {
            DateOf::Fixed(date) => date.to_string(),
            DateOf::Signature => "signature".to_owned(),
            DateOf::EntryIntoForce => "entry into force".to_owned(),
            DateOf::Ratification => "ratification".to_owned(),
            DateOf::Accession => "accession".to_owned(),
            DateOf::End => "the end".to_owned(),
            DateOf::After(length, of) => format!("{length} after {}", self.date(of)),
            DateOf::Before(length, of) => format!("{length} before {}", self.date(of)),
            DateOf::MonthAfter(of) => format!("the month after {}", self.date(of)),
            DateOf::Named(index) => self.agreement.dates[index.index()].name.to_string(),
        }
    }

    fn schedule(&self, schedule: &Schedule) -> String {
        let from = |from: &Option<DateOf>| {
            from.as_ref()
                .map_or(String::new(), |from| format!(" from {}", self.date(from)))
        };
        match schedule {
            Schedule::Every(length, start) => format!("every {length}{}", from(start)),
            Schedule::AsOf(days, start) => {
                let days: Vec<String> = days.iter().map(|day| month_day(*day)).collect();
                format!("as of {}{}", days.join(" and "), from(start))
            }
            Schedule::Each(period) => format!("in each {}", period_words(*period)),
        }
    }

    fn measure(&self, measure: &Measure) -> Printed {
        let unit = if measure.unit == detente_quantity::Unit::COUNT {
            String::new()
        } else {
            format!(" in {}", measure.unit)
        };
        let formula = match &measure.formula {
            Some(formula) => format!(" = {}", self.expr(formula, &measure.unit)?),
            None => String::new(),
        };
        let declared = measure.declared.as_ref().map_or(String::new(), |schedule| {
            format!(" declared {}", self.schedule(schedule))
        });
        Ok(format!(
            "measure {}{unit}{formula}{declared}\n",
            measure.name
        ))
    }

    fn expr(&self, expr: &Expr, unit: &detente_quantity::Unit) -> Printed {
        let inner = |expr: &Expr| self.factor(expr, unit);
        Ok(match expr {
            Expr::Number(number) if *unit == detente_quantity::Unit::COUNT => number.to_string(),
            Expr::Number(number) => format!("{number} {unit}"),
            Expr::Measure(index, holder) => {
                let name = &self.agreement.measures[index.index()].name;
                format!("{name}{}", self.of(*holder)?)
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate)?,
            Expr::Share(part, whole) => {
                let count = detente_quantity::Unit::COUNT;
                format!(
                    "share of {} in {}",
                    self.factor(part, &count)?,
                    self.factor(whole, &count)?
                )
            }
            Expr::Growth(of, over) => {
                let count = detente_quantity::Unit::COUNT;
                format!("growth of {} over {over}", self.factor(of, &count)?)
            }
            Expr::On(of, date) => format!("{} on {}", inner(of)?, self.date(date)),
            Expr::Binary(Operator::Multiply, left, right) => match &**left {
                Expr::Number(number) => format!("{number} * {}", inner(right)?),
                _ => return Err(NoWords("a product without a constant")),
            },
            Expr::Binary(Operator::Divide, left, right) => match &**right {
                Expr::Number(number) => format!("{} / {number}", inner(left)?),
                _ => return Err(NoWords("a quotient without a constant")),
            },
            Expr::Binary(operator, left, right) => {
                let sign = match operator {
                    Operator::Add => "+",
                    _ => "-",
                };
                format!("{} {sign} {}", inner(left)?, inner(right)?)
            }
            Expr::Smaller(left, right) => {
                format!("the smaller of {} and {}", inner(left)?, inner(right)?)
            }
            Expr::Larger(left, right) => {
                format!("the larger of {} and {}", inner(left)?, inner(right)?)
            }
            Expr::Round(up, of, multiple) => {
                let word = if *up { "round up" } else { "round down" };
                format!("{word} {} to {multiple}", inner(of)?)
            }
            Expr::LimitIn(provision) => {
                format!(
                    "the limit in {}",
                    self.agreement.provisions[provision.index()].id
                )
            }
            Expr::Bracket(..) => return Err(NoWords("brackets are not printed")),
        })
    }

    /// An expression in parentheses, unless it is a single word or number.
    fn factor(&self, expr: &Expr, unit: &detente_quantity::Unit) -> Printed {
        let text = self.expr(expr, unit)?;
        Ok(match expr {
            Expr::Number(_) | Expr::Measure(_, Holder::Subject) => text,
            _ => format!("({text})"),
        })
    }

    fn of(&self, holder: Holder) -> Printed {
        Ok(match holder {
            Holder::Subject => String::new(),
            Holder::Actor(actor) => format!(" of {}", self.agreement.actors[actor.index()].name),
            Holder::Group(group) => format!(" of {}", self.agreement.groups[group.index()].name),
            Holder::Other => " of the other".to_owned(),
            Holder::Others | Holder::Any => return Err(NoWords("of others")),
        })
    }

    fn class_of(&self, class: ClassIndex) -> &Class {
        match class {
            ClassIndex::Item(item) => &self.agreement.items[item.index()],
            ClassIndex::Event(event) => &self.agreement.events[event.index()],
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Printed {
        let class = self.class_of(aggregate.of.class);
        let attribute = |attribute: AttributeIndex| &class.attributes[attribute.index()].name;
        let what = match aggregate.kind {
            AggregateKind::Number => "number of".to_owned(),
            AggregateKind::Total(of) => format!("total {} of", attribute(of)),
            AggregateKind::Largest(of) => format!("largest {} of", attribute(of)),
            AggregateKind::Smallest(of) => format!("smallest {} of", attribute(of)),
        };
        let window = match &aggregate.window {
            None => String::new(),
            Some(Window::Ever) => return Err(NoWords("events of all time")),
            Some(Window::Each(period)) => format!(" in each {}", period_words(*period)),
            Some(Window::Any(length)) => format!(" in any {length}"),
            Some(Window::Since(date)) => format!(" since {}", self.date(date)),
        };
        Ok(format!(
            "{what} {}{window}",
            self.selector(&aggregate.of, true)?
        ))
    }

    /// A selection with its rank and qualifiers; `makers`: whose it is is said.
    fn selector(&self, of: &Selector, makers: bool) -> Printed {
        let class = self.class_of(of.class);
        let mut out = String::new();
        if let Some(rank) = of.rank.filter(|rank| !rank.beyond) {
            let _ = write!(out, "first {} ", rank.count);
        }
        out += &class.plural;
        if let Some(rank) = of.rank {
            if rank.beyond {
                let _ = write!(out, " beyond the first {}", rank.count);
            }
            if let Some((by, falling)) = rank.by {
                let way = if falling { "falling" } else { "rising" };
                let _ = write!(out, " by {} {way}", class.attributes[by.index()].name);
            }
        }
        if makers {
            out += &match (of.class, of.by, of.toward) {
                (ClassIndex::Item(_), holder, None) => self.of(holder)?,
                (ClassIndex::Event(_), Holder::Subject, None) => " it makes".to_owned(),
                (ClassIndex::Event(_), Holder::Any, Some(Holder::Subject)) => {
                    " it receives".to_owned()
                }
                (ClassIndex::Event(_), Holder::Actor(actor), None) => {
                    format!(" made by {}", self.agreement.actors[actor.index()].name)
                }
                _ => return Err(NoWords("whose")),
            };
        }
        if of.filter != Filter::All {
            let _ = write!(out, " where {}", self.filter(&of.filter, class)?);
        }
        Ok(out)
    }

    fn filter(&self, filter: &Filter, class: &Class) -> Printed {
        let many = |all: &[Filter], word: &str| -> Printed {
            let parts: Result<Vec<String>, NoWords> = all
                .iter()
                .map(|filter| Ok(format!("({})", self.filter(filter, class)?)))
                .collect();
            Ok(parts?.join(word))
        };
        let named = |attribute: &AttributeIndex| class.attributes[attribute.index()].name.clone();
        Ok(match filter {
            Filter::All => return Err(NoWords("everything")),
            Filter::And(all) => many(all, " and ")?,
            Filter::Or(any) => many(any, " or ")?,
            Filter::Not(not) => format!("not ({})", self.filter(not, class)?),
            Filter::OneOf(attribute, values) => match &class.attributes[attribute.index()].kind {
                AttributeKind::OneOf(names) => {
                    let values: Vec<String> = values
                        .iter()
                        .map(|value| names[value.index()].to_string())
                        .collect();
                    match values.as_slice() {
                        [value] => format!("{} is {value}", named(attribute)),
                        _ => format!("{} is one of {}", named(attribute), values.join(", ")),
                    }
                }
                _ => named(attribute).to_string(),
            },
            Filter::Compare(attribute, comparison, number) => {
                let unit = match &class.attributes[attribute.index()].kind {
                    AttributeKind::Number(unit) if *unit != detente_quantity::Unit::COUNT => {
                        format!(" {unit}")
                    }
                    _ => String::new(),
                };
                format!(
                    "{} {} {number}{unit}",
                    named(attribute),
                    comparison.symbol()
                )
            }
            Filter::Text(attribute, name) => format!("{} is {name}", named(attribute)),
            Filter::InZone(attribute, zone) => format!(
                "{} in {}",
                named(attribute),
                self.agreement.zones[zone.index()].name
            ),
            Filter::Date(attribute, Comparison::Less, date) => {
                format!("{} before {}", named(attribute), self.date(date))
            }
            Filter::Date(attribute, Comparison::Greater, date) => {
                format!("{} after {}", named(attribute), self.date(date))
            }
            Filter::Date(..) => return Err(NoWords("a date compared otherwise")),
            Filter::Aged(attribute, length) => {
                format!("{} at least {length} ago", named(attribute))
            }
            Filter::Party(attribute, Holder::Subject) => format!("{} is it", named(attribute)),
            Filter::Party(attribute, Holder::Actor(actor)) => format!(
                "{} is {}",
                named(attribute),
                self.agreement.actors[actor.index()].name
            ),
            Filter::Party(..) => return Err(NoWords("another's")),
        })
    }

    fn condition(&self, condition: &Condition) -> Printed {
        let many = |all: &[Condition], word: &str| -> Printed {
            let parts: Result<Vec<String>, NoWords> = all
                .iter()
                .map(|condition| Ok(format!("({})", self.condition(condition)?)))
                .collect();
            Ok(parts?.join(word))
        };
        Ok(match condition {
            Condition::And(all) => many(all, " and ")?,
            Condition::Or(any) => many(any, " or ")?,
            Condition::Not(not) => format!("not ({})", self.condition(not)?),
            Condition::Compare(left, comparison, right) => {
                let unit = self.unit_of(left);
                format!(
                    "{} {} {}",
                    self.expr(left, &unit)?,
                    comparison.symbol(),
                    self.expr(right, &unit)?
                )
            }
        })
    }

    /// The unit of an expression, as far as generated ones go.
    fn unit_of(&self, expr: &Expr) -> detente_quantity::Unit {
        use detente_quantity::Unit;
        match expr {
            Expr::Measure(index, _) => self.agreement.measures[index.index()].unit.clone(),
            Expr::Aggregate(aggregate) => match aggregate.kind {
                AggregateKind::Number => Unit::COUNT,
                AggregateKind::Total(attribute)
                | AggregateKind::Largest(attribute)
                | AggregateKind::Smallest(attribute) => {
                    match &self.class_of(aggregate.of.class).attributes[attribute.index()].kind {
                        AttributeKind::Number(unit) => unit.clone(),
                        _ => Unit::COUNT,
                    }
                }
            },
            Expr::Share(..) | Expr::Growth(..) => Unit::PERCENT,
            Expr::On(of, _) | Expr::Round(_, of, _) => self.unit_of(of),
            Expr::Binary(Operator::Multiply, _, of) => self.unit_of(of),
            Expr::Binary(_, left, right)
            | Expr::Smaller(left, right)
            | Expr::Larger(left, right) => {
                let left = self.unit_of(left);
                if left == Unit::COUNT {
                    self.unit_of(right)
                } else {
                    left
                }
            }
            Expr::LimitIn(index) => match &self.agreement.provisions[index.index()].rule {
                Rule::Limit(clauses) => clauses[0].unit.clone(),
                _ => Unit::COUNT,
            },
            Expr::Number(_) | Expr::Bracket(..) => Unit::COUNT,
        }
    }

    fn subjects(&self, subjects: &Subjects) -> String {
        let parties: Vec<_> = self.agreement.parties().collect();
        match subjects {
            Subjects::Each(actors) if *actors == parties => "each party".to_owned(),
            Subjects::Each(actors) => self.names(actors),
            Subjects::Groups(_) => "each group".to_owned(),
            Subjects::Together => "all parties together".to_owned(),
            Subjects::Pairs => "each pair of parties".to_owned(),
        }
    }

    fn during(&self, during: &During) -> String {
        let mut out = String::new();
        if let Some(from) = &during.from {
            let _ = write!(out, " from {}", self.date(from));
        }
        if let Some((until, included)) = &during.until {
            let word = if *included { "through" } else { "until" };
            let _ = write!(out, " {word} {}", self.date(until));
        }
        out
    }

    fn provision(&self, provision: &Provision) -> Printed {
        let (word, rule) = match &provision.rule {
            Rule::Limit(clauses) => ("limit", self.clauses(clauses)?),
            Rule::Right(clauses) => ("right", self.clauses(clauses)?),
            Rule::Watch(clauses) => ("watch", self.clauses(clauses)?),
            Rule::Duty(clauses) => {
                let clauses: Result<Vec<String>, NoWords> =
                    clauses.iter().map(|clause| self.duty(clause)).collect();
                ("duty", clauses?.concat())
            }
        };
        let mut out = format!("{word} {} \"{}\"\n{rule}", provision.id, provision.title);
        for Exception {
            label,
            title,
            condition,
        } in &provision.exceptions
        {
            let label = label
                .as_ref()
                .map_or(String::new(), |label| format!("{label} "));
            let _ = writeln!(
                out,
                "  unless {label}\"{title}\": {}",
                self.condition(condition)?
            );
        }
        Ok(out)
    }

    fn clauses(&self, clauses: &[Clause]) -> Printed {
        let mut out = String::new();
        for clause in clauses {
            let _ = write!(
                out,
                "  {}: {} {}",
                self.subjects(&clause.subjects),
                self.expr(&clause.value, &clause.unit)?,
                clause.comparison.symbol()
            );
            for row in &clause.rows {
                if clause.rows.len() > 1 {
                    out += "\n   ";
                }
                let _ = write!(
                    out,
                    " {}{}",
                    self.expr(&row.bound, &clause.unit)?,
                    self.during(&row.during)
                );
            }
            out += "\n";
        }
        Ok(out)
    }

    fn duty(&self, clause: &DutyClause) -> Printed {
        let trigger = match &clause.trigger {
            Trigger::Event(of) => Some(format!(
                "{} makes a {}",
                self.maker(of)?,
                self.selector(of, false)?
            )),
            Trigger::Notice(of) => Some(format!(
                "{} gives notice of a {}",
                self.maker(of)?,
                self.selector(of, false)?
            )),
            Trigger::Change(of, attributes) if of.by == Holder::Subject => {
                let class = self.class_of(of.class);
                let names: Vec<String> = attributes
                    .iter()
                    .map(|attribute| class.attributes[attribute.index()].name.to_string())
                    .collect();
                Some(format!(
                    "one of its {} changes {}",
                    self.selector(of, false)?,
                    names.join(" or ")
                ))
            }
            Trigger::Count(of, enters) if of.by == Holder::Subject => Some(format!(
                "one of its {} {} the count",
                self.selector(of, false)?,
                if *enters { "enters" } else { "leaves" }
            )),
            Trigger::Change(..) | Trigger::Count(..) => return Err(NoWords("another's item")),
            Trigger::Becomes(condition) => {
                Some(format!("{} becomes true", self.condition(condition)?))
            }
            Trigger::Once(_) | Trigger::Each(_) => None,
        };
        let action = match &clause.action {
            Action::Declare(Holder::Subject, things) => {
                let things: Vec<String> = things
                    .iter()
                    .map(|thing| match thing {
                        Declared::Item(item) => self.agreement.items[item.index()].plural.clone(),
                        Declared::Measure(measure) => {
                            self.agreement.measures[measure.index()].name.to_string()
                        }
                    })
                    .collect();
                format!("it declares {}", things.join(", "))
            }
            Action::NoticeOfTrigger(Holder::Subject) => match &clause.trigger {
                Trigger::Event(of) | Trigger::Notice(of) => {
                    format!("it gives notice of that {}", self.class_of(of.class).name)
                }
                _ => "it gives notice of that change".to_owned(),
            },
            Action::Notice(Holder::Subject, of) => {
                format!("it gives notice of a {}", self.selector(of, true)?)
            }
            Action::Make(..)
                if matches!(
                    clause.trigger,
                    Trigger::Event(_) | Trigger::Notice(_) | Trigger::Becomes(_)
                ) =>
            {
                return Err(NoWords("it makes, after a selection of events"));
            }
            Action::Make(of, count) if of.by == Holder::Subject => {
                let count = if *count == 1 {
                    "a".to_owned()
                } else {
                    count.to_string()
                };
                format!("it makes {count} {}", self.selector(of, false)?)
            }
            Action::Act(Holder::Subject, name) => format!("it acts \"{name}\""),
            _ => return Err(NoWords("another's deed")),
        };
        if let Trigger::Each(Schedule::Every(_, None) | Schedule::AsOf(_, None)) = clause.trigger
            && clause.during.from.is_some()
        {
            return Err(NoWords("a start that would be the schedule's"));
        }
        let schedule = match &clause.trigger {
            Trigger::Each(schedule) => match (schedule, &clause.action) {
                (Schedule::AsOf(_, None), Action::Declare(..))
                | (
                    Schedule::Every(..) | Schedule::Each(_),
                    Action::Declare(..) | Action::Make(..),
                ) => format!(" {}", self.schedule(schedule)),
                _ => return Err(NoWords("a schedule of such deeds")),
            },
            _ => String::new(),
        };
        let date = match &clause.trigger {
            Trigger::Once(date) => Some(self.date(date)),
            _ => None,
        };
        let deadline = match (&clause.deadline, date) {
            (Deadline::Within(length), None) => format!(" within {length}"),
            (Deadline::Within(length), Some(date)) => format!(" within {length} after {date}"),
            (Deadline::AtLeastBefore(length), None) => format!(" at least {length} before"),
            (Deadline::AtLeastBefore(length), Some(date)) => {
                format!(" at least {length} before {date}")
            }
            (Deadline::Between(one, other), Some(date)) => {
                format!(" between {one} and {other} after {date}")
            }
            (Deadline::Between(..), None) => return Err(NoWords("between after no date")),
            (Deadline::SameDay, None) => " on the same day".to_owned(),
            (Deadline::SameDay, Some(_)) => return Err(NoWords("the same day as a date")),
            (Deadline::ByThen, None) => String::new(),
            (Deadline::ByThen, Some(date)) => format!(" by {date}"),
        };
        let whenever = trigger.map_or(String::new(), |trigger| format!("whenever {trigger}\n    "));
        Ok(format!(
            "  {}: {whenever}{action}{schedule}{deadline}{}\n",
            self.subjects(&clause.subjects),
            self.during(&clause.during)
        ))
    }

    fn maker(&self, of: &Selector) -> Printed {
        match (of.by, of.toward) {
            (Holder::Subject, None) => Ok("it".to_owned()),
            (Holder::Others, None) => Ok("another party".to_owned()),
            (Holder::Actor(actor), None) => {
                Ok(self.agreement.actors[actor.index()].name.to_string())
            }
            _ => Err(NoWords("such a maker")),
        }
    }
}

fn period_words(period: Period) -> &'static str {
    match period {
        Period::TreatyYear => "treaty year",
        Period::CalendarYear => "calendar year",
        Period::CalendarMonth => "calendar month",
    }
}

fn month_day(day: MonthDay) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {}", day.day, MONTHS[usize::from(day.month) - 1])
}
