//! The typed agreement as JSON: it keeps its published schema, names what the model indexes, and is the
//! same bytes each time.
#![expect(
    clippy::expect_used,
    reason = "a test stops where its files are not as they should be"
)]

use detente_agreement::compile;
use serde_json::{Value, json};

const TEXTS: [&str; 4] = [
    include_str!("agreements/new-start.md"),
    include_str!("agreements/stockpile-declaration.md"),
    include_str!("agreements/sketches.md"),
    include_str!("../../../docs/src/language/reference.md"),
];

fn typed(text: &str) -> Value {
    let agreement = compile("x", text).agreement.expect("a sound agreement");
    serde_json::to_value(&agreement).expect("JSON")
}

fn schema() -> Value {
    serde_json::from_str(include_str!(
        "../../../docs/src/formats/agreement.schema.json"
    ))
    .expect("the schema")
}

#[test]
fn every_agreement_keeps_the_schema() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for text in TEXTS {
        let errors: Vec<String> = validator
            .iter_errors(&typed(text))
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_is_not_an_agreement() {
    let validator = jsonschema::validator_for(&schema()).expect("a valid schema");
    let sound = typed(TEXTS[0]);
    for (path, value) in [
        ("/title", json!(5)),
        ("/provisions/0/kind", json!("wish")),
        ("/provisions/0/clauses/0/comparison", json!("=<")),
        (
            "/provisions/0/clauses/0/rows/0/bound",
            json!({ "number": 1.5 }),
        ),
        (
            "/provisions/3/clauses/0/deadline",
            json!({ "within": "soon" }),
        ),
        ("/life/term", json!({ "for": "ever" })),
    ] {
        let mut changed = sound.clone();
        *changed.pointer_mut(path).expect("the place is there") = value;
        assert!(!validator.is_valid(&changed), "{path}");
    }
    let mut more = sound.clone();
    more["secret"] = json!(true);
    assert!(!validator.is_valid(&more));
}

#[test]
fn names_stand_for_indices_and_numbers_are_exact() {
    let agreement = typed(TEXTS[2]);
    let provision = |id: &str| {
        agreement["provisions"]
            .as_array()
            .and_then(|provisions| provisions.iter().find(|provision| provision["id"] == id))
            .expect("the provision")
            .clone()
    };
    let level = provision("JCPOA.I.28");
    assert_eq!(
        level["clauses"][0]["rows"][0]["bound"],
        json!({ "number": "3.67" })
    );
    assert_eq!(level["clauses"][0]["subjects"], json!({ "each": ["IR"] }));
    assert_eq!(level["clauses"][0]["value"]["of"]["class"], "uranium");
    assert_eq!(
        level["clauses"][0]["rows"][0]["during"]["until"],
        json!({ "after": { "date": "implementation" }, "by": "15 years" })
    );
    // Washington's tons are long tons of 1016.0469088 kg, and masses are kept in kg.
    let ship = provision("CFE.Washington.START-I.W.V");
    assert_eq!(
        ship["clauses"][0]["rows"][0]["bound"],
        json!({ "number": "35561641.808" })
    );
    assert_eq!(ship["clauses"][0]["unit"], "long ton");
    assert_eq!(
        agreement["brackets"][0]["alternatives"][2],
        json!({ "by": "RU", "text": "none" })
    );
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    for text in TEXTS {
        let once = serde_json::to_string(&compile("x", text).agreement).expect("JSON");
        let again = serde_json::to_string(&compile("x", text).agreement).expect("JSON");
        assert_eq!(once, again);
    }
}
