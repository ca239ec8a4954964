//! What cannot be planned is refused with a reason.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_inspect::{
    Candidate, Method, MixedPlan, SIGNIFICANT_QUANTITIES, SampledStratum, Stage, TIMELINESS_GOALS,
    UseCategory, allocate_against, allocate_evenly, detection_probability, sample_size,
    sample_size_imperfect, timeliness_goal, worst_case,
};

#[test]
fn samples() {
    insta::assert_snapshot!(sample_size(0, 0, 0.1).unwrap_err(), @"there are no items to inspect");
    insta::assert_snapshot!(sample_size(10, 11, 0.1).unwrap_err(), @"11 defects among 10 items: there cannot be more defects than items");
    insta::assert_snapshot!(sample_size(10, 0, 0.1).unwrap_err(), @"a sample size needs at least one defect to find");
    insta::assert_snapshot!(sample_size(10, 1, 5.0).unwrap_err(), @"the non-detection probability is 5: state a probability above 0 and below 1");
    insta::assert_snapshot!(sample_size(u64::MAX, 1, 0.1).unwrap_err(), @"18446744073709551615 items are more than this library handles here (1000000000): split the population into strata");
    insta::assert_snapshot!(detection_probability(10, 1, 11).unwrap_err(), @"a sample of 11 from 10 items: draw at most all of them");
    insta::assert_snapshot!(sample_size_imperfect(10, 1, 0.1, 0.5).unwrap_err(), @"inspecting all items leaves a non-detection probability of 5.000e-1, above the target 0.1: use a method that recognises a defect more often than 0.5");
    assert!(sample_size_imperfect(10, 1, 0.1, f64::NAN).is_err());
    // The largest population is answered, and at once.
    assert!(sample_size(1_000_000_000, 500_000_000, 0.05).unwrap() < 6);
}

#[test]
fn strata_and_effort() {
    let stratum = |items, mass_of_an_item, sample| SampledStratum {
        name: "cylinders".to_owned(),
        items,
        mass_of_an_item,
        sample,
        identification: 1.0,
    };
    insta::assert_snapshot!(worst_case(&[], 1.0).unwrap_err(), @"there are no strata");
    insta::assert_snapshot!(worst_case(&[stratum(5, 1.0, 6)], 1.0).unwrap_err(), @"stratum 'cylinders': a sample of 6 from 5 items: draw at most all of them");
    insta::assert_snapshot!(worst_case(&[stratum(5, -1.0, 1)], 1.0).unwrap_err(), @"the mass of an item of stratum 'cylinders' is -1: state a finite number above 0");
    insta::assert_snapshot!(worst_case(&[stratum(5, 1.0, 1)], 6.0).unwrap_err(), @"the strata hold 5 in all, less than the goal of 6: nothing of that size can be taken from them");
    let candidate = |effort| Candidate {
        name: "cylinders".to_owned(),
        items: 5,
        mass_of_an_item: 1.0,
        identification: 1.0,
        effort,
    };
    insta::assert_snapshot!(allocate_evenly(&[candidate(0)], 1.0, 9).unwrap_err(), @"stratum 'cylinders' takes no effort: state 1 or more, or inspect it all and leave it out");
    insta::assert_snapshot!(allocate_evenly(&[candidate(1)], 6.0, 9).unwrap_err(), @"no stratum alone holds the goal of 6: rate plans with `worst_case`, or state a smaller goal");
    insta::assert_snapshot!(allocate_against(&[candidate(1)], &[], 9).unwrap_err(), @"0 numbers of defects for 1 strata");
    let many = Candidate {
        items: 10_000_000,
        ..candidate(1)
    };
    insta::assert_snapshot!(allocate_against(&[many], &[3], u64::MAX).unwrap_err(), @"100000020000001 steps would be needed and 2000000000 is the limit: state effort in coarser units");
}

#[test]
fn mixed_plans() {
    let stage = |method, sample| Stage { method, sample };
    let fine = Method::Variable {
        deviation: 0.01,
        false_alarm: 0.01,
    };
    let refused =
        |items, mass, stages| MixedPlan::new(items, mass, stages).unwrap_err().to_string();
    insta::assert_snapshot!(refused(10, 1.0, vec![stage(fine, 6), stage(fine, 5)]), @"a sample of 11 from 10 items: draw at most all of them");
    insta::assert_snapshot!(refused(10, 0.0, vec![]), @"the mass of an item is 0: state a finite number above 0");
    insta::assert_snapshot!(refused(100_000, 1.0, vec![]), @"100000 items are more than mixed plans handle (5000): split the population into strata");
    let blunt = Method::Attribute {
        least_share: 1.5,
        identification: 1.0,
    };
    insta::assert_snapshot!(refused(10, 1.0, vec![stage(blunt, 1)]), @"the smallest share that can be seen missing is 1.5: state a finite number above 0 and at most 1");
    let plan = MixedPlan::new(10, 1.0, vec![stage(fine, u64::MAX)]);
    assert!(plan.is_err());
    let plan = MixedPlan::new(10, 1.0, vec![stage(fine, 5)]).unwrap();
    insta::assert_snapshot!(plan.worst_case(11.0).unwrap_err(), @"the items hold 10 in all, less than the goal of 11");
    assert!(plan.detection_probability(11, 0.5).is_err());
}

/// The figures of the IAEA Safeguards Glossary, with where they are published.
#[test]
fn goals_as_data() {
    let grams: Vec<String> = SIGNIFICANT_QUANTITIES
        .iter()
        .map(|quantity| {
            format!(
                "{:?} {} g {}",
                quantity.material, quantity.grams, quantity.counted
            )
        })
        .collect();
    insta::assert_snapshot!(grams.join("\n"), @r"
    Plutonium 8000 g plutonium
    Uranium233 8000 g uranium-233
    HighEnrichedUranium 25000 g uranium-235
    LowEnrichedUranium 75000 g uranium-235
    NaturalUranium 10000000 g uranium
    DepletedUranium 20000000 g uranium
    Thorium 20000000 g thorium
    ");
    assert_eq!(TIMELINESS_GOALS.map(|goal| goal.months), [1, 3, 12]);
    assert_eq!(timeliness_goal(UseCategory::IrradiatedDirectUse).months, 3);
    assert!(
        TIMELINESS_GOALS
            .iter()
            .all(|goal| !goal.reference.document.is_empty())
    );
}
