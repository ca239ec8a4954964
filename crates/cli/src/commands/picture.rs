//! Charts as files: SVG as the library draws it, or PNG made from the same SVG.

#[cfg(feature = "png")]
mod pixels;

use crate::failure::Failure;
use crate::output;
use std::path::Path;

/// Writes a chart in the form that the file's name asks for.
pub(super) fn write(path: &Path, svg: &str) -> Result<(), Failure> {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("svg") => output::file(path, svg),
        Some("png") => png(path, svg),
        _ => Err(Failure::Usage(format!(
            "{}: the name of a chart ends in .svg or .png",
            path.display()
        ))),
    }
}

#[cfg(feature = "png")]
fn png(path: &Path, svg: &str) -> Result<(), Failure> {
    output::bytes(path, &pixels::png(svg).map_err(Failure::Usage)?)
}

#[cfg(not(feature = "png"))]
fn png(path: &Path, _: &str) -> Result<(), Failure> {
    Err(Failure::Usage(format!(
        "{}: this program was built without PNG; give the chart a name that ends in .svg, or build with `--features png`",
        path.display()
    )))
}
