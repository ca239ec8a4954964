//! A file or a folder of files into a record.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::{Fault, FileError, Problem};
use crate::json::read_json_lines;
use crate::store::Record;
use crate::table::{Mapping, read_csv};

/// How files are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The longest line or row in bytes; bounds the memory that one entry can take. 16 MiB unless said
    /// otherwise.
    pub longest_line: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            longest_line: 16 << 20,
        }
    }
}

/// What was read from a path.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All entries of the good files.
    pub record: Record,
    /// The files that were refused, each whole, in the order of their names.
    pub refused: Vec<FileError>,
    /// The files that were read, as named in the record.
    pub read: Vec<Arc<str>>,
    /// Files in the folder that are of no known kind, and were left alone.
    pub ignored: Vec<String>,
}

/// Why nothing could be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The path cannot be opened.
    #[error("the record {path} cannot be opened: {error}; check the path")]
    Open {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The kinds of files, by the ends of their names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    JsonLines,
    Csv,
    Parquet,
    Workbook,
}

fn format_of(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "csv" | "tsv" => Some(Format::Csv),
        "parquet" => Some(Format::Parquet),
        "xlsx" => Some(Format::Workbook),
        _ => None,
    }
}

/// Reads a file, or all files of a folder and its folders in the order of their names: `*.jsonl`,
/// `*.ndjson`, and tables with their mapping beside them (`NAME.csv` with `NAME.csv.toml`; likewise `.tsv`,
/// `.parquet`, `.xlsx`). A faulty file is refused whole and reported in [`Loaded::refused`]; the others load.
/// Files are named by their path below the folder, with `/` between.
///
/// # Errors
/// When the path itself cannot be opened.
pub fn load(path: &Path, options: &Options) -> Result<Loaded, LoadError> {
    let open = |error| LoadError::Open {
        path: path.to_owned(),
        error,
    };
    let mut loaded = Loaded::default();
    if !fs::metadata(path).map_err(open)?.is_dir() {
        let name = path.file_name().unwrap_or(path.as_os_str());
        loaded.take(path, &name.to_string_lossy(), options, true);
        return Ok(loaded);
    }
    let mut files = Vec::new();
    list(path, "", &mut files).map_err(open)?;
    files.sort();
    for (name, path) in files {
        loaded.take(&path, &name, options, false);
    }
    Ok(loaded)
}

/// The files below a folder with their names. Hidden ones are left out; links to folders are not followed,
/// so that a folder is never read twice.
fn list(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            list(&path, &format!("{name}/"), files)?;
        } else if path.is_file() {
            files.push((name, path));
        }
    }
    Ok(())
}

impl Loaded {
    fn take(&mut self, path: &Path, name: &str, options: &Options, alone: bool) {
        let Some(format) = format_of(path) else {
            if alone {
                self.refuse(
                    name,
                    Problem::Io(
                        "its name ends in none of .jsonl, .ndjson, .csv, .tsv, .parquet, .xlsx"
                            .to_owned(),
                    ),
                );
            } else if !name.ends_with(".toml") && !name.ends_with(".md") {
                self.ignored.push(name.to_owned());
            }
            return;
        };
        let read = match format {
            Format::JsonLines => open(path, name).and_then(|file| {
                read_json_lines(&mut self.record, name, file, options.longest_line)
            }),
            table => mapping(path, name).and_then(|mapping| {
                let file = open(path, name)?;
                read_table(&mut self.record, name, table, &mapping, file, options)
            }),
        };
        match read {
            Ok(()) => self.read.push(Arc::from(name)),
            Err(error) => self.refused.push(error),
        }
    }

    fn refuse(&mut self, name: &str, problem: Problem) {
        self.refused.push(file_error(name, problem));
    }
}

fn read_table(
    record: &mut Record,
    name: &str,
    format: Format,
    mapping: &Mapping,
    file: File,
    options: &Options,
) -> Result<(), FileError> {
    match format {
        #[cfg(feature = "parquet")]
        Format::Parquet => crate::table::read_parquet(record, name, mapping, file),
        #[cfg(feature = "xlsx")]
        Format::Workbook => {
            crate::table::read_xlsx(record, name, mapping, io::BufReader::new(file))
        }
        Format::Csv => read_csv(record, name, mapping, file, options.longest_line),
        #[expect(
            clippy::allow_attributes,
            reason = "reachable only where a format is left out of the build"
        )]
        #[allow(unreachable_patterns, reason = "see above")]
        _ => Err(file_error(
            name,
            Problem::Io("this program was built without that format".to_owned()),
        )),
    }
}

fn file_error(name: &str, problem: Problem) -> FileError {
    FileError {
        file: Arc::from(name),
        faults: vec![Fault {
            line: None,
            column: None,
            problem,
        }],
        more: 0,
    }
}

fn open(path: &Path, name: &str) -> Result<File, FileError> {
    File::open(path).map_err(|error| file_error(name, Problem::Io(error.to_string())))
}

/// The mapping beside a table.
fn mapping(path: &Path, name: &str) -> Result<Mapping, FileError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".toml");
    let mapping_name = format!("{name}.toml");
    match fs::read_to_string(&beside) {
        Ok(text) => Mapping::parse(&text)
            .map_err(|error| file_error(&mapping_name, Problem::Mapping(error.message))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(file_error(name, Problem::NoMapping(mapping_name)))
        }
        Err(error) => Err(file_error(&mapping_name, Problem::Io(error.to_string()))),
    }
}
