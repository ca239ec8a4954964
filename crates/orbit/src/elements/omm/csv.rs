//! OMM as CSV.

use super::{Message, Read, finish, refuse};
use crate::elements::ProblemKind;
use crate::elements::lines::LineIndex;

/// Reads a CSV file whose first row names the columns by their OMM keywords.
#[must_use]
pub fn read_csv(text: &str) -> Read {
    let mut read = Read::default();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            read.1
                .push(refuse(1, ProblemKind::Syntax(error.to_string())));
            return read;
        }
    };
    for needed in ["NORAD_CAT_ID", "EPOCH", "MEAN_MOTION"] {
        if !headers.iter().any(|header| header == needed) {
            let text = format!(
                "the first row has no column {needed}: it must name the columns by OMM keywords"
            );
            read.1.push(refuse(1, ProblemKind::Syntax(text)));
            return read;
        }
    }
    let lines = LineIndex::new(text);
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.of_row(text, record.position());
                let message = if record.len() == headers.len() {
                    let mut message = Message::at(line);
                    let fields = headers.iter().zip(record.iter());
                    fields
                        .into_iter()
                        .try_for_each(|(key, value)| message.put(line, key, value))
                        .map(|()| message)
                } else {
                    let text = format!(
                        "{} fields where the first row names {}",
                        record.len(),
                        headers.len()
                    );
                    Err(refuse(line, ProblemKind::Syntax(text)))
                };
                finish(&mut read, line, message);
            }
            Err(error) => {
                let line = lines.of_row(text, error.position());
                read.1
                    .push(refuse(line, ProblemKind::Syntax(error.to_string())));
            }
        }
    }
    read
}
