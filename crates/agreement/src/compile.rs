//! From the text of a file to the typed agreement and all that is wrong with it.

use crate::diagnostic::Diagnostic;
use crate::model::Agreement;
use crate::syntax::{self, ast};

/// What compiling makes of a file.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The file's name, for whoever shows the findings.
    pub name: String,
    /// All statements as written.
    pub file: ast::File,
    /// The agreement; absent if any finding is an error.
    pub agreement: Option<Agreement>,
    /// What is wrong with the file, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles an agreement: its Markdown text with the rules in it. All mistakes are reported in one run;
/// the agreement comes out only where none is an error.
pub fn compile(file_name: &str, text: &str) -> Compiled {
    let parsed = syntax::parse(text);
    let (agreement, found) = crate::resolve::resolve(&parsed.file, text);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.extend(found);
    diagnostics.sort_by_key(|finding| (finding.primary.span.start, finding.primary.span.end));
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    Compiled {
        name: file_name.to_owned(),
        file: parsed.file,
        agreement: agreement.filter(|_| sound),
        diagnostics,
    }
}
