//! CSV with a mapping file.

use std::cell::{Cell as Shared, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::cell::{Cell, Cells};
use super::mapping::Mapping;
use super::plan::{Columns, Plan};
use super::writer::TableWriter;
use crate::read::fault::{EncodingProblem, Faults, FileError, Problem};
use crate::read::text::encoding;
use crate::store::Record;

/// Reads a CSV file with a header and adds its entries to the record, all of them or none. `file` names it
/// in ids, messages and origins. No row may be longer than `longest_row` bytes, which bounds the memory beside
/// the record.
///
/// # Errors
/// All that is wrong with the file; the record is then as before.
pub fn read_csv(
    record: &mut Record,
    file: &str,
    mapping: &Mapping,
    input: impl Read,
    longest_row: usize,
) -> Result<(), FileError> {
    let name: Arc<str> = Arc::from(file);
    let mark = record.mark();
    let faults = read(record, &name, mapping, input, longest_row);
    if faults.any() {
        record.return_to(mark);
        return Err(faults.into_error(&name));
    }
    Ok(())
}

fn read(
    record: &mut Record,
    name: &Arc<str>,
    mapping: &Mapping,
    input: impl Read,
    longest_row: usize,
) -> Faults {
    let mut faults = Faults::default();
    let watch = Rc::new(Watch::new(longest_row));
    let mut watched = Watched {
        input,
        watch: Rc::clone(&watch),
        start: Vec::new(),
        given: 0,
    };
    if let Err(problem) = watched.look() {
        faults.add(None, None, problem);
        return faults;
    }
    let usual = if name.ends_with(".tsv") { '\t' } else { ',' };
    let delimiter = mapping.delimiter.unwrap_or(usual);
    let mut reader = ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(BUFFER)
        .from_reader(watched);
    let file = match record.intern_file(name) {
        Ok(file) => file,
        Err(full) => {
            faults.add(None, None, full.into());
            return faults;
        }
    };
    let before = record.len();
    let mut row = StringRecord::new();
    let mut header: Vec<String> = Vec::new();
    for place in 1..=mapping.header {
        watch.renew();
        match reader.read_record(&mut row) {
            Ok(true) if place == mapping.header => {
                header = row.iter().map(|name| name.trim().to_owned()).collect();
            }
            Ok(true) => {}
            Ok(false) => {
                faults.add(None, None, Problem::Empty);
                return faults;
            }
            Err(error) => {
                let (line, problem) = problem_of(&error, &watch, 1);
                faults.add(Some(line), None, problem);
                return faults;
            }
        }
    }
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
        return faults;
    }
    let mut writer = TableWriter::new(record, file, plan, faults);
    let mut line = u64::from(mapping.header);
    let mut rows = 0_u64;
    loop {
        watch.renew();
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let (line, problem) = problem_of(&error, &watch, line.saturating_add(1));
                let go_on = matches!(error.kind(), ErrorKind::Utf8 { .. });
                writer.faults.add(Some(line), None, problem);
                if go_on {
                    continue;
                }
                return writer.faults;
            }
        }
        line = row.position().map_or(line, |place| watch.line(place));
        rows += 1;
        if row.len() != header.len() {
            writer.faults.add(
                Some(line),
                None,
                Problem::Ragged {
                    expected: header.len() as u64,
                    found: row.len() as u64,
                },
            );
            continue;
        }
        writer.row(line, &CsvRow(&row), 0);
    }
    writer.close(line);
    let mut faults = writer.faults;
    if watch.odd_quotes.get() {
        faults.add(Some(line), None, Problem::OpenQuote);
    }
    if watch.nul.get() {
        faults.add(None, None, Problem::Nul);
    }
    if !faults.any() && rows == 0 && record.len() == before {
        faults.add(None, None, Problem::Empty);
    }
    faults
}

struct CsvRow<'a>(&'a StringRecord);

impl Cells for CsvRow<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.0.get(column) {
            None | Some("") => Cell::Empty,
            Some(text) => Cell::Text(text),
        }
    }
}

fn problem_of(error: &csv::Error, watch: &Watch, line: u64) -> (u64, Problem) {
    let longest_row = watch.longest_row;
    let place = error.position().map_or(line, |place| watch.line(place));
    let problem = match error.kind() {
        ErrorKind::Utf8 { .. } => Problem::Encoding(EncodingProblem::NotUtf8),
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Problem::LineTooLong { limit: longest_row }
        }
        ErrorKind::Io(error) => Problem::Io(error.to_string()),
        _ => Problem::Format {
            format: "CSV",
            message: error.to_string(),
        },
    };
    (place, problem)
}

const BUFFER: usize = 1 << 16;

/// What passes by on the way to the parser.
struct Watch {
    longest_row: usize,
    left: Shared<usize>,
    odd_quotes: Shared<bool>,
    nul: Shared<bool>,
    lines: RefCell<Lines>,
}

/// Which line a row begins in. The parser's own count is one too low where lines end in two characters, and after blank
/// lines.
#[derive(Default)]
struct Lines {
    /// Where the lines end that have been read, from the row on that was asked for last, and whether in two characters.
    ends: VecDeque<(u64, bool)>,
    /// Lines that end before those.
    before: u64,
    /// Bytes that have passed, and whether the last one was a carriage return.
    passed: u64,
    return_last: bool,
}

impl Lines {
    fn pass(&mut self, bytes: &[u8]) {
        for end in memchr::memchr_iter(b'\n', bytes) {
            let two = match end.checked_sub(1) {
                Some(place) => bytes.get(place) == Some(&b'\r'),
                None => self.return_last,
            };
            self.ends.push_back((self.passed + end as u64, two));
        }
        if let Some(last) = bytes.last() {
            self.return_last = *last == b'\r';
        }
        self.passed += bytes.len() as u64;
    }

    /// The line of a row that begins at a byte, or after the line ends that stand there. Rows are asked for in order.
    fn of_row(&mut self, mut start: u64) -> u64 {
        while let Some(&(end, two)) = self.ends.front() {
            if end > start && !(two && end == start + 1) {
                break;
            }
            start = start.max(end + 1);
            self.ends.pop_front();
            self.before += 1;
        }
        self.before + 1
    }
}

impl Watch {
    fn new(longest_row: usize) -> Watch {
        Watch {
            longest_row,
            left: Shared::new(longest_row),
            odd_quotes: Shared::new(false),
            nul: Shared::new(false),
            lines: RefCell::default(),
        }
    }

    fn line(&self, place: &csv::Position) -> u64 {
        self.lines.borrow_mut().of_row(place.byte())
    }

    /// A new row begins: it may be as long as any.
    fn renew(&self) {
        self.left.set(self.longest_row);
    }
}

struct Watched<R> {
    input: R,
    watch: Rc<Watch>,
    /// The first bytes, read ahead to tell the encoding.
    start: Vec<u8>,
    given: usize,
}

impl<R: Read> Watched<R> {
    /// Tells the encoding from the first bytes, and drops a byte order mark.
    fn look(&mut self) -> Result<(), Problem> {
        let mut start = [0; 4];
        let mut length = 0;
        while let Some(room) = start.get_mut(length..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) => break,
                Ok(read) => length += read.min(room.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Problem::Io(error.to_string())),
            }
        }
        let start = start.get(..length).unwrap_or_default();
        if start.is_empty() {
            return Err(Problem::Empty);
        }
        let mark = encoding(start).map_err(Problem::Encoding)?;
        self.start = start.get(mark..).unwrap_or_default().to_vec();
        Ok(())
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let waiting = self.start.get(self.given..).unwrap_or_default();
        let read = if waiting.is_empty() {
            // A row that needs more than it may have ends the reading.
            let left = self.watch.left.get();
            if left == 0 {
                return Err(io::Error::from(io::ErrorKind::FileTooLarge));
            }
            let read = self.input.read(buffer)?;
            self.watch.left.set(left.saturating_sub(read));
            read
        } else {
            let length = waiting.len().min(buffer.len());
            for (to, from) in buffer.iter_mut().zip(waiting) {
                *to = *from;
            }
            self.given += length;
            length
        };
        let bytes = buffer.get(..read).unwrap_or_default();
        let quotes = memchr::memchr_iter(b'"', bytes).count();
        if quotes % 2 == 1 {
            self.watch.odd_quotes.set(!self.watch.odd_quotes.get());
        }
        self.watch.lines.borrow_mut().pass(bytes);
        if !self.watch.nul.get() && memchr::memchr(0, bytes).is_some() {
            self.watch.nul.set(true);
        }
        Ok(read)
    }
}
