//! How much a packed workbook may hold: a few kilobytes can be made to unpack to any number of gigabytes.

use std::io::{self, Read, Seek};

use zip::ZipArchive;

use super::xlsx::XLSX;
use crate::read::fault::Problem;

/// How many bytes may come out of a workbook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Out of one part: a sheet, or the texts that the sheets share.
    pub(super) part: u64,
    /// Out of all of them.
    pub(super) whole: u64,
}

/// More than a full sheet of ten columns needs.
pub(super) const LIMITS: Limits = Limits {
    part: 1 << 29,
    whole: 1 << 30,
};

/// The most that a byte can unpack to: 258 bytes for each two bits.
const HIGHEST_RATIO: u64 = 1032;

/// Looks whether what is packed is within the limits. What the parts say of their size may be wrong, so that large
/// ones are unpacked for it, without being kept.
pub(super) fn refuse_too_large(input: impl Read + Seek, limits: Limits) -> Result<(), Problem> {
    let unreadable = |message: String| Problem::Format {
        format: XLSX,
        message,
    };
    let mut archive = ZipArchive::new(input).map_err(|error| unreadable(error.to_string()))?;
    let mut whole = 0_u64;
    for place in 0..archive.len() {
        let mut part = archive
            .by_index(place)
            .map_err(|error| unreadable(error.to_string()))?;
        let name = part
            .name()
            .map_or_else(|_| format!("part {place}"), std::borrow::Cow::into_owned);
        let left = limits.part.min(limits.whole.saturating_sub(whole));
        let at_most = part.compressed_size().saturating_mul(HIGHEST_RATIO);
        let size = if at_most <= left {
            part.size().min(at_most)
        } else if part.size() > left {
            part.size()
        } else {
            let mut beginning = part.by_ref().take(left.saturating_add(1));
            io::copy(&mut beginning, &mut io::sink())
                .map_err(|error| unreadable(format!("{name}: {error}")))?
        };
        if size > left {
            return Err(Problem::Sheet(format!(
                "\"{name}\" in the workbook unpacks to more than {left} bytes; a part may have {}, all together {}; save the figures as CSV",
                limits.part, limits.whole
            )));
        }
        whole = whole.saturating_add(size);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Limits, refuse_too_large};
    use std::io::{Cursor, Write};
    use zip::write::{SimpleFileOptions, ZipWriter};

    const LIMITS: Limits = Limits {
        part: 1 << 20,
        whole: 3 << 20,
    };

    /// An archive with parts of so many equal bytes.
    fn archive(sizes: &[usize]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (number, size) in sizes.iter().enumerate() {
            let options = SimpleFileOptions::default();
            writer
                .start_file(format!("part {number}"), options)
                .unwrap();
            writer.write_all(&vec![b' '; *size]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn refused(bytes: &[u8]) -> Option<String> {
        let refused = refuse_too_large(Cursor::new(bytes), LIMITS);
        refused.err().map(|problem| problem.to_string())
    }

    #[test]
    fn parts_within_the_limits() {
        assert_eq!(refused(&archive(&[1 << 20, 5, 1 << 20])), None);
    }

    #[test]
    fn a_part_or_a_whole_beyond_the_limits() {
        let bytes = archive(&[5, (1 << 20) + 1]);
        assert!(bytes.len() < 3000);
        let message = refused(&bytes).unwrap();
        assert!(
            message.contains("\"part 1\" in the workbook unpacks to more than 1048576 bytes"),
            "{message}"
        );
        let message = refused(&archive(&[1 << 20; 4])).unwrap();
        assert!(message.contains("\"part 3\""), "{message}");
    }

    #[test]
    fn a_part_that_lies_about_its_size() {
        let size = 5 << 20;
        let mut bytes = archive(&[size]);
        let (old, new) = (
            u32::try_from(size).unwrap().to_le_bytes(),
            1000_u32.to_le_bytes(),
        );
        let mut changed = 0;
        for place in 0..bytes.len() - 4 {
            if bytes[place..place + 4] == old {
                bytes[place..place + 4].copy_from_slice(&new);
                changed += 1;
            }
        }
        assert!(changed >= 1);
        assert!(refused(&bytes).is_some());
    }
}
