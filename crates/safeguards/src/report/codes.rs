//! What the codes in reports mean. Data with references, which users extend: nothing is guessed.

use std::collections::BTreeMap;
use std::fmt;

/// An entry of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entry {
    /// Physical inventory at the beginning of the period.
    BeginningPhysicalInventory,
    /// A change that adds to the inventory.
    Increase(Increase),
    /// A change that takes from the inventory.
    Decrease(Decrease),
    /// Material that a batch gained from another batch of the area: no change of the area's total.
    RebatchingIncrease,
    /// Material that a batch gave to another batch of the area: no change of the area's total.
    RebatchingDecrease,
    /// Uranium that changed category by blending, enrichment, depletion or burn-up: a decrease of one, an increase of the other.
    CategoryChange {
        /// Letter of the original category.
        from: char,
        /// Letter of the resulting one.
        to: char,
    },
    /// Book inventory at the end of the period.
    EndingBookInventory,
    /// Difference between what shippers stated and what the area measured.
    ShipperReceiverDifference,
    /// Ending book inventory less shipper/receiver differences.
    AdjustedEndingBookInventory,
    /// Physical inventory at the end of the period.
    EndingPhysicalInventory,
    /// Material unaccounted for.
    MaterialUnaccountedFor,
}

/// Increases, INFCIRC/153 paragraph 107 (a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Increase {
    /// (i) Import.
    Import,
    /// (ii) Domestic receipt, also at the starting point of safeguards.
    DomesticReceipt,
    /// (iii) Nuclear production.
    NuclearProduction,
    /// (iv) De-exemption.
    DeExemption,
    /// An increase that paragraph 107 does not list, such as an accidental gain or a transfer back from retained waste.
    Other,
}

/// Decreases, INFCIRC/153 paragraph 107 (b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decrease {
    /// (i) Export.
    Export,
    /// (ii) Domestic shipment.
    DomesticShipment,
    /// (iii) Nuclear loss.
    NuclearLoss,
    /// (iv) Measured discard.
    MeasuredDiscard,
    /// (v) Retained waste.
    RetainedWaste,
    /// (vi) Exemption.
    Exemption,
    /// (vii) Other loss, such as accidental loss.
    OtherLoss,
    /// A decrease that paragraph 107 does not list, such as a termination of safeguards.
    Other,
}

/// What an entry does to the inventory of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Adds to it.
    Increase,
    /// Takes from it.
    Decrease,
}

impl Entry {
    /// What the entry does to the inventory of a category; `None` where it does nothing to it or is a sum.
    #[must_use]
    pub fn effect_on(self, category: &str) -> Option<Effect> {
        let is = |letter: char| category.chars().eq(std::iter::once(letter));
        match self {
            Self::Increase(_) => Some(Effect::Increase),
            Self::Decrease(_) => Some(Effect::Decrease),
            Self::CategoryChange { from, .. } if is(from) => Some(Effect::Decrease),
            Self::CategoryChange { to, .. } if is(to) => Some(Effect::Increase),
            _ => None,
        }
    }

    /// Place in the order of INFCIRC/153, paragraph 67, in the balance of a category; `None` for what is no entry of it.
    pub(crate) fn rank(self, category: &str) -> Option<u8> {
        match self {
            Self::BeginningPhysicalInventory => Some(0),
            Self::Increase(_) | Self::Decrease(_) | Self::CategoryChange { .. } => {
                self.effect_on(category).map(|effect| match effect {
                    Effect::Increase => 1,
                    Effect::Decrease => 2,
                })
            }
            Self::EndingBookInventory => Some(3),
            Self::ShipperReceiverDifference => Some(4),
            Self::AdjustedEndingBookInventory => Some(5),
            Self::EndingPhysicalInventory => Some(6),
            Self::MaterialUnaccountedFor => Some(7),
            Self::RebatchingIncrease | Self::RebatchingDecrease => None,
        }
    }

    /// Whether its weight may be below zero.
    pub(crate) fn may_be_negative(self) -> bool {
        matches!(
            self,
            Self::ShipperReceiverDifference | Self::MaterialUnaccountedFor
        )
    }

    /// Whether a batch comes into the area from another area or another State.
    #[must_use]
    pub fn is_receipt(self) -> bool {
        matches!(
            self,
            Self::Increase(Increase::Import | Increase::DomesticReceipt)
        )
    }

    /// Whether a batch leaves the area for another area or another State.
    #[must_use]
    pub fn is_shipment(self) -> bool {
        matches!(
            self,
            Self::Decrease(Decrease::Export | Decrease::DomesticShipment)
        )
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BeginningPhysicalInventory => "beginning physical inventory",
            Self::Increase(_) => "an increase",
            Self::Decrease(_) => "a decrease",
            Self::RebatchingIncrease | Self::RebatchingDecrease => "a rebatching",
            Self::CategoryChange { .. } => "a change of category",
            Self::EndingBookInventory => "ending book inventory",
            Self::ShipperReceiverDifference => "a shipper/receiver difference",
            Self::AdjustedEndingBookInventory => "adjusted ending book inventory",
            Self::EndingPhysicalInventory => "ending physical inventory",
            Self::MaterialUnaccountedFor => "material unaccounted for",
        })
    }
}

/// A code with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What it stands for.
    pub entry: Entry,
    /// Where that is published.
    pub source: String,
}

/// Units in which a category is accounted for, INFCIRC/153 paragraph 101.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Grams: plutonium and enriched uranium.
    Grams,
    /// Kilograms: natural and depleted uranium and thorium.
    Kilograms,
}

/// The meaning of codes and categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTable {
    codes: BTreeMap<String, Code>,
    categories: BTreeMap<String, Unit>,
}

/// Where the built-in codes were read.
const REGDOC: &str = "CNSC REGDOC-2.13.1, Safeguards and Nuclear Material Accountancy (consultation draft), table D3";
const UK: &str = "UK S.I. 2019/196, Schedule 1, Part 2, field 17";

impl CodeTable {
    /// A table without any code.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            codes: BTreeMap::new(),
            categories: BTreeMap::new(),
        }
    }

    /// The codes and categories whose meaning could be read in a public text: RD and RF are receipts in both the regulation
    /// of the United Kingdom and Canada's; the others are Canada's. The codes of balance entries (beginning inventory and so
    /// on) could not be read; add those of the reports at hand with [`Self::with_code`].
    #[must_use]
    pub fn published() -> Self {
        use Decrease as Down;
        use Increase as Up;
        let up = |kind| Entry::Increase(kind);
        let down = |kind| Entry::Decrease(kind);
        let change = |from, to| Entry::CategoryChange { from, to };
        let codes = [
            ("RD", up(Up::DomesticReceipt)),
            ("RF", up(Up::Import)),
            ("RS", up(Up::DomesticReceipt)),
            ("NP", up(Up::NuclearProduction)),
            ("DQ", up(Up::DeExemption)),
            ("DU", up(Up::DeExemption)),
            ("GA", up(Up::Other)),
            ("FW", up(Up::Other)),
            ("SD", down(Down::DomesticShipment)),
            ("SF", down(Down::Export)),
            ("LN", down(Down::NuclearLoss)),
            ("LD", down(Down::MeasuredDiscard)),
            ("TW", down(Down::RetainedWaste)),
            ("EQ", down(Down::Exemption)),
            ("EU", down(Down::Exemption)),
            ("LA", down(Down::OtherLoss)),
            ("TU", down(Down::Other)),
            ("RM", Entry::RebatchingDecrease),
            ("RP", Entry::RebatchingIncrease),
            ("DE", change('D', 'E')),
            ("DN", change('D', 'N')),
            ("ED", change('E', 'D')),
            ("EN", change('E', 'N')),
            ("ND", change('N', 'D')),
            ("NE", change('N', 'E')),
            ("DI", Entry::ShipperReceiverDifference),
        ];
        let mut table = Self::empty();
        for (code, entry) in codes {
            let source = if matches!(code, "RD" | "RF") {
                format!("{UK}; {REGDOC}")
            } else {
                REGDOC.to_owned()
            };
            table.codes.insert(code.to_owned(), Code { entry, source });
        }
        // Table D5 of the same document; the units are those of INFCIRC/153, paragraph 101.
        for (category, unit) in [
            ("N", Unit::Kilograms),
            ("D", Unit::Kilograms),
            ("T", Unit::Kilograms),
            ("E", Unit::Grams),
            ("P", Unit::Grams),
        ] {
            table.categories.insert(category.to_owned(), unit);
        }
        table
    }

    /// Adds a code, or changes it, with where its meaning is published.
    #[must_use]
    pub fn with_code(
        mut self,
        code: impl Into<String>,
        entry: Entry,
        source: impl Into<String>,
    ) -> Self {
        self.codes.insert(
            code.into(),
            Code {
                entry,
                source: source.into(),
            },
        );
        self
    }

    /// Adds a category, or changes it, with its unit of account.
    #[must_use]
    pub fn with_category(mut self, category: impl Into<String>, unit: Unit) -> Self {
        self.categories.insert(category.into(), unit);
        self
    }

    /// The meaning of a code.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<&Code> {
        self.codes.get(code)
    }

    /// The unit of a category.
    #[must_use]
    pub fn unit(&self, category: &str) -> Option<Unit> {
        self.categories.get(category).copied()
    }

    /// All codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &Code)> {
        self.codes
            .iter()
            .map(|(code, meaning)| (code.as_str(), meaning))
    }
}
