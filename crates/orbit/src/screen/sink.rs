//! Where encounters go as they are found: one row or line each, nothing kept.

use std::io::{self, Write};

use super::Encounter;
use crate::epoch;

/// Takes encounters one after another.
pub trait Sink {
    /// Writes one encounter.
    ///
    /// # Errors
    /// When it cannot be written; then stop the screening.
    fn write(&mut self, encounter: &Encounter) -> io::Result<()>;

    /// Hands on what is held back, so that a checkpoint taken now loses nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    fn flush(&mut self) -> io::Result<()>;
}

/// The columns of [`CsvSink`], in order. Times are UTC; distances km, speeds km/s, the angle degrees; the
/// second object as seen from the first, radial, along and across its track.
pub const COLUMNS: [&str; 18] = [
    "first",
    "second",
    "class",
    "tca",
    "distance_km",
    "speed_km_s",
    "angle_deg",
    "radial_km",
    "along_km",
    "across_km",
    "radial_km_s",
    "along_km_s",
    "across_km_s",
    "enter",
    "leave",
    "since_before",
    "until_after",
    "farthest_km",
];

/// Comma-separated rows under the names of [`COLUMNS`].
pub struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvSink<W> {
    /// Begins a file: writes the names of the columns.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn new(writer: W) -> io::Result<Self> {
        let mut sink = Self::resume(writer);
        sink.writer.write_record(COLUMNS)?;
        Ok(sink)
    }

    /// Goes on with a file that has its first row, after an interruption.
    pub fn resume(writer: W) -> Self {
        Self {
            writer: csv::WriterBuilder::new()
                .has_headers(false)
                .from_writer(writer),
        }
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn write(&mut self, encounter: &Encounter) -> io::Result<()> {
        let [radial, along, across] = encounter.position_rtn;
        let [radial_speed, along_speed, across_speed] = encounter.velocity_rtn;
        let number = |value: f64| format!("{value:.6}");
        self.writer.write_record([
            encounter.numbers.0.to_string(),
            encounter.numbers.1.to_string(),
            encounter.class.name().to_owned(),
            epoch::format(encounter.tca),
            number(encounter.distance),
            number(encounter.speed),
            number(encounter.angle),
            number(radial),
            number(along),
            number(across),
            number(radial_speed),
            number(along_speed),
            number(across_speed),
            epoch::format(encounter.enter),
            epoch::format(encounter.leave),
            encounter.since_before.to_string(),
            encounter.until_after.to_string(),
            number(encounter.farthest),
        ])?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// One JSON object a line, with the fields of [`Encounter`].
pub struct JsonLinesSink<W: Write> {
    writer: W,
}

impl<W: Write> JsonLinesSink<W> {
    /// Begins a file, or goes on with one.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write> Sink for JsonLinesSink<W> {
    fn write(&mut self, encounter: &Encounter) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, encounter)?;
        self.writer.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
