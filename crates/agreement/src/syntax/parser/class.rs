//! `item` and `event`.

use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{AttributeType, Class, ClassLine, Schedule, Spanned};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;

const TYPES: &str =
    "one of A, B; count; quantity in kg; share of uranium; date; place; text; party; yes or no";

/// Types of one word, which end their line.
const SHORT_TYPES: [&str; 6] = ["count", "date", "place", "text", "party", "share"];

/// What people write for a type elsewhere.
const OTHER_TYPES: [(&str, &str); 14] = [
    ("number", "count"),
    ("integer", "count"),
    ("int", "count"),
    ("string", "text"),
    ("boolean", "yes or no"),
    ("bool", "yes or no"),
    ("percentage", "share"),
    ("percent", "share"),
    ("state", "party"),
    ("country", "party"),
    ("location", "place"),
    ("site", "place"),
    ("day", "date"),
    ("time", "date"),
];

impl Parser<'_> {
    pub(super) fn class(&mut self, start: usize, event: bool) -> Parsed<Class> {
        let word = if event { "event" } else { "item" };
        let example = if event {
            "event inspection"
        } else {
            "item missile"
        };
        let mut plural = None;
        let name = match self.names(&format!("the name of the {word}"), example) {
            Ok(name) => name,
            Err(_) => {
                self.skip_line();
                self.no_words()
            }
        };
        if self.is("plural") {
            self.bump(SyntaxKind::Keyword);
            match self.text("the plural", "item aircraft plural \"aircraft\"") {
                Ok(text) => plural = Some(text),
                Err(_) => self.skip_line(),
            }
        }
        if plural.is_none() && self.kind() == Some(SyntaxKind::Word) && !self.at_line_start() {
            let span = self.here();
            let shown = self.shown();
            self.report(
                Diagnostic::error(
                    "E0323",
                    span,
                    format!("{shown} cannot be in the name of an {word}"),
                )
                .help("join the words of such a name with hyphens, such as notice-of-launch"),
            );
            self.skip(|p| p.at_line_start() || p.kind() == Some(SyntaxKind::Text));
            self.optional_text();
        } else if !self.at_line_start() {
            self.unexpected(&format!(
                "after the name of the {word}; what belongs to it stands on lines of its own"
            ));
            self.skip_line();
        }
        let mut lines = Vec::new();
        while self.peek().is_some() {
            if self.is_statement_at(0) {
                if !self.statement_word_as_attribute() {
                    break;
                }
                continue;
            }
            if self.header_at(0).is_some() {
                break;
            }
            let began = self.at;
            match self.class_line(event) {
                Ok(line) => {
                    lines.push(line);
                    if !self.at_line_start() {
                        self.unexpected("after the type of an attribute; each attribute stands on a line of its own");
                        self.skip_line();
                    }
                }
                Err(_) => self.skip_from(began, Self::at_line_start),
            }
        }
        Ok(Class {
            span: self.since(start),
            name,
            plural,
            lines,
        })
    }

    /// `limit count` under an item: meant as an attribute, but a statement by the rules. Reported and
    /// passed over.
    fn statement_word_as_attribute(&mut self) -> bool {
        let indented = self
            .peek()
            .is_some_and(|word| word.column > self.statement.1);
        let rest = self.rest_of_line();
        if !indented || rest < 2 || !self.type_at(1, rest) {
            return false;
        }
        let span = self.here();
        let word = self.text_at(0);
        self.report(
            Diagnostic::error(
                "E0321",
                span,
                format!("`{word}` begins a statement and cannot name an attribute"),
            )
            .help(format!("choose another name, such as `{word}-value`")),
        );
        self.node(SyntaxKind::Error, |p| {
            for _ in 0..rest {
                p.bump_any();
            }
        });
        true
    }

    /// Whether a type stands so far ahead on a line of so many words.
    fn type_at(&self, ahead: usize, line: usize) -> bool {
        ["one of", "quantity in", "share of", "yes or no"]
            .iter()
            .any(|phrase| self.is_phrase_at(ahead, phrase))
            || (ahead + 1 == line && words::is_any(self.text_at(ahead), &SHORT_TYPES))
    }

    fn class_line(&mut self, event: bool) -> Parsed<ClassLine> {
        let line = self.rest_of_line();
        let attribute =
            (1..line).any(|ahead| self.type_at(ahead, line) || self.is_at(ahead, "means"));
        let scheduled = ["every", "as", "in"].iter().any(|word| self.is_at(1, word));
        if self.is("declared") && (scheduled || !attribute) {
            let declared = self.optional_declared()?;
            if let Some(declared) = declared {
                if event {
                    self.report(
                        Diagnostic::error("E0322", declared.span.clone(), "events are not declared on a schedule")
                            .help("write `recorded in full` if what is not on the record did not happen, or a `duty` to report"),
                    );
                }
                return Ok(ClassLine::Declared(declared));
            }
        }
        if self.is("recorded in full") {
            let span = self.place_ahead(3);
            if !event {
                self.report(
                    Diagnostic::error("E0322", span.clone(), "`recorded in full` belongs to events")
                        .help("items are declared: write `declared every 6 months`, or mark a declaration complete in the record"),
                );
            }
            self.node(SyntaxKind::RecordedInFull, |p| p.eat("recorded in full"));
            return Ok(ClassLine::RecordedInFull(span));
        }
        if (1..line).any(|ahead| self.is_at(ahead, "means")) {
            return self.node(SyntaxKind::Means, |p| {
                let name = p.names("an adjective", "heavy means throw-weight > 4350 kg")?;
                p.expect("means", "heavy means throw-weight > 4350 kg")?;
                Ok(ClassLine::Means(name, p.filter()?))
            });
        }
        self.node(SyntaxKind::Attribute, |p| p.attribute(line))
    }

    fn attribute(&mut self, line: usize) -> Parsed<ClassLine> {
        let names = (1..line).find(|ahead| self.type_at(*ahead, line));
        let Some(count) = names else {
            return self.no_type(line);
        };
        if let Some(odd) = (0..count).find(|ahead| !self.is_name_at(*ahead)) {
            for _ in 0..odd {
                self.bump(SyntaxKind::Name);
            }
            return self.fail_attribute_name();
        }
        let name = self.names_of(count);
        let start = self.here().start;
        let value = self.node(SyntaxKind::AttributeType, Self::attribute_type)?;
        let span = self.since(start);
        Ok(ClassLine::Attribute(name, Spanned { value, span }))
    }

    fn fail_attribute_name(&mut self) -> Parsed<ClassLine> {
        let span = self.here();
        let shown = self.shown();
        self.fail(
            Diagnostic::error(
                "E0323",
                span,
                format!("{shown} cannot be in the name of an attribute"),
            )
            .help("join the words of a name with hyphens, such as time-of-launch"),
        )
    }

    fn attribute_type(&mut self) -> Parsed<AttributeType> {
        if self.eat("one of") {
            return Ok(AttributeType::OneOf(
                self.name_list("a value", "status one of deployed, non-deployed")?,
            ));
        }
        if self.eat("quantity in") {
            if !self.is_unit() {
                return self.fail_missing("the unit", "mass quantity in kg of uranium");
            }
            return Ok(AttributeType::Quantity(self.unit()));
        }
        if self.eat("yes or no") {
            return Ok(AttributeType::YesOrNo);
        }
        if self.eat("share") {
            if self.eat("of") {
                return Ok(AttributeType::Share(Some(
                    self.names("what it is a share of", "enrichment share of U-235")?,
                )));
            }
            return Ok(AttributeType::Share(None));
        }
        for (word, kind) in [
            ("count", AttributeType::Count),
            ("date", AttributeType::Date),
            ("place", AttributeType::Place),
            ("text", AttributeType::Text),
            ("party", AttributeType::Party),
        ] {
            if self.eat(word) {
                return Ok(kind);
            }
        }
        self.fail_missing("a type", TYPES)
    }

    /// A line without a type.
    fn no_type(&mut self, line: usize) -> Parsed<ClassLine> {
        let span = self.place_ahead(line);
        let name = self.text_at(0);
        if line == 1 {
            return self.fail(
                Diagnostic::error("E0324", span, format!("the attribute `{name}` has no type"))
                    .label("what kind of value is it?")
                    .help(format!("types are: {TYPES}")),
            );
        }
        for ahead in 1..line {
            let place = self
                .words
                .get(self.at + ahead)
                .map_or(span.clone(), |word| self.place(word));
            let written = self.text_at(ahead);
            if words::is(written, "quantity") {
                return self.fail(
                    Diagnostic::error("E0325", place, "a quantity needs its unit")
                        .label("in which unit?")
                        .help("for example: mass quantity in kg"),
                );
            }
            let other = OTHER_TYPES
                .iter()
                .find(|(word, _)| words::is(written, word) && ahead + 1 == line)
                .map(|(_, meant)| *meant);
            let near = words::nearest(written, &["count", "quantity", "share", "place", "party"])
                .or_else(|| {
                    words::nearest(written, &["date", "text"]).filter(|_| ahead + 1 == line)
                })
                .or_else(|| (self.is_at(ahead + 1, "of") && written.len() <= 5).then_some("one"));
            if let Some(meant) = other.or(near) {
                let report = Diagnostic::error(
                    "E0326",
                    place.clone(),
                    format!("`{written}` is no type of an attribute"),
                )
                .label(format!("did you mean `{meant}`?"))
                .help(format!("types are: {TYPES}"))
                .replace(place, meant);
                return self.fail(report);
            }
        }
        self.fail(
            Diagnostic::error("E0324", span, "this line names an attribute without a type")
                .label("an attribute and what kind of value it has")
                .help(format!("types are: {TYPES}")),
        )
    }

    /// `declared every 6 months`
    pub(super) fn optional_declared(&mut self) -> Parsed<Option<Spanned<Schedule>>> {
        if !self.is("declared") {
            return Ok(None);
        }
        self.node(SyntaxKind::Declared, |p| {
            p.bump(SyntaxKind::Keyword);
            Ok(Some(p.schedule()?))
        })
    }
}
