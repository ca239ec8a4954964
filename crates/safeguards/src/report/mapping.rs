//! Tables that say what codes and labels mean, to be filled in by those who have read the public text. Nothing is built in that was not
//! read.

use std::collections::BTreeMap;

use super::codes::{CodeTable, Decrease, Entry, Increase, Unit};
use super::field::ReportKind;
use super::rejection::{Reason, Rejections};
use super::table::{Faults, Lines};

const CODE_HEADINGS: [&str; 4] = ["table", "code", "meaning", "source"];
const LABEL_HEADINGS: [&str; 4] = ["report", "field", "label", "source"];

/// Rows of a table with exactly these headings, each with its line.
fn rows(
    headings: &[&'static str; 4],
    bytes: &[u8],
    faults: &mut Faults,
) -> Vec<(u64, [String; 4])> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut lines = Lines::new(bytes);
    let not_csv = |error: &csv::Error| Reason::NotCsv {
        cause: error.to_string(),
    };
    match reader.headers() {
        Ok(found) if found.iter().map(str::trim).eq(headings.iter().copied()) => {}
        Ok(_) => faults.add(
            1,
            None,
            Reason::OtherHeadings {
                expected: headings.join(","),
            },
        ),
        Err(error) => faults.add(1, None, not_csv(&error)),
    }
    if !faults.found.is_empty() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            // A remark.
            Ok(record) if record.get(0).is_some_and(|cell| cell.starts_with('#')) => {}
            Ok(record) if record.len() != headings.len() => faults.add(
                lines.of(record.position()),
                None,
                Reason::WrongWidth {
                    expected: headings.len(),
                    found: record.len(),
                },
            ),
            Ok(record) => {
                let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
                let line = lines.of(record.position());
                rows.push((line, [cell(0), cell(1), cell(2), cell(3)]));
            }
            Err(error) => faults.add(lines.of(error.position()), None, not_csv(&error)),
        }
    }
    rows
}

fn all_or_nothing<T>(value: T, faults: Faults) -> Result<T, Rejections> {
    if faults.found.is_empty() {
        Ok(value)
    } else {
        Err(Rejections(faults.found))
    }
}

impl Entry {
    /// The entry of a meaning in words: those of [`Self::MEANINGS`], or `change of category X to Y` with two letters.
    #[must_use]
    pub fn from_meaning(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase();
        if let Some(letters) = words.strip_prefix("change of category ") {
            let (from, to) = letters.split_once(" to ")?;
            let letter = |text: &str| {
                let mut letters = text.trim().chars();
                letters.next().filter(|_| letters.next().is_none())
            };
            return Some(Self::CategoryChange {
                from: letter(from)?.to_ascii_uppercase(),
                to: letter(to)?.to_ascii_uppercase(),
            });
        }
        Self::MEANINGS
            .into_iter()
            .find(|(meaning, _)| *meaning == words)
            .map(|(_, entry)| entry)
    }

    /// The meanings that a table of codes may state, in the words of INFCIRC/153, paragraphs 67 and 107.
    pub const MEANINGS: [(&'static str, Self); 21] = [
        (
            "beginning physical inventory",
            Self::BeginningPhysicalInventory,
        ),
        ("import", Self::Increase(Increase::Import)),
        (
            "domestic receipt",
            Self::Increase(Increase::DomesticReceipt),
        ),
        (
            "nuclear production",
            Self::Increase(Increase::NuclearProduction),
        ),
        ("de-exemption", Self::Increase(Increase::DeExemption)),
        ("other increase", Self::Increase(Increase::Other)),
        ("export", Self::Decrease(Decrease::Export)),
        (
            "domestic shipment",
            Self::Decrease(Decrease::DomesticShipment),
        ),
        ("nuclear loss", Self::Decrease(Decrease::NuclearLoss)),
        (
            "measured discard",
            Self::Decrease(Decrease::MeasuredDiscard),
        ),
        ("retained waste", Self::Decrease(Decrease::RetainedWaste)),
        ("exemption", Self::Decrease(Decrease::Exemption)),
        ("other loss", Self::Decrease(Decrease::OtherLoss)),
        ("other decrease", Self::Decrease(Decrease::Other)),
        ("rebatching increase", Self::RebatchingIncrease),
        ("rebatching decrease", Self::RebatchingDecrease),
        ("ending book inventory", Self::EndingBookInventory),
        (
            "shipper/receiver difference",
            Self::ShipperReceiverDifference,
        ),
        (
            "adjusted ending book inventory",
            Self::AdjustedEndingBookInventory,
        ),
        ("ending physical inventory", Self::EndingPhysicalInventory),
        ("material unaccounted for", Self::MaterialUnaccountedFor),
    ];
}

impl CodeTable {
    /// Adds the codes and categories of a CSV table with the columns `table`, `code`, `meaning`, `source`. In `table` stands `code` or
    /// `category`; the meaning of a code is one of [`Entry::MEANINGS`], that of a category its unit, `grams` or `kilograms`. Lines that begin
    /// with `#` are remarks. `file` is used in messages only.
    ///
    /// # Errors
    /// [`Rejections`] with every fault; nothing is added unless everything is in order. A source is needed in every row.
    pub fn with_csv(mut self, file: &str, bytes: &[u8]) -> Result<Self, Rejections> {
        let mut faults = Faults::new(file);
        for (line, [table, code, meaning, source]) in rows(&CODE_HEADINGS, bytes, &mut faults) {
            for (column, cell) in [("code", &code), ("source", &source)] {
                if cell.is_empty() {
                    faults.add(line, Some(column), Reason::Missing);
                }
            }
            let unknown = |value: String| Reason::UnknownMeaning { value };
            match table.as_str() {
                "code" => match Entry::from_meaning(&meaning) {
                    Some(entry) => self = self.with_code(code, entry, source),
                    None => faults.add(line, Some("meaning"), unknown(meaning)),
                },
                "category" => match meaning.as_str() {
                    "grams" => self = self.with_category(code, Unit::Grams),
                    "kilograms" => self = self.with_category(code, Unit::Kilograms),
                    _ => faults.add(line, Some("meaning"), unknown(meaning)),
                },
                _ => faults.add(line, Some("table"), unknown(table)),
            }
        }
        all_or_nothing(self, faults)
    }
}

/// Other names of the fields, such as the labels of IAEA Code 10: what stands in the heading of a table instead of the label of the
/// regulation. Empty unless filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelMap {
    labels: BTreeMap<(ReportKind, &'static str), String>,
}

const KINDS: [(ReportKind, &str); 3] = [
    (ReportKind::InventoryChange, "ICR"),
    (ReportKind::PhysicalInventory, "PIL"),
    (ReportKind::MaterialBalance, "MBR"),
];

impl LabelMap {
    /// A table to be filled in: a row for every field, with its own label and source left empty.
    #[must_use]
    pub fn template() -> String {
        let mut text = LABEL_HEADINGS.join(",") + "\n";
        for (kind, name) in KINDS {
            for field in kind.fields() {
                text.push_str(&format!("{name},{},,\n", field.label));
            }
        }
        text
    }

    /// Reads such a table. Rows with an empty label are left out: those fields keep their own. Lines that begin with `#` are remarks.
    ///
    /// # Errors
    /// [`Rejections`] with every fault: an unknown report or field, a field or a label twice, a label without its source.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Rejections> {
        let mut faults = Faults::new(file);
        let mut map = Self::default();
        for (line, [report, field, label, source]) in rows(&LABEL_HEADINGS, bytes, &mut faults) {
            let kind = KINDS.into_iter().find(|(_, name)| *name == report);
            let Some((kind, _)) = kind else {
                faults.add(
                    line,
                    Some("report"),
                    Reason::UnknownMeaning { value: report },
                );
                continue;
            };
            let known = kind
                .fields()
                .iter()
                .find(|known| known.label.eq_ignore_ascii_case(&field));
            let Some(known) = known else {
                faults.add(line, Some("field"), Reason::UnknownMeaning { value: field });
                continue;
            };
            if label.is_empty() {
                continue;
            }
            if source.is_empty() {
                faults.add(line, Some("source"), Reason::Missing);
            }
            let taken = map
                .labels
                .iter()
                .any(|((other, _), used)| *other == kind && *used == label);
            if taken || map.labels.insert((kind, known.label), label).is_some() {
                faults.add(line, Some("label"), Reason::DuplicateColumn);
            }
        }
        all_or_nothing(map, faults)
    }

    /// The kind of the report in a table, from the letter in its column `Report type`, whatever that is called. `None` where there is no
    /// such column or letter.
    #[must_use]
    pub fn kind_of(&self, bytes: &[u8]) -> Option<ReportKind> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let headers = reader.headers().ok()?.clone();
        let first = reader.records().next()?.ok()?;
        KINDS.into_iter().map(|(kind, _)| kind).find(|kind| {
            let name = self.label(*kind, "Report type");
            headers
                .iter()
                .position(|header| header.trim().eq_ignore_ascii_case(name))
                .and_then(|place| first.get(place))
                .is_some_and(|cell| cell.trim() == kind.letter())
        })
    }

    fn label<'a>(&'a self, kind: ReportKind, field: &'static str) -> &'a str {
        self.labels
            .get(&(kind, field))
            .map_or(field, String::as_str)
    }

    /// A table with the labels of the regulation in the place of these; the rows stay as they are, byte for byte.
    #[must_use]
    pub fn to_fields(&self, kind: ReportKind, table: &[u8]) -> Vec<u8> {
        self.rename(table, |heading| {
            kind.fields()
                .iter()
                .find(|field| self.label(kind, field.label).eq_ignore_ascii_case(heading))
                .map(|field| field.label.to_owned())
        })
    }

    /// A table with these labels in the place of the regulation's.
    #[must_use]
    pub fn to_labels(&self, kind: ReportKind, table: &[u8]) -> Vec<u8> {
        self.rename(table, |heading| {
            kind.fields()
                .iter()
                .find(|field| field.label.eq_ignore_ascii_case(heading))
                .map(|field| self.label(kind, field.label).to_owned())
        })
    }

    /// A table that cannot be read as CSV is given back as it is: its reader will say why.
    fn rename(&self, table: &[u8], name: impl Fn(&str) -> Option<String>) -> Vec<u8> {
        if self.labels.is_empty() {
            return table.to_owned();
        }
        let table = table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
        let Ok(headers) = reader.headers().cloned() else {
            return table.to_owned();
        };
        let rest = usize::try_from(reader.position().byte()).unwrap_or(table.len());
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        let renamed = headers
            .iter()
            .map(|heading| name(heading.trim()).unwrap_or_else(|| heading.to_owned()));
        if writer.write_record(renamed).is_err() {
            return table.to_owned();
        }
        let Ok(mut heading) = writer.into_inner() else {
            return table.to_owned();
        };
        let rows = table.get(rest..).unwrap_or_default();
        // The reader may stop between the two characters of a line end.
        heading.extend_from_slice(rows.strip_prefix(b"\n").unwrap_or(rows));
        heading
    }
}
