//! Notices of launches from a table.

use detente_quantity::{Date, Instant, Name};
use detente_record::Source;

use super::LaunchNotice;
use crate::table::{Reader, TableError};

const COLUMNS: [&str; 10] = [
    "party",
    "launch",
    "generic class",
    "window from",
    "window until",
    "area",
    "direction",
    "given",
    "document",
    "url",
];

/// Reads notices of launches from CSV with the columns `party`, `launch`, `generic class`, `window from`, `window until`, `area`,
/// `direction`, and if wanted `given` (a date or an instant), `document`, `url`.
///
/// # Errors
/// Every faulty row, by line.
pub fn read_launch_notices(file: &str, text: &str) -> Result<Vec<LaunchNotice>, TableError> {
    let mut reader = Reader::new(file, text, &COLUMNS, &COLUMNS[..7])?;
    let mut notices = Vec::new();
    while let Some(row) = reader.next_row() {
        let cells = [
            "party",
            "launch",
            "generic class",
            "window from",
            "area",
            "direction",
        ]
        .map(|column| row.needed(column, &mut reader));
        let date = "a date such as 2024-05-01";
        let from: Option<Date> = row.value("window from", date, &mut reader);
        let until: Option<Date> = row.value("window until", date, &mut reader);
        let made = row.cell("given").map(made).transpose();
        let made = match made {
            Ok(made) => made,
            Err(cell) => {
                reader.fault(
                    row.line,
                    "given",
                    format!("\"{cell}\" is neither a date nor an instant"),
                );
                None
            }
        };
        let [
            Some(party),
            Some(launch),
            Some(generic_class),
            Some(_),
            Some(area),
            Some(direction),
        ] = cells
        else {
            continue;
        };
        let mut name = |column: &str, text: &str| match Name::new(text) {
            Ok(name) => Some(name),
            Err(error) => {
                reader.fault(row.line, column, error);
                None
            }
        };
        let (Some(party), Some(launch), Some(from)) =
            (name("party", &party), name("launch", &launch), from)
        else {
            continue;
        };
        let source = row.cell("document").map(|document| Source {
            document: document.to_owned(),
            page: None,
            url: row.cell("url").map(str::to_owned),
        });
        let notice = LaunchNotice {
            party,
            launch,
            generic_class,
            window_from: from,
            window_until: until.unwrap_or(from),
            area,
            direction,
            made,
            source,
        };
        if let Err(error) = notice.entry() {
            reader.fault(row.line, "window until", error);
        }
        notices.push(notice);
    }
    reader.finish(notices)
}

/// A day stands for its last microsecond, as everywhere in a record.
pub(crate) fn made(cell: &str) -> Result<Instant, String> {
    match cell.parse::<Date>() {
        Ok(date) => Ok(Instant::from_micros(date.end().micros() - 1)),
        Err(_) => cell.parse().map_err(|_| cell.to_owned()),
    }
}
