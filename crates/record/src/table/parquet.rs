//! Parquet with a mapping file, streamed one row group after another.

use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::Encoding;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::ChunkReader;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Date32Array, Int32Array, StringArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use detente_quantity::{Date, Decimal, Instant};

use super::cell::{Cell, Cells};
use super::guarded;
use super::mapping::Mapping;
use super::pages::{self, Pages};
use super::plan::{Columns, Plan};
use super::ready::{Rows, Run};
use super::writer::TableWriter;
use crate::read::fault::{Faults, FileError, Problem};
use crate::store::Record;

pub(super) const PARQUET: &str = "Parquet";

/// Rows that are decoded at a time: so many that their cells stay near the processor.
const BATCH: usize = 1 << 13;

/// Reads a Parquet file and adds its entries to the record, all of them or none. `file` names it in ids,
/// messages and origins; `input` is an open [`std::fs::File`] or the bytes. Only the columns that the mapping
/// names are decoded, a batch of rows at a time.
///
/// # Errors
/// All that is wrong with the file; the record is then as before.
pub fn read_parquet(
    record: &mut Record,
    file: &str,
    mapping: &Mapping,
    input: impl ChunkReader + 'static,
) -> Result<(), FileError> {
    let name: Arc<str> = Arc::from(file);
    let mark = record.mark();
    let mut faults = Faults::default();
    if input.len() == 0 {
        faults.add(None, None, Problem::Empty);
    } else {
        match read(record, &name, mapping, input) {
            Ok(found) => faults = found,
            Err(problem) => faults.add(None, None, problem),
        }
    }
    if faults.any() {
        record.return_to(mark);
        return Err(faults.into_error(&name));
    }
    Ok(())
}

fn unreadable(error: &ParquetError) -> Problem {
    Problem::Format {
        format: PARQUET,
        message: error.to_string(),
    }
}

fn read(
    record: &mut Record,
    name: &Arc<str>,
    mapping: &Mapping,
    input: impl ChunkReader + 'static,
) -> Result<Faults, Problem> {
    let bytes = input.len();
    // What some writers add about their own types is not needed, and damaged it would do harm.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(PARQUET, || {
        ArrowReaderMetadata::load(&input, options.clone())
    })?
    .map_err(|error| unreadable(&error))?;
    let mut faults = Faults::default();
    let names: Vec<String> = metadata
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let plan = Plan::new(mapping, Columns::new(&names, None, mapping, &mut faults));
    for (field, used) in metadata.schema().fields().iter().zip(&plan.used) {
        if *used && !is_readable(field.data_type()) {
            faults.add(
                None,
                Some(format!("column \"{}\"", field.name())),
                Problem::Expected {
                    expected: "a column of texts, numbers, dates, instants or truths",
                    found: field.data_type().to_string(),
                },
            );
        }
    }
    if faults.any() {
        return Ok(faults);
    }

    let rows = pages::rows(metadata.metadata(), bytes)?;

    // Texts that are kept in a dictionary come as its codes, so that each is looked at once.
    let coded = Schema::new(
        (0..)
            .zip(metadata.schema().fields())
            .map(|(place, field)| {
                let kind = match field.data_type() {
                    DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
                        if is_coded(&metadata, place) =>
                    {
                        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
                    }
                    DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
                    _ => return Arc::clone(field),
                };
                Arc::new(Field::new(field.name(), kind, field.is_nullable()))
            })
            .collect::<Vec<_>>(),
    );
    let metadata = guarded(PARQUET, || {
        ArrowReaderMetadata::try_new(
            Arc::clone(metadata.metadata()),
            options.with_schema(Arc::new(coded)),
        )
    })?
    .map_err(|error| unreadable(&error))?;
    let places: Vec<usize> = (0..names.len())
        .filter(|place| plan.used.get(*place).copied().unwrap_or(false))
        .collect();
    let projection = ProjectionMask::roots(metadata.parquet_schema(), places.iter().copied());
    let mut reader = guarded(PARQUET, || {
        ParquetRecordBatchReaderBuilder::new_with_metadata(Pages(input), metadata)
            .with_projection(projection)
            .with_batch_size(BATCH)
            .build()
    })?
    .map_err(|error| unreadable(&error))?;

    let file = record.intern_file(name)?;
    // A damaged file may claim more rows than it has; room that nobody fills is not asked for.
    let rows = usize::try_from(rows.min(bytes)).unwrap_or(0).min(1 << 26);
    record.reserve(rows);
    if let [_] = plan.items.as_slice() {
        record.tables_mut().items.reserve(rows);
    }
    if let [_] = plan.events.as_slice() {
        record.tables_mut().events.reserve(rows);
    }
    let mut writer = TableWriter::new(record, file, plan, faults);
    let mut line = 0_u64;
    let mut batch = Batch {
        columns: Vec::new(),
        row: 0,
    };
    batch.columns.resize_with(names.len(), || Column::Empty);
    loop {
        let read = match guarded(PARQUET, || reader.next()) {
            Ok(None) => break,
            Ok(Some(read)) => read.map_err(|error| Problem::Format {
                format: PARQUET,
                message: error.to_string(),
            }),
            Err(problem) => Err(problem),
        };
        let read = match read {
            Ok(read) => read,
            Err(problem) => {
                let next = Some(line.saturating_add(1));
                writer.faults.add(next, None, problem);
                break;
            }
        };
        let mut new_dictionary = false;
        for (&place, array) in places.iter().zip(read.columns()) {
            let Some(slot) = batch.columns.get_mut(place) else {
                continue;
            };
            let column = Column::new(array);
            new_dictionary |= !column.has_dictionary_of(slot);
            *slot = column;
        }
        if new_dictionary {
            writer.dictionary = writer.dictionary.wrapping_add(1);
        }
        if line.saturating_add(read.num_rows() as u64) > pages::most_rows(bytes) {
            writer.faults.add(None, None, pages::too_many(bytes));
            break;
        }
        writer.prepare(&mut batch, read.num_rows());
        for row in 0..read.num_rows() {
            batch.row = row;
            line = line.saturating_add(1);
            writer.row(line, &batch, row);
        }
    }
    writer.close(line);
    let mut faults = writer.faults;
    if line == 0 && !faults.any() {
        faults.add(None, None, Problem::Empty);
    }
    Ok(faults)
}

/// Whether all texts of a column are in dictionaries. Where the dictionary became too large, the writer went on with
/// the texts themselves, and making codes of them would be work for nothing.
fn is_coded(metadata: &ArrowReaderMetadata, place: usize) -> bool {
    let schema = metadata.parquet_schema();
    let mut leaves =
        (0..schema.num_columns()).filter(|&leaf| schema.get_column_root_idx(leaf) == place);
    let (Some(leaf), None) = (leaves.next(), leaves.next()) else {
        return false;
    };
    metadata.metadata().row_groups().iter().all(|group| {
        let Some(column) = group.columns().get(leaf) else {
            return false;
        };
        match column.page_encoding_stats_mask() {
            Some(pages) => {
                pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY)
            }
            None => column.dictionary_page_offset().is_some(),
        }
    })
}

fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(key, value) => **key == DataType::Int32 && **value == DataType::Utf8,
        kind => matches!(
            kind,
            DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Boolean
                | DataType::Int8
                | DataType::Int16
                | DataType::Int32
                | DataType::Int64
                | DataType::UInt8
                | DataType::UInt16
                | DataType::UInt32
                | DataType::UInt64
                | DataType::Float32
                | DataType::Float64
                | DataType::Decimal128(..)
                | DataType::Date32
                | DataType::Date64
                | DataType::Timestamp(..)
                | DataType::Null
        ),
    }
}

/// One column of a batch.
enum Column {
    Empty,
    Coded {
        codes: Int32Array,
        texts: StringArray,
    },
    Texts(StringArray),
    Int32(Int32Array),
    Date32(Date32Array),
    /// The rarer types.
    Other(ArrayRef, fn(&ArrayRef, usize) -> Cell<'static>),
}

impl Column {
    fn new(array: &ArrayRef) -> Column {
        let kept = Arc::clone(array);
        let read: fn(&ArrayRef, usize) -> Cell<'static> = match array.data_type() {
            DataType::Dictionary(..) => {
                let Some(dictionary) = array.as_dictionary_opt::<Int32Type>() else {
                    return Column::Empty;
                };
                return match dictionary.values().as_string_opt::<i32>() {
                    Some(texts) => Column::Coded {
                        codes: dictionary.keys().clone(),
                        texts: texts.clone(),
                    },
                    None => Column::Empty,
                };
            }
            DataType::Utf8 => {
                return match array.as_string_opt::<i32>() {
                    Some(texts) => Column::Texts(texts.clone()),
                    None => Column::Empty,
                };
            }
            DataType::Boolean => |array, row| {
                array
                    .as_boolean_opt()
                    .map_or(Cell::Empty, |array| Cell::Truth(array.value(row)))
            },
            DataType::Int8 => {
                |array, row| whole(array.as_primitive_opt::<Int8Type>().map(|it| it.value(row)))
            }
            DataType::Int16 => |array, row| {
                whole(
                    array
                        .as_primitive_opt::<Int16Type>()
                        .map(|it| it.value(row)),
                )
            },
            DataType::Int32 => {
                let typed = array.as_primitive_opt::<Int32Type>();
                return typed.map_or(Column::Empty, |typed| Column::Int32(typed.clone()));
            }
            DataType::Int64 => |array, row| {
                whole(
                    array
                        .as_primitive_opt::<Int64Type>()
                        .map(|it| it.value(row)),
                )
            },
            DataType::UInt8 => |array, row| {
                whole(
                    array
                        .as_primitive_opt::<UInt8Type>()
                        .map(|it| it.value(row)),
                )
            },
            DataType::UInt16 => |array, row| {
                whole(
                    array
                        .as_primitive_opt::<UInt16Type>()
                        .map(|it| it.value(row)),
                )
            },
            DataType::UInt32 => |array, row| {
                whole(
                    array
                        .as_primitive_opt::<UInt32Type>()
                        .map(|it| it.value(row)),
                )
            },
            DataType::UInt64 => |array, row| {
                let value = array
                    .as_primitive_opt::<UInt64Type>()
                    .map(|it| it.value(row));
                value.map_or(Cell::Empty, |value| Cell::Number(Decimal::from(value)))
            },
            DataType::Float32 => |array, row| {
                // By its shortest decimal, which is what was meant, not by its exact binary value.
                let value = array
                    .as_primitive_opt::<Float32Type>()
                    .map(|it| it.value(row));
                let value = value.and_then(|value| value.to_string().parse().ok());
                value.map_or(Cell::Empty, Cell::real)
            },
            DataType::Float64 => |array, row| {
                let value = array
                    .as_primitive_opt::<Float64Type>()
                    .map(|it| it.value(row));
                value.map_or(Cell::Empty, Cell::real)
            },
            DataType::Decimal128(..) => decimal,
            DataType::Date32 => {
                let typed = array.as_primitive_opt::<Date32Type>();
                return typed.map_or(Column::Empty, |typed| Column::Date32(typed.clone()));
            }
            DataType::Date64 => |array, row| {
                let millis = array
                    .as_primitive_opt::<Date64Type>()
                    .map(|it| it.value(row));
                date(millis.map(|millis| millis.div_euclid(86_400_000)))
            },
            DataType::Timestamp(unit, _) => match unit {
                TimeUnit::Second => |array, row| {
                    let time = array.as_primitive_opt::<TimestampSecondType>();
                    instant(time.and_then(|it| it.value(row).checked_mul(1_000_000)))
                },
                TimeUnit::Millisecond => |array, row| {
                    let time = array.as_primitive_opt::<TimestampMillisecondType>();
                    instant(time.and_then(|it| it.value(row).checked_mul(1000)))
                },
                TimeUnit::Microsecond => |array, row| {
                    let time = array.as_primitive_opt::<TimestampMicrosecondType>();
                    instant(time.map(|it| it.value(row)))
                },
                TimeUnit::Nanosecond => |array, row| {
                    let time = array.as_primitive_opt::<TimestampNanosecondType>();
                    instant(time.map(|it| it.value(row).div_euclid(1000)))
                },
            },
            _ => return Column::Empty,
        };
        Column::Other(kept, read)
    }

    /// Whether the codes mean the same texts as before.
    fn has_dictionary_of(&self, before: &Column) -> bool {
        match (self, before) {
            (Column::Coded { texts: new, .. }, Column::Coded { texts: old, .. }) => {
                new.values().as_ptr() == old.values().as_ptr()
                    && new.value_offsets().as_ptr() == old.value_offsets().as_ptr()
                    && new.len() == old.len()
            }
            (Column::Coded { .. }, _) => false,
            _ => true,
        }
    }
}

/// A row of a batch.
struct Batch {
    columns: Vec<Column>,
    row: usize,
}

impl Cells for Batch {
    fn cell(&self, column: usize) -> Cell<'_> {
        let row = self.row;
        match self.columns.get(column) {
            Some(Column::Coded { codes, texts }) if codes.is_valid(row) => {
                let code = usize::try_from(codes.value(row)).unwrap_or(usize::MAX);
                if code >= texts.len() || texts.is_null(code) {
                    return Cell::Empty;
                }
                Cell::Coded {
                    code,
                    text: texts.value(code),
                }
            }
            Some(Column::Texts(texts)) if texts.is_valid(row) => Cell::Text(texts.value(row)),
            Some(Column::Int32(array)) if array.is_valid(row) => {
                Cell::Whole(i64::from(array.value(row)))
            }
            Some(Column::Date32(array)) if array.is_valid(row) => {
                date(Some(i64::from(array.value(row))))
            }
            Some(Column::Other(array, read)) if array.is_valid(row) => read(array, row),
            _ => Cell::Empty,
        }
    }
}

impl Rows for Batch {
    fn go_to(&mut self, row: usize) {
        self.row = row;
    }

    fn run(&self, column: usize) -> Run<'_> {
        match self.columns.get(column) {
            Some(Column::Coded { codes, texts })
                if codes.null_count() == 0 && texts.null_count() == 0 =>
            {
                Run::Codes(codes.values())
            }
            Some(Column::Int32(array)) if array.null_count() == 0 => Run::Whole(array.values()),
            Some(Column::Date32(array)) if array.null_count() == 0 => Run::Days(array.values()),
            _ => Run::Cells,
        }
    }
}

fn whole(value: Option<impl Into<i64>>) -> Cell<'static> {
    value.map_or(Cell::Empty, |value| Cell::Whole(value.into()))
}

fn date(days: Option<i64>) -> Cell<'static> {
    let date = days.and_then(|days| Date::from_days(i32::try_from(days).ok()?));
    date.map_or(Cell::BadNumber(f64::NAN), Cell::Date)
}

fn instant(micros: Option<i64>) -> Cell<'static> {
    let inside = Instant::MIN.micros()..=Instant::MAX.micros();
    match micros {
        Some(micros) if inside.contains(&micros) => Cell::Instant(Instant::from_micros(micros)),
        _ => Cell::BadNumber(f64::NAN),
    }
}

fn decimal(array: &ArrayRef, row: usize) -> Cell<'static> {
    let Some(array) = array.as_primitive_opt::<Decimal128Type>() else {
        return Cell::Empty;
    };
    let scale = u32::try_from(array.scale()).ok();
    let value =
        scale.and_then(|scale| Decimal::try_from_i128_with_scale(array.value(row), scale).ok());
    match value {
        Some(value) => Cell::Number(value),
        None => Cell::BadNumber(f64::INFINITY),
    }
}
