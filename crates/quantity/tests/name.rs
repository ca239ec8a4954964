//! Names.

use std::collections::{BTreeSet, HashMap};

use detente_quantity::{Name, NameError};
use proptest::prelude::*;

#[test]
fn spaces_are_made_one() {
    assert_eq!(
        Name::new("  Russian \u{A0} Federation ").unwrap(),
        "Russian Federation"
    );
    assert_eq!(Name::new("US").unwrap().to_string(), "US");
}

#[test]
fn refusals() {
    assert_eq!(Name::new(" \u{3000} "), Err(NameError::Empty));
    assert!(matches!(
        Name::new("U\u{202E}S"),
        Err(NameError::Invisible { code: 0x202E, .. })
    ));
    assert!(matches!(
        Name::new("U\0S"),
        Err(NameError::Invisible { code: 0, .. })
    ));
    assert_eq!(
        Name::new("two\nlines").unwrap_err().to_string(),
        "the name \"two\\nlines\" contains the invisible character U+000A; remove it"
    );
    let error = Name::new(&"x".repeat(100_000_000)).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn a_name_is_found_by_its_text() {
    let mut map = HashMap::new();
    map.insert(Name::new("deployed missiles").unwrap(), 652);
    assert_eq!(map.get("deployed missiles"), Some(&652));
}

proptest! {
    #[test]
    fn every_text_gives_a_clean_name_or_an_error(text in "\\PC{0,20}|[ a\u{A0}\t\u{200B}é]{0,8}") {
        if let Ok(name) = Name::new(&text) {
            let text = name.as_str();
            prop_assert!(!text.is_empty() && text.trim() == text && !text.contains("  "));
            prop_assert!(!text.chars().any(|character| character.is_control()));
            prop_assert_eq!(Name::new(text).unwrap(), name.clone());
            let data = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<Name>(&data).unwrap(), name);
        }
    }

    #[test]
    fn names_sort_as_their_texts(texts in prop::collection::vec("[A-Za-zé ]{0,5}x", 0..10)) {
        let names: BTreeSet<Name> = texts.iter().map(|text| Name::new(text).unwrap()).collect();
        let sorted: BTreeSet<String> = names.iter().map(|name| name.as_str().to_owned()).collect();
        prop_assert!(names.iter().map(Name::as_str).eq(sorted.iter().map(String::as_str)));
    }
}
