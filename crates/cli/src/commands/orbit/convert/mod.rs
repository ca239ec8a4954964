//! `detente orbit convert`: element sets are written anew, messages in the words in which they were read.

mod arguments;
mod elements;
mod message;

pub(super) use arguments::Convert;

use super::form;
use crate::failure::Failure;
use arguments::Target;

/// Reads one form and writes another.
pub(super) fn run(asked: &Convert) -> Result<u8, Failure> {
    let text = match asked.to {
        Target::Kvn | Target::Xml | Target::Json => message::converted(asked)?,
        Target::Tle | Target::OmmCsv | Target::OmmJson | Target::OmmKvn | Target::OmmXml => {
            elements::converted(asked)?
        }
    };
    form::to(asked.output.as_deref(), &text)?;
    Ok(0)
}
