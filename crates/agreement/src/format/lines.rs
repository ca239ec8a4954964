//! Cuts the tree into the lines that a rule is meant to have.

use crate::syntax::{SyntaxKind, SyntaxNode, SyntaxToken, words};
use rowan::{NodeOrToken, WalkEvent};

/// A line as it is meant, however long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Columns before it.
    pub indent: usize,
    /// An empty line stands before it.
    pub blank_before: bool,
    /// What stands on it.
    pub pieces: Vec<Piece>,
    /// The width of an attribute's name, and of the widest in its class.
    pub name_width: Option<(usize, usize)>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word or sign.
    Word {
        /// As it is printed.
        text: String,
        /// No space before it.
        glued: bool,
        /// A line that is too long may be broken before it.
        may_break: bool,
        /// The last word of an attribute's name.
        ends_name: bool,
    },
    /// A comment at the end of its line.
    CommentAfter(String),
    /// A comment on a line of its own, in the middle of a rule.
    CommentBetween(String),
}

/// Cuts a block into lines.
pub(super) fn read(tree: &SyntaxNode) -> Vec<Line> {
    let mut reader = Reader {
        lines: Vec::new(),
        held: Vec::new(),
        newlines: 2,
        base: 0,
        widest: 0,
        start_line: None,
        break_before: false,
        previous: None,
        compared: false,
    };
    for event in tree.preorder_with_tokens() {
        match event {
            WalkEvent::Enter(NodeOrToken::Node(node)) => reader.enter(&node),
            WalkEvent::Leave(NodeOrToken::Node(node)) => reader.leave(&node),
            WalkEvent::Enter(NodeOrToken::Token(token)) => reader.token(&token),
            WalkEvent::Leave(NodeOrToken::Token(_)) => {}
        }
    }
    // Comments after the last statement.
    reader.release(0, false);
    reader.lines
}

struct Reader {
    lines: Vec<Line>,
    /// Comments on lines of their own that wait for what follows; whether an empty line precedes each.
    held: Vec<(bool, String)>,
    /// Line ends since the last word or comment.
    newlines: usize,
    /// The indentation of the statement.
    base: usize,
    /// The width of the widest name of its attributes.
    widest: usize,
    /// The next word begins a line, so far from the margin; whether an empty line must precede it.
    start_line: Option<(usize, bool)>,
    break_before: bool,
    previous: Option<(SyntaxKind, String)>,
    /// The sign of the comparison that is being read is written.
    compared: bool,
}

fn is_statement(kind: SyntaxKind) -> bool {
    (SyntaxKind::Agreement..=SyntaxKind::Reading).contains(&kind)
}

fn is_line(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        AgreementLine
            | Attribute
            | Means
            | Declared
            | RecordedInFull
            | Clause
            | DutyClause
            | Exception
            | Because
            | Cite
    )
}

/// Whether a statement takes more than its first line.
fn has_lines(node: &SyntaxNode) -> bool {
    node.kind() != SyntaxKind::Measure
        && node
            .children()
            .any(|child| is_line(child.kind()) || is_statement(child.kind()))
}

fn has_child(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children().any(|child| child.kind() == kind)
}

impl Reader {
    fn enter(&mut self, node: &SyntaxNode) {
        let kind = node.kind();
        let parent = node.parent();
        let parent_kind = parent.as_ref().map(SyntaxNode::kind);
        if is_statement(kind) {
            self.widest = widest_name(node);
            if parent_kind == Some(SyntaxKind::Reading) {
                self.base = 2;
            }
            let before = node
                .prev_sibling()
                .filter(|before| is_statement(before.kind()));
            let apart = before.is_some_and(|before| has_lines(&before) || has_lines(node));
            self.start_line = Some((self.base, apart));
            return;
        }
        if is_line(kind) {
            if parent_kind != Some(SyntaxKind::Measure) {
                self.start_line = Some((self.base + 2, false));
            } else {
                self.break_before = true;
            }
            return;
        }
        match kind {
            SyntaxKind::Row => {
                let rows = parent.map_or(0, |parent| {
                    parent
                        .children()
                        .filter(|child| child.kind() == SyntaxKind::Row)
                        .take(2)
                        .count()
                });
                if rows > 1 {
                    self.start_line = Some((self.base + 4, false));
                }
            }
            SyntaxKind::Action => {
                if parent.is_some_and(|parent| has_child(&parent, SyntaxKind::Trigger)) {
                    self.start_line = Some((self.base + 4, false));
                } else {
                    self.break_before = true;
                }
            }
            SyntaxKind::Otherwise => self.start_line = Some((self.base + 4, false)),
            SyntaxKind::Timing
            | SyntaxKind::Deadline
            | SyntaxKind::Window
            | SyntaxKind::ForEach
            | SyntaxKind::Trigger => self.break_before = true,
            // Within a test it belongs to the words before it.
            SyntaxKind::Comparison => self.break_before = parent_kind != Some(SyntaxKind::Test),
            _ => {}
        }
        self.compared = false;
    }

    fn leave(&mut self, node: &SyntaxNode) {
        let kind = node.kind();
        if kind == SyntaxKind::Reading {
            self.base = 0;
        }
        if kind == SyntaxKind::Names
            && node
                .parent()
                .is_some_and(|parent| parent.kind() == SyntaxKind::Attribute)
            && let Some(line) = self.lines.last_mut()
            && line.name_width.is_none()
        {
            line.name_width = Some((name_width(node), self.widest));
            if let Some(Piece::Word { ends_name, .. }) = line.pieces.last_mut() {
                *ends_name = true;
            }
        }
    }

    fn token(&mut self, token: &SyntaxToken) {
        match token.kind() {
            SyntaxKind::Space => {}
            SyntaxKind::Newline => self.newlines += 1,
            SyntaxKind::Comment => self.comment(token.text().trim_end()),
            _ => self.word(token),
        }
    }

    fn comment(&mut self, text: &str) {
        if self.newlines == 0
            && self.held.is_empty()
            && let Some(line) = self.lines.last_mut()
        {
            line.pieces.push(Piece::CommentAfter(text.to_owned()));
        } else {
            self.held.push((self.newlines >= 2, text.to_owned()));
        }
        self.newlines = 0;
    }

    /// Writes the comments that wait before a line.
    fn release(&mut self, indent: usize, apart: bool) {
        for (index, (blank, text)) in std::mem::take(&mut self.held).into_iter().enumerate() {
            let first = self.lines.is_empty();
            self.lines.push(Line {
                indent,
                blank_before: !first && (blank || (index == 0 && apart)),
                pieces: vec![Piece::CommentBetween(text)],
                name_width: None,
            });
        }
    }

    fn word(&mut self, token: &SyntaxToken) {
        let parent = token.parent();
        let parent_kind = parent.as_ref().map(SyntaxNode::kind);
        let mut text = self.spelling(token, parent.as_ref());
        if parent_kind == Some(SyntaxKind::Comparison) {
            if self.compared {
                self.newlines = 0;
                return;
            }
            self.compared = true;
            text = sign(token).to_owned();
        }
        if let Some((indent, apart)) = self.start_line.take() {
            let comments = !self.held.is_empty();
            self.release(indent, apart);
            let blank = self.newlines >= 2 || (apart && !comments);
            self.lines.push(Line {
                indent,
                blank_before: blank && !self.lines.is_empty(),
                pieces: Vec::new(),
                name_width: None,
            });
        }
        let glued = self.is_glued(token, parent.as_ref());
        let may_break = !glued && self.may_break(token, parent_kind, &text);
        if let Some(line) = self.lines.last_mut() {
            for (_, comment) in self.held.drain(..) {
                line.pieces.push(Piece::CommentBetween(comment));
            }
            line.pieces.push(Piece::Word {
                text: text.clone(),
                glued,
                may_break,
                ends_name: false,
            });
        }
        self.break_before = false;
        self.newlines = 0;
        self.previous = Some((token.kind(), text));
    }

    /// A word as it is spelled in the true form.
    fn spelling(&self, token: &SyntaxToken, parent: Option<&SyntaxNode>) -> String {
        let text = token.text();
        if token.kind() != SyntaxKind::Keyword {
            return text.to_owned();
        }
        let after_number = matches!(self.previous, Some((SyntaxKind::Number, _)));
        if after_number && let Some(month) = words::month(text) {
            return words::MONTHS[usize::from(month) - 1].to_owned();
        }
        let word = text.to_lowercase();
        let counted = parent.is_some_and(|parent| parent.kind() == SyntaxKind::Duration);
        if counted && let Some((SyntaxKind::Number, number)) = &self.previous {
            let stem = word.trim_end_matches('s');
            return if number == "1" {
                stem.to_owned()
            } else {
                format!("{stem}s")
            };
        }
        word
    }

    fn is_glued(&self, token: &SyntaxToken, parent: Option<&SyntaxNode>) -> bool {
        use SyntaxKind::*;
        let previous = self.previous.as_ref().map(|(kind, _)| *kind);
        let inside = parent.map(SyntaxNode::kind);
        let first_of_parent = parent
            .and_then(SyntaxNode::first_token)
            .is_some_and(|first| first == *token);
        if inside == Some(Label) && !first_of_parent {
            return true;
        }
        if inside == Some(Unit)
            && !first_of_parent
            && (token.kind() == Slash || previous == Some(Slash))
        {
            return true;
        }
        matches!(
            token.kind(),
            Comma | Colon | CloseParenthesis | CloseBracket
        ) || (matches!(previous, Some(OpenParenthesis | OpenBracket)) && inside != Some(Label))
    }

    /// Whether a line may be broken before this word. A line that begins with it must read the same.
    fn may_break(&self, token: &SyntaxToken, parent: Option<SyntaxKind>, text: &str) -> bool {
        use SyntaxKind::*;
        if words::is_any(text, &words::STATEMENTS)
            || words::is_any(text, &["unless", "because", "cite"])
        {
            return false;
        }
        if self.break_before {
            return true;
        }
        if matches!(parent, Some(Subject | Label | Actor)) || in_subject(token) {
            return false;
        }
        match token.kind() {
            Plus | Minus | Times | Bar => true,
            Slash => parent != Some(Unit),
            Keyword => {
                ["where", "and", "or"].contains(&text)
                    && !matches!(parent, Some(Schedule | Deadline))
            }
            _ => matches!(self.previous, Some((Comma, _))),
        }
    }
}

fn in_subject(token: &SyntaxToken) -> bool {
    token
        .parent_ancestors()
        .take(3)
        .any(|node| node.kind() == SyntaxKind::Subject)
}

/// The width of the widest name of the attributes of a class, but for very long ones.
fn widest_name(class: &SyntaxNode) -> usize {
    class
        .children()
        .filter(|line| line.kind() == SyntaxKind::Attribute)
        .filter_map(|line| line.first_child())
        .map(|names| name_width(&names))
        .filter(|width| *width <= 24)
        .max()
        .unwrap_or(0)
}

fn name_width(names: &SyntaxNode) -> usize {
    let words: Vec<usize> = names
        .children_with_tokens()
        .filter_map(NodeOrToken::into_token)
        .filter(|token| !token.kind().is_trivia())
        .map(|token| token.text().chars().count())
        .collect();
    words.iter().sum::<usize>() + words.len().saturating_sub(1)
}

/// The sign of a comparison, by its first word.
fn sign(token: &SyntaxToken) -> &'static str {
    match token.kind() {
        SyntaxKind::AtMost => "<=",
        SyntaxKind::AtLeast => ">=",
        SyntaxKind::Less => "<",
        SyntaxKind::Greater => ">",
        SyntaxKind::Equal => "=",
        _ if words::is(token.text(), "less") => "<",
        _ if words::is(token.text(), "more") => ">",
        _ if words::is(token.text(), "exactly") => "=",
        _ => {
            let most = token
                .parent()
                .into_iter()
                .flat_map(|parent| parent.children_with_tokens())
                .filter_map(NodeOrToken::into_token)
                .any(|token| words::is(token.text(), "most"));
            if most { "<=" } else { ">=" }
        }
    }
}
