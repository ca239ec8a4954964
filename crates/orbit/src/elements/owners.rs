//! Who owns which object, and which party an owner's code stands for.
//!
//! Codes are not states: one stands for an organisation, another for two states together, a third for a
//! state that is no more. What each means for an arrangement is for its parties to say, in a table of their
//! own: `code,party`, one row for each party a code stands for.

use std::collections::BTreeMap;

use super::lines::LineIndex;
use super::{CatalogNumber, Problem, ProblemKind, Severity};

/// What kind of thing an object is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// `PAY`: a payload, working or not.
    Payload,
    /// `R/B`: a rocket body.
    RocketBody,
    /// `DEB`: a piece of debris.
    Debris,
    /// Not told.
    #[default]
    Unknown,
}

impl ObjectKind {
    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "PAY" | "PAYLOAD" => Some(Self::Payload),
            "R/B" | "RB" | "ROCKET BODY" => Some(Self::RocketBody),
            "DEB" | "DEBRIS" => Some(Self::Debris),
            "" | "UNK" | "UNKNOWN" | "TBA" => Some(Self::Unknown),
            _ => None,
        }
    }
}

/// What a table says of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// The owner's code, as the table has it; `None` where it is blank.
    pub owner: Option<String>,
    /// What kind of thing it is.
    pub kind: ObjectKind,
    line: usize,
}

/// A table of owners and kinds, by catalogue number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    objects: BTreeMap<CatalogNumber, Owned>,
}

/// A table of parties, by owner's code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    codes: BTreeMap<String, Vec<String>>,
}

fn problem(line: usize, severity: Severity, kind: ProblemKind) -> Problem {
    Problem {
        line,
        severity,
        kind,
    }
}

/// Hands each row's line and the fields of the wanted columns (each by any of its names) to `take`.
fn read_table(
    text: &str,
    wanted: &[&[&'static str]],
    problems: &mut Vec<Problem>,
    mut take: impl FnMut(usize, &[&str], &mut Vec<Problem>),
) {
    let refused = |line, kind| problem(line, Severity::Refused, kind);
    let text = text.trim_start_matches('\u{feff}');
    let lines = LineIndex::new(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            problems.push(refused(1, ProblemKind::Syntax(error.to_string())));
            return;
        }
    };
    let mut columns = Vec::new();
    for names in wanted {
        let is_named = |header: &str| names.iter().any(|name| header.eq_ignore_ascii_case(name));
        match headers.iter().position(is_named) {
            Some(column) => columns.push(column),
            None => {
                let text = format!("the first row names no column {}", names.join(" or "));
                problems.push(refused(1, ProblemKind::Syntax(text)));
                return;
            }
        }
    }
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.of_row(text, record.position());
                if record.len() == headers.len() {
                    let fields: Vec<&str> = columns
                        .iter()
                        .map(|column| record.get(*column).unwrap_or(""))
                        .collect();
                    take(line, &fields, problems);
                } else {
                    let (found, named) = (record.len(), headers.len());
                    let text = format!("{found} fields where the first row names {named}");
                    problems.push(refused(line, ProblemKind::Syntax(text)));
                }
            }
            Err(error) => {
                let line = lines.of_row(text, error.position());
                problems.push(refused(line, ProblemKind::Syntax(error.to_string())));
            }
        }
    }
}

impl Owners {
    /// Reads a table with a first row that names its columns: `NORAD_CAT_ID` (or `norad`), `OWNER` (or
    /// `COUNTRY`) and `OBJECT_TYPE`; others are passed over. CelesTrak's `satcat.csv` is one. Returns what
    /// was wrong, by line; of two rows for one object the later counts.
    #[must_use]
    pub fn read(text: &str) -> (Self, Vec<Problem>) {
        let mut owners = Self::default();
        let mut problems = Vec::new();
        let wanted: [&[&str]; 3] = [
            &["NORAD_CAT_ID", "NORAD"],
            &["OWNER", "COUNTRY", "COUNTRY_CODE"],
            &["OBJECT_TYPE"],
        ];
        read_table(text, &wanted, &mut problems, |line, fields, problems| {
            let [number, owner, kind] = fields else {
                return;
            };
            let number = match CatalogNumber::from_digits(number) {
                Ok(number) => number,
                Err(error) => {
                    problems.push(problem(line, Severity::Refused, error.into()));
                    return;
                }
            };
            let known = ObjectKind::read(kind);
            if known.is_none() {
                let kind = ProblemKind::Field {
                    field: "OBJECT_TYPE",
                    text: (*kind).to_owned(),
                    expected: "PAY, R/B, DEB or UNK; it counts as unknown",
                };
                problems.push(problem(line, Severity::Notice, kind));
            }
            let owned = Owned {
                owner: (!owner.is_empty()).then(|| (*owner).to_owned()),
                kind: known.unwrap_or_default(),
                line,
            };
            if let Some(earlier) = owners.objects.insert(number, owned) {
                let text = format!(
                    "object {number} is in line {} already; the later line was kept",
                    earlier.line
                );
                problems.push(problem(line, Severity::Notice, ProblemKind::Syntax(text)));
            }
        });
        (owners, problems)
    }

    /// What the table says of an object.
    #[must_use]
    pub fn of(&self, number: CatalogNumber) -> Option<&Owned> {
        self.objects.get(&number)
    }

    /// How many objects the table has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The codes that a table of parties does not know, each with the number of its objects.
    #[must_use]
    pub fn unknown_codes(&self, parties: &Parties) -> BTreeMap<&str, usize> {
        let mut unknown = BTreeMap::new();
        for code in self
            .objects
            .values()
            .filter_map(|owned| owned.owner.as_deref())
        {
            if parties.of_code(code).is_empty() {
                *unknown.entry(code).or_insert(0) += 1;
            }
        }
        unknown
    }

    /// For each of some objects whether it is a party's, alone or with others: what
    /// [`Pairs::Between`](crate::screen::Pairs) takes.
    #[must_use]
    pub fn members(
        &self,
        parties: &Parties,
        party: &str,
        objects: impl IntoIterator<Item = CatalogNumber>,
    ) -> Vec<bool> {
        let is_member = |number| {
            self.of(number)
                .and_then(|owned| owned.owner.as_deref())
                .is_some_and(|code| parties.of_code(code).iter().any(|name| name == party))
        };
        objects.into_iter().map(is_member).collect()
    }
}

impl Parties {
    /// Reads a table with the columns `code` and `party`.
    #[must_use]
    pub fn read(text: &str) -> (Self, Vec<Problem>) {
        let mut parties = Self::default();
        let mut problems = Vec::new();
        let wanted: [&[&str]; 2] = [&["code"], &["party"]];
        read_table(text, &wanted, &mut problems, |line, fields, problems| {
            let [code, party] = fields else {
                return;
            };
            for (field, text) in [("code", code), ("party", party)] {
                if text.is_empty() {
                    let kind = ProblemKind::Missing(field);
                    problems.push(problem(line, Severity::Refused, kind));
                    return;
                }
            }
            let names = parties.codes.entry((*code).to_owned()).or_default();
            if names.iter().any(|name| name == party) {
                let text = format!("{code} stands for {party} already");
                problems.push(problem(line, Severity::Notice, ProblemKind::Syntax(text)));
            } else {
                names.push((*party).to_owned());
            }
        });
        (parties, problems)
    }

    /// The parties that a code stands for; none if the table does not know it.
    #[must_use]
    pub fn of_code(&self, code: &str) -> &[String] {
        self.codes.get(code).map_or(&[], Vec::as_slice)
    }
}
