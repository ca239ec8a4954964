//! Fields and lines, each held to its own description.

use std::borrow::Cow;

use super::Assembler;
use crate::character::cannot_stand;
use crate::description::{
    FieldDescription, Kind, LineForm, Part, Presence, STATE_COLUMNS, USER_DEFINED,
};
use crate::error::{Problem, ReadError};
use crate::message::{Field, Item, Keyword, Line};
use crate::number;
use crate::remark::{Deviation, Strictness};
use crate::value::{self, Verdict};

impl Assembler<'_> {
    fn settle(&mut self, line: u32, keyword: &str, verdict: Verdict) -> Result<(), ReadError> {
        for deviation in verdict.found {
            self.remark(line, Some(keyword), deviation);
        }
        for doubt in verdict.doubts {
            self.deviate(line, Some(keyword), doubt.deviation, || doubt.problem)?;
        }
        Ok(())
    }

    pub(super) fn put_field(
        &mut self,
        line: u32,
        index: usize,
        keyword: &str,
        text: &str,
        unit: Option<&str>,
    ) -> Result<(), ReadError> {
        let Some(part) = self.stack.last().and_then(|open| open.part(index)) else {
            return Ok(());
        };
        let known = match part {
            Part::Field(description) => {
                self.check_field(line, description, text, unit)?;
                Keyword::Known(description)
            }
            _ => {
                let own = keyword.get(USER_DEFINED.len()..).unwrap_or_default();
                let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'=';
                if own.is_empty() || !own.bytes().all(plain) {
                    return self.refuse(
                        line,
                        Some(keyword),
                        Problem::UnknownKeyword { kind: self.kind },
                    );
                }
                // Only the orbit data messages let them be repeated (502.0-B-3, 7.3.8).
                let repeated = self.kind == Kind::Cdm
                    && self.stack.last().is_some_and(|open| {
                        open.items.iter().any(
                            |item| matches!(item, Item::Field(field) if field.keyword() == keyword),
                        )
                    });
                if repeated {
                    let block = self.innermost().name;
                    return self.refuse(line, Some(keyword), Problem::Repeated { block });
                }
                Keyword::UserDefined(keyword.into())
            }
        };
        let field = Field {
            keyword: known,
            text: text.into(),
            unit: unit.map(Into::into),
            line,
        };
        if let Some(open) = self.stack.last_mut() {
            open.put(index, Item::Field(field));
        }
        Ok(())
    }

    /// Drafts of the OCM let a trajectory be without its type, and CARTPV was meant then. Where each line has six numbers,
    /// lenient reading puts it there.
    pub(super) fn supply_trajectory_type(&mut self, line: u32) -> Result<(), ReadError> {
        const KEYWORD: &str = "TRAJ_TYPE";
        if self.strictness == Strictness::Strict {
            return Ok(());
        }
        let Some(open) = self.stack.last() else {
            return Ok(());
        };
        let index = open
            .description
            .parts
            .iter()
            .position(|part| matches!(part, Part::Field(field) if field.keyword == KEYWORD));
        let fits = open.items.iter().all(|item| match item {
            Item::Line(line) => line.items().count() == 7,
            _ => true,
        });
        let Some(index) = index.filter(|index| fits && open.seen(*index) == 0) else {
            return Ok(());
        };
        self.remark(open.line, Some(KEYWORD), Deviation::NoTrajectoryType);
        self.put_field(line, index, KEYWORD, "CARTPV", None)
    }

    fn check_field(
        &mut self,
        line: u32,
        description: &'static FieldDescription,
        text: &str,
        unit: Option<&str>,
    ) -> Result<(), ReadError> {
        let keyword = description.keyword;
        if description.since > self.version {
            self.remark(line, Some(keyword), Deviation::LaterKeyword);
        }
        if text.is_empty() {
            if matches!(
                description.presence,
                Presence::Obligatory | Presence::OneOf(_)
            ) {
                return self.refuse(line, Some(keyword), Problem::Empty);
            }
            self.remark(line, Some(keyword), Deviation::EmptyValue);
        }
        // It could not be told from its bracket, or from the next line.
        if unit.is_some_and(|unit| unit.contains(['[', ']']) || unit.chars().any(char::is_control))
        {
            return self.refuse(line, Some(keyword), Problem::UnitBracket);
        }
        if let Some(symbol) = unit.and_then(|unit| unit.chars().find(|one| cannot_stand(*one))) {
            let problem = Problem::Character(u32::from(symbol));
            return self.refuse(line, Some(keyword), problem);
        }
        let mut verdict = Verdict::default();
        let optional = matches!(
            description.presence,
            Presence::Optional | Presence::AtMostOneOf(_)
        );
        let checked = if text.is_empty() {
            Ok(())
        } else if optional
            && self.strictness == Strictness::Lenient
            && value::is_numeric(description.value)
            && text.eq_ignore_ascii_case("nan")
        {
            verdict.found.push(Deviation::NotANumber);
            Ok(())
        } else {
            value::check(description.value, text, &mut verdict)
        };
        checked.map_err(|problem| ReadError::new(line, Some(keyword), problem))?;
        match unit {
            Some(unit) => value::check_unit(description, unit, &mut verdict),
            // Only the CDM must show its units (508.0-B-1, 6.2.4.1).
            None if self.kind == Kind::Cdm && description.unit.is_some() && !text.is_empty() => {
                verdict.found.push(Deviation::NoUnit);
            }
            None => {}
        }
        self.settle(line, keyword, verdict)
    }

    pub(super) fn put_line(
        &mut self,
        line: u32,
        index: usize,
        observed: Option<&'static FieldDescription>,
        text: &str,
    ) -> Result<(), ReadError> {
        let Some(Part::Lines(description)) = self.stack.last().and_then(|open| open.part(index))
        else {
            return Ok(());
        };
        let form = description.form;
        let text = single_blanks(text);
        match form {
            LineForm::State => self.check_state(line, &text)?,
            LineForm::Observation => {
                if let Some(observed) = observed {
                    self.check_observation(line, observed, &text)?;
                }
            }
            // What is on these, other keywords of the block say: checked with the whole message.
            LineForm::Trajectory | LineForm::Covariance | LineForm::Maneuver => {}
        }
        self.keep_line(line, index, form, observed, &text);
        Ok(())
    }

    pub(super) fn keep_line(
        &mut self,
        line: u32,
        index: usize,
        form: LineForm,
        observed: Option<&'static FieldDescription>,
        text: &str,
    ) {
        let item = Item::Line(Line {
            form,
            keyword: observed.map(|observed| observed.keyword),
            text: text.into(),
            line,
        });
        if let Some(open) = self.stack.last_mut() {
            open.put(index, item);
        }
    }

    fn check_state(&mut self, line: u32, text: &str) -> Result<(), ReadError> {
        let mut items = text.split(' ');
        value::date(items.next().unwrap_or_default())
            .map_err(|problem| ReadError::new(line, Some("EPOCH"), problem))?;
        let mut columns = STATE_COLUMNS.iter().map(|(name, _)| *name);
        let mut count = 0_usize;
        for item in items {
            count += 1;
            let Some(column) = columns.next() else {
                continue;
            };
            if number::is_plain(item) {
                continue;
            }
            let mut verdict = Verdict::default();
            value::real(item, "a number", &mut verdict)
                .map_err(|problem| ReadError::new(line, Some(column), problem))?;
            self.settle(line, column, verdict)?;
        }
        if count == 6 || count == 9 {
            Ok(())
        } else {
            self.refuse(
                line,
                None,
                Problem::LineLength {
                    found: count + 1,
                    expected: "a date and 6 or 9 numbers".to_owned(),
                },
            )
        }
    }

    fn check_observation(
        &mut self,
        line: u32,
        observed: &'static FieldDescription,
        text: &str,
    ) -> Result<(), ReadError> {
        let keyword = observed.keyword;
        let refused = |problem| ReadError::new(line, Some(keyword), problem);
        let items: Vec<&str> = text.split(' ').filter(|item| !item.is_empty()).collect();
        let [date, number] = items.as_slice() else {
            return Err(refused(Problem::LineLength {
                found: items.len(),
                expected: "a date and a number".to_owned(),
            }));
        };
        value::date(date).map_err(refused)?;
        let mut verdict = Verdict::default();
        value::check(observed.value, number, &mut verdict).map_err(refused)?;
        if observed.since > self.version {
            verdict.found.push(Deviation::LaterKeyword);
        }
        self.settle(line, keyword, verdict)
    }
}

/// The items of a line with one blank between.
fn single_blanks(text: &str) -> Cow<'_, str> {
    let blank = |byte: u8| byte.is_ascii_whitespace();
    let bytes = text.as_bytes();
    let single = bytes.first().is_none_or(|byte| !blank(*byte))
        && bytes.last().is_none_or(|byte| !blank(*byte))
        && bytes.iter().all(|byte| !blank(*byte) || *byte == b' ')
        && memchr::memmem::find(bytes, b"  ").is_none();
    if single {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for item in text.split_ascii_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(item);
    }
    Cow::Owned(line)
}
