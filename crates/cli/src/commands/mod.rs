//! One module for each command: each gives an exit code or a reason why there is no answer.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod draft;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod key;
pub(crate) mod node;
pub(crate) mod orbit;
mod picture;
pub(crate) mod record;
pub(crate) mod return_plan;
pub(crate) mod safeguards;
pub(crate) mod say;
pub(crate) mod sync;
pub(crate) mod verify;
