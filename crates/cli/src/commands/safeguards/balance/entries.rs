//! Reports as entries of a record, so that an agreement's duties can be assessed on them.
//!
//! | report | entry |
//! |---|---|
//! | inventory changes | a notification of a `reporting month` for each month in which changes fell (INFCIRC/153, 63 (a)) |
//! | physical inventory | a declaration of the inventory of each category; from the second one on with a `physical inventory` as an event, since the first closes no balance |
//! | material balance | a notification of the `physical inventory` that closed it (63 (b)) |
//!
//! All are made on the day on which the report was completed.

use super::reports::{Area, Reports};
use detente_safeguards::balance::MaterialBalance;
use detente_safeguards::report::Unit;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One line for each entry.
pub(super) fn lines(reports: &Reports, party: &str) -> String {
    let mut text = String::new();
    for (name, area) in &reports.areas {
        for entry in of_area(name, area, reports, party) {
            text.push_str(&entry.to_string());
            text.push('\n');
        }
    }
    text
}

fn of_area(name: &str, area: &Area, reports: &Reports, party: &str) -> Vec<Value> {
    let mut entries = Vec::new();
    for (_, report) in &area.changes {
        let number = report.head.number;
        // A correction and a late line have the date of what they bear on.
        let months: BTreeSet<Date> = report
            .changes
            .iter()
            .filter(|change| change.correction.is_none())
            .map(|change| change.date.last_of_month())
            .collect();
        let events: Vec<Value> = months
            .iter()
            .map(|last| {
                // A report that is completed before the month is over closes it for its own changes.
                let day = (*last).min(report.head.completed);
                json!({
                    "class": "reporting month",
                    "id": format!("{name} {} ICR {number}", last.strftime("%Y-%m")),
                    "at": day.to_string(),
                    "attributes": { "area": name },
                })
            })
            .collect();
        if !events.is_empty() {
            entries.push(json!({
                "id": format!("{name} ICR {number}"),
                "kind": "notification",
                "author": party,
                "as_of": report.end.to_string(),
                "made": report.head.completed.to_string(),
                "source": format!("inventory change report {number} of {name}"),
                "events": events,
            }));
        }
    }
    let taking = |day: Date| {
        json!([{
            "class": "physical inventory",
            "id": format!("{name} {day}"),
            "at": day.to_string(),
            "attributes": { "area": name },
        }])
    };
    for (place, (_, listing)) in area.listings.iter().enumerate() {
        let number = listing.head.number;
        let mut entry = json!({
            "id": format!("{name} PIL {number}"),
            "kind": "declaration",
            "author": party,
            "as_of": listing.taken.to_string(),
            "made": listing.head.completed.to_string(),
            "source": format!("physical inventory listing {number} of {name}"),
            "values": inventory(name, place, area, reports),
        });
        if place > 0 {
            entry["events"] = taking(listing.taken);
        }
        entries.push(entry);
    }
    for (_, report) in &area.balances {
        let number = report.head.number;
        entries.push(json!({
            "id": format!("{name} MBR {number}"),
            "kind": "notification",
            "author": party,
            "as_of": report.end.to_string(),
            "made": report.head.completed.to_string(),
            "source": format!("material balance report {number} of {name}"),
            "events": taking(report.end),
        }));
    }
    entries
}

/// The physical inventory of each category, by the balance that it opens or closes.
fn inventory(name: &str, place: usize, area: &Area, reports: &Reports) -> Map<String, Value> {
    let draw = |first: usize| -> Option<Vec<MaterialBalance>> {
        let (beginning, ending) = (area.listings.get(first)?, area.listings.get(first + 1)?);
        MaterialBalance::draw_up(&beginning.1, &area.account, &ending.1).ok()
    };
    let mut amounts = BTreeMap::new();
    if let Some(closed) = place.checked_sub(1).and_then(draw) {
        for one in closed {
            amounts.insert(one.category, one.ending_physical_inventory);
        }
    } else if let Some(opened) = draw(place) {
        for one in opened {
            amounts.insert(one.category, one.beginning_physical_inventory);
        }
    }
    amounts
        .into_iter()
        .map(|(category, amount)| {
            let unit = match reports.codes.unit(&category) {
                Some(Unit::Kilograms) => "kg",
                _ => "g",
            };
            (
                format!("{name} {category} physical inventory"),
                format!("{} {unit}", amount.normalize()).into(),
            )
        })
        .collect()
}
