//! A sheet of an Excel workbook with a mapping file.

use std::io::{Read, Seek};
use std::sync::Arc;

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, Xlsx, XlsxCellReader, XlsxError};
use detente_quantity::{Date, Instant};

use super::cell::{Cell, Cells};
use super::guarded;
use super::mapping::Mapping;
use super::plan::{Columns, Plan};
use super::unpack;
use super::writer::TableWriter;
use crate::read::fault::{Faults, FileError, Problem, nearest};
use crate::read::time;
use crate::store::Record;

pub(super) const XLSX: &str = "an Excel workbook (xlsx)";

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
    mut input: impl Read + Seek,
) -> Result<Faults, Problem> {
    let mut faults = Faults::default();
    guarded(XLSX, || {
        unpack::refuse_too_large(&mut input, unpack::LIMITS)
    })??;
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
    let cells = guarded(XLSX, || workbook.worksheet_cells_reader(&sheet))?
        .map_err(|error| unreadable(&error))?;
    let mut rows = Rows::new(cells);
    let mut first = None;
    let header: Vec<String> = loop {
        let Some(line) = rows.next()? else {
            return Err(Problem::Empty);
        };
        let first = *first.get_or_insert(line);
        if line < mapping.header {
            continue;
        }
        if first > mapping.header {
            return Err(Problem::Sheet(format!(
                "the header should be in row {}, but the sheet begins in row {first}; correct \"header\" in the mapping file",
                mapping.header,
            )));
        }
        if line > mapping.header {
            // The row of the header is empty; this one waits.
            rows.again();
            break Vec::new();
        }
        let cells = rows.cells.iter();
        break cells
            .map(|cell| cell_of(cell).text().into_owned())
            .collect();
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
    rows.keep(header.len());
    let file = record.intern_file(name)?;
    let mut writer = TableWriter::new(record, file, plan, faults);
    let mut line = u64::from(mapping.header);
    let mut any = false;
    loop {
        match rows.next() {
            Ok(Some(next)) => line = u64::from(next),
            Ok(None) => break,
            Err(problem) => {
                writer.faults.add(Some(line), None, problem);
                break;
            }
        }
        any = true;
        if rows.errors.is_empty() {
            writer.row(line, &SheetRow(&rows.cells), 0);
        }
        for (place, error) in &rows.errors {
            let column = header.get(*place).filter(|name| !name.is_empty());
            let column = column.map_or_else(
                || format!("column {}", place.saturating_add(1)),
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
    writer.close(line);
    let mut faults = writer.faults;
    if !any && !faults.any() {
        faults.add(None, None, Problem::Empty);
    }
    Ok(faults)
}

/// The rows of a sheet, one at a time, however far apart its cells lie.
struct Rows<'a, RS: Read + Seek> {
    reader: XlsxCellReader<'a, RS>,
    /// The cells of the row under way, as far as they are kept, and the places that are not empty.
    cells: Vec<DataRef<'a>>,
    filled: Vec<usize>,
    errors: Vec<(usize, CellErrorType)>,
    kept: usize,
    /// The row under way, from 1, and whether it is given once more.
    line: u32,
    again: bool,
    /// The first cell of the row after it.
    waiting: Option<(u32, usize, DataRef<'a>)>,
    ended: bool,
}

impl<'a, RS: Read + Seek> Rows<'a, RS> {
    fn new(reader: XlsxCellReader<'a, RS>) -> Rows<'a, RS> {
        Rows {
            reader,
            cells: Vec::new(),
            filled: Vec::new(),
            errors: Vec::new(),
            kept: COLUMNS,
            line: 0,
            again: false,
            waiting: None,
            ended: false,
        }
    }

    /// Cells further right are no longer kept.
    fn keep(&mut self, columns: usize) {
        self.kept = columns;
        self.cells.truncate(columns);
        self.filled.retain(|place| *place < columns);
    }

    /// Gives the row under way once more.
    fn again(&mut self) {
        self.again = true;
    }

    /// The next row that is not empty, by its number from 1.
    fn next(&mut self) -> Result<Option<u32>, Problem> {
        if std::mem::take(&mut self.again) {
            return Ok(Some(self.line));
        }
        for place in self.filled.drain(..) {
            if let Some(cell) = self.cells.get_mut(place) {
                *cell = DataRef::Empty;
            }
        }
        self.errors.clear();
        let Some((line, place, value)) = self.take()? else {
            return Ok(None);
        };
        if line <= self.line {
            return Err(Problem::Sheet(format!(
                "row {line} stands below row {}; save the workbook anew",
                self.line
            )));
        }
        self.line = line;
        self.put(place, value);
        while let Some((line, place, value)) = self.take()? {
            if line != self.line {
                self.waiting = Some((line, place, value));
                break;
            }
            self.put(place, value);
        }
        Ok(Some(self.line))
    }

    /// The next cell that is not empty: its row from 1, its place in it from 0.
    fn take(&mut self) -> Result<Option<(u32, usize, DataRef<'a>)>, Problem> {
        if let Some(waiting) = self.waiting.take() {
            return Ok(Some(waiting));
        }
        loop {
            if self.ended {
                return Ok(None);
            }
            let cell = guarded(XLSX, || self.reader.next_cell())?;
            let Some(cell) = cell.map_err(|error| unreadable(&error))? else {
                self.ended = true;
                return Ok(None);
            };
            if matches!(cell.get_value(), DataRef::Empty) {
                continue;
            }
            let (row, column) = cell.get_position();
            let place = usize::try_from(column).unwrap_or(usize::MAX);
            if row >= ROWS || place >= COLUMNS {
                return Err(Problem::Sheet(format!(
                    "a cell lies beyond row {ROWS} or column {COLUMNS}, where no sheet reaches"
                )));
            }
            return Ok(Some((row + 1, place, cell.get_value().clone())));
        }
    }

    fn put(&mut self, place: usize, value: DataRef<'a>) {
        if let DataRef::Error(error) = &value {
            self.errors.push((place, error.clone()));
        }
        if place >= self.kept {
            return;
        }
        if self.cells.len() <= place {
            self.cells.resize(place + 1, DataRef::Empty);
        }
        if let Some(cell) = self.cells.get_mut(place) {
            *cell = value;
            self.filled.push(place);
        }
    }
}

/// The size of the largest sheet.
const ROWS: u32 = 1 << 20;
const COLUMNS: usize = 1 << 14;

struct SheetRow<'a>(&'a [DataRef<'a>]);

impl Cells for SheetRow<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        self.0.get(column).map_or(Cell::Empty, cell_of)
    }
}

fn cell_of<'a>(cell: &'a DataRef<'_>) -> Cell<'a> {
    match cell {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::String(text) if text.is_empty() => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text),
        DataRef::Int(whole) => Cell::Whole(*whole),
        DataRef::Float(number) => Cell::real(*number),
        DataRef::Bool(truth) => Cell::Truth(*truth),
        DataRef::DateTime(datetime) => moment(datetime),
        DataRef::DateTimeIso(text) => match time::date(text) {
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
