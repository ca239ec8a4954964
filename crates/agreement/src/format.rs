//! The formatter: every agreement has one true form.
//!
//! It works on the lossless tree and changes spacing, line breaks and spelling only: words of the
//! language in small letters, comparisons as signs, `1 day` but `2 days`. Comments stay with their
//! lines, and the Markdown outside the blocks is not touched. A block with a mistake in it stays as it
//! is: what is not understood is not moved.

mod layout;
mod lines;

use crate::diagnostic::Diagnostic;
use crate::markdown::Block;
use crate::syntax::{self, SyntaxNode};

/// A formatted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// The mistakes of the blocks that were left as they are.
    pub diagnostics: Vec<Diagnostic>,
}

/// Formats the blocks of rules in a Markdown file.
pub fn format(text: &str) -> Formatted {
    let parse = syntax::parse(text);
    let mut formatted = String::with_capacity(text.len());
    let mut done = 0;
    for (block, tree) in &parse.blocks {
        let has_mistake = parse.diagnostics.iter().any(|diagnostic| {
            let at = diagnostic.primary.span.start;
            diagnostic.is_error() && (block.fence.start..=block.fence.end).contains(&at)
        });
        let mut places = block.places();
        let (Some(first), false) = (places.next(), has_mistake) else {
            continue;
        };
        let end = places.last().map_or(first.end, |last| last.end);
        formatted.push_str(&text[done..first.start]);
        formatted.push_str(&in_place(block, tree));
        done = end;
    }
    formatted.push_str(&text[done..]);
    Formatted {
        text: formatted,
        diagnostics: parse
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect(),
    }
}

/// Formats rules without Markdown around them.
///
/// # Errors
/// When there are mistakes in them: all of them.
pub fn format_rules(rules: &str) -> Result<String, Vec<Diagnostic>> {
    let parse = syntax::parse_rules(rules);
    if parse.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(parse.diagnostics);
    }
    Ok(parse
        .blocks
        .iter()
        .map(|(block, tree)| in_place(block, tree))
        .collect())
}

/// The formatted text of a block as it stands in its file: with the file's line ends, and with what
/// begins each line of the list or quotation that it stands in.
fn in_place(block: &Block, tree: &SyntaxNode) -> String {
    let end = match block.text.find('\n') {
        Some(at) if block.text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let mut text = String::new();
    for line in layout::lines(&lines::read(tree)) {
        if !text.is_empty() {
            text.push_str(if line.is_empty() {
                block.prefix.trim_end()
            } else {
                &block.prefix
            });
        }
        text.push_str(&line);
        text.push_str(end);
    }
    text
}

#[cfg(test)]
mod tests;
