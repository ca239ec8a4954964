//! Writes keyword = value notation.

use std::fmt::Write as _;

use crate::description::{Brackets, LineForm};
use crate::message::{Block, Item, Message};

/// Writes a message in keyword = value notation.
///
/// Every text is written as it was read. Keywords are padded to one width, lines end with LF.
#[must_use]
pub fn write_kvn(message: &Message) -> String {
    let mut writer = Writer {
        text: String::new(),
        width: width(message.root()).max(message.kind().version_keyword().len()),
    };
    writer.assignment(
        message.kind().version_keyword(),
        message.version_text(),
        None,
    );
    writer.block(message.root());
    writer.text
}

/// The longest keyword of a block.
fn width(block: &Block) -> usize {
    block
        .items()
        .iter()
        .map(|item| match item {
            Item::Field(field) => field.keyword().len(),
            Item::Line(line) => line.keyword().map_or(0, str::len),
            Item::Block(block) => width(block),
            Item::Comment(_) => 0,
        })
        .max()
        .unwrap_or(0)
}

struct Writer {
    text: String,
    width: usize,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end_matches([' ', '\t']));
        self.text.push('\n');
    }

    fn assignment(&mut self, keyword: &str, value: &str, unit: Option<&str>) {
        let width = self.width;
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{keyword:width$} =");
        if !value.is_empty() {
            let _ = write!(self.text, " {value}");
        }
        if let Some(unit) = unit {
            let _ = write!(self.text, " [{unit}]");
        }
        self.text.push('\n');
    }

    fn block(&mut self, block: &Block) {
        let prefix = match block.description().brackets {
            Brackets::Each(prefix) => Some(prefix),
            _ => None,
        };
        if let Some(prefix) = prefix {
            self.line(&format!("{prefix}_START"));
        }
        let mut run = None;
        for item in block.items() {
            if let Item::Block(inner) = item
                && let Brackets::Run(prefix) = inner.description().brackets
            {
                if run.is_none() {
                    self.line(&format!("{prefix}_START"));
                    run = Some(prefix);
                }
                self.matrix(inner);
                continue;
            }
            // A comment between two matrices stays in the run.
            if let Some(prefix) = run
                && !matches!(item, Item::Comment(_))
            {
                self.line(&format!("{prefix}_STOP"));
                run = None;
            }
            self.item(item);
        }
        if let Some(prefix) = run {
            self.line(&format!("{prefix}_STOP"));
        }
        if let Some(prefix) = prefix {
            self.line(&format!("{prefix}_STOP"));
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Comment(text) => self.comment(text),
            Item::Field(field) => self.assignment(field.keyword(), field.text(), field.unit()),
            Item::Line(line) => match (line.form(), line.keyword()) {
                (LineForm::Observation, Some(keyword)) => {
                    self.assignment(keyword, line.text(), None);
                }
                _ => self.line(line.text()),
            },
            Item::Block(block) => self.block(block),
        }
    }

    fn comment(&mut self, text: &str) {
        self.line(&format!("COMMENT {text}"));
    }

    /// A matrix as lines of its lower triangle.
    fn matrix(&mut self, block: &Block) {
        let mut row = 1;
        let mut in_row = 0;
        for item in block.items() {
            match item {
                Item::Field(field)
                    if field
                        .description()
                        .is_some_and(|known| known.unit.is_some()) =>
                {
                    if in_row > 0 {
                        self.text.push(' ');
                    }
                    self.text.push_str(field.text());
                    in_row += 1;
                    if in_row == row {
                        self.text.push('\n');
                        row += 1;
                        in_row = 0;
                    }
                }
                item => self.item(item),
            }
        }
        if in_row > 0 {
            self.text.push('\n');
        }
    }
}
