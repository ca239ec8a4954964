//! Puts a message together from what a reader meets, and holds it to its description.
//!
//! The reader of XML opens and closes blocks by name; the reader of KVN only names keywords and brackets, and the
//! description says to which block they belong. Both end in the same tree.

use crate::description::{
    BlockDescription, Brackets, FieldDescription, Kind, LineForm, Part, Presence, STATE_COLUMNS,
    USER_DEFINED, Version, observation,
};
use crate::error::{Problem, ReadError};
use crate::message::{Block, Field, Item, Keyword, Line, Message};
use crate::remark::{Deviation, Remarks, Strictness};
use crate::value::{self, Verdict};

/// What is looked for in a description.
#[derive(Clone, Copy, PartialEq)]
enum Target<'a> {
    Field(&'a str),
    Bracket(&'a str),
    Lines,
}

/// A block that is being filled.
struct Open {
    description: &'static BlockDescription,
    items: Vec<Item>,
    /// The part that was filled last.
    reached: usize,
    /// How often each part was met.
    seen: Vec<u32>,
    line: u32,
}

impl Open {
    fn new(description: &'static BlockDescription, line: u32) -> Self {
        Self {
            description,
            items: Vec::new(),
            reached: 0,
            seen: vec![0; description.parts.len()],
            line,
        }
    }

    fn part(&self, index: usize) -> Option<&'static Part> {
        self.description.parts.get(index)
    }

    fn seen(&self, index: usize) -> u32 {
        self.seen.get(index).copied().unwrap_or(0)
    }

    /// Whether a part can be filled again.
    fn has_room(&self, index: usize) -> bool {
        match self.part(index) {
            Some(Part::Field(_)) => self.seen(index) == 0,
            Some(Part::Block(used)) => self.seen(index) < used.most,
            Some(Part::Lines(_) | Part::UserDefined) => true,
            None => false,
        }
    }

    /// Puts an item where its part belongs.
    fn put(&mut self, index: usize, item: Item) {
        if index >= self.reached {
            self.items.push(item);
            self.reached = index;
        } else {
            let before = self
                .items
                .iter()
                .position(|known| part_of(self.description, known).is_some_and(|at| at > index))
                .unwrap_or(self.items.len());
            self.items.insert(before, item);
        }
        if let Some(seen) = self.seen.get_mut(index) {
            *seen = seen.saturating_add(1);
        }
    }

    /// The keyword that was put last, for the message about the order.
    fn last_keyword(&self) -> String {
        self.items
            .iter()
            .rev()
            .find_map(|item| match item {
                Item::Field(field) => Some(field.keyword().to_owned()),
                Item::Block(block) => Some(format!("the block `{}`", block.name())),
                Item::Line(_) => Some("the data".to_owned()),
                Item::Comment(_) => None,
            })
            .unwrap_or_default()
    }
}

/// Which part of a description an item fills.
fn part_of(description: &'static BlockDescription, item: &Item) -> Option<usize> {
    description
        .parts
        .iter()
        .position(|part| match (part, item) {
            (Part::Field(known), Item::Field(field)) => known.keyword == field.keyword(),
            (Part::UserDefined, Item::Field(field)) => field.user_defined().is_some(),
            (Part::Block(used), Item::Block(block)) => std::ptr::eq(used.block, block.description),
            (Part::Lines(_), Item::Line(_)) => true,
            _ => false,
        })
}

/// The parts that lead from a block to what is looked for, through blocks that KVN does not mark.
fn path(
    description: &'static BlockDescription,
    from: usize,
    target: Target<'_>,
    through_runs: bool,
) -> Option<Vec<usize>> {
    for (index, part) in description.parts.iter().enumerate().skip(from) {
        match (part, target) {
            (Part::Field(field), Target::Field(keyword)) if field.keyword == keyword => {
                return Some(vec![index]);
            }
            (Part::UserDefined, Target::Field(keyword)) if keyword.starts_with(USER_DEFINED) => {
                return Some(vec![index]);
            }
            (Part::Lines(_), Target::Lines) => return Some(vec![index]),
            (Part::Block(used), _) => {
                let open = match used.block.brackets {
                    Brackets::None => true,
                    Brackets::Each(name) => {
                        if target == Target::Bracket(name) {
                            return Some(vec![index]);
                        }
                        false
                    }
                    Brackets::Run(name) => {
                        if target == Target::Bracket(name) {
                            return Some(vec![index]);
                        }
                        through_runs
                    }
                };
                if open && let Some(mut rest) = path(used.block, 0, target, through_runs) {
                    rest.insert(0, index);
                    return Some(rest);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a keyword or bracket is the first of a block, so that it can begin another one.
fn begins(description: &'static BlockDescription, target: Target<'_>) -> bool {
    match description.brackets {
        Brackets::Each(name) => return target == Target::Bracket(name),
        Brackets::Run(_) | Brackets::None => {}
    }
    for part in description.parts {
        match part {
            Part::Field(field) => {
                if target == Target::Field(field.keyword) {
                    return true;
                }
                if field.presence == Presence::Obligatory {
                    return false;
                }
            }
            Part::Block(used) => {
                if begins(used.block, target) {
                    return true;
                }
                if used.least > 0 {
                    return false;
                }
            }
            Part::Lines(_) | Part::UserDefined => return false,
        }
    }
    false
}

/// Whether a keyword is anywhere in a description.
fn knows(description: &'static BlockDescription, keyword: &str) -> bool {
    description.parts.iter().any(|part| match part {
        Part::Field(field) => field.keyword == keyword,
        Part::Block(used) => knows(used.block, keyword),
        Part::UserDefined => keyword.starts_with(USER_DEFINED),
        Part::Lines(lines) => lines.form == LineForm::Observation && observation(keyword).is_some(),
    })
}

/// A run of blocks between one pair of brackets.
struct Run {
    /// Where in the stack the block around them is.
    depth: usize,
    /// Which part of it they are.
    part: usize,
    prefix: &'static str,
    line: u32,
}

/// Puts one message together.
pub(crate) struct Assembler<'r> {
    kind: Kind,
    version_text: Box<str>,
    version: Version,
    strictness: Strictness,
    remarks: &'r mut Remarks,
    stack: Vec<Open>,
    /// Comments that belong to the block of the next keyword.
    comments: Vec<(u32, Box<str>)>,
    run: Option<Run>,
}

impl<'r> Assembler<'r> {
    pub(crate) fn new(
        kind: Kind,
        version: &str,
        line: u32,
        strictness: Strictness,
        remarks: &'r mut Remarks,
    ) -> Result<Self, ReadError> {
        let mut assembler = Self {
            kind,
            version_text: version.into(),
            version: kind.newest_version(),
            strictness,
            remarks,
            stack: vec![Open::new(kind.description(), line)],
            comments: Vec::new(),
            run: None,
        };
        let known = Version::parse(version);
        match known {
            Some(known) if kind.versions().contains(&known) => assembler.version = known,
            Some(known) if kind.draft_versions().contains(&known) => {
                assembler.version = known;
                assembler.remark(line, Some(kind.version_keyword()), Deviation::DraftVersion);
            }
            _ => assembler.deviate(
                line,
                Some(kind.version_keyword()),
                Deviation::UnknownVersion,
                || Problem::unknown_version(kind, version),
            )?,
        }
        Ok(assembler)
    }

    /// Takes over remarks that were gathered elsewhere.
    pub(crate) fn take_remarks(&mut self, remarks: Remarks) {
        self.remarks.extend(remarks);
    }

    pub(crate) fn remark(&mut self, line: u32, keyword: Option<&str>, deviation: Deviation) {
        self.remarks.add(line, keyword, deviation);
    }

    /// Accepts a deviation or refuses it.
    pub(crate) fn deviate(
        &mut self,
        line: u32,
        keyword: Option<&str>,
        deviation: Deviation,
        problem: impl FnOnce() -> Problem,
    ) -> Result<(), ReadError> {
        if deviation.accepted_when_strict() || self.strictness == Strictness::Lenient {
            self.remarks.add(line, keyword, deviation);
            Ok(())
        } else {
            Err(ReadError::new(line, keyword, problem()))
        }
    }

    /// What the message may hold.
    pub(crate) const fn description(&self) -> &'static BlockDescription {
        self.kind.description()
    }

    /// The description of the innermost open block.
    pub(crate) fn innermost(&self) -> &'static BlockDescription {
        self.stack
            .last()
            .map_or(self.kind.description(), |open| open.description)
    }

    fn refuse<T>(
        &self,
        line: u32,
        keyword: Option<&str>,
        problem: Problem,
    ) -> Result<T, ReadError> {
        Err(ReadError::new(line, keyword, problem))
    }

    /// Keeps a comment for the block of what follows it.
    pub(crate) fn comment(&mut self, line: u32, text: &str) {
        self.comments.push((line, text.into()));
    }

    /// Puts the kept comments into the innermost block.
    fn settle_comments(&mut self) {
        let comments = std::mem::take(&mut self.comments);
        for (line, text) in comments {
            let Some(open) = self.stack.last_mut() else {
                return;
            };
            let first = open
                .items
                .iter()
                .all(|item| matches!(item, Item::Comment(_)));
            open.items.push(Item::Comment(text));
            if !first {
                self.remarks.add(line, None, Deviation::CommentPlace);
            }
        }
    }

    // ---- KVN: keywords and brackets say where blocks begin and end ----

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

    fn close_to(&mut self, depth: usize, line: u32) -> Result<(), ReadError> {
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

    fn open_part(&mut self, index: usize, line: u32) {
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
                let block = open.description.name;
                return self.refuse(line, Some(keyword), Problem::Repeated { block });
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

    fn not_an_assignment<T>(&self, line: u32) -> Result<T, ReadError> {
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

    // ---- XML: elements say where blocks begin and end ----

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
            let block = open.description.name;
            return self.refuse(line, Some(keyword), Problem::Repeated { block });
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
        self.put_line(line, index, keyword, text)
    }

    /// Closes the innermost block.
    pub(crate) fn close_element(&mut self, line: u32) -> Result<(), ReadError> {
        self.settle_comments();
        self.close(line)
    }

    // ---- both ----

    fn settle(&mut self, line: u32, keyword: &str, verdict: Verdict) -> Result<(), ReadError> {
        for deviation in verdict.found {
            self.remark(line, Some(keyword), deviation);
        }
        for doubt in verdict.doubts {
            self.deviate(line, Some(keyword), doubt.deviation, || doubt.problem)?;
        }
        Ok(())
    }

    fn put_field(
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

    fn put_line(
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
        let item = Item::Line(Line {
            form,
            keyword: observed.map(|observed| observed.keyword),
            text: text.into(),
            line,
        });
        if let Some(open) = self.stack.last_mut() {
            open.put(index, item);
        }
        Ok(())
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

    fn close(&mut self, line: u32) -> Result<(), ReadError> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        check_complete(&open, line)?;
        let block = Block {
            description: open.description,
            items: open.items,
            line: open.line,
        };
        let Some(around) = self.stack.last_mut() else {
            self.stack.push(Open {
                description: block.description,
                items: block.items,
                reached: open.reached,
                seen: open.seen,
                line: open.line,
            });
            return Ok(());
        };
        let item = Item::Block(block);
        if let Some(index) = part_of(around.description, &item) {
            // It was counted when it was opened.
            if let Some(seen) = around.seen.get_mut(index) {
                *seen = seen.saturating_sub(1);
            }
            around.put(index, item);
        }
        Ok(())
    }

    /// The end of the message.
    pub(crate) fn finish(mut self, line: u32) -> Result<Message, ReadError> {
        self.settle_comments();
        if let Some(run) = &self.run {
            let line = line.max(run.line);
            return self.refuse(
                line,
                None,
                Problem::Unclosed {
                    block: "covarianceMatrix",
                },
            );
        }
        if let Some(open) = self
            .stack
            .iter()
            .rev()
            .find(|open| matches!(open.description.brackets, Brackets::Each(_)))
        {
            let block = open.description.name;
            return self.refuse(line, None, Problem::Unclosed { block });
        }
        self.close_to(0, line)?;
        let Some(root) = self.stack.pop() else {
            return self.refuse(line, None, Problem::NoVersion);
        };
        check_complete(&root, line)?;
        let message = Message {
            kind: self.kind,
            version: self.version_text.clone(),
            root: Block {
                description: root.description,
                items: root.items,
                line: root.line,
            },
        };
        let mut accept = |line: u32, keyword: Option<&str>, deviation: Deviation, problem| {
            if deviation.accepted_when_strict() || self.strictness == Strictness::Lenient {
                self.remarks.add(line, keyword, deviation);
                Ok(())
            } else {
                Err(ReadError::new(line, keyword, problem))
            }
        };
        crate::check::check(&message, &mut accept)?;
        Ok(message)
    }
}

/// The prefix of a block's own brackets if it is the one that is asked for, else one that no block has.
fn as_static(open: &Open, prefix: &str) -> &'static str {
    match open.description.brackets {
        Brackets::Each(own) if own == prefix => own,
        _ => "",
    }
}

/// The name of the innermost block on a way.
fn way_block(description: &'static BlockDescription, way: &[usize]) -> &'static str {
    let mut description = description;
    for index in way {
        if let Some(Part::Block(used)) = description.parts.get(*index) {
            description = used.block;
        }
    }
    description.name
}

/// The closed block at the end of a way, if it was opened.
fn field_of_closed<'a>(open: &'a Open, way: &[usize]) -> Option<&'a Block> {
    let (first, rest) = way.split_first()?;
    let mut block = open.items.iter().rev().find_map(|item| match item {
        Item::Block(block) if part_of(open.description, item) == Some(*first) => Some(block),
        _ => None,
    })?;
    let (_, inner) = rest.split_last()?;
    for index in inner {
        block = block.items.iter().rev().find_map(|item| match item {
            Item::Block(inner) if part_of(block.description, item) == Some(*index) => Some(inner),
            _ => None,
        })?;
    }
    Some(block)
}

fn check_complete(open: &Open, line: u32) -> Result<(), ReadError> {
    let block = open.description.name;
    let missing = |keyword: Option<&str>, missing: String| {
        Err(ReadError::new(
            line,
            keyword,
            Problem::Missing { missing, block },
        ))
    };
    for (index, part) in open.description.parts.iter().enumerate() {
        let seen = open.seen(index);
        match part {
            Part::Field(field) => match field.presence {
                Presence::Obligatory if seen == 0 => {
                    return missing(Some(field.keyword), field.keyword.to_owned());
                }
                Presence::OneOf(group) | Presence::AtMostOneOf(group) => {
                    let given: Vec<&'static str> = group_of(open, group).collect();
                    if given.is_empty() && matches!(field.presence, Presence::OneOf(_)) {
                        let names: Vec<_> = open
                            .description
                            .parts
                            .iter()
                            .filter_map(|part| match part {
                                Part::Field(field) if field.presence == Presence::OneOf(group) => {
                                    Some(field.keyword)
                                }
                                _ => None,
                            })
                            .collect();
                        return missing(Some(field.keyword), names.join(" or "));
                    }
                    if let [other, .., last] = given.as_slice() {
                        let at = open.items.iter().find_map(|item| match item {
                            Item::Field(field) if field.keyword() == *last => Some(field.line),
                            _ => None,
                        });
                        return Err(ReadError::new(
                            at.unwrap_or(line),
                            Some(last),
                            Problem::Conflicting { other },
                        ));
                    }
                }
                _ => {}
            },
            Part::Block(used) if seen < used.least => {
                return missing(None, used.block.name.to_owned());
            }
            Part::Lines(lines) if seen < lines.least => {
                return missing(None, lines.form.element().to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// The keywords of a group that were given.
fn group_of(open: &Open, group: u8) -> impl Iterator<Item = &'static str> {
    open.description
        .parts
        .iter()
        .enumerate()
        .filter_map(move |(index, part)| match part {
            Part::Field(field)
                if matches!(
                    field.presence,
                    Presence::OneOf(own) | Presence::AtMostOneOf(own) if own == group
                ) && open.seen(index) > 0 =>
            {
                Some(field.keyword)
            }
            _ => None,
        })
}

/// The items of a line with one blank between.
fn single_blanks(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for item in text.split_ascii_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(item);
    }
    line
}
