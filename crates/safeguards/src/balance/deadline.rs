//! When reports are due.

use jiff::ToSpan;
use jiff::civil::Date;

/// An inventory change report is due 30 days after the end of the month in which the change occurred or was established
/// (INFCIRC/153, paragraph 63 (a)): the last day on which it is in time. `None` beyond the calendar.
#[must_use]
pub fn inventory_change_report_due(change: Date) -> Option<Date> {
    change.last_of_month().checked_add(30.days()).ok()
}

/// A material balance report is due 30 days after the physical inventory was taken (INFCIRC/153, paragraph 63 (b)). `None`
/// beyond the calendar.
#[must_use]
pub fn material_balance_report_due(taken: Date) -> Option<Date> {
    taken.checked_add(30.days()).ok()
}

/// The initial report is due 30 days after the last day of the month in which the agreement entered into force (INFCIRC/153,
/// paragraph 62), and reflects that last day. `None` beyond the calendar.
#[must_use]
pub fn initial_report_due(entry_into_force: Date) -> Option<Date> {
    entry_into_force.last_of_month().checked_add(30.days()).ok()
}
