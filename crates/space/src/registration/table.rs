//! A register as a table.

use detente_quantity::{Date, Name};
use detente_record::Source;

use super::entry::{BasicParameters, Registration};
use crate::notice::made;
use crate::satellites::designator;
use crate::table::{Reader, Row, TableError};

const COLUMNS: [&str; 17] = [
    "party",
    "designator",
    "registration number",
    "name",
    "launching states",
    "launch date",
    "launch place",
    "nodal period",
    "inclination",
    "apogee",
    "perigee",
    "function",
    "decay date",
    "given",
    "document",
    "page",
    "url",
];

/// Reads a register from CSV. Needed are the columns `party` (the State of registry), `designator`, `launch date`; others are
/// `registration number`, `name`, `launching states` (separated by `;`), `launch place`, `nodal period` (minutes), `inclination` (degrees),
/// `apogee`, `perigee` (km), `function`, `decay date`, `given` (when it was given to the others), `document`, `page`, `url`.
///
/// # Errors
/// Every faulty row, by line and column.
pub fn read_register(file: &str, text: &str) -> Result<Vec<Registration>, TableError> {
    let needed = ["party", "designator", "launch date"];
    let mut reader = Reader::new(file, text, &COLUMNS, &needed)?;
    let mut register: Vec<Registration> = Vec::new();
    while let Some(row) = reader.next_row() {
        let Some(registration) = registration(&row, &mut reader) else {
            continue;
        };
        if let Err(error) = registration.entry() {
            reader.fault(row.line, "designator", error);
        }
        let twice = register.iter().find(|other| {
            other.designator.is_some() && other.designator == registration.designator
        });
        if let Some(twice) = twice {
            let problem = format!(
                "{} stands on line {} already; an object has one State of registry",
                registration.designator.as_deref().unwrap_or_default(),
                twice.line
            );
            reader.fault(row.line, "designator", problem);
        }
        register.push(registration);
    }
    reader.finish(register)
}

fn registration(row: &Row, reader: &mut Reader) -> Option<Registration> {
    let party = row.needed("party", reader)?;
    let party = match Name::new(&party) {
        Ok(party) => party,
        Err(error) => {
            reader.fault(row.line, "party", error);
            return None;
        }
    };
    let text = |column: &str| row.cell(column).map(str::to_owned);
    let designator = match row.cell("designator").map(|cell| (cell, designator(cell))) {
        None => None,
        Some((_, Some(designator))) => Some(designator),
        Some((cell, None)) => {
            let problem = format!("\"{cell}\" is not a designator such as 1998-067A");
            reader.fault(row.line, "designator", problem);
            return None;
        }
    };
    let date = "a date such as 1998-11-20";
    let launched: Option<Date> = row.value("launch date", date, reader);
    let decayed: Option<Date> = row.value("decay date", date, reader);
    let mut number = |column: &str, most: f64| -> Option<f64> {
        let value: f64 = row.value(column, "a number", reader)?;
        if (0.0..=most).contains(&value) {
            return Some(value);
        }
        reader.fault(
            row.line,
            column,
            format!("{value} is not between 0 and {most}"),
        );
        None
    };
    let parameters = BasicParameters {
        nodal_period: number("nodal period", 100_000.0),
        inclination: number("inclination", 180.0),
        apogee: number("apogee", 2_000_000.0),
        perigee: number("perigee", 2_000_000.0),
    };
    let given = match row.cell("given").map(made).transpose() {
        Ok(given) => given,
        Err(cell) => {
            let problem = format!("\"{cell}\" is neither a date nor an instant");
            reader.fault(row.line, "given", problem);
            None
        }
    };
    Some(Registration {
        party,
        designator,
        registration_number: text("registration number"),
        name: text("name"),
        launching_states: row
            .cell("launching states")
            .unwrap_or_default()
            .split(';')
            .map(str::trim)
            .filter(|state| !state.is_empty())
            .map(str::to_owned)
            .collect(),
        launched,
        launch_place: text("launch place"),
        parameters,
        function: text("function"),
        decayed,
        made: given,
        source: row.cell("document").map(|document| Source {
            document: document.to_owned(),
            page: text("page"),
            url: text("url"),
        }),
        line: row.line,
    })
}
