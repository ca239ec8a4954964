//! Books and balances: from reports to material unaccounted for, by the rules of INFCIRC/153, paragraphs 63 to 67 and 98 to
//! 115.

mod account;
mod batch;
mod deadline;
mod draft;
mod history;
mod material_balance;
mod transfer;

pub use account::{Account, PostError, PostedChange};
pub use batch::{BatchDifference, BatchError, batch_differences};
pub use deadline::{initial_report_due, inventory_change_report_due, material_balance_report_due};
pub use draft::{DraftError, DraftHead, draft_material_balance_report};
pub use history::{HistoryFromReportsError, Line, history_of_reports};
pub use material_balance::{
    BalanceError, Finding, MaterialBalance, Weight, check_succession, compare,
};
pub use transfer::{Transfer, TransferError, Transfers, match_transfers};
