//! Which line something is in.

/// Where the lines of a text begin.
pub(crate) struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The line of a row of CSV. Where lines end in two characters, its reader counts the second one, and blank lines,
    /// to the row that follows.
    pub(crate) fn of_row(&self, text: &str, position: Option<&csv::Position>) -> usize {
        let Some(position) = position else { return 0 };
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let breaks = text.bytes().skip(start);
        let breaks = breaks.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        self.line_of(start.saturating_add(breaks.count()))
    }
}
