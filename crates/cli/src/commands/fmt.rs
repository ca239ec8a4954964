//! `detente fmt`

use crate::arguments::Fmt;
use crate::failure::Failure;
use crate::{input, output};
use std::path::Path;

/// Puts files into their one true form; with `--check`, only tells which are not.
pub(crate) fn run(fmt: &Fmt) -> Result<u8, Failure> {
    let mut differ = false;
    for named in &fmt.files {
        let (path, _) = input::agreement_file(named)?;
        let name = path.display().to_string();
        let written = input::text(&path)?;
        let formatted = detente_agreement::format::format(&written);
        let errors = input::show(&name, &written, &formatted.diagnostics);
        if errors > 0 {
            return Err(Failure::Mistakes(name, input::count(errors, "mistake")));
        }
        let formatted = formatted.text;
        let same = formatted == written;
        differ |= !same;
        match (fmt.check, path == Path::new("-")) {
            (false, true) => output::answer(&formatted)?,
            (false, false) if !same => {
                output::file(&path, &formatted)?;
                output::answer(&format!("formatted {name}\n"))?;
            }
            (true, _) if !same => output::answer(&format!(
                "{name} is not in its true form; run `detente fmt {name}`\n"
            ))?,
            _ => {}
        }
    }
    Ok(u8::from(fmt.check && differ))
}
