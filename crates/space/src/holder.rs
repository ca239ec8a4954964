//! From the owner codes of a catalogue to parties.
//!
//! A code is not a State: `ITSO` is an organisation, `CIS` several States over time, `CHBZ` two at once. A map says which code is taken
//! for which party; what it does not say is told as unknown, and never guessed.

use std::collections::BTreeMap;

use detente_quantity::Name;
use serde::Serialize;

use crate::table::{Reader, TableError};

/// Whose an object is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "of")]
pub enum Holder {
    /// A party.
    Party(Name),
    /// Several parties at once.
    Shared(Vec<Name>),
    /// A code that the map says belongs to no party (a company, an organisation).
    NoParty(String),
    /// A code that the map does not have.
    UnknownCode(String),
    /// The catalogue has no code.
    NoCode,
}

impl Holder {
    /// The party, where it is exactly one.
    #[must_use]
    pub fn party(&self) -> Option<&Name> {
        match self {
            Self::Party(party) => Some(party),
            _ => None,
        }
    }

    /// Whether this party is among those that hold it.
    #[must_use]
    pub fn includes(&self, party: &Name) -> bool {
        match self {
            Self::Party(one) => one == party,
            Self::Shared(several) => several.contains(party),
            _ => false,
        }
    }

    /// In words: `US`, `CN and BR`, `ITSO (no party)`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Party(party) => party.to_string(),
            Self::Shared(several) => several
                .iter()
                .map(Name::to_string)
                .collect::<Vec<_>>()
                .join(" and "),
            Self::NoParty(code) => format!("{code} (no party)"),
            Self::UnknownCode(code) => format!("{code} (code unknown)"),
            Self::NoCode => "unknown".to_owned(),
        }
    }
}

/// The map from codes to parties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holders {
    codes: BTreeMap<String, Vec<Name>>,
}

impl Holders {
    /// Reads a CSV table with the columns `code` and `party`, and if wanted `note`. Several parties are separated by `;`; an empty cell says
    /// that the code belongs to no party.
    ///
    /// # Errors
    /// Every faulty row, by line.
    pub fn read(file: &str, text: &str) -> Result<Self, TableError> {
        let mut reader = Reader::new(file, text, &["code", "party", "note"], &["code", "party"])?;
        let mut codes = BTreeMap::new();
        while let Some(row) = reader.next_row() {
            let Some(code) = row.needed("code", &mut reader) else {
                continue;
            };
            let mut parties = Vec::new();
            for part in row.cell("party").unwrap_or_default().split(';') {
                match Name::new(part) {
                    _ if part.trim().is_empty() => {}
                    Ok(name) => parties.push(name),
                    Err(error) => reader.fault(row.line, "party", error),
                }
            }
            if codes.insert(code.clone(), parties).is_some() {
                reader.fault(
                    row.line,
                    "code",
                    format!("{code} stands here twice; keep one row for each code"),
                );
            }
        }
        reader.finish(Self { codes })
    }

    /// Whose an object with this code is.
    #[must_use]
    pub fn of(&self, code: Option<&str>) -> Holder {
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return Holder::NoCode;
        };
        match self.codes.get(code).map(Vec::as_slice) {
            None => Holder::UnknownCode(code.to_owned()),
            Some([]) => Holder::NoParty(code.to_owned()),
            Some([party]) => Holder::Party(party.clone()),
            Some(several) => Holder::Shared(several.to_vec()),
        }
    }

    /// Whether the map knows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The parties that the map names, in order.
    #[must_use]
    pub fn parties(&self) -> Vec<Name> {
        let mut parties: Vec<Name> = self.codes.values().flatten().cloned().collect();
        parties.sort();
        parties.dedup();
        parties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_not_states() {
        let map = Holders::read(
            "map.csv",
            "code,party,note\nUS,US,\nCHBZ,CN; BR,\nITSO,,a company\n",
        )
        .unwrap();
        assert_eq!(map.of(Some("US")), Holder::Party(Name::new("US").unwrap()));
        assert_eq!(map.of(Some("CHBZ")).words(), "CN and BR");
        assert_eq!(map.of(Some("ITSO")), Holder::NoParty("ITSO".to_owned()));
        assert_eq!(map.of(Some("CIS")), Holder::UnknownCode("CIS".to_owned()));
        assert_eq!(map.of(Some(" ")), Holder::NoCode);
        let wrong = Holders::read("map.csv", "code,party\nUS,US\nUS,CA\n,RU\n").unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "map.csv:3: code: US stands here twice; keep one row for each code\nmap.csv:4: code: this cell is empty"
        );
    }
}
