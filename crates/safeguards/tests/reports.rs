//! Accountancy reports: what is read, what is refused and why, and the balance they make.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::balance::{
    Account, DraftHead, Finding, Line, MaterialBalance, PostError, batch_differences,
    check_succession, compare, draft_material_balance_report, history_of_reports,
    initial_report_due, inventory_change_report_due, match_transfers, material_balance_report_due,
};
use detente_safeguards::report::{
    CodeTable, Entry, InventoryChangeReport, MaterialBalanceReport, PhysicalInventoryListing,
    ReportKind, Status,
};
use detente_safeguards::statistics::{Instrument, MeasurementModel, Role, Stratum};
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn table() -> CodeTable {
    let own = "chosen by the tests";
    CodeTable::published()
        .with_code("PB", Entry::BeginningPhysicalInventory, own)
        .with_code("BA", Entry::EndingBookInventory, own)
        .with_code("AJ", Entry::AdjustedEndingBookInventory, own)
        .with_code("PE", Entry::EndingPhysicalInventory, own)
        .with_code("MF", Entry::MaterialUnaccountedFor, own)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(format!(
        "{}/tests/data/reports/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn changes(name: &str) -> InventoryChangeReport {
    InventoryChangeReport::read(name, text(name).as_bytes(), &table()).unwrap()
}

fn listing(name: &str) -> PhysicalInventoryListing {
    PhysicalInventoryListing::read(name, text(name).as_bytes(), &table()).unwrap()
}

fn account() -> Account {
    let mut account = Account::new();
    account.post(&changes("icr_1.csv")).unwrap();
    account.post(&changes("icr_2.csv")).unwrap();
    account
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn a_year_by_hand() {
    let balances = MaterialBalance::draw_up(
        &listing("pil_2024.csv"),
        &account(),
        &listing("pil_2025.csv"),
    )
    .unwrap();
    assert_eq!(balances.len(), 2);
    let enriched = &balances[0];
    assert_eq!(enriched.beginning_physical_inventory, decimal("150000.5"));
    assert_eq!(enriched.increases, decimal("20000"));
    assert_eq!(
        enriched.decreases,
        decimal("100010.5"),
        "the shipment as corrected, and the discard"
    );
    assert_eq!(enriched.ending_book_inventory, decimal("69990"));
    assert_eq!(enriched.shipper_receiver_differences, decimal("12"));
    assert_eq!(enriched.adjusted_ending_book_inventory, decimal("69978"));
    assert_eq!(enriched.ending_physical_inventory, decimal("69973"));
    assert_eq!(enriched.material_unaccounted_for, decimal("5"));
    assert_eq!(balances[1].material_unaccounted_for, Decimal::ZERO);
    let report =
        MaterialBalanceReport::read("mbr", text("mbr_2025.csv").as_bytes(), &table()).unwrap();
    assert_eq!(compare(&report, &balances), vec![]);
    let fissile = MaterialBalance::draw_up_fissile(
        &listing("pil_2024.csv"),
        &account(),
        &listing("pil_2025.csv"),
    )
    .unwrap();
    assert_eq!(fissile.len(), 1, "only enriched uranium states its U-235");
    assert_eq!(fissile[0].ending_book_inventory, decimal("3149.55"));
    assert_eq!(fissile[0].material_unaccounted_for, decimal("0.15"));
    assert_eq!(compare(&report, &fissile), vec![]);
    // Book inventory on any day (paragraph 102).
    let book = |day| {
        account()
            .book_inventory("E", decimal("150000.5"), date(2024, 12, 31), day)
            .unwrap()
    };
    assert_eq!(book(date(2025, 1, 9)), decimal("150000.5"));
    assert_eq!(book(date(2025, 1, 10)), decimal("170000.5"));
    assert_eq!(book(date(2025, 1, 20)), decimal("70000.5"));
    assert_eq!(book(date(2025, 12, 31)), decimal("69990"));
}

/// Drawn up from the batches, the report is the one that was written by hand, line by line.
#[test]
fn a_report_drawn_up() {
    let head = DraftHead {
        number: 1,
        completed: date(2026, 1, 12),
        person: "A. Smith".to_owned(),
    };
    let (beginning, ending) = (listing("pil_2024.csv"), listing("pil_2025.csv"));
    let drawn =
        draft_material_balance_report(&beginning, &account(), &ending, &table(), &head).unwrap();
    let mut written =
        MaterialBalanceReport::read("mbr", text("mbr_2025.csv").as_bytes(), &table()).unwrap();
    let whole =
        |report: &MaterialBalanceReport| -> Vec<(String, String, Decimal, Option<Decimal>)> {
            report
                .lines
                .iter()
                .map(|line| {
                    let fissile = line.mass.isotope.map(|(_, weight)| weight);
                    (
                        line.code.clone(),
                        line.mass.category.clone(),
                        line.mass.element,
                        fissile,
                    )
                })
                .collect()
        };
    assert_eq!(whole(&drawn), whole(&written));
    written.lines.clone_from(&drawn.lines);
    assert_eq!(drawn, written, "head and period");
    let error = draft_material_balance_report(
        &beginning,
        &account(),
        &ending,
        &CodeTable::published(),
        &head,
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no code is known for beginning physical inventory")
    );
}

/// Blending changes the category: kilograms of natural uranium become grams of enriched.
#[test]
fn changes_of_category() {
    let third = text("icr_1.csv")
        .lines()
        .take(2)
        .map(|line| {
            line.replace(",1,3,01012025,31012025", ",3,1,01032025,31032025")
                .replace("15022025", "15042025")
                .replace("10012025", "10032025")
                .replace("RD,B-101,A,M,PH,D,F,QXYZ", "NE,N-101,A,M,PH,D,F,")
                .replace(",E,20000.000,G,900.000", ",N,12.500,,")
                + "\n"
        })
        .collect::<String>();
    let mut account = account();
    let report = InventoryChangeReport::read("march.csv", third.as_bytes(), &table()).unwrap();
    account.post(&report).unwrap();
    let balances =
        MaterialBalance::draw_up(&listing("pil_2024.csv"), &account, &listing("pil_2025.csv"))
            .unwrap();
    assert_eq!(
        balances[0].increases,
        decimal("32500"),
        "20,000 g received and 12.5 kg blended"
    );
    assert_eq!(balances[1].decreases, decimal("12.5"));
    assert_eq!(balances[1].material_unaccounted_for, decimal("-12.5"));
    let found: Vec<String> =
        batch_differences(&listing("pil_2024.csv"), &account, &listing("pil_2025.csv"))
            .unwrap()
            .iter()
            .map(|one| {
                format!(
                    "{} {} book {} physical {}",
                    one.category, one.batch, one.book, one.physical
                )
            })
            .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    E B-002 book 49990 physical 49985
    E N-101 book 12500 physical 0
    N N-101 book 287.5 physical 300
    ");
    let third_category = third.replace(",N,12.500", ",D,12.500");
    let error =
        InventoryChangeReport::read("march.csv", third_category.as_bytes(), &table()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 1 fault:
      march.csv, row 2, column 'IC code': the code 'NE' changes categories of which 'D' is neither
    ");
}

fn model() -> MeasurementModel {
    MeasurementModel::new(
        vec![Instrument::new("scale", 0.001)],
        vec![
            Stratum::new("receipts", Role::Input, "scale", 0.002),
            Stratum::new("shipments", Role::Output, "scale", 0.002),
            Stratum::new("discards", Role::Output, "scale", 0.05),
            Stratum::new("stock", Role::Inventory, "scale", 0.003),
        ],
    )
    .unwrap()
}

fn stratum_of(line: Line<'_>) -> Option<String> {
    let name = match line {
        Line::Batch(_) => "stock",
        Line::Change(change) if change.code == "LD" => "discards",
        Line::Change(change) if change.entry.is_shipment() => "shipments",
        Line::Change(_) => "receipts",
    };
    Some(name.to_owned())
}

/// Statistics from reports: the history's MUF is that of the balance.
#[test]
fn a_history_from_reports() {
    let listings = [listing("pil_2024.csv"), listing("pil_2025.csv")];
    let history = history_of_reports(&listings, &account(), "E", model(), stratum_of).unwrap();
    assert!((history.muf()[0] - 5.0).abs() < 1e-9);
    assert_eq!(
        history.values()[0],
        [19_988.0],
        "as measured by the receiver"
    );
    let refused = |assign: fn(Line<'_>) -> Option<String>| {
        history_of_reports(&listings, &account(), "E", model(), assign).unwrap_err()
    };
    insta::assert_snapshot!(refused(|_| None), @"batch 'B-001' of the physical inventory, line 1 has no stratum: assign one, or material would be lost");
    insta::assert_snapshot!(refused(|_| Some("stock".to_owned())), @"change of batch 'B-101' (RD) on 2025-01-10 was assigned to 'stock', which is not an input stratum of the model");
    let reversed = [listings[1].clone(), listings[0].clone()];
    insta::assert_snapshot!(history_of_reports(&reversed, &account(), "E", model(), stratum_of).unwrap_err(), @"the physical inventory of 2025-12-31 stands before that of 2024-12-31: put them in order of their days");
    insta::assert_snapshot!(history_of_reports(&listings[..1], &account(), "E", model(), stratum_of).unwrap_err(), @"1 physical inventories make no balance: give two or more");
}

#[test]
fn what_a_report_gets_wrong_is_found() {
    let balances = MaterialBalance::draw_up(
        &listing("pil_2024.csv"),
        &account(),
        &listing("pil_2025.csv"),
    )
    .unwrap();
    let altered = text("mbr_2025.csv")
        .replace("MF,9,5.000", "MF,9,3.000")
        .replace(",01012025,", ",02012025,");
    let altered: String = altered
        .lines()
        .filter(|line| !line.contains(",BA,12,"))
        .map(|line| {
            line.replace(",14,A. Smith", ",13,A. Smith")
                .replace("PE,13", "PE,12")
                .replace("MF,14", "MF,13")
                + "\n"
        })
        .collect();
    let report = MaterialBalanceReport::read("mbr", altered.as_bytes(), &table()).unwrap();
    let found: Vec<String> = compare(&report, &balances)
        .iter()
        .map(Finding::to_string)
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    the report covers 2025-01-02 to 2025-12-31; between the inventories lie 2025-01-01 to 2025-12-31
    QABC, category E: material unaccounted for is reported as 3 and the batches add up to 5
    QABC, category N: ending book inventory is not reported, and the batches add up to 1500
    ");
}

#[test]
fn balances_follow_one_another() {
    let balances = MaterialBalance::draw_up(
        &listing("pil_2024.csv"),
        &account(),
        &listing("pil_2025.csv"),
    )
    .unwrap();
    let mut later = balances.clone();
    for balance in &mut later {
        balance.opened = balance.closed;
        balance.beginning_physical_inventory = balance.ending_physical_inventory;
    }
    assert_eq!(check_succession(&[balances.clone(), later.clone()]), vec![]);
    later[0].beginning_physical_inventory += Decimal::ONE;
    let found = check_succession(&[balances.clone(), later]);
    insta::assert_snapshot!(found[0], @"QABC, category E: the balance from 2025-12-31 begins with 69974, and the one before it ended with 69973");
    insta::assert_snapshot!(check_succession(&[balances.clone(), balances])[0], @"a balance from 2024-12-31 follows one that closed on 2025-12-31: balances come in order, without gaps");
    let backwards = MaterialBalance::draw_up(
        &listing("pil_2025.csv"),
        &account(),
        &listing("pil_2024.csv"),
    );
    insta::assert_snapshot!(backwards.unwrap_err(), @"the ending inventory was taken on 2024-12-31, not after the beginning one of 2025-12-31");
}

#[test]
fn shippers_and_receivers() {
    let receiver = account();
    // The other area's view of the same transfers, and one the receiver does not know of.
    let other = text("icr_1.csv")
        .replace("QABC,I", "QXYZ,I")
        .replace(
            "RD,B-101,A,M,PH,D,F,QXYZ,,1,10012025,1,E,20000.000",
            "SD,B-101,A,M,PH,D,F,,QABC,1,09012025,1,E,20003.500",
        )
        .replace("SD,B-001,A,M,PH,D,F,,QXYZ", "SD,B-777,A,M,PH,D,F,,QABC");
    let mut shipper = Account::new();
    shipper
        .post(&InventoryChangeReport::read("other", other.as_bytes(), &table()).unwrap())
        .unwrap();
    let transfers = match_transfers(&shipper, &receiver).unwrap();
    assert_eq!(transfers.matched.len(), 1);
    assert_eq!(transfers.matched[0].difference, decimal("3.5"));
    assert_eq!(transfers.not_received[0].change.batch, "B-777");
    let back = match_transfers(&receiver, &shipper).unwrap();
    assert_eq!(
        back.not_received.len(),
        1,
        "B-001 was shipped and the other area reports no receipt"
    );
    let empty = match_transfers(&Account::new(), &receiver).unwrap();
    assert!(empty.matched.is_empty() && empty.not_shipped.is_empty());
}

/// Every fault is reported with its place, all of them at once.
#[test]
fn every_rejected_row_has_its_place_and_reason() {
    let faulty = "\
MBA,Report type,Report date,Report number,Line count,Start report,End report,IC code,Batch,MBA from,Line number,Accounting date,Element category,Element weight,Isotope,Fissile weight,Correction
QABC,I,15022025,1,9,01012025,31012025,RD,B-1,QXYZ,1,10012025,E,20.000,G,21.000,
QABC,I,15022025,1,9,01012025,31012025,RD,B-1,QXYZ,2,11012025,E,20.000,G,1.000,
QABC,I,15022025,1,9,01012025,31012025,SD,B-2,,3,31022025,E,-5.000,,,
QABC,I,15022025,1,9,01012025,31012025,ZZ,B-3,,5,12012025,H,5.0001,,,
QABC,P,15022025,2,9,01012025,31012025,RD,,,5,12022025,E,1e3,X,,D
QABC,I,15022025,1,9,01012025,31012025,SD,A batch with too long a name,QXYZ,6,12012025,E,7.000,,,
QABC,I,15022025,1,9,01012025
QABC,I,15022025,1,9,01012025,31012025,DI,B-9,,7,12012025,E,-7.000,,,
";
    let error =
        InventoryChangeReport::read("january.csv", faulty.as_bytes(), &table()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 20 faults:
      january.csv, row 2, column 'Line count': the report says it has 9 lines and has 8
      january.csv, row 2, column 'Fissile weight': 21.000 of the isotope in 20.000 of the element: the part cannot be heavier than the whole
      january.csv, row 3, column 'Batch': batch 'B-1' was received before (report 1, line 1) and has not left since
      january.csv, row 4, column 'Accounting date': '31022025' is not a day written DDMMYYYY
      january.csv, row 4, column 'Element weight': the mass -5.000 is negative
      january.csv, row 5, column 'Element weight': '5.0001' is not a number of at most 24 characters with at most three decimals
      january.csv, row 5, column 'Line number': line number 5 where 4 is next: they are sequential, without gaps
      january.csv, row 5, column 'IC code': the code 'ZZ' is not in the table of codes: add it with its meaning and where that is published
      january.csv, row 5, column 'Element category': the category 'H' is not in the table of categories: add it with its unit of account
      january.csv, row 6, column 'Element weight': '1e3' is not a number of at most 24 characters with at most three decimals
      january.csv, row 6, column 'Batch': the cell is empty and must not be
      january.csv, row 6, column 'Report type': 'P' is not the type of this report, which is 'I'
      january.csv, row 6, column 'Report number': '2' differs from '1' in the first row: one report, one value
      january.csv, row 6, column 'Isotope': 'X' is not an isotope: G is U-235, K U-233, J their mixture
      january.csv, row 6, column 'Isotope': an isotope goes with a fissile weight: give both or neither
      january.csv, row 6, column 'Correction': a correction must name the report and line it corrects
      january.csv, row 6, column 'MBA from': a receipt by transfer names the area it came from
      january.csv, row 7, column 'Batch': 'A batch with too long a name' has more than 20 characters
      january.csv, row 7, column 'MBA from': only receipts RD and RF name the area they came from
      january.csv, row 8: the row has 6 cells and the heading 17
    ");
}

#[test]
fn headings_that_do_not_fit() {
    let report = "MBA,Report type,Report type,Weather\nQABC,P,P,fine\n";
    let error = PhysicalInventoryListing::read("pil.csv", report.as_bytes(), &table()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 10 faults:
      pil.csv, row 1, column 'Report type': the heading appears twice
      pil.csv, row 1, column 'Weather': no field of this report is called so: correct the heading, or take the column out
      pil.csv, row 1, column 'Report date': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Report number': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'PIT date': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Line count': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Batch': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Element category': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Element weight': the column is missing and the report cannot be understood without it
      pil.csv, row 1, column 'Line number': the column is missing and the report cannot be understood without it
    ");
    let empty = PhysicalInventoryListing::read("pil.csv", b"", &table()).unwrap_err();
    assert!(!empty.0.is_empty());
    let binary =
        PhysicalInventoryListing::read("pil.csv", b"MBA\n\xff\xfe\n", &table()).unwrap_err();
    assert!(binary.to_string().contains("not a CSV table"), "{binary}");
    // A byte order mark and other capitals do no harm.
    let marked = format!("\u{feff}{}", text("pil_2024.csv").replacen("MBA", "mba", 1));
    assert_eq!(
        PhysicalInventoryListing::read("pil.csv", marked.as_bytes(), &table())
            .unwrap()
            .batches
            .len(),
        3
    );
}

#[test]
fn balance_entries_out_of_order() {
    let swapped: Vec<String> = text("mbr_2025.csv").lines().map(str::to_owned).collect();
    let mut swapped = swapped;
    swapped[4] = swapped[4].replace("SD,4", "RD,4");
    swapped[9] = swapped[9].replace("MF,9", "PE,9");
    let error = MaterialBalanceReport::read("mbr.csv", swapped.join("\n").as_bytes(), &table())
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 2 faults:
      mbr.csv, row 5, column 'IC code': an increase stands after a decrease: the order is that of INFCIRC/153, paragraph 67
      mbr.csv, row 10, column 'IC code': ending physical inventory of category 'E' is stated twice
    ");
    let unknown = MaterialBalanceReport::read(
        "mbr.csv",
        text("mbr_2025.csv").as_bytes(),
        &CodeTable::published(),
    );
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .contains("the code 'PB' is not in the table of codes")
    );
}

#[test]
fn a_batch_listed_twice() {
    let twice = text("pil_2024.csv").replace("B-002", "B-001");
    let error = PhysicalInventoryListing::read("pil.csv", twice.as_bytes(), &table()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 1 fault:
      pil.csv, row 3, column 'Batch': batch 'B-001' of category 'E' is listed in row 2 already at the same key measurement point
    ");
}

/// Posting takes all of a report or nothing.
#[test]
fn posting() {
    let mut account = Account::new();
    account.post(&changes("icr_1.csv")).unwrap();
    let before = account.clone();
    let mut post = |text: String| {
        let report = InventoryChangeReport::read("icr", text.as_bytes(), &table()).unwrap();
        let result = account.post(&report);
        assert_eq!(account, before);
        result.unwrap_err()
    };
    let second = text("icr_2.csv");
    assert!(matches!(
        post(text("icr_1.csv")),
        PostError::ReportNumber {
            expected: 2,
            found: 1
        }
    ));
    insta::assert_snapshot!(post(second.replace("QABC,I", "QDEF,I")), @"the book is of area QABC and the report of area QDEF");
    insta::assert_snapshot!(post(second.replace("01022025,28022025", "31012025,28022025")), @"the report starts on 2025-01-31, and the one before it ended on 2025-01-31: reports come in order");
    insta::assert_snapshot!(post(second.replace("D,1,2", "D,1,7")), @"line 1 deletes line 7 of report 1, which does not stand in the book");
    insta::assert_snapshot!(post(second.replace("99999.000", "99998.000")), @"line 1 deletes line 2 of report 1 and states another code, batch, category or weight: repeat the line as it stands");
    insta::assert_snapshot!(post(second.replace("RF,N-101", "RF,B-101").replace(",N,300.000,,", ",E,300.000,,")), @r"
    the report was not taken, 1 fault:
      report 2 of area QABC, row 5, column 'Batch': batch 'B-101' was received before (report 1, line 1) and has not left since
    ");
    account.post(&changes("icr_2.csv")).unwrap();
    // B-001 was shipped and may come back.
    let third = text("icr_1.csv")
        .replace(",1,3,01012025,31012025", ",3,3,01032025,31032025")
        .replace("15022025", "15042025")
        .replace("012025,1,E", "032025,1,E")
        .replace("RD,B-101", "RD,B-001")
        .replace("SD,B-001", "SD,B-101");
    account
        .post(&InventoryChangeReport::read("icr", third.as_bytes(), &table()).unwrap())
        .unwrap();
    assert_eq!(account.changes().len(), 8);
}

/// A shipment that is taken back leaves the batch where it was.
#[test]
fn a_deleted_shipment_did_not_leave() {
    let mut account = Account::new();
    account.post(&changes("icr_1.csv")).unwrap();
    let second: String = text("icr_2.csv")
        .lines()
        .filter(|line| !line.contains(",A,1,2,"))
        .map(|line| {
            line.replace("QABC,I,12032025,2,4,", "QABC,I,12032025,2,3,")
                .replace(",3,05022025", ",2,05022025")
                .replace(",4,20022025", ",3,20022025")
                + "\n"
        })
        .collect();
    account
        .post(&InventoryChangeReport::read("icr", second.as_bytes(), &table()).unwrap())
        .unwrap();
    assert!(
        account
            .changes()
            .iter()
            .all(|posted| posted.change.batch != "B-001")
    );
    let third = text("icr_1.csv")
        .replace(",1,3,01012025,31012025", ",3,3,01032025,31032025")
        .replace("15022025", "15042025")
        .replace("012025,1,E", "032025,1,E")
        .replace("RD,B-101", "RD,B-001")
        .replace("SD,B-001", "SD,B-101");
    let third = InventoryChangeReport::read("icr", third.as_bytes(), &table()).unwrap();
    let refused = account.post(&third).unwrap_err().to_string();
    assert!(
        refused.contains("batch 'B-001' was received before (report 2, line 1)"),
        "{refused}"
    );
}

/// What was read comes out again and reads as the same.
#[test]
fn export_reads_back() {
    for name in ["icr_1.csv", "icr_2.csv"] {
        let report = changes(name);
        let csv = report.to_csv();
        assert_eq!(
            InventoryChangeReport::read(name, csv.as_bytes(), &table()).unwrap(),
            report
        );
    }
    for name in ["pil_2024.csv", "pil_2025.csv"] {
        let report = listing(name);
        let again =
            PhysicalInventoryListing::read(name, report.to_csv().as_bytes(), &table()).unwrap();
        assert_eq!(again, report);
        assert!(report.to_csv().contains(if name == "pil_2024.csv" {
            "\"drums, sealed\""
        } else {
            "B-101"
        }));
    }
    let report =
        MaterialBalanceReport::read("mbr", text("mbr_2025.csv").as_bytes(), &table()).unwrap();
    assert_eq!(
        MaterialBalanceReport::read("mbr", report.to_csv().as_bytes(), &table()).unwrap(),
        report
    );
}

/// The field tables are those of the regulation, line by line.
#[test]
fn fields_are_those_of_the_regulation() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/report_fields_uk_2019.csv"
    );
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut count = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let kind = match &record[0] {
            "ICR" => ReportKind::InventoryChange,
            "MBR" => ReportKind::MaterialBalance,
            _ => ReportKind::PhysicalInventory,
        };
        let number: usize = record[1].parse().unwrap();
        let field = kind.fields()[number - 1];
        assert_eq!(
            (usize::from(field.number), field.label),
            (number, &record[2])
        );
        assert_eq!(field.status == Status::Read, &record[5] == "read");
        count += 1;
    }
    assert_eq!(count, ReportKind::InventoryChange.fields().len() + 16 + 29);
}

#[test]
fn deadlines() {
    assert_eq!(
        inventory_change_report_due(date(2025, 1, 10)),
        Some(date(2025, 3, 2))
    );
    assert_eq!(
        inventory_change_report_due(date(2024, 1, 31)),
        Some(date(2024, 3, 1))
    );
    assert_eq!(
        material_balance_report_due(date(2025, 12, 31)),
        Some(date(2026, 1, 30))
    );
    assert_eq!(
        initial_report_due(date(2025, 2, 1)),
        Some(date(2025, 3, 30))
    );
    assert_eq!(material_balance_report_due(date(9999, 12, 31)), None);
}

proptest! {
    /// No input panics, whichever of its cells is spoilt.
    #[test]
    fn reading_never_panics(position in 0_usize..4000, junk in "\\PC{0,6}", cut in 0_usize..4000) {
        for name in ["icr_2.csv", "pil_2024.csv", "mbr_2025.csv"] {
            let mut bytes = text(name).into_bytes();
            let at = position % bytes.len();
            bytes.splice(at..at, junk.bytes());
            bytes.truncate(bytes.len() - cut % bytes.len());
            let _ = InventoryChangeReport::read(name, &bytes, &table());
            let _ = PhysicalInventoryListing::read(name, &bytes, &table());
            let _ = MaterialBalanceReport::read(name, &bytes, &table());
        }
    }
}
