//! Dates, durations, timings, schedules.

use super::{Failed, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{DateKind, DateOf, MonthDay, Period, Schedule, Spanned, Timing};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;
use detente_quantity::{Date, Decimal, Duration};

const UNITS_OF_TIME: [&str; 10] = [
    "hours", "days", "weeks", "months", "years", "hour", "day", "week", "month", "year",
];

const DURATION_EXAMPLE: &str = "45 days, 6 months, 10 years";

impl Parser<'_> {
    /// A date as a token.
    pub(super) fn date(&mut self, what: &str, example: &str) -> Parsed<Spanned<Date>> {
        if self.kind() != Some(SyntaxKind::Date) {
            if self.kind() == Some(SyntaxKind::Number) || self.month_at(0).is_some() {
                let span = self.here();
                let mut report = Diagnostic::error(
                    "E0210",
                    span.clone(),
                    format!("{what} is written year-month-day"),
                )
                .label("not a date as the language writes it")
                .help(format!("for example: {example}"));
                if let Some((date, count)) = self.date_in_words() {
                    report = report.replace(self.place_ahead(count), date.to_string());
                    self.report(report);
                    for _ in 0..count {
                        self.bump_any();
                    }
                    let span = self.since(span.start);
                    return Ok(Spanned { value: date, span });
                }
                return self.fail(report);
            }
            return self.fail_missing(what, example);
        }
        let span = self.here();
        let value = date_or_nearest(self.text_at(0));
        self.bump_any();
        match value {
            Some(value) => Ok(Spanned { value, span }),
            // The lexer has reported it.
            None => Err(Failed),
        }
    }

    /// `5 February 2018`, `February 5, 2018`: what was meant, and how many words it takes.
    fn date_in_words(&self) -> Option<(Date, usize)> {
        let (day, month, mut year) = if let Some(month) = self.month_at(1) {
            (0, month, 2)
        } else {
            (1, self.month_at(0)?, 2)
        };
        if self.kind_at(year) == Some(SyntaxKind::Comma) {
            year += 1;
        }
        let date = Date::from_ymd(
            self.text_at(year).parse().ok()?,
            month,
            self.text_at(day).parse().ok()?,
        )?;
        Some((date, year + 1))
    }

    /// The month named by the word so far ahead.
    fn month_at(&self, ahead: usize) -> Option<u8> {
        if self.kind_at(ahead) != Some(SyntaxKind::Word) {
            return None;
        }
        words::month(self.text_at(ahead))
    }

    /// Whether a duration is next: a number and a unit of time.
    pub(super) fn is_duration(&self) -> bool {
        self.kind() == Some(SyntaxKind::Number)
            && self.kind_at(1) == Some(SyntaxKind::Word)
            && words::is_any(self.text_at(1), &UNITS_OF_TIME)
    }

    /// `45 days`.
    pub(super) fn duration(&mut self) -> Parsed<Spanned<Duration>> {
        self.node(SyntaxKind::Duration, |p| {
            let start = p.here().start;
            if p.kind() == Some(SyntaxKind::Word) && glued_duration(p.text_at(0)) {
                let span = p.here();
                let written = p.text_at(0);
                let digits = written.trim_end_matches(|c: char| !c.is_ascii_digit());
                let unit = &written[digits.len()..];
                return p.fail(
                    Diagnostic::error("E0211", span.clone(), "a number and its unit stand apart")
                        .label(format!("write `{digits} {}`", unit.trim_start_matches('-')))
                        .replace(span, format!("{digits} {}", unit.trim_start_matches('-'))),
                );
            }
            if p.kind() == Some(SyntaxKind::Word) && words::is_any(p.text_at(0), &UNITS_OF_TIME) {
                let span = p.here();
                let unit = p.text_at(0);
                return p.fail(
                    Diagnostic::error("E0212", span.clone(), format!("how many {}s?", unit.trim_end_matches('s')))
                        .label(format!("write `1 {unit}`"))
                        .replace(span, format!("1 {unit}")),
                );
            }
            let number = p.number("a length of time", DURATION_EXAMPLE)?;
            let at_end = p.at_line_start() || p.kind() != Some(SyntaxKind::Word);
            let unit = if at_end {
                None
            } else {
                p.eat_nearly(&UNITS_OF_TIME)
            };
            let Some(unit) = unit else {
                let span = number.span.clone();
                return p.fail(
                    Diagnostic::error(
                        "E0212",
                        span,
                        format!("{} of what? a length of time needs its unit", number.value),
                    )
                    .label("hours, days, weeks, months or years")
                    .help(format!("for example: {DURATION_EXAMPLE}")),
                );
            };
            match length(number.value, unit) {
                Some(value) => Ok(Spanned {
                    value,
                    span: p.since(start),
                }),
                None => {
                    let span = p.since(start);
                    p.fail(
                        Diagnostic::error(
                            "E0213",
                            span,
                            format!(
                                "{} {unit} is not a whole number of hours, days or months that can be reckoned with",
                                number.value
                            ),
                        )
                        .help("write it in a smaller unit, such as 36 hours for one day and a half"),
                    )
                }
            }
        })
    }

    /// A date, fixed or reckoned.
    pub(super) fn date_of(&mut self, after: &str) -> Parsed<DateOf> {
        self.deeper(|p| {
            p.node(SyntaxKind::DateOf, |p| {
                let start = p.here().start;
                let kind = p.date_kind(after)?;
                Ok(DateOf {
                    span: p.since(start),
                    kind,
                })
            })
        })
    }

    fn date_kind(&mut self, after: &str) -> Parsed<DateKind> {
        let example = format!(
            "{after} 2018-02-05, {after} entry into force, {after} 7 years after entry into force"
        );
        if self.kind() == Some(SyntaxKind::Date) || self.date_in_words().is_some() {
            return Ok(DateKind::Fixed(self.date("a date", &example)?.value));
        }
        if self.kind() == Some(SyntaxKind::Number) {
            if self.kind_at(1) != Some(SyntaxKind::Word) && self.text_at(0).len() == 4 {
                let span = self.here();
                let year = self.text_at(0);
                return self.fail(
                    Diagnostic::error(
                        "E0210",
                        span.clone(),
                        format!("`{year}` is a year, not a date"),
                    )
                    .label("which day of it?")
                    .help(format!("for example: {after} {year}-01-01")),
                );
            }
            if self.month_at(1).is_some() {
                let span = self.place_ahead(2);
                return self.fail(
                    Diagnostic::error(
                        "E0210",
                        span,
                        "a day of the year is no date: of which year?",
                    )
                    .help(format!("for example: {after} 2018-03-01")),
                );
            }
            let duration = self.duration()?;
            if self.eat("after") {
                return Ok(DateKind::After(duration, Box::new(self.date_of("after")?)));
            }
            if self.eat("before") {
                return Ok(DateKind::Before(
                    duration,
                    Box::new(self.date_of("before")?),
                ));
            }
            return self.fail_missing("`after` or `before` and a date", &example);
        }
        for (phrase, kind) in [
            ("signature", DateKind::Signature),
            ("entry into force", DateKind::EntryIntoForce),
            ("ratification", DateKind::Ratification),
            ("accession", DateKind::Accession),
            ("the end", DateKind::End),
        ] {
            let words = phrase.split(' ').count();
            // A longer name may begin with one of these words.
            if self.is(phrase)
                && (phrase == "the end"
                    || !self.is_name_at(words)
                    || self.first_on_line_at(words)
                    || self.rule_at(words))
            {
                self.eat(phrase);
                return Ok(kind);
            }
        }
        if self.eat("the month after") {
            return Ok(DateKind::MonthAfter(Box::new(
                self.date_of("the month after")?,
            )));
        }
        let name = self.names_until("a date", &example, Self::rule_from)?;
        Ok(DateKind::Named(name.value))
    }

    fn rule_from(&self, ahead: usize) -> bool {
        self.rule_at(ahead)
    }

    /// Whether something that can begin a date is next on this line.
    pub(super) fn is_date_of(&self) -> bool {
        !self.at_line_start()
            && (matches!(self.kind(), Some(SyntaxKind::Date | SyntaxKind::Number))
                || self.is_name_at(0)
                || self.is("the end")
                || self.is("the month after"))
    }

    /// Any number of timings.
    pub(super) fn timing(&mut self) -> Parsed<Vec<Spanned<Timing>>> {
        let mut timing = Vec::new();
        while let Some(next) = self.one_timing()? {
            timing.push(next);
        }
        Ok(timing)
    }

    fn one_timing(&mut self) -> Parsed<Option<Spanned<Timing>>> {
        let start = self.here().start;
        let is_for = self.is("for")
            && (self.kind_at(1) == Some(SyntaxKind::Number) || glued_duration(self.text_at(1)));
        if !(is_for
            || ["from", "until", "through", "on"]
                .iter()
                .any(|word| self.is(word)))
        {
            let typo = !self.at_line_start()
                && self.misspelled(&["from", "until", "through"])
                && matches!(self.kind_at(1), Some(SyntaxKind::Date | SyntaxKind::Number));
            if !typo {
                return Ok(None);
            }
        }
        let timing = self.node(SyntaxKind::Timing, |p| {
            Ok(
                match p.eat_nearly(&["from", "until", "through", "on", "for"]) {
                    Some("from") => Timing::From(p.date_of("from")?),
                    Some("until") => Timing::Until(p.date_of("until")?),
                    Some("through") => Timing::Through(p.date_of("through")?),
                    Some("on") => Timing::On(p.date_of("on")?),
                    _ => {
                        let duration = p.duration()?;
                        p.expect("from", "for 15 years from 2016-01-16")?;
                        Timing::For(duration, p.date_of("from")?)
                    }
                },
            )
        })?;
        Ok(Some(Spanned {
            value: timing,
            span: self.since(start),
        }))
    }

    /// Whether a schedule is next.
    pub(super) fn is_schedule(&self) -> bool {
        self.is("every") || self.is("as of") || self.is("in each")
    }

    /// `every 6 months from …`, `as of 1 March and 1 September`, `in each treaty year`.
    pub(super) fn schedule(&mut self) -> Parsed<Spanned<Schedule>> {
        let start = self.here().start;
        let value = self.node(SyntaxKind::Schedule, |p| {
            if p.eat("every") {
                let duration = p.duration()?;
                return Ok(Schedule::Every(duration, p.schedule_start()?));
            }
            if p.eat("as of") {
                let days = p.month_days()?;
                return Ok(Schedule::AsOf(days, p.schedule_start()?));
            }
            if p.eat("in each") {
                return Ok(Schedule::Each(p.period()?));
            }
            p.fail_missing(
                "how often",
                "every 6 months, as of 1 March and 1 September, in each calendar year",
            )
        })?;
        Ok(Spanned {
            value,
            span: self.since(start),
        })
    }

    fn schedule_start(&mut self) -> Parsed<Option<DateOf>> {
        if self.eat("from") {
            return Ok(Some(self.date_of("from")?));
        }
        Ok(None)
    }

    /// `1 March and 1 September`
    pub(super) fn month_days(&mut self) -> Parsed<Vec<MonthDay>> {
        let mut days = vec![self.month_day()?.value];
        while self.eat("and") {
            days.push(self.month_day()?.value);
        }
        Ok(days)
    }

    /// `1 March`
    pub(super) fn month_day(&mut self) -> Parsed<Spanned<MonthDay>> {
        let start = self.here().start;
        let example = "1 March";
        if self.month_at(0).is_some() && self.kind_at(1) == Some(SyntaxKind::Number) {
            let span = self.place_ahead(2);
            let mended = format!("{} {}", self.text_at(1), self.text_at(0));
            return self.fail(
                Diagnostic::error(
                    "E0214",
                    span.clone(),
                    "a day of the year is written day, month",
                )
                .label(format!("write `{mended}`"))
                .replace(span, mended),
            );
        }
        let day = self.whole("a day of the year", example)?;
        let Some(month) = self.month_at(0) else {
            if self.kind() == Some(SyntaxKind::Word)
                && let Some(meant) = words::nearest(&capitalised(self.text_at(0)), &words::MONTHS)
            {
                let span = self.here();
                let written = self.text_at(0);
                return self.fail(
                    Diagnostic::error(
                        "E0214",
                        span.clone(),
                        format!("there is no month `{written}`"),
                    )
                    .label(format!("did you mean `{meant}`?"))
                    .replace(span, meant),
                );
            }
            return self.fail_missing("the name of a month", example);
        };
        self.bump(SyntaxKind::Keyword);
        let span = self.since(start);
        // 2000 was a leap year: 29 February is a day of the year.
        let day = u8::try_from(day.value).unwrap_or(0);
        if Date::from_ymd(2000, month, day).is_none() {
            let name = words::MONTHS[usize::from(month) - 1];
            return self.fail(
                Diagnostic::error("E0101", span, format!("there is no such day in {name}"))
                    .label("not in the calendar"),
            );
        }
        Ok(Spanned {
            value: MonthDay { month, day },
            span,
        })
    }

    /// `treaty year`, `calendar year`, `calendar month`
    pub(super) fn period(&mut self) -> Parsed<Period> {
        for (phrase, period) in [
            ("treaty year", Period::TreatyYear),
            ("calendar year", Period::CalendarYear),
            ("calendar month", Period::CalendarMonth),
        ] {
            if self.eat(phrase) {
                return Ok(period);
            }
        }
        let example = "in each treaty year, in each calendar year, in each calendar month";
        if self.is("year") || self.is("month") {
            let span = self.here();
            let word = self.text_at(0);
            return self.fail(
                Diagnostic::error("E0215", span, format!("which kind of {word}?"))
                    .label("`treaty year`, `calendar year` or `calendar month`")
                    .help("a treaty year begins on the day named in `its year begins on`"),
            );
        }
        self.fail_missing("the period", example)
    }
}

/// The date written; for a day past the end of its month, its last day (the lexer has reported it).
fn date_or_nearest(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let month = text.get(..8)?;
    (28..=31)
        .rev()
        .find_map(|day| format!("{month}{day}").parse().ok())
}

/// `30days`, `5-years`: digits directly followed by a unit of time.
fn glued_duration(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len() && words::is_any(unit.trim_start_matches('-'), &UNITS_OF_TIME)
}

/// So many units; fractions only where they come out whole in a unit with a fixed relation.
fn length(number: Decimal, unit: &str) -> Option<Duration> {
    let whole = |number: Decimal| {
        number
            .is_integer()
            .then(|| u32::try_from(number).ok())
            .flatten()
    };
    match unit.trim_end_matches('s') {
        "hour" => whole(number).map(Duration::Hours),
        "day" => whole(number).map(Duration::Days),
        "week" => whole(number.checked_mul(Decimal::from(7))?).map(Duration::Days),
        "month" => whole(number).map(Duration::Months),
        _ => whole(number.checked_mul(Decimal::from(12))?).map(Duration::Months),
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
