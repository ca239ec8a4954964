//! What is wrong with an agreement, where, and how to mend it: plain data, for whoever shows it.

mod render;

pub use render::{Style, render, render_short};

use std::fmt;
use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The agreement can be assessed, but perhaps not as its author meant it.
    Warning,
    /// The agreement cannot be assessed.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// A place in the file and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Byte range in the agreement's file.
    pub span: Range<usize>,
    /// A few words, without a full stop; may be empty.
    pub text: String,
}

/// A change of the text that mends the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is replaced; empty to insert.
    pub span: Range<usize>,
    /// By what; empty to delete.
    pub text: String,
}

/// One finding about an agreement.
///
/// Messages use the domain's words and no trailing full stop. The code is stable and is the key to the
/// page that explains it: `E00…` the file, `E01…` to `E03…` the form of the rules, `E04…` and above their
/// meaning, `W…` warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code such as `E0103`.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place of the mistake.
    pub primary: Label,
    /// Other places that matter, such as the first of two equal labels.
    pub secondary: Vec<Label>,
    /// How to mend it, one sentence each.
    pub help: Vec<String>,
    /// A change that would mend it, where there is exactly one likely.
    pub replacement: Option<Replacement>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, span, message.into())
    }

    /// A warning about a place.
    pub fn warning(
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, span, message.into())
    }

    fn new(
        severity: Severity,
        code: &'static str,
        span: Range<usize>,
        message: String,
    ) -> Diagnostic {
        Diagnostic {
            severity,
            code,
            message,
            primary: Label {
                span,
                text: String::new(),
            },
            secondary: Vec::new(),
            help: Vec::new(),
            replacement: None,
        }
    }

    /// Says a few words at the place of the mistake.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn and_at(mut self, span: Range<usize>, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Offers a change that mends it.
    #[must_use]
    pub fn replace(mut self, span: Range<usize>, text: impl Into<String>) -> Diagnostic {
        self.replacement = Some(Replacement {
            span,
            text: text.into(),
        });
        self
    }

    /// Whether the agreement cannot be assessed because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
