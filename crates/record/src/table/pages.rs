//! What a Parquet file may claim: how many rows it has, how large its pages are when unpacked.

use std::io::{Chain, Cursor, Read};

use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::Bytes;

use crate::read::fault::Problem;

/// How many bytes a page may hold when unpacked. Writers make pages of about a mebibyte.
const LARGEST_PAGE: u64 = 1 << 27;

/// So many rows any file may have, however small it is.
const ROWS_OF_ANY_FILE: u64 = 1 << 24;

/// So many rows larger files may have for each of their bytes.
const ROWS_PER_BYTE: u64 = 64;

/// How many rows a file has by its own account. Rows that are all alike take next to no room, so that a small file
/// could claim more than any memory holds.
pub(super) fn rows(metadata: &ParquetMetaData, bytes: u64) -> Result<u64, Problem> {
    let groups = metadata.row_groups().iter();
    let rows = groups
        .map(|group| u64::try_from(group.num_rows()).ok())
        .try_fold(0_u64, |sum, rows| sum.checked_add(rows?));
    let most = most_rows(bytes);
    match rows {
        Some(rows) if rows <= most => Ok(rows),
        _ => Err(too_many(bytes)),
    }
}

pub(super) fn most_rows(bytes: u64) -> u64 {
    bytes.saturating_mul(ROWS_PER_BYTE).max(ROWS_OF_ANY_FILE)
}

pub(super) fn too_many(bytes: u64) -> Problem {
    Problem::Format {
        format: super::parquet::PARQUET,
        message: format!(
            "it claims more than {} rows, the most that are taken from {bytes} bytes",
            most_rows(bytes)
        ),
    }
}

/// A file whose pages are looked at before they are unpacked. The first thing that is read from each page is its
/// header.
pub(super) struct Pages<R>(pub(super) R);

impl<R: Length> Length for Pages<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

/// Enough for the three fields that a page's header begins with.
const START: usize = 20;

impl<R: ChunkReader> ChunkReader for Pages<R> {
    type T = Chain<Cursor<Vec<u8>>, R::T>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let mut rest = self.0.get_read(start)?;
        let mut begin = Vec::with_capacity(START);
        rest.by_ref().take(START as u64).read_to_end(&mut begin)?;
        if let Some(size) = unpacked_size(&begin)
            && size > LARGEST_PAGE
        {
            return Err(ParquetError::General(format!(
                "a page claims to hold {size} bytes; {LARGEST_PAGE} is the most that is taken"
            )));
        }
        Ok(Cursor::new(begin).chain(rest))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

/// The unpacked size that a page's header states, in Thrift's compact form: the fields 1 (sort of page) and 2 (this
/// size), each a byte that says "the next field, a 32-bit integer", and the number in zigzag form.
/// `None` if the header does not begin so; the library then makes what it can of it.
fn unpacked_size(header: &[u8]) -> Option<u64> {
    const NEXT_FIELD_IS_AN_INTEGER: u8 = 0x15;
    let mut bytes = header.iter().copied();
    let mut size = None;
    for _ in 0..2 {
        if bytes.next()? != NEXT_FIELD_IS_AN_INTEGER {
            return None;
        }
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = bytes.next()?;
            number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                break;
            }
        }
        // Negative sizes, which zigzag makes odd, are refused by the library.
        size = Some(number >> 1);
    }
    size
}

#[cfg(test)]
mod tests {
    use super::unpacked_size;

    #[test]
    fn the_size_in_a_header() {
        // A data page of 300 bytes: 300 in zigzag form is 600.
        assert_eq!(
            unpacked_size(&[0x15, 0x00, 0x15, 0xd8, 0x04, 0x15]),
            Some(300)
        );
        let huge = [0x15, 0x04, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15];
        assert_eq!(unpacked_size(&huge), Some(i32::MAX as u64));
        assert_eq!(unpacked_size(b""), None);
        assert_eq!(unpacked_size(b"PAR1"), None);
        assert_eq!(unpacked_size(&[0x15; 20]), Some(10));
        assert_eq!(unpacked_size(&[0xff; 20]), None);
    }
}
