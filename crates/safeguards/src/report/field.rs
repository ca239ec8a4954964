//! The fields of the accountancy reports.
//!
//! Source: Nuclear Safeguards (EU Exit) Regulations 2019 (UK S.I. 2019/196), Schedule 1, Parts 2 to 4, the public relative of
//! Commission Regulation (Euratom) No 302/2005, Annexes III to V. The lines of Part 2 after the seventeenth could not be read; they
//! are recalled from Annex III, and marked: their names serve as column headings, their numbers and order are not relied on. Where
//! Parts 3 or 4 have a field of the same name, its format is taken.

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReportKind {
    /// Inventory change report, ICR.
    InventoryChange,
    /// Material balance report, MBR.
    MaterialBalance,
    /// Physical inventory listing, PIL.
    PhysicalInventory,
}

impl ReportKind {
    /// Its fields.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::InventoryChange => &INVENTORY_CHANGE_FIELDS,
            Self::MaterialBalance => &MATERIAL_BALANCE_FIELDS,
            Self::PhysicalInventory => &PHYSICAL_INVENTORY_FIELDS,
        }
    }

    /// The letter in the field `Report type`.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::InventoryChange => "I",
            Self::MaterialBalance => "M",
            Self::PhysicalInventory => "P",
        }
    }
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// At most so many characters.
    Text(u16),
    /// A whole number of at most so many digits.
    Number(u16),
    /// A mass: a number of at most 24 characters with at most three decimals.
    Mass,
    /// A day, DDMMYYYY.
    Date,
    /// Not known: taken as text of any length.
    Open,
}

/// Whether the text of the regulation was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Read in the public text.
    Read,
    /// Recalled from a related text; to be checked.
    Recalled,
}

/// A field of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its number in the regulation.
    pub number: u8,
    /// Its label, the heading of its column.
    pub label: &'static str,
    /// How it is written.
    pub format: Format,
    /// Whether the text was read.
    pub status: Status,
}

const fn read(number: u8, label: &'static str, format: Format) -> Field {
    Field {
        number,
        label,
        format,
        status: Status::Read,
    }
}

const fn recalled(number: u8, label: &'static str, format: Format) -> Field {
    Field {
        number,
        label,
        format,
        status: Status::Recalled,
    }
}

/// Inventory change report, Schedule 1, Part 2.
pub const INVENTORY_CHANGE_FIELDS: [Field; 43] = [
    read(1, "MBA", Format::Text(4)),
    read(2, "Report type", Format::Text(1)),
    read(3, "Report date", Format::Date),
    read(4, "Report number", Format::Number(8)),
    read(5, "Line count", Format::Number(8)),
    read(6, "Start report", Format::Date),
    read(7, "End report", Format::Date),
    read(8, "Reporting person", Format::Text(30)),
    read(9, "Transaction ID", Format::Number(8)),
    read(10, "IC code", Format::Text(2)),
    read(11, "Batch", Format::Text(20)),
    read(12, "KMP", Format::Text(1)),
    read(13, "Measurement", Format::Text(1)),
    read(14, "Material form", Format::Text(2)),
    read(15, "Material container", Format::Text(1)),
    read(16, "Material state", Format::Text(1)),
    read(17, "MBA from", Format::Text(4)),
    recalled(18, "MBA to", Format::Open),
    recalled(19, "Previous batch", Format::Open),
    recalled(20, "Original date", Format::Date),
    recalled(21, "PIT date", Format::Date),
    recalled(22, "Line number", Format::Number(8)),
    recalled(23, "Accounting date", Format::Date),
    recalled(24, "Items", Format::Number(6)),
    recalled(25, "Element category", Format::Text(1)),
    recalled(26, "Element weight", Format::Mass),
    recalled(27, "Isotope", Format::Text(1)),
    recalled(28, "Fissile weight", Format::Mass),
    recalled(29, "Isotopic composition", Format::Open),
    recalled(30, "Obligation", Format::Text(2)),
    recalled(31, "Previous category", Format::Open),
    recalled(32, "Previous obligation", Format::Open),
    recalled(33, "CAM code from", Format::Open),
    recalled(34, "CAM code to", Format::Open),
    recalled(35, "Document", Format::Text(70)),
    recalled(36, "Container ID", Format::Text(20)),
    recalled(37, "Correction", Format::Text(1)),
    recalled(38, "Previous report", Format::Number(8)),
    recalled(39, "Previous line", Format::Number(8)),
    recalled(40, "Comment", Format::Text(256)),
    recalled(41, "Burn-up", Format::Open),
    recalled(42, "CRC", Format::Number(20)),
    recalled(43, "Previous CRC", Format::Number(20)),
];

/// Material balance report, Schedule 1, Part 3.
pub const MATERIAL_BALANCE_FIELDS: [Field; 16] = [
    read(1, "MBA", Format::Text(4)),
    read(2, "Report type", Format::Text(1)),
    read(3, "Report date", Format::Date),
    read(4, "Start report", Format::Date),
    read(5, "End report", Format::Date),
    read(6, "Report number", Format::Number(8)),
    read(7, "Element category", Format::Text(1)),
    read(8, "Line count", Format::Number(8)),
    read(9, "Reporting person", Format::Text(30)),
    read(10, "IC code", Format::Text(2)),
    read(11, "Line number", Format::Number(8)),
    read(12, "Element weight", Format::Mass),
    read(13, "Isotope", Format::Text(1)),
    read(14, "Fissile weight", Format::Mass),
    read(15, "Obligation", Format::Text(2)),
    read(16, "Correction", Format::Text(1)),
];

/// Physical inventory listing, Schedule 1, Part 4.
pub const PHYSICAL_INVENTORY_FIELDS: [Field; 29] = [
    read(1, "MBA", Format::Text(4)),
    read(2, "Report type", Format::Text(1)),
    read(3, "Report date", Format::Date),
    read(4, "Report number", Format::Number(8)),
    read(5, "PIT date", Format::Date),
    read(6, "Line count", Format::Number(8)),
    read(7, "Reporting person", Format::Text(30)),
    read(8, "PIL_ITEM_ID", Format::Number(8)),
    read(9, "Batch", Format::Text(20)),
    read(10, "KMP", Format::Text(1)),
    read(11, "Measurement", Format::Text(1)),
    read(12, "Element category", Format::Text(1)),
    read(13, "Material form", Format::Text(2)),
    read(14, "Material container", Format::Text(1)),
    read(15, "Material state", Format::Text(1)),
    read(16, "Line number", Format::Number(8)),
    read(17, "Items", Format::Number(6)),
    read(18, "Element weight", Format::Mass),
    read(19, "Isotope", Format::Text(1)),
    read(20, "Fissile weight", Format::Mass),
    read(21, "Obligation", Format::Text(2)),
    read(22, "Document", Format::Text(70)),
    read(23, "Container ID", Format::Text(20)),
    read(24, "Correction", Format::Text(1)),
    read(25, "Previous report", Format::Number(8)),
    read(26, "Previous line", Format::Number(8)),
    read(27, "Comment", Format::Text(256)),
    read(28, "CRC", Format::Number(20)),
    read(29, "Previous CRC", Format::Number(20)),
];
