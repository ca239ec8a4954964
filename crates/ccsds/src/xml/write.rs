//! Writes XML.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{COMBINED, PARAMETER, UNITS, USER_DEFINED_ELEMENT};
use crate::description::{LineForm, STATE_COLUMNS};
use crate::message::{Block, Field, Item, Line, Message};
use crate::read::{Combined, OtherMessage};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// The namespace of schema instances and where the schemas are (SANA, unqualified elements).
const SCHEMA: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"https://sanaregistry.org/r/ndmxml_unqualified/ndmxml-3.0.0-master-3.0.xsd\"";

/// Writes a message in XML.
///
/// Every text is written as it was read. Elements are indented by two blanks, lines end with LF.
#[must_use]
pub fn write_xml(message: &Message) -> String {
    let mut writer = Writer {
        text: DECLARATION.to_owned(),
    };
    writer.message(message, 0, &format!(" {SCHEMA}"));
    writer.text
}

/// Writes messages as one combined message in XML (`<ndm>`).
#[must_use]
pub fn write_combined_xml(combined: &Combined, messages: &[Message]) -> String {
    let mut writer = Writer {
        text: DECLARATION.to_owned(),
    };
    let _ = writeln!(writer.text, "<{COMBINED} {SCHEMA}>");
    if let Some(identifier) = &combined.message_id {
        writer.leaf(1, "MESSAGE_ID", "", identifier);
    }
    for comment in &combined.comments {
        writer.leaf(1, "COMMENT", "", comment);
    }
    let mut others = combined.others.iter().peekable();
    for (index, message) in messages.iter().enumerate() {
        while let Some(other) = others.next_if(|other| other.before <= index) {
            writer.other(other);
        }
        writer.message(message, 1, "");
    }
    for other in others {
        writer.other(other);
    }
    writer.close(0, COMBINED);
    writer.text
}

struct Writer {
    text: String,
}

fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

impl Writer {
    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
    }

    fn open(&mut self, depth: usize, name: &str) {
        self.indent(depth);
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "<{name}>");
    }

    fn close(&mut self, depth: usize, name: &str) {
        self.indent(depth);
        let _ = writeln!(self.text, "</{name}>");
    }

    fn leaf(&mut self, depth: usize, name: &str, attributes: &str, text: &str) {
        self.indent(depth);
        if text.is_empty() {
            let _ = writeln!(self.text, "<{name}{attributes}/>");
        } else {
            let _ = writeln!(self.text, "<{name}{attributes}>{}</{name}>", escape(text));
        }
    }

    fn message(&mut self, message: &Message, depth: usize, attributes: &str) {
        let name = message.root().name();
        self.indent(depth);
        let _ = writeln!(
            self.text,
            "<{name}{attributes} id=\"{}\" version=\"{}\">",
            message.kind().version_keyword(),
            escape(message.version_text()),
        );
        self.items(message.root(), depth + 1);
        self.close(depth, name);
    }

    fn other(&mut self, other: &OtherMessage) {
        self.indent(1);
        let _ = writeln!(self.text, "{}", other.xml);
    }

    fn items(&mut self, block: &Block, depth: usize) {
        for item in block.items() {
            match item {
                Item::Comment(text) => self.leaf(depth, "COMMENT", "", text),
                Item::Field(field) => self.field(field, depth),
                Item::Line(line) => self.line(line, depth),
                Item::Block(inner) if inner.items().is_empty() => {
                    self.leaf(depth, inner.name(), "", "");
                }
                Item::Block(inner) => {
                    self.open(depth, inner.name());
                    self.items(inner, depth + 1);
                    self.close(depth, inner.name());
                }
            }
        }
    }

    fn field(&mut self, field: &Field, depth: usize) {
        if let Some(parameter) = field.user_defined() {
            let attribute = format!(" {PARAMETER}=\"{}\"", escape(parameter));
            self.leaf(depth, USER_DEFINED_ELEMENT, &attribute, field.text());
            return;
        }
        let attribute = field
            .unit()
            .map(|unit| format!(" {UNITS}=\"{}\"", escape(unit)))
            .unwrap_or_default();
        self.leaf(depth, field.keyword(), &attribute, field.text());
    }

    fn line(&mut self, line: &Line, depth: usize) {
        let name = line.form().element();
        match line.form() {
            LineForm::Trajectory | LineForm::Covariance | LineForm::Maneuver => {
                self.leaf(depth, name, "", line.text());
            }
            LineForm::State => {
                self.open(depth, name);
                let columns =
                    std::iter::once("EPOCH").chain(STATE_COLUMNS.iter().map(|(column, _)| *column));
                for (column, item) in columns.zip(line.items()) {
                    self.leaf(depth + 1, column, "", item);
                }
                self.close(depth, name);
            }
            LineForm::Observation => {
                self.open(depth, name);
                let columns = ["EPOCH", line.keyword().unwrap_or_default()];
                for (column, item) in columns.into_iter().zip(line.items()) {
                    self.leaf(depth + 1, column, "", item);
                }
                self.close(depth, name);
            }
        }
    }
}
