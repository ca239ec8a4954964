//! A sheet of an Excel workbook with a mapping file.

use std::io::{Read, Seek};
use std::sync::Arc;

use calamine::{Data, ExcelDateTime, Reader, Xlsx, XlsxError};
use detente_quantity::{Date, Instant};

use super::cell::{Cell, Cells};
use super::guarded;
use super::mapping::Mapping;
use super::plan::{Columns, Plan};
use super::writer::TableWriter;
use crate::read::fault::{Faults, FileError, Problem, nearest};
use crate::read::time;
use crate::store::Record;

const XLSX: &str = "an Excel workbook (xlsx)";

/// Reads a sheet of a workbook and adds its entries to the record, all of them or none. `file` names it in
/// ids, messages and origins; the mapping names the sheet (else the first one) and the header's row.
///
/// # Errors
/// All that is wrong with the file; the record is then as before.
pub fn read_xlsx(
    record: &mut Record,
    file: &str,
    mapping: &Mapping,
    input: impl Read + Seek,
) -> Result<(), FileError> {
    let name: Arc<str> = Arc::from(file);
    let mark = record.mark();
    let mut faults = Faults::default();
    match read(record, &name, mapping, input) {
        Ok(found) => faults = found,
        Err(problem) => faults.add(None, None, problem),
    }
    if faults.any() {
        record.return_to(mark);
        return Err(faults.into_error(&name));
    }
    Ok(())
}

fn unreadable(error: &XlsxError) -> Problem {
    Problem::Format {
        format: XLSX,
        message: error.to_string(),
    }
}

fn read(
    record: &mut Record,
    name: &Arc<str>,
    mapping: &Mapping,
    input: impl Read + Seek,
) -> Result<Faults, Problem> {
    let mut faults = Faults::default();
    let mut workbook = guarded(XLSX, || Xlsx::new(input))?.map_err(|error| unreadable(&error))?;
    let sheets = workbook.sheet_names();
    let sheet = match &mapping.sheet {
        Some(sheet) if sheets.contains(sheet) => sheet.clone(),
        Some(sheet) => {
            let near = nearest(sheet, sheets.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
            return Err(Problem::Sheet(format!(
                "the workbook has no sheet \"{sheet}\"{near} Its sheets are: {}",
                sheets.join(", ")
            )));
        }
        None => sheets.into_iter().next().ok_or(Problem::Empty)?,
    };
    let range =
        guarded(XLSX, || workbook.worksheet_range(&sheet))?.map_err(|error| unreadable(&error))?;
    let (Some((first_row, first_column)), Some(_)) = (range.start(), range.end()) else {
        return Err(Problem::Empty);
    };
    let header_row = mapping.header.saturating_sub(1);
    let skipped = header_row
        .checked_sub(first_row)
        .and_then(|rows| usize::try_from(rows).ok());
    let Some(skipped) = skipped else {
        return Err(Problem::Sheet(format!(
            "the header should be in row {}, but the sheet begins in row {}; correct \"header\" in the mapping file",
            mapping.header,
            u64::from(first_row) + 1,
        )));
    };
    let mut rows = range.rows().skip(skipped);
    let header: Vec<String> = match rows.next() {
        Some(cells) => cells
            .iter()
            .map(|cell| cell_of(cell).text().into_owned())
            .collect(),
        None => return Err(Problem::Empty),
    };
    let plan = Plan::new(
        mapping,
        Columns::new(
            &header,
            Some(u64::from(mapping.header)),
            mapping,
            &mut faults,
        ),
    );
    if faults.any() {
        return Ok(faults);
    }
    let file = record.intern_file(name)?;
    let mut writer = TableWriter::new(record, file, plan, faults);
    let mut line = u64::from(mapping.header);
    let mut any = false;
    for cells in rows {
        line = line.saturating_add(1);
        if cells.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        any = true;
        let mut good = true;
        for (place, cell) in cells.iter().enumerate() {
            if let Data::Error(error) = cell {
                good = false;
                let column = header.get(place).filter(|name| !name.is_empty());
                let column = column.map_or_else(
                    || format!("column {}", u64::from(first_column) + place as u64 + 1),
                    |name| format!("column \"{name}\""),
                );
                writer.faults.add(
                    Some(line),
                    Some(column),
                    Problem::Sheet(format!(
                        "the cell holds the error {error}; mend its formula"
                    )),
                );
            }
        }
        if good {
            writer.row(line, &SheetRow(cells), 0);
        }
    }
    writer.close(line);
    let mut faults = writer.faults;
    if !any && !faults.any() {
        faults.add(None, None, Problem::Empty);
    }
    Ok(faults)
}

struct SheetRow<'a>(&'a [Data]);

impl Cells for SheetRow<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        self.0.get(column).map_or(Cell::Empty, cell_of)
    }
}

fn cell_of(cell: &Data) -> Cell<'_> {
    match cell {
        Data::Empty | Data::Error(_) => Cell::Empty,
        Data::String(text) if text.is_empty() => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text),
        Data::Int(whole) => Cell::Whole(*whole),
        Data::Float(number) => Cell::real(*number),
        Data::Bool(truth) => Cell::Truth(*truth),
        Data::DateTime(datetime) => moment(datetime),
        Data::DateTimeIso(text) => match time::date(text) {
            Ok(date) => Cell::Date(date),
            Err(_) => Cell::Text(text),
        },
    }
}

/// Excel counts days; a whole number of them is a date, else an instant (taken as UTC).
fn moment(datetime: &ExcelDateTime) -> Cell<'static> {
    let days = datetime.as_f64();
    if !datetime.is_datetime() {
        return Cell::real(days);
    }
    let (year, month, day, hour, minute, second, milli) = datetime.to_ymd_hms_milli();
    let Some(date) = Date::from_ymd(i32::from(year), month, day) else {
        return Cell::BadNumber(days);
    };
    if days.fract() == 0.0 {
        return Cell::Date(date);
    }
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    let micros = (seconds * 1000 + i64::from(milli)) * 1000;
    Cell::Instant(Instant::from_micros(
        date.start().micros().saturating_add(micros),
    ))
}
