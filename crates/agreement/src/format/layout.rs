//! Prints lines, breaking those that are too long.

use super::lines::{Line, Piece};

/// The longest line, in characters, where it can be broken.
const WIDTH: usize = 100;

/// How much further in the rest of a broken line stands.
const CONTINUATION: usize = 4;

/// Prints lines without their ends.
pub(super) fn lines(lines: &[Line]) -> Vec<String> {
    let mut printed = Vec::new();
    for line in lines {
        if line.blank_before {
            printed.push(String::new());
        }
        print(line, &mut printed);
    }
    printed
}

fn print(line: &Line, printed: &mut Vec<String>) {
    let mut current = String::new();
    let mut width = 0;
    let mut begun = false;
    let mut pad = 0;
    let mut pieces = line.pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Word {
                text,
                glued,
                may_break,
                ends_name,
            } => {
                let length = text.chars().count();
                let chunk = length + unbreakable(&mut pieces.clone());
                if *may_break && width > 0 && width + 1 + chunk > WIDTH {
                    printed.push(std::mem::take(&mut current));
                    width = 0;
                }
                if width == 0 {
                    let indent = line.indent + if begun { CONTINUATION } else { 0 };
                    current.push_str(&" ".repeat(indent));
                    width = indent;
                } else if !glued {
                    current.push_str(&" ".repeat(1 + pad));
                    width += 1 + pad;
                }
                pad = 0;
                current.push_str(text);
                width += length;
                begun = true;
                if *ends_name && let Some((own, widest)) = line.name_width {
                    pad = widest.saturating_sub(own);
                }
            }
            Piece::CommentAfter(text) => {
                current.push_str("  ");
                current.push_str(text);
                printed.push(std::mem::take(&mut current));
                width = 0;
            }
            Piece::CommentBetween(text) => {
                if width > 0 {
                    printed.push(std::mem::take(&mut current));
                    width = 0;
                }
                let indent = line.indent + if begun { CONTINUATION } else { 0 };
                printed.push(format!("{}{text}", " ".repeat(indent)));
            }
        }
    }
    if width > 0 {
        printed.push(current);
    }
}

/// How much follows that cannot be broken off.
fn unbreakable<'a>(pieces: &mut impl Iterator<Item = &'a Piece>) -> usize {
    let mut width = 0;
    for piece in pieces {
        match piece {
            Piece::Word {
                text,
                glued,
                may_break: false,
                ..
            } => width += text.chars().count() + usize::from(!glued),
            _ => break,
        }
        if width > WIDTH {
            break;
        }
    }
    width
}
