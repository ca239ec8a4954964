//! Elements that are lines of data in KVN: states, observations, and the lines of an OCM.

use std::borrow::Cow;

use super::UNITS;
use super::quick;
use super::read::Reader;
use super::token::{Element, Place, Token};
use crate::assemble::Assembler;
use crate::description::{
    FieldDescription, Kind, LineForm, LinesDescription, STATE_COLUMNS, ValueType, observation,
};
use crate::error::{Problem, ReadError};
use crate::remark::Remarks;
use crate::value::{self, Verdict};

/// An element of a line: where it is, and its text.
type Piece<'a> = (Element<'a>, Place, Cow<'a, str>);

impl<'a> Reader<'a> {
    /// An element that is a line of data in KVN.
    pub(super) fn line(
        &mut self,
        lines: &LinesDescription,
        place: Place,
        assembler: &mut Assembler<'_>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        // As nearly every line is written; what is not so is looked at element by element.
        let written = match lines.form {
            LineForm::State if self.tokens.is_open() => quick::state(self.tokens.rest()),
            LineForm::Observation if self.tokens.is_open() => quick::observed(self.tokens.rest()),
            _ => None,
        };
        if let Some(written) = written {
            self.tokens.pass(written.length);
            return match self.tokens.next(remarks)? {
                Token::End => match written.keyword {
                    None => assembler.checked_state(place.line, &written.text),
                    keyword => assembler.element_line(place.line, keyword, &written.text),
                }
                .map_err(|error| self.tokens.at(place, error)),
                _ => self.cut_off(),
            };
        }
        let (keyword, text) = match lines.form {
            LineForm::State => (None, Cow::Owned(self.state(remarks)?)),
            LineForm::Observation => {
                let (keyword, text) = self.observation(remarks)?;
                (keyword, Cow::Owned(text))
            }
            LineForm::Trajectory | LineForm::Covariance | LineForm::Maneuver => {
                (None, self.leaf(lines.form.element(), false, remarks)?)
            }
        };
        assembler
            .element_line(place.line, keyword, &text)
            .map_err(|error| self.tokens.at(place, error))
    }

    /// The elements of one line, each with its text.
    fn items(
        &mut self,
        block: &'static str,
        remarks: &mut Remarks,
    ) -> Result<Vec<Piece<'a>>, ReadError> {
        let mut items = Vec::new();
        loop {
            let token = self.tokens.next(remarks)?;
            let place = self.tokens.place();
            match token {
                Token::Start(element) => {
                    let text = self.leaf(element.name, false, remarks)?;
                    let blank = text.bytes().any(|byte| matches!(byte, b' ' | b'\t'));
                    if text.is_empty() || blank {
                        let problem = if text.is_empty() {
                            Problem::Empty
                        } else {
                            Problem::NotANumber {
                                text: text.into_owned(),
                                expected: "one number or date",
                            }
                        };
                        return Err(self.tokens.error(place, Some(element.name), problem));
                    }
                    items.push((element, place, text));
                }
                Token::End => return Ok(items),
                Token::Text(_) => {
                    let block = block.to_owned();
                    return Err(self.tokens.error(place, None, Problem::LooseText { block }));
                }
                Token::Eof => return self.cut_off(),
            }
        }
    }

    fn missing<T>(&self, missing: &str, block: &'static str) -> Result<T, ReadError> {
        let problem = Problem::Missing {
            missing: missing.to_owned(),
            block,
        };
        Err(self
            .tokens
            .error(self.tokens.place(), Some(missing), problem))
    }

    fn units(
        &self,
        element: &Element<'_>,
        place: Place,
        expected: Option<&str>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        let Some(unit) = element.attribute(UNITS) else {
            return Ok(());
        };
        let mut verdict = Verdict::default();
        let refused = |problem| self.tokens.error(place, Some(element.name), problem);
        value::same_unit(expected, unit.trim(), &mut verdict).map_err(refused)?;
        for deviation in verdict.found {
            remarks.add(place.line, Some(element.name), deviation);
        }
        // A line has no place for a unit of its own: it cannot be kept.
        match verdict.doubts.into_iter().next() {
            Some(doubt) => Err(refused(doubt.problem)),
            None => Ok(()),
        }
    }

    /// Refuses a value at its own place; what is off in it is remarked with the line.
    fn check(
        &self,
        expected: ValueType,
        text: &str,
        name: &str,
        place: Place,
    ) -> Result<(), ReadError> {
        value::check(expected, text, &mut Verdict::default())
            .map_err(|problem| self.tokens.error(place, Some(name), problem))
    }

    fn state(&mut self, remarks: &mut Remarks) -> Result<String, ReadError> {
        let block = LineForm::State.element();
        let items = self.items(block, remarks)?;
        let columns: Vec<(&str, Option<&str>)> = std::iter::once(("EPOCH", None))
            .chain(
                STATE_COLUMNS
                    .iter()
                    .map(|(name, unit)| (*name, Some(*unit))),
            )
            .collect();
        let mut line = String::new();
        let mut given = items.iter();
        for (index, (name, unit)) in columns.iter().enumerate() {
            let Some((element, place, text)) = given.next() else {
                // Without the acceleration, the line is whole after the velocity.
                if index == 7 {
                    break;
                }
                return self.missing(name, block);
            };
            if element.name != *name {
                let known = columns.iter().position(|(known, _)| *known == element.name);
                let problem = match known {
                    Some(known) if known < index => Problem::Repeated { block },
                    Some(_) => Problem::Missing {
                        missing: (*name).to_owned(),
                        block,
                    },
                    None => Problem::UnknownElement {
                        block: block.to_owned(),
                    },
                };
                return Err(self.tokens.error(*place, Some(element.name), problem));
            }
            self.units(element, *place, *unit, remarks)?;
            let value = unit.map_or(ValueType::Date, |_| ValueType::Real);
            self.check(value, text, element.name, *place)?;
            push(&mut line, text);
        }
        if let Some((element, place, _)) = given.next() {
            let problem = Problem::UnknownElement {
                block: block.to_owned(),
            };
            return Err(self.tokens.error(*place, Some(element.name), problem));
        }
        Ok(line)
    }

    fn observation(
        &mut self,
        remarks: &mut Remarks,
    ) -> Result<(Option<&'static FieldDescription>, String), ReadError> {
        let block = LineForm::Observation.element();
        let items = self.items(block, remarks)?;
        let mut items = items.into_iter();
        let Some((epoch, epoch_place, date)) = items.next() else {
            return self.missing("EPOCH", block);
        };
        if epoch.name != "EPOCH" {
            let problem = Problem::Missing {
                missing: "EPOCH".to_owned(),
                block,
            };
            return Err(self.tokens.error(epoch_place, Some(epoch.name), problem));
        }
        let Some((element, place, text)) = items.next() else {
            return self.missing("an observed quantity", block);
        };
        let Some(known) = observation(element.name) else {
            let problem = Problem::UnknownKeyword { kind: Kind::Tdm };
            return Err(self.tokens.error(place, Some(element.name), problem));
        };
        // The unit of a range is in the metadata.
        if known.unit.is_some() {
            self.units(&element, place, known.unit, remarks)?;
        }
        if let Some((further, place, _)) = items.next() {
            let problem = Problem::UnknownElement {
                block: block.to_owned(),
            };
            return Err(self.tokens.error(place, Some(further.name), problem));
        }
        self.check(ValueType::Date, &date, "EPOCH", epoch_place)?;
        self.check(known.value, &text, known.keyword, place)?;
        let mut line = date.into_owned();
        push(&mut line, &text);
        Ok((Some(known), line))
    }
}

fn push(line: &mut String, item: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(item);
}
