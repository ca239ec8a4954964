//! A message as it was read: a tree of blocks with every text kept as it was written.

use crate::date::Date;
use crate::description::{
    BlockDescription, FieldDescription, Kind, LineForm, Presence, USER_DEFINED, Version,
};
use crate::number::Number;
use crate::unit::{Relation, Unit};

/// A message. Two messages are equal if they say the same in the same words, wherever their lines stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub(crate) kind: Kind,
    pub(crate) version: Box<str>,
    pub(crate) root: Block,
}

impl Message {
    /// Which message it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The format version as it is written.
    #[must_use]
    pub fn version_text(&self) -> &str {
        &self.version
    }

    /// The format version.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        Version::parse(&self.version)
    }

    /// The whole tree.
    #[must_use]
    pub const fn root(&self) -> &Block {
        &self.root
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> Option<&Block> {
        self.root.block("header")
    }

    /// The segments: two in a CDM, one in most others.
    pub fn segments(&self) -> impl Iterator<Item = &Block> {
        self.root
            .block("body")
            .into_iter()
            .flat_map(|body| body.blocks("segment"))
    }

    /// Whether two messages have the same keywords, values, units, lines and comments in the same order. What only XML
    /// can say is not compared: to which of two nested blocks a comment at the beginning of both belongs.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        self.kind == other.kind && self.version == other.version && {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            flatten(&self.root, &mut a);
            flatten(&other.root, &mut b);
            a == b
        }
    }
}

/// A piece of a message that both syntaxes have.
#[derive(PartialEq)]
enum Piece<'a> {
    Comment(&'a str),
    Field(&'a Field),
    Line(&'a Line),
    Begin(&'static str),
    End,
}

fn flatten<'a>(block: &'a Block, pieces: &mut Vec<Piece<'a>>) {
    use crate::description::Brackets;
    let marked = match block.description.brackets {
        Brackets::Each(prefix) => {
            pieces.push(Piece::Begin(prefix));
            true
        }
        _ => false,
    };
    for item in &block.items {
        match item {
            Item::Comment(text) => pieces.push(Piece::Comment(text)),
            Item::Field(field) => pieces.push(Piece::Field(field)),
            Item::Line(line) => pieces.push(Piece::Line(line)),
            Item::Block(block) => flatten(block, pieces),
        }
    }
    if marked {
        pieces.push(Piece::End);
    }
}

/// A block: comments, fields, lines and blocks in their order.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) description: &'static BlockDescription,
    pub(crate) items: Vec<Item>,
    pub(crate) line: u32,
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.description, other.description) && self.items == other.items
    }
}

impl Block {
    /// What the block may hold.
    #[must_use]
    pub const fn description(&self) -> &'static BlockDescription {
        self.description
    }

    /// Its name: the element of XML.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.description.name
    }

    /// Its content in order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The line where it began when it was read, from 1; 0 if it was not read.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// The comments that stand directly in this block.
    pub fn comments(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match item {
            Item::Comment(text) => Some(&**text),
            _ => None,
        })
    }

    /// The fields that stand directly in this block.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.items.iter().filter_map(|item| match item {
            Item::Field(field) => Some(field),
            _ => None,
        })
    }

    /// The lines of data that stand directly in this block.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.items.iter().filter_map(|item| match item {
            Item::Line(line) => Some(line),
            _ => None,
        })
    }

    /// The blocks of this name that stand directly in this block.
    pub fn blocks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.items.iter().filter_map(move |item| match item {
            Item::Block(block) if block.name() == name => Some(block),
            _ => None,
        })
    }

    /// The first block of this name that stands directly in this block.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&Self> {
        self.items.iter().find_map(|item| match item {
            Item::Block(block) if block.name() == name => Some(block),
            _ => None,
        })
    }

    /// The field of this keyword in this block, with a value.
    #[must_use]
    pub fn field(&self, keyword: &str) -> Option<&Field> {
        self.fields()
            .find(|field| field.is(keyword) && !field.text.is_empty())
    }

    /// The text of a field of this block.
    #[must_use]
    pub fn text(&self, keyword: &str) -> Option<&str> {
        self.field(keyword).map(Field::text)
    }

    /// The text of a field of this block, or the value that the standard has for its absence.
    #[must_use]
    pub fn text_or_default(&self, keyword: &str) -> Option<&str> {
        self.text(keyword).or_else(|| {
            self.description.parts.iter().find_map(|part| match part {
                crate::description::Part::Field(FieldDescription {
                    keyword: known,
                    presence: Presence::Default(value),
                    ..
                }) if *known == keyword => Some(*value),
                _ => None,
            })
        })
    }

    /// A number of this block, in the unit that the standard has for it.
    #[must_use]
    pub fn number(&self, keyword: &str) -> Option<f64> {
        self.field(keyword)?.value()
    }

    /// A date of this block.
    #[must_use]
    pub fn date(&self, keyword: &str) -> Option<Date> {
        self.field(keyword)?.date()
    }
}

/// What stands in a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The text of a `COMMENT`.
    Comment(Box<str>),
    /// A keyword with its value.
    Field(Field),
    /// A line of data.
    Line(Line),
    /// A block.
    Block(Block),
}

/// A keyword with its value.
#[derive(Clone, Debug)]
pub struct Field {
    pub(crate) keyword: Keyword,
    pub(crate) text: Box<str>,
    pub(crate) unit: Option<Box<str>>,
    pub(crate) line: u32,
}

/// A keyword of the standard, or one of the sender's own.
#[derive(Clone, Debug)]
pub(crate) enum Keyword {
    Known(&'static FieldDescription),
    /// With its prefix.
    UserDefined(Box<str>),
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.keyword() == other.keyword() && self.text == other.text && self.unit == other.unit
    }
}

impl Field {
    /// The keyword.
    #[must_use]
    pub fn keyword(&self) -> &str {
        match &self.keyword {
            Keyword::Known(description) => description.keyword,
            Keyword::UserDefined(keyword) => keyword,
        }
    }

    /// What follows `USER_DEFINED_`, of a keyword of the sender's own.
    #[must_use]
    pub fn user_defined(&self) -> Option<&str> {
        match &self.keyword {
            Keyword::Known(_) => None,
            Keyword::UserDefined(keyword) => keyword.strip_prefix(USER_DEFINED),
        }
    }

    fn is(&self, keyword: &str) -> bool {
        self.keyword() == keyword
    }

    /// The description of a keyword of the standard.
    #[must_use]
    pub const fn description(&self) -> Option<&'static FieldDescription> {
        match self.keyword {
            Keyword::Known(description) => Some(description),
            Keyword::UserDefined(_) => None,
        }
    }

    /// The value as it is written; empty if none is given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The unit as it is written, if it is.
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// The number as it is written.
    #[must_use]
    pub fn number(&self) -> Option<Number<'_>> {
        Number::parse(&self.text).ok()
    }

    /// The number in the unit of the standard, whatever unit is written.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        let value = self.number()?.value;
        let expected = self.description().and_then(|description| description.unit);
        match (self.unit(), expected) {
            (Some(found), Some(expected)) if found != expected => {
                let relation = Unit::parse(found)
                    .zip(Unit::parse(expected))
                    .and_then(|(found, expected)| found.relation(&expected));
                match relation {
                    Some(Relation::Scaled(factor)) => Some(value * factor),
                    // A unit of another quantity is taken for a slip of the pen, if it was accepted at all.
                    Some(Relation::Same) | None => Some(value),
                }
            }
            _ => Some(value),
        }
    }

    /// The date.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        Date::parse(&self.text).ok()
    }

    /// The line where it stood when it was read, from 1; 0 if it was not read.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }
}

/// A line of data: its items, separated by one blank each.
#[derive(Clone, Debug)]
pub struct Line {
    pub(crate) form: LineForm,
    /// The keyword of an observation.
    pub(crate) keyword: Option<&'static str>,
    pub(crate) text: Box<str>,
    pub(crate) line: u32,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.keyword == other.keyword && self.text == other.text
    }
}

impl Line {
    /// What is on it.
    #[must_use]
    pub const fn form(&self) -> LineForm {
        self.form
    }

    /// The keyword of an observation.
    #[must_use]
    pub const fn keyword(&self) -> Option<&'static str> {
        self.keyword
    }

    /// The items in their order; the first is the time.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|item| !item.is_empty())
    }

    /// The items as they are written, separated by blanks.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The date, if the first item is one.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        Date::parse(self.items().next()?).ok()
    }

    /// The numbers after the time.
    pub fn numbers(&self) -> impl Iterator<Item = Option<Number<'_>>> {
        self.items().skip(1).map(|item| Number::parse(item).ok())
    }

    /// The line where it stood when it was read, from 1; 0 if it was not read.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }
}
