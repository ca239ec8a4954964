//! Characters that cannot stand in a message, whatever its syntax.

/// Control characters, and marks that are no text. Tabs and ends of lines are each syntax's own matter.
pub(crate) fn cannot_stand(symbol: char) -> bool {
    symbol.is_control() || matches!(symbol, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}
