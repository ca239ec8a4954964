//! Readings, proposals and alternatives of brackets, put in place of the text.
#![expect(
    clippy::expect_used,
    reason = "a test stops where its files are not as they should be"
)]

use detente_agreement::compile;
use detente_agreement::draft::DraftError;
use detente_agreement::model::{Agreement, BracketIndex, Expr, ProvisionIndex, ReadingIndex, Rule};

const DRAFT: &str = r#"# Draft

```detente
agreement "Draft"
  parties US, RU, CN
  in force 2020-01-01 for 10 years

item missile
  status one of deployed, stored

measure base = number of missiles
measure held = base + [10 | RU 20]
measure other = number of deployed missiles + held

date opening = 2021-01-01

limit 1 "held"
  each party: other <= [700 | US 500 | RU none]
limit 2 "base"
  each party: base <= 900 from opening
limit 3 "after another"
  each party: number of stored missiles <= the limit in 1 + [1 | CN 2 | US 3]

reading RU "the other way round"
  measure base = number of stored missiles + held
  measure held in count = number of deployed missiles
  limit 2 "base"
    each party: base <= [800 | RU 850]
  date opening = 2022-01-01

reading [CN] "one more rule, and no end"
  agreement "Draft"
    in force 2020-01-01 without limit of time
  duty 4 "data"
    each party: declares base within 30 days after opening
```
"#;

fn draft() -> Agreement {
    let compiled = compile("draft.md", DRAFT);
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics
    );
    compiled.agreement.expect("a sound draft")
}

/// Each measure needs only earlier ones.
fn in_order(agreement: &Agreement) -> bool {
    fn needs(expr: &Expr, least: usize) -> bool {
        match expr {
            Expr::Measure(index, _) => index.index() < least,
            Expr::Binary(_, a, b) => needs(a, least) && needs(b, least),
            Expr::Bracket(_, alternatives) => alternatives.iter().all(|alternative| {
                alternative
                    .value
                    .as_ref()
                    .is_none_or(|value| needs(value, least))
            }),
            _ => true,
        }
    }
    agreement.measures.iter().enumerate().all(|(at, measure)| {
        measure
            .formula
            .as_ref()
            .is_none_or(|formula| needs(formula, at))
    })
}

fn sentence(agreement: &Agreement, id: &str) -> String {
    let at = agreement
        .provisions
        .iter()
        .position(|provision| provision.id == id)
        .expect("the provision");
    agreement.sentence(ProvisionIndex(at as u32))
}

fn measure(agreement: &Agreement, name: &str) -> String {
    let measure = agreement
        .measures
        .iter()
        .find(|measure| measure.name == name)
        .expect("the measure");
    agreement.measure_sentence(measure)
}

#[test]
fn a_reading_replaces_measures_rules_and_dates_and_keeps_their_order() {
    let text = draft();
    assert!(in_order(&text));
    let reading = text.under(ReadingIndex(0));
    assert!(in_order(&reading), "{:?}", reading.measures);
    assert_eq!(reading.provisions.len(), 3);
    assert_eq!(reading.provisions[1].id, "2");
    assert_eq!(
        sentence(&reading, "2"),
        "Each Party keeps the number of stored missiles plus its held at or below [800] [RU 850], \
         for as long as the agreement lasts."
    );
    assert_eq!(
        measure(&reading, "held"),
        "“Held” means the number of deployed missiles."
    );
    assert_eq!(
        measure(&reading, "other"),
        "“Other” means the number of deployed missiles plus its held."
    );
    assert_eq!(
        reading.date_sentence(&reading.dates[0]),
        "“Opening” is 1 January 2022."
    );
    assert!(reading.readings.is_empty());
    // The text itself has not changed.
    assert_eq!(
        measure(&text, "base"),
        "“Base” means the number of missiles."
    );
}

#[test]
fn a_reading_adds_rules_and_changes_the_life() {
    let text = draft();
    let reading = text.under(ReadingIndex(1));
    assert_eq!(reading.provisions.len(), 4);
    assert_eq!(
        sentence(&reading, "4"),
        "Each Party declares its base within 30 days after opening."
    );
    assert_eq!(
        reading.life_sentence(),
        "It enters into force on 1 January 2020 and lasts without limit of time."
    );
    assert_eq!(
        text.life_sentence(),
        "It enters into force on 1 January 2020 and lasts 10 years."
    );
    assert_eq!(text.under(ReadingIndex(9)).provisions, text.provisions);
}

#[test]
fn an_alternative_takes_the_place_of_its_bracket_alone() {
    let text = draft();
    assert_eq!(text.brackets.len(), 4);
    let bracket = |name: &str| {
        let at = text
            .brackets
            .iter()
            .position(|bracket| bracket.within == name)
            .expect("the bracket");
        BracketIndex(at as u32)
    };
    let chosen = text.with_alternative(bracket("1"), 1);
    assert_eq!(
        sentence(&chosen, "1"),
        "Each Party keeps the number of deployed missiles plus its held at or below 500, for as long as \
         the agreement lasts."
    );
    assert_eq!(
        measure(&chosen, "held"),
        "“Held” means its base plus [10] [RU 20]."
    );
    let none = text.with_alternative(bracket("1"), 2);
    assert!(matches!(&none.provisions[0].rule, Rule::Limit(clauses) if clauses.is_empty()));
    assert_eq!(none.provisions.len(), 3);
    assert_eq!(
        text.with_alternative(bracket("1"), 7).provisions,
        text.provisions
    );
    // Brackets in readings are chosen as well.
    let in_reading = text
        .with_alternative(bracket("2"), 1)
        .under(ReadingIndex(0));
    assert!(sentence(&in_reading, "2").contains("at or below 850"));
}

#[test]
fn the_text_has_no_brackets() {
    let text = draft().text();
    assert!(text.brackets.is_empty());
    let told: String = text
        .provisions
        .iter()
        .map(|provision| text.sentence_of(provision))
        .collect();
    assert!(!told.contains('['), "{told}");
    assert!(told.contains("at or below 700"), "{told}");
    assert_eq!(measure(&text, "held"), "“Held” means its base plus 10.");
}

#[test]
fn the_first_alternative_without_a_name_is_the_text() {
    let text = DRAFT.replace("[700 | US 500 | RU none]", "[US 500 | 700 | RU none]");
    let agreement = compile("draft.md", &text).agreement.expect("a sound draft");
    assert!(sentence(&agreement.text(), "1").contains("at or below 700"));
    assert!(sentence(&agreement, "1").contains("[700] [US 500] [RU no limit]"));
}

#[test]
fn brackets_matter_where_they_are_reached_by_measures_and_limits() {
    let text = draft();
    let reached = |at: u32| -> Vec<String> {
        text.brackets_of(ProvisionIndex(at))
            .into_iter()
            .map(|index| text.brackets[index.index()].within.to_string())
            .collect()
    };
    assert_eq!(reached(0), ["held", "1"]);
    assert_eq!(reached(1), Vec::<String>::new());
    assert_eq!(reached(2), ["held", "1", "3"]);
    let combinations = text.combinations(ProvisionIndex(2)).expect("few enough");
    assert_eq!(combinations.len(), 2 * 3 * 3);
    assert!(
        combinations[0]
            .iter()
            .all(|(_, alternative)| *alternative == 0)
    );
    let mut distinct = combinations.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), combinations.len());
    assert_eq!(text.combinations(ProvisionIndex(1)), Ok(vec![Vec::new()]));
    assert_eq!(
        text.combinations(ProvisionIndex(7)),
        Err(DraftError::Unknown(7))
    );
    // Choosing all brackets of a combination leaves none in the provision.
    for choices in combinations {
        let chosen = text.with_alternatives(&choices);
        assert!(chosen.brackets_of(ProvisionIndex(2)).is_empty());
    }
}

#[test]
fn a_party_s_proposal_is_its_own_alternatives_and_else_the_text() {
    let text = draft();
    let proposal = text.with_alternatives(&text.proposal_of("US"));
    assert!(sentence(&proposal, "1").contains("at or below 500"));
    assert!(
        sentence(&proposal, "3")
            .ends_with("the limit set by “1” plus 3, for as long as the agreement lasts.")
    );
    assert_eq!(measure(&proposal, "held"), "“Held” means its base plus 10.");
}
