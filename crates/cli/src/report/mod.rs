//! An assessment as something to read: for a memo, a document, a spreadsheet, a browser, a program.
//!
//! Every form is a function from an [`Assessment`](detente_assess::Assessment) to text; none holds a rule.

pub(crate) mod chart;
pub(crate) mod csv;
pub(crate) mod groups;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod number;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod timeline;
pub(crate) mod words;
