//! Diagnostics as text for people, with the lines they speak of.

use super::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

/// Lines longer than this many characters are shown without their source.
const LONGEST_LINE: usize = 2_000;

/// How to show diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With colours, for a terminal that shows them.
    pub colour: bool,
}

/// Renders diagnostics one below the other, each followed by an empty line. Lines and columns count
/// from 1; columns count characters.
pub fn render(diagnostics: &[Diagnostic], file_name: &str, text: &str, style: Style) -> String {
    let source = Source::new(file_name, text);
    let renderer = if style.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        rendered.push_str(&source.render(diagnostic, &renderer));
        rendered.push_str("\n\n");
    }
    rendered
}

/// One line for each diagnostic: `file:line:column: error[E0101]: message`.
pub fn render_short(diagnostics: &[Diagnostic], file_name: &str, text: &str) -> String {
    let source = Source::new(file_name, text);
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        let (line, column) = source.position(diagnostic.primary.span.start);
        // Writing to a String does not fail.
        let _ = writeln!(
            rendered,
            "{file_name}:{line}:{column}: {}[{}]: {}",
            diagnostic.severity, diagnostic.code, diagnostic.message
        );
    }
    rendered
}

struct Source<'a> {
    name: &'a str,
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(name: &'a str, text: &'a str) -> Source<'a> {
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Source { name, text, lines }
    }

    /// The line that a place stands on, from 0.
    fn line(&self, at: usize) -> usize {
        self.lines
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    /// The text of a line without its end.
    fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line + 1).copied().unwrap_or(self.text.len());
        let written = self.text.get(start..end).unwrap_or("");
        start..start + written.trim_end_matches(['\n', '\r']).len()
    }

    /// Line and column of a place, from 1.
    fn position(&self, at: usize) -> (usize, usize) {
        let at = self.within(at);
        let line = self.line(at);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let mut before = self.text.get(start..at).unwrap_or("");
        if start == 0 {
            before = before.strip_prefix('\u{feff}').unwrap_or(before);
        }
        (line + 1, before.chars().count() + 1)
    }

    /// A place inside the text and at the beginning of a character.
    fn within(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn render(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group: Group<'_> = Group::with_title(
            level
                .primary_title(diagnostic.message.as_str())
                .id(diagnostic.code),
        );
        let primary = self.line(self.within(diagnostic.primary.span.start));
        if self.line_range(primary).len() > LONGEST_LINE {
            let (line, column) = self.position(diagnostic.primary.span.start);
            group = group.element(
                annotate_snippets::Origin::path(self.name)
                    .line(line)
                    .char_column(column),
            );
        } else {
            group = group.element(self.snippet(diagnostic, primary));
        }
        for (_, place) in diagnostic
            .secondary
            .iter()
            .enumerate()
            .filter(|(_, label)| !self.is_near(primary, label.span.start))
        {
            let line = self.line(self.within(place.span.start));
            if self.line_range(line).len() <= LONGEST_LINE {
                group = group.element(
                    self.lines_of(line, line).annotation(
                        AnnotationKind::Context
                            .span(self.in_lines(&place.span, line, line))
                            .label(place.text.as_str()),
                    ),
                );
            }
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }

    /// Whether a place can be shown together with the primary line.
    fn is_near(&self, primary: usize, at: usize) -> bool {
        let line = self.line(self.within(at));
        line.abs_diff(primary) <= 20
            && (line.min(primary)..=line.max(primary))
                .all(|line| self.line_range(line).len() <= LONGEST_LINE)
    }

    fn snippet<'d>(
        &self,
        diagnostic: &'d Diagnostic,
        primary: usize,
    ) -> Snippet<'d, annotate_snippets::Annotation<'d>>
    where
        'a: 'd,
    {
        let near: Vec<_> = diagnostic
            .secondary
            .iter()
            .filter(|label| self.is_near(primary, label.span.start))
            .collect();
        let lines = near
            .iter()
            .map(|label| self.line(self.within(label.span.start)))
            .chain([primary]);
        let (first, last) = lines.fold((primary, primary), |(first, last), line| {
            (first.min(line), last.max(line))
        });
        let mut main =
            AnnotationKind::Primary.span(self.in_lines(&diagnostic.primary.span, first, last));
        if !diagnostic.primary.text.is_empty() {
            main = main.label(diagnostic.primary.text.as_str());
        }
        self.lines_of(first, last)
            .annotation(main)
            .annotations(near.into_iter().map(|label| {
                AnnotationKind::Context
                    .span(self.in_lines(&label.span, first, last))
                    .label(label.text.as_str())
            }))
    }

    /// Some lines as they stand in the file.
    fn lines_of<'d>(
        &self,
        first: usize,
        last: usize,
    ) -> Snippet<'d, annotate_snippets::Annotation<'d>>
    where
        'a: 'd,
    {
        let start = self.line_range(first).start;
        let end = self.line_range(last).end;
        let text: &'a str = self.text.get(start..end).unwrap_or("");
        Snippet::source(text.replace('\r', " "))
            .path(self.name.to_owned())
            .line_start(first + 1)
    }

    /// A place counted from the start of some lines, and cut to them.
    fn in_lines(&self, span: &Range<usize>, first: usize, last: usize) -> Range<usize> {
        let base = self.line_range(first).start;
        let limit = self.line_range(last).end;
        // A mistake of many lines is shown at its first.
        let line_end = self.line_range(self.line(self.within(span.start))).end;
        let start = self.within(span.start).clamp(base, limit);
        let end = self
            .within(span.end)
            .clamp(start, limit.min(line_end.max(start)));
        start - base..end - base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, part: &str) -> Range<usize> {
        let start = text.find(part).unwrap();
        start..start + part.len()
    }

    #[test]
    fn line_and_column_count_characters() {
        let text = "\u{feff}# Ünï\r\n\r\n規則 x 界 2011-02-30\r\n";
        let diagnostic =
            Diagnostic::error("E0101", place(text, "2011-02-30"), "no such date").label("here");
        assert_eq!(
            render_short(std::slice::from_ref(&diagnostic), "a.md", text),
            "a.md:3:8: error[E0101]: no such date\n"
        );
        let rendered = render(&[diagnostic], "a.md", text, Style::default());
        assert!(rendered.contains("a.md:3:8"), "{rendered}");
        assert!(rendered.contains("規則 x 界 2011-02-30"), "{rendered}");
        assert!(
            !rendered.contains('\r') && !rendered.contains('\u{1b}'),
            "{rendered}"
        );
        // Wide characters take two columns; the marks stand under what they mark.
        let marks = rendered.lines().find(|line| line.contains('^')).unwrap();
        let source = rendered.lines().find(|line| line.contains('規')).unwrap();
        let column = marks.find('^').unwrap();
        let before = source.split("2011").next().unwrap();
        let width: usize = before
            .chars()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum();
        assert_eq!(column, width, "{rendered}");
    }

    #[test]
    fn any_span_is_shown() {
        let text = "one\ntwo\r\n界";
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let diagnostic = Diagnostic::error("E1", start..end, "m").and_at(end..end, "other");
                render(&[diagnostic], "a.md", text, Style { colour: true });
            }
        }
        render(
            &[Diagnostic::warning("W1", 0..0, "m")],
            "a.md",
            "",
            Style::default(),
        );
    }

    #[test]
    fn far_places_and_long_lines() {
        let long = "x".repeat(100_000);
        let text = format!("first\n{}\n{long}\nlast\n", "y\n".repeat(50));
        let last = place(&text, "last");
        let diagnostic =
            Diagnostic::error("E1", last, "twice").and_at(place(&text, "first"), "here before");
        let rendered = render(&[diagnostic], "a.md", &text, Style::default());
        assert!(
            rendered.contains("here before") && rendered.len() < 1_000,
            "{rendered}"
        );
        let inside = Diagnostic::error("E1", text.len() - 50..text.len() - 40, "long");
        let rendered = render(&[inside], "a.md", &text, Style::default());
        assert!(
            rendered.contains("a.md:53:") && rendered.len() < 1_000,
            "{rendered}"
        );
    }
}
