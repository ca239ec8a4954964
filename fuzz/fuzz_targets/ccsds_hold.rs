//! What is read is written and read again the same; shared by the targets of navigation messages.

use detente_ccsds::{Message, Strictness, Syntax, read, write_json, write_kvn, write_xml};

/// Reads the bytes, if they are of this syntax, strictly and leniently, and holds every message to its round trips.
pub fn hold(data: &[u8], syntax: Syntax) {
    for strictness in [Strictness::Strict, Strictness::Lenient] {
        let Ok(document) = read(data, strictness) else {
            continue;
        };
        if document.syntax != syntax {
            return;
        }
        for message in &document.messages {
            again(message, &write_kvn(message), strictness);
            let xml = again(message, &write_xml(message), strictness);
            assert_eq!(&xml, message);
            if let Some(json) = write_json(message) {
                again(message, &json, strictness);
            }
        }
    }
}

fn again(message: &Message, text: &str, strictness: Strictness) -> Message {
    let mut document = read(text.as_bytes(), strictness)
        .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{text}"));
    let again = document.messages.remove(0);
    assert!(message.same_content(&again), "changed:\n{text}");
    again
}
