//! Reading catalogues and the tables that go with them, plain or gzip.

use super::arguments::{Catalogue, Tables, Window};
use crate::failure::Failure;
use crate::input::{self, count};
use crate::output;
use detente_agreement::markdown::decode;
use detente_orbit::elements::catalogue::{Catalogue as Elements, Format};
use detente_orbit::elements::tle::Checksums;
use detente_orbit::elements::{ElementSet, Severity};
use detente_space::holder::Holders;
use detente_space::object::Object;
use detente_space::satellites::Satellites;
use jiff::Timestamp;
use std::io::Read as _;
use std::path::Path;

/// What a gzip file may unpack to: ten times the largest catalogue there is.
const LARGEST: u64 = 1 << 30;
/// How many problems of a file are told one by one.
const TOLD: usize = 20;

/// What is known of the objects.
pub(super) struct Known {
    /// Their element sets.
    pub(super) elements: Elements,
    /// The table of satellites.
    pub(super) satellites: Satellites,
    /// Codes to parties.
    pub(super) holders: Holders,
    /// The files of the catalogue, as messages name them.
    pub(super) names: Vec<String>,
}

impl Known {
    /// An object with its holder.
    pub(super) fn object(&self, set: &ElementSet) -> Object {
        Object::of(set, &self.satellites, &self.holders)
    }

    /// The newest epoch of all sets.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.elements.latest().map(|set| set.epoch).max()
    }

    /// The beginning of a window.
    pub(super) fn start(&self, window: &Window) -> Result<Timestamp, Failure> {
        window.from.or_else(|| self.newest()).ok_or_else(|| {
            Failure::Usage("the catalogue is empty; say from when with --from".to_owned())
        })
    }
}

/// Reads a catalogue with its tables. Problems go to standard error; a catalogue of which nothing could be used is a failure.
pub(super) fn read(asked: &Catalogue) -> Result<Known, Failure> {
    let (satellites, holders) = tables(&asked.tables)?;
    let mut elements = Elements::new();
    for path in &asked.catalogue {
        add(&mut elements, path, asked.tables.lenient)?;
    }
    if elements.is_empty() {
        let names: Vec<String> = asked.catalogue.iter().map(|path| name(path)).collect();
        return Err(Failure::Usage(format!(
            "{}: no element set could be used",
            names.join(", ")
        )));
    }
    Ok(Known {
        elements,
        satellites,
        holders,
        names: asked.catalogue.iter().map(|path| name(path)).collect(),
    })
}

/// Adds a file of element sets to a catalogue.
pub(super) fn add(elements: &mut Elements, path: &Path, lenient: bool) -> Result<(), Failure> {
    let text = text(path)?;
    let checksums = if lenient {
        Checksums::Report
    } else {
        Checksums::Require
    };
    let problems = elements.read(&text, Format::guess(&text), checksums);
    let file = name(path);
    for problem in problems.iter().take(TOLD) {
        output::complain(&format!("{file}: {problem}"));
    }
    if problems.len() > TOLD {
        let refused = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Refused)
            .count();
        output::complain(&format!(
            "{file}: {} in all; {} left out",
            count(problems.len(), "problem"),
            count(refused, "element set")
        ));
    }
    Ok(())
}

/// Reads the tables.
pub(super) fn tables(asked: &Tables) -> Result<(Satellites, Holders), Failure> {
    let mut satellites = Satellites::default();
    for path in &asked.satellites {
        let faults = satellites
            .add(&name(path), &text(path)?)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        for fault in faults.iter().take(TOLD) {
            output::complain(fault);
        }
        if faults.len() > TOLD {
            let all = count(faults.len(), "problem");
            output::complain(&format!("{}: {all} in all", name(path)));
        }
    }
    let holders = match &asked.holders {
        Some(path) => Holders::read(&name(path), &text(path)?)
            .map_err(|error| Failure::Usage(error.to_string()))?,
        None => Holders::default(),
    };
    Ok((satellites, holders))
}

/// What a file is called in messages.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Reads a file, unpacking gzip.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = input::bytes(path)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        unpacked(path, &bytes)
    } else {
        Ok(bytes)
    }
}

/// Reads a text, unpacking gzip.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    let bytes = bytes(path)?;
    match decode(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Failure::Encoding {
            path: path.to_owned(),
            error: error.to_string(),
        }),
    }
}

fn unpacked(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut unpacked = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes)
        .take(LARGEST + 1)
        .read_to_end(&mut unpacked);
    let fail = |problem: String| Failure::Usage(format!("{}: {problem}", name(path)));
    read.map_err(|error| fail(format!("the gzip file is damaged: {error}; fetch it again")))?;
    if unpacked.len() as u64 > LARGEST {
        return Err(fail(format!(
            "it unpacks to more than {} MiB, which no catalogue does",
            LARGEST >> 20
        )));
    }
    Ok(unpacked)
}

/// A list of catalogue numbers, one a line; `#` begins a remark.
pub(super) fn numbers(path: &Path) -> Result<Vec<detente_orbit::elements::CatalogNumber>, Failure> {
    let file = name(path);
    let mut numbers = Vec::new();
    for (line, content) in text(path)?.lines().enumerate() {
        let content = content.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        match detente_orbit::elements::CatalogNumber::from_digits(content) {
            Ok(number) => numbers.push(number),
            Err(error) => {
                return Err(Failure::Usage(format!("{file}:{}: {error}", line + 1)));
            }
        }
    }
    Ok(numbers)
}
