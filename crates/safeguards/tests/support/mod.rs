//! Reads the outside cases.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test binary uses a part"
)]

use detente_safeguards::statistics::{
    Covariance, History, Instrument, MeasurementModel, Role, Stratum,
};
use serde_json::Value;

/// One case file.
pub(crate) struct Case(pub(crate) Value);

impl Case {
    pub(crate) fn read(name: &str) -> Self {
        let path = format!("{}/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
        Self(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    }

    pub(crate) fn all() -> Vec<(&'static str, Self)> {
        ["case_a_normal", "case_b_abrupt", "case_d_small_by_hand"]
            .map(|name| (name, Self::read(name)))
            .into()
    }

    fn table(&self, key: &str) -> Vec<Vec<f64>> {
        serde_json::from_value(self.0["inputs"][key].clone()).unwrap()
    }

    /// The case as a history: each location measured by an instrument of its own.
    pub(crate) fn history(&self) -> History {
        let errors = self.table("error_matrix");
        let groups = [
            ("input", Role::Input, self.table("input_totals")),
            (
                "inventory",
                Role::Inventory,
                self.table("inventories_t0_to_tn"),
            ),
            ("output", Role::Output, self.table("output_totals")),
        ];
        let (mut instruments, mut strata, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, role, rows) in groups {
            for (position, row) in rows.into_iter().enumerate() {
                let name = format!("{kind} {position}");
                let error = &errors[strata.len()];
                instruments.push(Instrument::new(&name, error[1]));
                strata.push(Stratum::new(&name, role, &name, error[0]));
                values.push((name, row));
            }
        }
        let balances = self.expected("muf").len();
        History::new(
            MeasurementModel::new(instruments, strata).unwrap(),
            balances,
            values,
        )
        .unwrap()
    }

    /// A series of expected numbers; `None` where the case has null.
    pub(crate) fn expected(&self, key: &str) -> Vec<Option<f64>> {
        serde_json::from_value(self.0["expected"][key].clone()).unwrap()
    }

    pub(crate) fn expected_table(&self, key: &str) -> Vec<Vec<f64>> {
        serde_json::from_value(self.0["expected"][key].clone()).unwrap()
    }

    pub(crate) fn covariance(&self) -> Covariance {
        Covariance::from_rows(&self.expected_table("covariance_textbook")).unwrap()
    }
}

/// Asserts equality to rounding in the last places: the cases are printed in full precision.
pub(crate) fn assert_close(what: &str, ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (position, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!(
            (a - b).abs() <= 1e-9 * b.abs().max(1.0),
            "{what}[{position}]: {a} against {b}"
        );
    }
}

pub(crate) fn assert_close_optional(what: &str, ours: &[Option<f64>], theirs: &[Option<f64>]) {
    let gaps = |series: &[Option<f64>]| series.iter().map(Option::is_some).collect::<Vec<_>>();
    assert_eq!(gaps(ours), gaps(theirs), "{what}");
    let flat = |series: &[Option<f64>]| series.iter().flatten().copied().collect::<Vec<_>>();
    assert_close(what, &flat(ours), &flat(theirs));
}

/// All of them, none null.
pub(crate) fn whole(series: &[Option<f64>]) -> Vec<f64> {
    series.iter().map(|value| value.unwrap()).collect()
}
