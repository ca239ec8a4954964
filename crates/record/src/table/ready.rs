//! Cells worked out ahead, a column at a time.

use detente_quantity::When;

use crate::store::{Datum, Symbol};

/// What the cells of one field mean in the batch of rows under way. A field with a cell that is faulty is left
/// out: its cells are read row by row, where the fault is noted in its place.
#[derive(Debug, Default)]
#[cfg_attr(
    not(feature = "parquet"),
    expect(
        dead_code,
        reason = "only columns of Parquet files are worked out ahead"
    )
)]
pub(super) enum Ready {
    /// Nothing was worked out.
    #[default]
    No,
    Symbols(Vec<Option<Symbol>>),
    Whens(Vec<Option<When>>),
    Data(Vec<Option<Datum>>),
}

#[cfg(feature = "parquet")]
mod ahead {
    use detente_quantity::{Date, When};

    use super::super::cell::Cells;
    use super::super::slot::{Row, Slot};
    use super::Ready;
    use crate::read::fault::Problem;
    use crate::store::{Amount, Datum, Record};

    /// A column of a batch, as far as it can be gone through without looking at each cell anew.
    pub(in super::super) enum Run<'a> {
        /// 32-bit whole numbers, none of them missing.
        Whole(&'a [i32]),
        /// Days since 1970-01-01, none of them missing.
        Days(&'a [i32]),
        /// Codes of a dictionary, none of them missing.
        Codes(&'a [i32]),
        /// Anything else.
        Cells,
    }

    /// The rows of a batch.
    pub(in super::super) trait Rows: Cells {
        fn go_to(&mut self, row: usize);
        fn run(&self, column: usize) -> Run<'_>;
    }

    /// Works out names.
    pub(in super::super) fn symbols(
        slot: &mut Slot,
        record: &mut Record,
        rows: &mut impl Rows,
        count: usize,
        dictionary: usize,
    ) {
        let list = match std::mem::take(&mut slot.ready) {
            Ready::Symbols(list) => list,
            _ => Vec::new(),
        };
        if let Some(list) = fill(
            list,
            slot,
            record,
            rows,
            (count, dictionary),
            |slot, record, row| slot.symbol(record, row),
        ) {
            slot.ready = Ready::Symbols(list);
        }
    }

    /// Works out dates and instants.
    pub(in super::super) fn whens(
        slot: &mut Slot,
        record: &mut Record,
        rows: &mut impl Rows,
        count: usize,
        dictionary: usize,
    ) {
        let mut list = match std::mem::take(&mut slot.ready) {
            Ready::Whens(list) => list,
            _ => Vec::new(),
        };
        if let Some(column) = slot.column()
            && slot.takes_cells_as_they_stand()
            && let Run::Days(days) = rows.run(column)
        {
            list.clear();
            list.extend(days.iter().map(|&day| Date::from_days(day).map(When::Day)));
            // A day beyond the calendar is a fault, not a cell without a date.
            if list.iter().all(Option::is_some) {
                slot.ready = Ready::Whens(list);
            }
            return;
        }
        if let Some(list) = fill(
            list,
            slot,
            record,
            rows,
            (count, dictionary),
            |slot, _, row| slot.when(row),
        ) {
            slot.ready = Ready::Whens(list);
        }
    }

    /// Works out the values of an attribute.
    pub(in super::super) fn data(
        slot: &mut Slot,
        record: &mut Record,
        rows: &mut impl Rows,
        count: usize,
        dictionary: usize,
    ) {
        let mut list = match std::mem::take(&mut slot.ready) {
            Ready::Data(list) => list,
            _ => Vec::new(),
        };
        if let Some(column) = slot.column()
            && slot.takes_cells_as_they_stand()
            && let Run::Whole(numbers) = rows.run(column)
            && numbers.iter().all(|&number| number >= 0)
        {
            list.clear();
            let amount = |&number| Some(Datum::Amount(Amount::Whole(number)));
            list.extend(numbers.iter().map(amount));
            slot.ready = Ready::Data(list);
            return;
        }
        if let Some(list) = fill(
            list,
            slot,
            record,
            rows,
            (count, dictionary),
            |slot, record, row| slot.datum(record, row),
        ) {
            slot.ready = Ready::Data(list);
        }
    }

    /// Reads the cells of a column one after another; `None` if one is faulty. Each code of a dictionary is read
    /// once.
    fn fill<T: Copy, R: Rows>(
        mut list: Vec<Option<T>>,
        slot: &mut Slot,
        record: &mut Record,
        rows: &mut R,
        (count, dictionary): (usize, usize),
        read: impl Fn(&mut Slot, &mut Record, &Row<'_, R>) -> Result<Option<T>, Problem>,
    ) -> Option<Vec<Option<T>>> {
        list.clear();
        if slot.is_constant() {
            return None;
        }
        // What the codes of this batch mean, filled in as they are met.
        let mut meanings: Vec<Option<Option<T>>> = Vec::new();
        let column = slot.column();
        let mut place = 0;
        while place < count {
            if let Some(column) = column
                && let Run::Codes(codes) = rows.run(column)
            {
                // As far as the codes are known.
                let codes = codes.get(place..count).unwrap_or_default();
                let known = codes.iter().map_while(|&code| {
                    let code = usize::try_from(code).ok()?;
                    meanings.get(code).copied().flatten()
                });
                let before = list.len();
                list.extend(known);
                place += list.len() - before;
                if place == count {
                    break;
                }
            }
            rows.go_to(place);
            let row = Row {
                cells: &*rows,
                dictionary,
                place,
            };
            let meaning = read(slot, record, &row).ok()?;
            list.push(meaning);
            if let Some(column) = column
                && let Run::Codes(codes) = rows.run(column)
                && let Some(code) = codes
                    .get(place)
                    .and_then(|&code| usize::try_from(code).ok())
            {
                if meanings.len() <= code {
                    meanings.resize(code + 1, None);
                }
                if let Some(known) = meanings.get_mut(code) {
                    *known = Some(meaning);
                }
            }
            place += 1;
        }
        Some(list)
    }
}

#[cfg(feature = "parquet")]
pub(super) use ahead::{Rows, Run, data, symbols, whens};
