//! XML: elements say where blocks begin and end.

use super::Assembler;
use super::place::{Open, Target, knows, path};
use crate::description::{FieldDescription, LineForm, Part, USER_DEFINED};
use crate::error::{Problem, ReadError};
use crate::message::Item;
use crate::remark::Deviation;

impl Assembler<'_> {
    /// Opens a block by the name of its element.
    pub(crate) fn open_element(&mut self, line: u32, name: &str) -> Result<(), ReadError> {
        self.settle_comments();
        let Some(open) = self.stack.last() else {
            return Ok(());
        };
        let of_name = |from: usize| {
            open.description
                .parts
                .iter()
                .enumerate()
                .skip(from)
                .find(|(index, part)| {
                    matches!(part, Part::Block(used) if used.block.name == name)
                        && open.has_room(*index)
                })
                .map(|(index, _)| index)
        };
        if let Some(index) = of_name(open.reached) {
            self.open_part(index, line);
            return Ok(());
        }
        let block = open.description.name;
        let known = open
            .description
            .parts
            .iter()
            .any(|part| matches!(part, Part::Block(used) if used.block.name == name));
        if !known {
            return self.refuse(
                line,
                Some(name),
                Problem::UnknownElement {
                    block: block.to_owned(),
                },
            );
        }
        let Some(index) = of_name(0) else {
            let block = open
                .description
                .parts
                .iter()
                .find_map(|part| match part {
                    Part::Block(used) if used.block.name == name => Some(used.block.name),
                    _ => None,
                })
                .unwrap_or(block);
            return self.refuse(line, Some(name), Problem::TooManyBlocks { block });
        };
        let (after, reached) = (open.last_keyword(), open.reached);
        self.deviate(line, Some(name), Deviation::WrongOrder, || {
            Problem::WrongOrder { after }
        })?;
        self.open_part(index, line);
        let depth = self.stack.len().saturating_sub(2);
        if let Some(open) = self.stack.get_mut(depth) {
            open.reached = reached;
        }
        Ok(())
    }

    /// A keyword with its value in the innermost block, in XML and JSON.
    pub(crate) fn element(
        &mut self,
        line: u32,
        keyword: &str,
        text: &str,
        unit: Option<&str>,
    ) -> Result<(), ReadError> {
        self.settle_comments();
        let position = |open: &Open| {
            open.description.parts.iter().position(|part| match part {
                Part::Field(field) => field.keyword == keyword,
                Part::UserDefined => keyword.starts_with(USER_DEFINED),
                _ => false,
            })
        };
        let mut index = self.stack.last().and_then(position);
        if index.is_none() && self.change_to_namesake(keyword) {
            index = self.stack.last().and_then(position);
        }
        let Some((open, index)) = self.stack.last().zip(index) else {
            let block = self.innermost().name;
            let problem = if knows(self.kind.description(), keyword) {
                Problem::Misplaced { block }
            } else {
                Problem::UnknownKeyword { kind: self.kind }
            };
            return self.refuse(line, Some(keyword), problem);
        };
        if !open.has_room(index) {
            let same = open.has_field(keyword, text, unit);
            return self.repeated_keyword(line, keyword, open.description.name, same);
        }
        if index < open.reached {
            let after = open.last_keyword();
            self.deviate(line, Some(keyword), Deviation::WrongOrder, || {
                Problem::WrongOrder { after }
            })?;
        }
        self.put_field(line, index, keyword, text, unit)
    }

    /// Two blocks may have one name (the covariance matrices of a CDM): the first keyword says which it is.
    fn change_to_namesake(&mut self, keyword: &str) -> bool {
        let [.., around, open] = self.stack.as_mut_slice() else {
            return false;
        };
        if open
            .items
            .iter()
            .any(|item| !matches!(item, Item::Comment(_)))
        {
            return false;
        }
        let now = around.description.parts.iter().position(
            |part| matches!(part, Part::Block(used) if std::ptr::eq(used.block, open.description)),
        );
        let other =
            around
                .description
                .parts
                .iter()
                .enumerate()
                .find_map(|(index, part)| match part {
                    Part::Block(used)
                        if Some(index) > now
                            && used.block.name == open.description.name
                            && around.has_room(index)
                            && path(used.block, 0, Target::Field(keyword), false).is_some() =>
                    {
                        Some((index, used.block))
                    }
                    _ => None,
                });
        let (Some(now), Some((index, block))) = (now, other) else {
            return false;
        };
        if let Some(seen) = around.seen.get_mut(now) {
            *seen = seen.saturating_sub(1);
        }
        if let Some(seen) = around.seen.get_mut(index) {
            *seen = seen.saturating_add(1);
        }
        around.reached = around.reached.max(index);
        let mut changed = Open::new(block, open.line);
        changed.items = std::mem::take(&mut open.items);
        *open = changed;
        true
    }

    /// A line of data in the innermost block, in XML.
    pub(crate) fn element_line(
        &mut self,
        line: u32,
        keyword: Option<&'static FieldDescription>,
        text: &str,
    ) -> Result<(), ReadError> {
        let index = self.place_of_lines(line)?;
        self.put_line(line, index, keyword, text)
    }

    /// A state vector whose values were found to be a date and six or nine numbers, with one blank between.
    pub(crate) fn checked_state(&mut self, line: u32, text: &str) -> Result<(), ReadError> {
        let index = self.place_of_lines(line)?;
        self.keep_line(line, index, LineForm::State, None, text);
        Ok(())
    }

    /// Which part of the innermost block its lines are.
    fn place_of_lines(&mut self, line: u32) -> Result<usize, ReadError> {
        self.settle_comments();
        let Some((open, index)) = self.stack.last().and_then(|open| {
            let index = open
                .description
                .parts
                .iter()
                .position(|part| matches!(part, Part::Lines(_)))?;
            Some((open, index))
        }) else {
            return self.not_an_assignment(line);
        };
        if index < open.reached {
            let after = open.last_keyword();
            return self.refuse(line, None, Problem::WrongOrder { after });
        }
        Ok(index)
    }

    /// Closes the innermost block.
    pub(crate) fn close_element(&mut self, line: u32) -> Result<(), ReadError> {
        self.settle_comments();
        self.close(line)
    }
}
