//! OMM as KVN.

use super::{Message, Read, finish, refuse};
use crate::elements::{Problem, ProblemKind};

/// Reads KVN: one message after another, each begun by `CCSDS_OMM_VERS`.
#[must_use]
pub fn read_kvn(text: &str) -> Read {
    let mut read = Read::default();
    let mut current: Option<(usize, Result<Message, Problem>)> = None;
    for (index, raw) in text.lines().enumerate() {
        let line = index + 1;
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed == "COMMENT" || trimmed.starts_with("COMMENT ") {
            continue;
        }
        let Some((keyword, value)) = trimmed.split_once('=') else {
            let problem = refuse(
                line,
                ProblemKind::Syntax("expected KEYWORD = value".to_owned()),
            );
            match &mut current {
                Some((_, message)) if message.is_ok() => *message = Err(problem),
                Some(_) => {}
                None => read.1.push(problem),
            }
            continue;
        };
        let (keyword, value) = (keyword.trim(), value.trim());
        if keyword == "CCSDS_OMM_VERS" {
            if let Some((start, message)) = current.take() {
                finish(&mut read, start, message);
            }
            current = Some((line, Ok(Message::at(line))));
            continue;
        }
        match &mut current {
            Some((_, message)) => {
                if let Ok(fields) = message
                    && let Err(problem) = fields.put(line, keyword, value)
                {
                    *message = Err(problem);
                }
            }
            None => {
                let text = "a message must begin with CCSDS_OMM_VERS".to_owned();
                read.1.push(refuse(line, ProblemKind::Syntax(text)));
                return read;
            }
        }
    }
    match current {
        Some((start, message)) => finish(&mut read, start, message),
        None => read.1.push(refuse(
            1,
            ProblemKind::Syntax("there is no message in this file".to_owned()),
        )),
    }
    read
}
