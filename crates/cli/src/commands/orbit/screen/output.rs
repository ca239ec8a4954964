//! Where rows go, one after another.

use super::super::arguments::{Screen, ScreenForm};
use super::super::files::Known;
use super::super::form::comma_separated;
use super::super::rows::Row;
use super::message::Maker;
use super::parquet::Table;
use crate::failure::Failure;
use crate::output::file;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Seek as _, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

enum Sink {
    Standard(BufWriter<std::io::Stdout>),
    File(BufWriter<File>, PathBuf),
    Parquet(Box<Table>),
    /// A file for each.
    Folder(PathBuf),
}

/// An answer in the making.
pub(super) struct Output {
    form: ScreenForm,
    sink: Sink,
    created: String,
    maker: Maker,
    rows: u64,
}

impl Output {
    /// Opens it; with a length, a file is cut there and goes on.
    pub(super) fn new(asked: &Screen, known: &Known, length: Option<u64>) -> Result<Self, Failure> {
        let created = known
            .newest()
            .map(detente_orbit::epoch::format)
            .unwrap_or_default();
        let sink = match &asked.output {
            Some(path) if asked.format == ScreenForm::Parquet => {
                Sink::Parquet(Box::new(Table::create(path)?))
            }
            Some(path) if asked.format == ScreenForm::CdmKvn => {
                std::fs::create_dir_all(path).map_err(|cause| Failure::Write {
                    path: path.clone(),
                    cause,
                })?;
                Sink::Folder(path.clone())
            }
            Some(path) if path != std::path::Path::new("-") => {
                let fail = |cause| Failure::Write {
                    path: path.clone(),
                    cause,
                };
                let file = match length {
                    Some(length) => OpenOptions::new()
                        .write(true)
                        .open(path)
                        .and_then(|mut file| {
                            if file.metadata()?.len() < length {
                                return Err(std::io::Error::other(
                                    "it is shorter than when the state was kept; remove the state to begin anew",
                                ));
                            }
                            file.set_len(length)?;
                            file.seek(std::io::SeekFrom::End(0))?;
                            Ok(file)
                        }),
                    None => File::create(path),
                };
                Sink::File(BufWriter::new(file.map_err(fail)?), path.clone())
            }
            _ => Sink::Standard(BufWriter::new(std::io::stdout())),
        };
        let mut output = Self {
            form: asked.format,
            sink,
            maker: Maker::new(asked, known, &created),
            created,
            rows: 0,
        };
        if length.is_none() {
            let _ = match output.form {
                ScreenForm::Text => output.put(&Row::heading())?,
                ScreenForm::Csv => output.put(&comma_separated(&[Row::columns()])?)?,
                ScreenForm::Json | ScreenForm::CdmSummary => output.put("[")?,
                ScreenForm::CdmXml => {
                    let begin = output.maker.around().0.to_owned();
                    output.put(&begin)?
                }
                ScreenForm::Jsonl | ScreenForm::Parquet | ScreenForm::CdmKvn => {
                    ControlFlow::Continue(())
                }
            };
        }
        Ok(output)
    }

    /// Writes a row; a reader that went away breaks.
    pub(super) fn row(&mut self, row: &Row) -> Result<ControlFlow<()>, Failure> {
        let json = |value: &dyn Fn() -> serde_json::Result<String>| {
            value().map_err(|error| Failure::Usage(error.to_string()))
        };
        let before = if self.rows == 0 { "\n" } else { ",\n" };
        self.rows += 1;
        let text = match self.form {
            ScreenForm::Text => row.lines(),
            ScreenForm::Csv => comma_separated(&[row.cells()])?,
            ScreenForm::Jsonl => json(&|| serde_json::to_string(row))? + "\n",
            ScreenForm::Json => before.to_owned() + &json(&|| serde_json::to_string(row))?,
            ScreenForm::CdmSummary => {
                let summary = row.summary(&self.created);
                before.to_owned() + &json(&|| serde_json::to_string(&summary))?
            }
            ScreenForm::CdmXml => self.maker.xml(row)?,
            ScreenForm::CdmKvn => {
                let (name, text) = self.maker.kvn(row)?;
                if let Sink::Folder(folder) = &self.sink {
                    file(&folder.join(name), &text)?;
                }
                return Ok(ControlFlow::Continue(()));
            }
            ScreenForm::Parquet => {
                if let Sink::Parquet(table) = &mut self.sink {
                    table.row(row)?;
                }
                return Ok(ControlFlow::Continue(()));
            }
        };
        self.put(&text)
    }

    fn put(&mut self, text: &str) -> Result<ControlFlow<()>, Failure> {
        let (written, path) = match &mut self.sink {
            Sink::Standard(to) => (to.write_all(text.as_bytes()), None),
            Sink::File(to, path) => (to.write_all(text.as_bytes()), Some(&*path)),
            Sink::Parquet(_) | Sink::Folder(_) => return Ok(ControlFlow::Continue(())),
        };
        result(written, path)
    }

    /// All that was written is in the file: how long it is now.
    pub(super) fn flush(&mut self) -> Result<u64, Failure> {
        match &mut self.sink {
            Sink::File(to, path) => to
                .flush()
                .and_then(|()| {
                    to.get_ref().sync_all()?;
                    Ok(to.get_ref().metadata()?.len())
                })
                .map_err(|cause| Failure::Write {
                    path: path.clone(),
                    cause,
                }),
            _ => Ok(0),
        }
    }

    /// Ends it.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        match self.form {
            ScreenForm::CdmXml => {
                let end = self.maker.around().1.to_owned();
                let _ = self.put(&end)?;
            }
            ScreenForm::Json | ScreenForm::CdmSummary => {
                let _ = self.put(if self.rows == 0 { "]\n" } else { "\n]\n" })?;
            }
            ScreenForm::Text if self.rows == 0 => {
                let _ = self.put("nothing came that near\n")?;
            }
            _ => {}
        }
        match self.sink {
            Sink::Standard(mut to) => result(to.flush(), None).map(|_| ()),
            Sink::File(mut to, path) => result(to.flush(), Some(&path)).map(|_| ()),
            Sink::Parquet(table) => table.end(),
            Sink::Folder(_) => Ok(()),
        }
    }
}

fn result(
    written: std::io::Result<()>,
    path: Option<&PathBuf>,
) -> Result<ControlFlow<()>, Failure> {
    match (written, path) {
        (Ok(()), _) => Ok(ControlFlow::Continue(())),
        (Err(cause), None) if cause.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        (Err(cause), path) => Err(Failure::Write {
            path: path.cloned().unwrap_or_else(|| "standard output".into()),
            cause,
        }),
    }
}
