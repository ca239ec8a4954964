//! A verdict's history as a few characters, told apart without colour.

use detente_assess::assessment::{ProvisionAssessment, Verdict};
use detente_quantity::Date;

/// The days that a report's timelines span, and into how many characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    from: Date,
    to: Date,
    width: usize,
}

/// What the characters stand for.
pub(crate) const LEGEND: &str =
    "= kept   X broken   ? undetermined   . does not apply   (the worst of each span is shown)";

impl Scale {
    /// The span of all intervals, or `None` if nothing ever applied.
    pub(crate) fn over<'a>(
        rows: impl Iterator<Item = &'a ProvisionAssessment>,
        width: usize,
    ) -> Option<Scale> {
        let mut span: Option<(Date, Date)> = None;
        for interval in rows.flat_map(|row| &row.intervals) {
            let (from, to) = span.unwrap_or((interval.from, interval.to));
            span = Some((from.min(interval.from), to.max(interval.to)));
        }
        span.map(|(from, to)| Scale { from, to, width })
    }

    /// First day, and first day after.
    pub(crate) fn span(&self) -> (Date, Date) {
        (self.from, self.to)
    }

    /// One character for each span of days.
    pub(crate) fn draw(&self, row: &ProvisionAssessment) -> String {
        let days = i64::from(self.to.days()) - i64::from(self.from.days());
        let width = (self.width as i64).min(days).max(1);
        let mut cells = vec!['.'; width as usize];
        for interval in &row.intervals {
            let cell = |date: Date| {
                (i64::from(date.days()) - i64::from(self.from.days())) * width / days.max(1)
            };
            let last = cell(interval.to.previous()).min(width - 1);
            for place in cell(interval.from)..=last {
                if let Some(shown) = usize::try_from(place)
                    .ok()
                    .and_then(|place| cells.get_mut(place))
                {
                    *shown = worse(*shown, interval.verdict);
                }
            }
        }
        cells.into_iter().collect()
    }
}

fn worse(shown: char, verdict: Verdict) -> char {
    let rank = |c| match c {
        'X' => 3,
        '?' => 2,
        '=' => 1,
        _ => 0,
    };
    let new = match verdict {
        Verdict::Kept => '=',
        Verdict::Undetermined => '?',
        Verdict::Broken => 'X',
    };
    if rank(new) > rank(shown) { new } else { shown }
}
