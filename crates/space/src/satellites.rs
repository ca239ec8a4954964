//! The table of satellites that goes with a catalogue of elements: names, designators, owners, launches, decays.

use std::collections::BTreeMap;

use detente_orbit::elements::CatalogNumber;
use detente_quantity::Date;
use serde::Serialize;

use crate::table::{Reader, Row, TableError};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectType {
    /// A payload, working or not.
    Payload,
    /// A rocket body.
    RocketBody,
    /// Debris.
    Debris,
    /// Not said, or unknown.
    Unknown,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Satellite {
    /// Catalogue number.
    pub number: CatalogNumber,
    /// Name.
    pub name: Option<String>,
    /// International designator, `1998-067A`.
    pub designator: Option<String>,
    /// Owner code.
    pub owner: Option<String>,
    /// What it is.
    pub object_type: ObjectType,
    /// Day of launch.
    pub launched: Option<Date>,
    /// Code of the launch site.
    pub site: Option<String>,
    /// Day of decay, if it has decayed.
    pub decayed: Option<Date>,
}

/// All rows by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Satellites {
    rows: BTreeMap<CatalogNumber, Satellite>,
}

/// Columns of CelesTrak's `satcat.csv`, and the short names of tables made by hand.
fn column(heading: &str) -> Option<&'static str> {
    Some(match heading.to_ascii_lowercase().as_str() {
        "norad_cat_id" | "norad" | "number" => "number",
        "object_name" | "name" => "name",
        "object_id" | "designator" => "designator",
        "owner" => "owner",
        "object_type" | "type" => "object_type",
        "launch_date" => "launch_date",
        "launch_site" => "launch_site",
        "decay_date" => "decay_date",
        _ => return None,
    })
}

fn object_type(row: &Row, reader: &mut Reader) -> ObjectType {
    match row.cell("object_type") {
        Some("PAY" | "PAYLOAD") => ObjectType::Payload,
        Some("R/B" | "ROCKET BODY") => ObjectType::RocketBody,
        Some("DEB" | "DEBRIS") => ObjectType::Debris,
        None | Some("UNK" | "UNKNOWN" | "TBA" | "TBD") => ObjectType::Unknown,
        Some(other) => {
            let problem = format!("\"{other}\" is not PAY, R/B, DEB or UNK; it counts as unknown");
            reader.fault(row.line, "object_type", problem);
            ObjectType::Unknown
        }
    }
}

impl Satellites {
    /// Reads a CSV table: CelesTrak's `satcat.csv`, or one with the columns `norad`, `owner`, and if wanted `name`, `designator`,
    /// `object_type`, `launch_date`, `launch_site`, `decay_date`. Other columns are passed over. What is wrong in it comes back by
    /// line, and the rest is taken: such tables are others', and long.
    ///
    /// # Errors
    /// A heading that lacks a needed column.
    pub fn read(file: &str, text: &str) -> Result<(Self, Vec<String>), TableError> {
        let mut satellites = Self::default();
        let faults = satellites.add(file, text)?;
        Ok((satellites, faults))
    }

    /// Adds another table; where an object is in both, what was there stays and gaps are filled. Of two rows of one table for
    /// one object the later counts.
    ///
    /// # Errors
    /// As [`Satellites::read`].
    pub fn add(&mut self, file: &str, text: &str) -> Result<Vec<String>, TableError> {
        let mut reader = Reader::open(file, text, column, &["number", "owner"])?;
        let mut read: BTreeMap<CatalogNumber, Satellite> = BTreeMap::new();
        while let Some(row) = reader.next_row() {
            let Some(number) = row.needed("number", &mut reader) else {
                continue;
            };
            let number = match CatalogNumber::from_digits(&number) {
                Ok(number) => number,
                Err(error) => {
                    reader.fault(row.line, "number", error);
                    continue;
                }
            };
            let text = |column: &str| row.cell(column).map(str::to_owned);
            let satellite = Satellite {
                number,
                name: text("name"),
                designator: text("designator"),
                owner: text("owner"),
                object_type: object_type(&row, &mut reader),
                launched: row.value("launch_date", "a date such as 1998-11-20", &mut reader),
                site: text("launch_site"),
                decayed: row.value("decay_date", "a date such as 1998-11-20", &mut reader),
            };
            if read.insert(number, satellite).is_some() {
                reader.fault(
                    row.line,
                    "number",
                    format!("object {number} stands here twice; the later row counts"),
                );
            }
        }
        for (number, new) in read {
            match self.rows.entry(number) {
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(new);
                }
                std::collections::btree_map::Entry::Occupied(mut taken) => {
                    taken.get_mut().fill(new);
                }
            }
        }
        Ok(reader.into_faults())
    }

    /// A row.
    #[must_use]
    pub fn get(&self, number: CatalogNumber) -> Option<&Satellite> {
        self.rows.get(&number)
    }

    /// All rows, in order of number.
    pub fn iter(&self) -> impl Iterator<Item = &Satellite> {
        self.rows.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Satellite {
    fn fill(&mut self, other: Self) {
        fn take<T>(own: &mut Option<T>, other: Option<T>) {
            if own.is_none() {
                *own = other;
            }
        }
        take(&mut self.name, other.name);
        take(&mut self.designator, other.designator);
        take(&mut self.owner, other.owner);
        take(&mut self.launched, other.launched);
        take(&mut self.site, other.site);
        take(&mut self.decayed, other.decayed);
        if self.object_type == ObjectType::Unknown {
            self.object_type = other.object_type;
        }
    }
}

/// The designator in its one form, `1998-067A`: year, launch of the year in three digits, piece in capitals. Forms such as `98067A`,
/// `1998-67A` and `1998 067 A` are understood; others give nothing.
#[must_use]
pub fn designator(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    let (year, rest) = match compact.split_once('-') {
        Some((year, rest)) => (year.to_owned(), rest.to_owned()),
        None if compact.is_char_boundary(2) && compact.len() >= 6 => {
            let (year, rest) = compact.split_at(2);
            (year.to_owned(), rest.to_owned())
        }
        None => return None,
    };
    let year: u16 = match year.len() {
        4 => year.parse().ok()?,
        // Two-digit years as in a two-line set: 57 to 99 are of the last century.
        2 => match year.parse::<u16>().ok()? {
            late @ 57.. => 1900 + late,
            early => 2000 + early,
        },
        _ => return None,
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let (launch, piece) = rest.split_at(digits);
    let launch: u16 = launch
        .parse()
        .ok()
        .filter(|launch| (1..=999).contains(launch))?;
    let piece = piece.trim_start_matches('-').to_ascii_uppercase();
    let letters =
        !piece.is_empty() && piece.len() <= 3 && piece.bytes().all(|one| one.is_ascii_uppercase());
    (letters && (1957..=2100).contains(&year)).then(|| format!("{year}-{launch:03}{piece}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn designators_have_one_form() {
        for text in [
            "1998-067A",
            "98067A",
            " 1998-67a ",
            "1998 - 067 A",
            "1998-067-A",
        ] {
            assert_eq!(designator(text).as_deref(), Some("1998-067A"), "{text}");
        }
        assert_eq!(designator("57001B").as_deref(), Some("1957-001B"));
        assert_eq!(designator("56001B").as_deref(), Some("2056-001B"));
        for text in [
            "",
            "A",
            "1998-067",
            "1998-0A",
            "19-98-067A",
            "1998-067ABCD",
            "éé067A",
        ] {
            assert_eq!(designator(text), None, "{text}");
        }
    }
}
