//! OMM as XML.

use super::{Message, Read, finish, refuse};
use crate::elements::ProblemKind;
use crate::elements::lines::LineIndex;

/// Reads XML: an `omm`, or an `ndm` that holds many.
#[must_use]
pub fn read_xml(text: &str) -> Read {
    let mut read = Read::default();
    let document = match roxmltree::Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = usize::try_from(error.pos().row).unwrap_or(0);
            read.1.push(refuse(
                line,
                ProblemKind::Syntax(format!("not XML: {error}")),
            ));
            return read;
        }
    };
    let lines = LineIndex::new(text);
    let mut found = false;
    for node in document
        .descendants()
        .filter(|node| node.has_tag_name("omm"))
    {
        found = true;
        let line = lines.line_of(node.range().start);
        let mut message = Ok(Message::at(line));
        for leaf in node.descendants().filter(roxmltree::Node::is_element) {
            let Ok(fields) = &mut message else { break };
            if leaf.children().any(|child| child.is_element()) {
                continue;
            }
            let at = lines.line_of(leaf.range().start);
            if let Err(problem) = fields.put(at, leaf.tag_name().name(), leaf.text().unwrap_or(""))
            {
                message = Err(problem);
            }
        }
        if let Ok(fields) = &message
            && fields.is_empty()
        {
            message = Err(refuse(line, ProblemKind::Missing("EPOCH")));
        }
        finish(&mut read, line, message);
    }
    if !found {
        read.1.push(refuse(
            1,
            ProblemKind::Syntax("there is no omm element in this file".to_owned()),
        ));
    }
    read
}
