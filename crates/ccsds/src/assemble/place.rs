//! Where in a description something belongs, and blocks that are being filled.

use crate::description::{
    BlockDescription, Brackets, LineForm, Part, Presence, USER_DEFINED, observation,
};
use crate::message::{Block, Item};

/// What is looked for in a description.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Target<'a> {
    Field(&'a str),
    Bracket(&'a str),
    Lines,
}

/// A block that is being filled.
pub(super) struct Open {
    pub(super) description: &'static BlockDescription,
    pub(super) items: Vec<Item>,
    /// The part that was filled last.
    pub(super) reached: usize,
    /// How often each part was met.
    pub(super) seen: Vec<u32>,
    pub(super) line: u32,
}

impl Open {
    pub(super) fn new(description: &'static BlockDescription, line: u32) -> Self {
        Self {
            description,
            items: Vec::new(),
            reached: 0,
            seen: vec![0; description.parts.len()],
            line,
        }
    }

    pub(super) fn part(&self, index: usize) -> Option<&'static Part> {
        self.description.parts.get(index)
    }

    pub(super) fn seen(&self, index: usize) -> u32 {
        self.seen.get(index).copied().unwrap_or(0)
    }

    /// Whether a part can be filled again.
    pub(super) fn has_room(&self, index: usize) -> bool {
        match self.part(index) {
            Some(Part::Field(_)) => self.seen(index) == 0,
            Some(Part::Block(used)) => self.seen(index) < used.most,
            Some(Part::Lines(_) | Part::UserDefined) => true,
            None => false,
        }
    }

    /// Puts an item where its part belongs.
    pub(super) fn put(&mut self, index: usize, item: Item) {
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

    /// Whether this very keyword with this value and unit was put already.
    pub(super) fn has_field(&self, keyword: &str, text: &str, unit: Option<&str>) -> bool {
        self.items.iter().any(|item| {
            matches!(item, Item::Field(field)
                if field.keyword() == keyword && field.text() == text && field.unit() == unit)
        })
    }

    /// The keyword that was put last, for the message about the order.
    pub(super) fn last_keyword(&self) -> String {
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
pub(super) fn part_of(description: &'static BlockDescription, item: &Item) -> Option<usize> {
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
pub(super) fn path(
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
pub(super) fn begins(description: &'static BlockDescription, target: Target<'_>) -> bool {
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
pub(super) fn knows(description: &'static BlockDescription, keyword: &str) -> bool {
    description.parts.iter().any(|part| match part {
        Part::Field(field) => field.keyword == keyword,
        Part::Block(used) => knows(used.block, keyword),
        Part::UserDefined => keyword.starts_with(USER_DEFINED),
        Part::Lines(lines) => lines.form == LineForm::Observation && observation(keyword).is_some(),
    })
}

/// The name of the innermost block on a way.
pub(super) fn way_block(description: &'static BlockDescription, way: &[usize]) -> &'static str {
    let mut description = description;
    for index in way {
        if let Some(Part::Block(used)) = description.parts.get(*index) {
            description = used.block;
        }
    }
    description.name
}

/// The closed block at the end of a way, if it was opened.
pub(super) fn field_of_closed<'a>(open: &'a Open, way: &[usize]) -> Option<&'a Block> {
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
