//! Where findings are gathered, and the nearest known name.

use crate::diagnostic::Diagnostic;
use crate::syntax::ast::Span;
use std::collections::HashSet;

/// So many names are looked for in the list of known ones; after that, messages come without a suggestion.
/// It bounds the work on a file full of unknown names.
const SUGGESTIONS: u32 = 200;

/// So many findings are kept; a file with more is not helped by a longer list.
const FINDINGS: usize = 2_000;

/// The findings of name resolution and checking.
#[derive(Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    seen: HashSet<(&'static str, usize, usize)>,
    suggested: u32,
}

impl Report {
    /// Keeps a finding. A second one of the same code at the same place is dropped: a clause that stands
    /// for several cases is resolved several times.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let span = &diagnostic.primary.span;
        if self.diagnostics.len() < FINDINGS
            && self.seen.insert((diagnostic.code, span.start, span.end))
        {
            self.diagnostics.push(diagnostic);
        }
    }

    /// All findings in the order of their places.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics
            .sort_by_key(|found| (found.primary.span.start, found.primary.span.end));
        self.diagnostics
    }

    /// How many of the known names are worth listing: all, or none once enough was suggested.
    pub(crate) fn worth_listing(&self) -> usize {
        if self.suggested < SUGGESTIONS {
            usize::MAX
        } else {
            0
        }
    }

    /// Whether anything forbids an assessment so far.
    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// A finding about an unknown name, with the nearest known one.
    pub(crate) fn unknown<'n>(
        &mut self,
        code: &'static str,
        span: &Span,
        message: String,
        written: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, span.clone(), message);
        match self.nearest(written, known) {
            Some(name) => diagnostic
                .help(format!("did you mean `{name}`?"))
                .replace(span.clone(), name),
            None => diagnostic,
        }
    }

    /// The known name most like the one written, if any is like it.
    pub(crate) fn nearest<'n>(
        &mut self,
        written: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        if self.suggested >= SUGGESTIONS || written.len() > 100 {
            return None;
        }
        self.suggested += 1;
        let length = written.chars().count();
        let lower = written.to_lowercase();
        known
            .into_iter()
            .filter(|name| {
                !name.is_empty() && name.chars().count().abs_diff(length) <= length / 3 + 1
            })
            .map(|name| {
                let distance = strsim::damerau_levenshtein(&lower, &name.to_lowercase());
                (distance, name)
            })
            .filter(|(distance, name)| {
                *distance <= length.max(name.chars().count()).div_ceil(3).max(1)
                    && *distance < length.min(name.chars().count()).max(1)
            })
            .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
            .map(|(_, name)| name.to_owned())
    }
}

/// `one`, `one and two`, `one, two and three`.
pub(crate) fn listed<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., end] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", first.join(", "), end.as_ref())
        }
    }
}

/// The list, cut short where it is long.
pub(crate) fn listed_short<S: AsRef<str>>(words: &[S], last: &str) -> String {
    const SHOWN: usize = 8;
    if words.len() <= SHOWN {
        return listed(words, last);
    }
    let shown: Vec<&str> = words.iter().take(SHOWN).map(AsRef::as_ref).collect();
    format!("{} {last} {} more", shown.join(", "), words.len() - SHOWN)
}
