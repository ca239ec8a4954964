//! From text to the abstract tree, and the lossless tree beneath it.

pub mod ast;
mod kind;
mod lexer;
mod parser;
mod print;
pub(crate) mod words;

pub use kind::{Language, SyntaxKind, SyntaxNode, SyntaxToken};
pub use parser::{DEEPEST_NESTING, MOST_OPERATIONS};
pub use print::print;

use crate::diagnostic::Diagnostic;
use crate::markdown::{self, Block, Document};

/// The most mistakes that are reported of one file.
pub const MOST_DIAGNOSTICS: usize = 10_000;

/// What parsing makes of a file.
#[derive(Clone, Debug)]
pub struct Parse {
    /// All statements.
    pub file: ast::File,
    /// The title: the first heading of level 1.
    pub title: Option<String>,
    /// The blocks of rules, each with its lossless tree.
    pub blocks: Vec<(Block, SyntaxNode)>,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a Markdown file with rules in it. Never fails: what could not be read is in the diagnostics,
/// and the rest in the tree.
pub fn parse(text: &str) -> Parse {
    let mut diagnostics = Vec::new();
    let document: Document = markdown::read(text, &mut diagnostics);
    let mut file = ast::File::default();
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in document.blocks {
        let (statements, tree) = parser::parse(&block, &mut diagnostics);
        file.statements
            .extend(statements.into_iter().map(|statement| ast::Located {
                headings: block.headings.clone(),
                statement,
            }));
        blocks.push((block, tree));
    }
    sort(&mut diagnostics);
    Parse {
        file,
        title: document.title,
        blocks,
        diagnostics,
    }
}

/// Parses rules without Markdown around them, such as one block.
pub fn parse_rules(text: &str) -> Parse {
    let block = Block::alone(text);
    let mut diagnostics = Vec::new();
    let (statements, tree) = parser::parse(&block, &mut diagnostics);
    sort(&mut diagnostics);
    Parse {
        file: ast::File {
            statements: statements
                .into_iter()
                .map(|statement| ast::Located {
                    headings: Vec::new(),
                    statement,
                })
                .collect(),
        },
        title: None,
        blocks: vec![(block, tree)],
        diagnostics,
    }
}

/// In the order of the text, and not more than can be of use.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.code));
    if diagnostics.len() > MOST_DIAGNOSTICS {
        let more = diagnostics.len() - MOST_DIAGNOSTICS;
        diagnostics.truncate(MOST_DIAGNOSTICS);
        let end = diagnostics.last().map_or(0, |last| last.primary.span.end);
        diagnostics.push(Diagnostic::error(
            "E0006",
            end..end,
            format!("{more} more mistakes follow and are not shown"),
        ));
    }
}
