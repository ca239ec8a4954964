//! Whether a block has all that it must have when it ends.

use super::place::Open;
use crate::description::{Part, Presence};
use crate::error::{Problem, ReadError};
use crate::message::Item;

pub(super) fn check_complete(open: &Open, line: u32) -> Result<(), ReadError> {
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
