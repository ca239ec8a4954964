//! Encounters as Apache Parquet, a row group at a time.

use super::super::rows::Row;
use crate::failure::Failure;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use parquet::arrow::ArrowWriter;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 65_536;

/// A table being written.
pub(super) struct Table {
    path: PathBuf,
    file: Option<File>,
    writer: Option<ArrowWriter<File>>,
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let file = File::create(path).map_err(|cause| Failure::Write {
            path: path.to_owned(),
            cause,
        })?;
        Ok(Self {
            path: path.to_owned(),
            file: Some(file),
            writer: None,
            rows: Vec::new(),
        })
    }

    pub(super) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        self.rows.push(row.clone());
        if self.rows.len() >= GROUP {
            self.group()?;
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<(), Failure> {
        self.group()?;
        match self.writer.take() {
            Some(writer) => writer
                .close()
                .map(|_| ())
                .map_err(|error| self.fail(error.to_string())),
            None => Ok(()),
        }
    }

    fn fail(&self, problem: String) -> Failure {
        Failure::Write {
            path: self.path.clone(),
            cause: std::io::Error::other(problem),
        }
    }

    fn group(&mut self) -> Result<(), Failure> {
        let batch = batch(&self.rows).map_err(|error| self.fail(error.to_string()))?;
        self.rows.clear();
        if let Some(file) = self.file.take() {
            let writer = ArrowWriter::try_new(file, batch.schema(), None)
                .map_err(|error| self.fail(error.to_string()))?;
            self.writer = Some(writer);
        }
        let written = match &mut self.writer {
            Some(writer) if batch.num_rows() > 0 => writer.write(&batch),
            _ => Ok(()),
        };
        written.map_err(|error| self.fail(error.to_string()))
    }
}

fn batch(rows: &[Row]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    fn numbers(rows: &[Row], of: impl Fn(&Row) -> Option<f64>) -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<Float64Array>())
    }
    fn words(rows: &[Row], of: impl Fn(&Row) -> Option<String>) -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<StringArray>())
    }
    fn truths(rows: &[Row], of: impl Fn(&Row) -> bool) -> ArrayRef {
        Arc::new(
            rows.iter()
                .map(|row| Some(of(row)))
                .collect::<BooleanArray>(),
        )
    }
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (place, [number, name, holder, age]) in [
        [
            "first",
            "first_name",
            "first_holder",
            "first_days_since_epoch",
        ],
        [
            "second",
            "second_name",
            "second_holder",
            "second_days_since_epoch",
        ],
    ]
    .into_iter()
    .enumerate()
    {
        let ids: UInt32Array = rows
            .iter()
            .map(|row| Some(row.objects[place].object.number.get()))
            .collect();
        columns.push((number, Arc::new(ids)));
        columns.push((
            name,
            words(rows, |row| row.objects[place].object.name.clone()),
        ));
        columns.push((
            holder,
            words(rows, |row| {
                let holder = &row.objects[place].object.holder;
                (*holder != detente_space::holder::Holder::NoCode).then(|| holder.words())
            }),
        ));
        columns.push((
            age,
            numbers(rows, |row| Some(row.objects[place].days_since_epoch)),
        ));
    }
    columns.push(("class", words(rows, |row| Some(row.class.to_owned()))));
    columns.push(("tca", words(rows, |row| Some(row.tca.clone()))));
    columns.push(("distance_km", numbers(rows, |row| Some(row.distance_km))));
    columns.push(("speed_km_s", numbers(rows, |row| Some(row.speed_km_s))));
    columns.push((
        "angle_degrees",
        numbers(rows, |row| Some(row.angle_degrees)),
    ));
    for (axis, [position, velocity]) in [
        ["radial_km", "radial_km_s"],
        ["along_track_km", "along_track_km_s"],
        ["across_track_km", "across_track_km_s"],
    ]
    .into_iter()
    .enumerate()
    {
        columns.push((
            position,
            numbers(rows, |row| Some(row.position_rtn_km[axis])),
        ));
        columns.push((
            velocity,
            numbers(rows, |row| Some(row.velocity_rtn_km_s[axis])),
        ));
    }
    columns.push(("enter", words(rows, |row| Some(row.enter.clone()))));
    columns.push(("leave", words(rows, |row| Some(row.leave.clone()))));
    columns.push(("since_before", truths(rows, |row| row.since_before)));
    columns.push(("until_after", truths(rows, |row| row.until_after)));
    columns.push((
        "hard_body_radius_m",
        numbers(rows, |row| Some(row.hard_body_radius_m)),
    ));
    columns.push((
        "maximum_probability",
        numbers(rows, |row| row.maximum_probability),
    ));
    columns.push((
        "dilution_threshold_km",
        numbers(rows, |row| row.dilution_threshold_km),
    ));
    RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )
}
