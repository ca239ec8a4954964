//! KVN: keywords and brackets say where blocks begin and end.

use super::place::{Open, Target, begins, field_of_closed, knows, part_of, path, way_block};
use super::{Assembler, Run};
use crate::description::{Brackets, LineForm, Part, observation};
use crate::error::{Problem, ReadError};
use crate::message::Item;
use crate::remark::Deviation;

impl Assembler<'_> {
    /// The outermost block that a keyword can reach: brackets bound it.
    fn bound(&self) -> usize {
        if let Some(run) = &self.run {
            return run.depth;
        }
        self.stack
            .iter()
            .rposition(|open| matches!(open.description.brackets, Brackets::Each(_)))
            .unwrap_or(0)
    }

    /// Where in the open blocks there is a place for what is met: the depth, and the parts that lead to it.
    fn place(&self, target: Target<'_>) -> Result<(usize, Vec<usize>), Option<usize>> {
        let mut earlier = None;
        for depth in (self.bound()..self.stack.len()).rev() {
            let Some(open) = self.stack.get(depth) else {
                continue;
            };
            let mut from = open.reached;
            // From here on, further parts may hold it, the one that was reached only if there is room.
            while let Some(way) = path(open.description, from, target, self.run.is_some()) {
                let first = way.first().copied().unwrap_or(from);
                if self
                    .run
                    .as_ref()
                    .is_some_and(|run| run.depth == depth && first != run.part)
                {
                    break;
                }
                let again = open.seen(first) > 0;
                let begins_another = match open.part(first) {
                    Some(Part::Block(used)) => !again || begins(used.block, target),
                    _ => true,
                };
                if open.has_room(first) && begins_another {
                    return Ok((depth, way));
                }
                from = first + 1;
            }
            if earlier.is_none() && path(open.description, 0, target, self.run.is_some()).is_some()
            {
                earlier = Some(depth);
            }
        }
        Err(earlier)
    }

    pub(super) fn close_to(&mut self, depth: usize, line: u32) -> Result<(), ReadError> {
        while self.stack.len() > depth + 1 {
            self.close(line)?;
        }
        Ok(())
    }

    /// Opens the blocks that lead to a place; returns the part of the innermost one.
    fn follow(&mut self, way: &[usize], line: u32) -> Option<usize> {
        let (last, before) = way.split_last()?;
        for index in before {
            self.open_part(*index, line);
        }
        Some(*last)
    }

    pub(super) fn open_part(&mut self, index: usize, line: u32) {
        let Some(open) = self.stack.last_mut() else {
            return;
        };
        let Some(Part::Block(used)) = open.part(index) else {
            return;
        };
        open.reached = open.reached.max(index);
        if let Some(seen) = open.seen.get_mut(index) {
            *seen = seen.saturating_add(1);
        }
        self.stack.push(Open::new(used.block, line));
    }

    /// A keyword with its value, in KVN. The unit is what stood in brackets after it.
    pub(crate) fn keyword(
        &mut self,
        line: u32,
        keyword: &str,
        text: &str,
        unit: Option<&str>,
    ) -> Result<(), ReadError> {
        match self.place(Target::Field(keyword)) {
            Ok((depth, way)) => {
                self.close_to(depth, line)?;
                let Some(index) = self.follow(&way, line) else {
                    return Ok(());
                };
                self.settle_comments();
                self.put_field(line, index, keyword, text, unit)
            }
            Err(Some(depth)) => self.misplaced_keyword(line, depth, keyword, text, unit),
            Err(None) => {
                let block = self.innermost().name;
                let problem = if knows(self.kind.description(), keyword) {
                    Problem::Misplaced { block }
                } else {
                    Problem::UnknownKeyword { kind: self.kind }
                };
                self.refuse(line, Some(keyword), problem)
            }
        }
    }

    /// A keyword that the block has already: left out when lenient, if it says the same again.
    pub(super) fn repeated_keyword(
        &mut self,
        line: u32,
        keyword: &str,
        block: &'static str,
        same: bool,
    ) -> Result<(), ReadError> {
        if !same {
            return self.refuse(line, Some(keyword), Problem::Repeated { block });
        }
        self.deviate(line, Some(keyword), Deviation::RepeatedKeyword, || {
            Problem::Repeated { block }
        })
    }

    /// A keyword that has its place before what was read already.
    fn misplaced_keyword(
        &mut self,
        line: u32,
        depth: usize,
        keyword: &str,
        text: &str,
        unit: Option<&str>,
    ) -> Result<(), ReadError> {
        let Some(open) = self.stack.get(depth) else {
            return Ok(());
        };
        let way = path(
            open.description,
            0,
            Target::Field(keyword),
            self.run.is_some(),
        )
        .unwrap_or_default();
        // In the block itself, or in one of its blocks that is closed already.
        if let [index] = way.as_slice() {
            if open.seen(*index) > 0 {
                let same = open.has_field(keyword, text, unit);
                return self.repeated_keyword(line, keyword, open.description.name, same);
            }
            let after = open.last_keyword();
            self.deviate(line, Some(keyword), Deviation::WrongOrder, || {
                Problem::WrongOrder { after }
            })?;
            self.close_to(depth, line)?;
            self.settle_comments();
            return self.put_field(line, *index, keyword, text, unit);
        }
        let innermost = self
            .stack
            .last()
            .map_or_else(String::new, Open::last_keyword);
        let Some(open) = self.stack.get(depth) else {
            return Ok(());
        };
        if field_of_closed(open, &way)
            .is_some_and(|block| block.fields().any(|field| field.keyword() == keyword))
        {
            let block = way_block(open.description, &way);
            return self.refuse(line, Some(keyword), Problem::Repeated { block });
        }
        self.deviate(line, Some(keyword), Deviation::WrongOrder, || {
            Problem::WrongOrder { after: innermost }
        })?;
        self.close_to(depth, line)?;
        self.reopen(&way, line);
        self.settle_comments();
        let index = way.last().copied().unwrap_or(0);
        self.put_field(line, index, keyword, text, unit)
    }

    /// Opens again the closed blocks on a way, so that something can be put into the innermost.
    fn reopen(&mut self, way: &[usize], line: u32) {
        for index in way.iter().take(way.len().saturating_sub(1)) {
            let Some(open) = self.stack.last_mut() else {
                return;
            };
            let at = open
                .items
                .iter()
                .rposition(|item| part_of(open.description, item) == Some(*index));
            let Some(Item::Block(block)) = at.map(|at| open.items.remove(at)) else {
                // There was none: open it where it belongs.
                let reached = open.reached;
                self.open_part(*index, line);
                let depth = self.stack.len().saturating_sub(2);
                if let Some(open) = self.stack.get_mut(depth) {
                    open.reached = reached;
                }
                continue;
            };
            let mut again = Open::new(block.description, block.line);
            for item in block.items {
                match part_of(block.description, &item) {
                    Some(part) => again.put(part, item),
                    None => again.items.push(item),
                }
            }
            self.stack.push(again);
        }
    }

    /// A line of data without a keyword, in KVN.
    pub(crate) fn data_line(&mut self, line: u32, text: &str) -> Result<(), ReadError> {
        if self.run.is_some() {
            return self.matrix_row(line, text);
        }
        match self.place(Target::Lines) {
            Ok((depth, way)) => {
                let form = self.form_of(depth, &way);
                if form == Some(LineForm::Observation) || form.is_none() {
                    return self.not_an_assignment(line);
                }
                self.close_to(depth, line)?;
                let Some(index) = self.follow(&way, line) else {
                    return Ok(());
                };
                self.settle_comments();
                self.put_line(line, index, None, text)
            }
            Err(Some(_)) => {
                let after = self
                    .stack
                    .last()
                    .map_or_else(String::new, Open::last_keyword);
                self.refuse(line, None, Problem::WrongOrder { after })
            }
            Err(None) => self.not_an_assignment(line),
        }
    }

    fn form_of(&self, depth: usize, way: &[usize]) -> Option<LineForm> {
        let mut description = self.stack.get(depth)?.description;
        for index in way {
            match description.parts.get(*index)? {
                Part::Block(used) => description = used.block,
                Part::Lines(lines) => return Some(lines.form),
                Part::Field(_) | Part::UserDefined => return None,
            }
        }
        None
    }

    pub(super) fn not_an_assignment<T>(&self, line: u32) -> Result<T, ReadError> {
        let block = self.innermost().name;
        self.refuse(line, None, Problem::NotAnAssignment { block })
    }

    /// Whether keywords are observations here: between the brackets of a TDM's data.
    pub(crate) fn takes_observations(&self) -> bool {
        self.innermost()
            .parts
            .iter()
            .any(|part| matches!(part, Part::Lines(lines) if lines.form == LineForm::Observation))
    }

    /// An observation.
    pub(crate) fn observation(
        &mut self,
        line: u32,
        keyword: &str,
        text: &str,
    ) -> Result<(), ReadError> {
        let Some(known) = observation(keyword) else {
            let problem = if knows(self.kind.description(), keyword) {
                let block = self.innermost().name;
                Problem::Misplaced { block }
            } else {
                Problem::UnknownKeyword { kind: self.kind }
            };
            return self.refuse(line, Some(keyword), problem);
        };
        self.settle_comments();
        self.put_line(line, 0, Some(known), text)
    }

    /// A row of a matrix in KVN: the next elements of the lower triangle.
    fn matrix_row(&mut self, line: u32, text: &str) -> Result<(), ReadError> {
        let Some(open) = self.stack.last() else {
            return Ok(());
        };
        if self
            .run
            .as_ref()
            .is_some_and(|run| self.stack.len() <= run.depth + 1)
        {
            return self.refuse(
                line,
                None,
                Problem::Missing {
                    missing: "EPOCH".to_owned(),
                    block: "covarianceMatrix",
                },
            );
        }
        let description = open.description;
        let first = description
            .parts
            .iter()
            .position(|part| {
                matches!(part, Part::Field(field) if field.value == crate::description::ValueType::Real)
            })
            .unwrap_or(0);
        let given = (first..description.parts.len())
            .filter(|index| open.seen(*index) > 0)
            .count();
        // The row that begins after 0, 1, 3, 6, … elements.
        let row = (1..).find(|row| row * (row + 1) / 2 > given).unwrap_or(1);
        let items: Vec<&str> = text.split_ascii_whitespace().collect();
        if first + given >= description.parts.len() || items.len() != row {
            return self.refuse(
                line,
                None,
                Problem::LineLength {
                    found: items.len(),
                    expected: if first + given >= description.parts.len() {
                        "no further rows of a 6 × 6 matrix".to_owned()
                    } else {
                        format!("{row} in row {row} of the lower triangle")
                    },
                },
            );
        }
        self.settle_comments();
        for (index, item) in (first + given..).zip(items) {
            let Some(Part::Field(field)) = description.parts.get(index) else {
                continue;
            };
            self.put_field(line, index, field.keyword, item, None)?;
        }
        Ok(())
    }

    /// A line `X_START`.
    pub(crate) fn start(&mut self, line: u32, prefix: &str) -> Result<(), ReadError> {
        let keyword = format!("{prefix}_START");
        let open = self.innermost();
        if self.run.is_some() || matches!(open.brackets, Brackets::Each(_)) {
            return self.refuse(line, Some(&keyword), Problem::Bracket { open: open.name });
        }
        self.settle_comments();
        match self.place(Target::Bracket(prefix)) {
            Ok((depth, way)) => {
                self.close_to(depth, line)?;
                let Some(index) = self.follow(&way, line) else {
                    return Ok(());
                };
                let depth = self.stack.len() - 1;
                let used = self.stack.last().and_then(|open| open.part(index));
                if let Some(Part::Block(used)) = used {
                    if let Brackets::Run(prefix) = used.block.brackets {
                        self.run = Some(Run {
                            depth,
                            part: index,
                            prefix,
                            line,
                        });
                    } else {
                        self.open_part(index, line);
                    }
                }
                Ok(())
            }
            Err(Some(depth)) => {
                let way = self
                    .stack
                    .get(depth)
                    .and_then(|open| path(open.description, 0, Target::Bracket(prefix), false))
                    .unwrap_or_default();
                let Some(open) = self.stack.get(depth) else {
                    return Ok(());
                };
                let block = way_block(open.description, &way);
                let full = way
                    .first()
                    .is_some_and(|first| !open.has_room(*first) && way.len() == 1);
                if full {
                    return self.refuse(line, Some(&keyword), Problem::TooManyBlocks { block });
                }
                let after = open.last_keyword();
                if way.len() != 1 {
                    return self.refuse(line, Some(&keyword), Problem::WrongOrder { after });
                }
                self.deviate(line, Some(&keyword), Deviation::WrongOrder, || {
                    Problem::WrongOrder { after }
                })?;
                self.close_to(depth, line)?;
                let reached = self.stack.last().map_or(0, |open| open.reached);
                self.open_part(way.first().copied().unwrap_or(0), line);
                if let Some(open) = self.stack.get_mut(depth) {
                    open.reached = reached;
                }
                Ok(())
            }
            Err(None) => {
                let known = path(self.kind.description(), 0, Target::Bracket(prefix), false);
                let problem = if known.is_some() {
                    Problem::Bracket { open: open.name }
                } else {
                    Problem::UnknownKeyword { kind: self.kind }
                };
                self.refuse(line, Some(&keyword), problem)
            }
        }
    }

    /// A line `X_STOP`.
    pub(crate) fn stop(&mut self, line: u32, prefix: &str) -> Result<(), ReadError> {
        let keyword = format!("{prefix}_STOP");
        self.settle_comments();
        if let Some(run) = self.run.take() {
            if run.prefix != prefix {
                let open = self.innermost().name;
                return self.refuse(line, Some(&keyword), Problem::Bracket { open });
            }
            let empty = self.stack.len() == run.depth + 1
                && self
                    .stack
                    .last()
                    .is_some_and(|open| open.seen(run.part) == 0);
            self.close_to(run.depth, line)?;
            if empty {
                return self.refuse(
                    line,
                    Some(&keyword),
                    Problem::Missing {
                        missing: "EPOCH".to_owned(),
                        block: "covarianceMatrix",
                    },
                );
            }
            return Ok(());
        }
        let bound = self.bound();
        let matches = self.stack.get(bound).is_some_and(|open| {
            open.description.brackets == Brackets::Each(as_static(open, prefix))
        });
        if !matches {
            let open = self.innermost().name;
            return self.refuse(line, Some(&keyword), Problem::Bracket { open });
        }
        self.close_to(bound, line)?;
        self.close(line)
    }
}

/// The prefix of a block's own brackets if it is the one that is asked for, else one that no block has.
fn as_static(open: &Open, prefix: &str) -> &'static str {
    match open.description.brackets {
        Brackets::Each(own) if own == prefix => own,
        _ => "",
    }
}
