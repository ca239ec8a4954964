//! Puts a message together from what a reader meets, and holds it to its description.
//!
//! The reader of XML opens and closes blocks by name; the reader of KVN only names keywords and brackets, and the
//! description says to which block they belong. Both end in the same tree.

mod complete;
mod elements;
mod keywords;
mod part;
mod place;

use complete::check_complete;
use place::{Open, part_of};

use crate::description::{BlockDescription, Brackets, Kind, Version};
use crate::error::{Problem, ReadError};
use crate::message::{Block, Item, Message};
use crate::remark::{Deviation, Remarks, Strictness};

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
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_graphic()) {
            let problem = Problem::unknown_version(kind, version);
            return assembler.refuse(line, Some(kind.version_keyword()), problem);
        }
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

    fn close(&mut self, line: u32) -> Result<(), ReadError> {
        self.supply_trajectory_type(line)?;
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
