//! Accountancy reports as tables: inventory changes (ICR), physical inventories (PIL), material balances (MBR).
//!
//! A table is CSV with the labels of the regulation's fields as heading, in any order, and one row for each line. What is
//! wrong is reported with file, row, column and reason, all of it at once, and a report with a fault is not taken at all.
//! The meaning of codes is data, see [`CodeTable`], and so are other labels, see [`LabelMap`]: none is guessed. Those of IAEA
//! Code 10 are to be filled in there when its public text can be read.

mod codes;
mod field;
mod inventory_change;
mod line;
mod mapping;
mod material_balance;
mod physical_inventory;
mod rejection;
mod table;

pub use codes::{Code, CodeTable, Decrease, Effect, Entry, Increase, Unit};
pub use field::{
    Field, Format, INVENTORY_CHANGE_FIELDS, MATERIAL_BALANCE_FIELDS, PHYSICAL_INVENTORY_FIELDS,
    ReportKind, Status,
};
pub use inventory_change::{InventoryChange, InventoryChangeReport};
pub(crate) use inventory_change::{Received, received_twice};
pub use line::{Correction, CorrectionKind, Head, Isotope, Mass};
pub use mapping::LabelMap;
pub use material_balance::{BalanceLine, MaterialBalanceReport};
pub use physical_inventory::{ListedBatch, PhysicalInventoryListing};
pub use rejection::{Reason, Rejection, Rejections};
pub use table::Cells;
pub(crate) use table::{Faults, write_rows};
