//! A statement is read or refused; what is read is written in one spelling, and reads back as the same.
#![no_main]

use detente_exchange::statement::Statement;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let Ok(statement) = Statement::of_json(value) else {
        return;
    };
    let Ok(text) = statement.canonical() else {
        return;
    };
    let again = Statement::of_json(serde_json::from_str(&text).expect("canonical JSON is JSON"))
        .expect("what was written is read");
    assert_eq!(again.canonical().expect("it was written before"), text);
    assert_eq!(again.kind(), statement.kind());
    assert_eq!(again.author(), statement.author());
});
