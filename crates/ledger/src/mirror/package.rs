//! The body of `add-entries`.

use std::io::{ErrorKind, Read};

use thiserror::Error;

use crate::hash::Hash;
use crate::merkle::{MOST_PROOF_HASHES, Subtree};
use crate::storage::Source;
use crate::tile::{TILE_WIDTH, TileReader, TreeError, push_entry};

/// The most packages that a client puts into one request.
pub const MOST_PACKAGES: u64 = 32;

/// The beginning of a request: of which log, from which entry, up to which checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The log's origin.
    pub origin: String,
    /// The first entry that is sent.
    pub start: u64,
    /// The size of the checkpoint under which the entries are proved.
    pub end: u64,
    /// What the mirror gave along the last time.
    pub ticket: Vec<u8>,
}

/// Why a request cannot be written.
#[derive(Clone, Debug, Error)]
pub enum UploadError {
    /// The origin or the ticket is too long.
    #[error("the origin of a log and a mirror's ticket have at most 65,535 bytes")]
    TooLong,
    /// The log cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The entries of one package and their proof.
pub(super) struct Package {
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) proof: Vec<Hash>,
}

/// The packages of an upload: their ranges of entries, each within one bundle.
pub(super) fn ranges(start: u64, end: u64) -> impl Iterator<Item = (u64, u64)> {
    let mut at = start;
    std::iter::from_fn(move || {
        let from = at;
        let to = end.min((from / TILE_WIDTH + 1) * TILE_WIDTH);
        at = to;
        (from < end).then_some((from, to))
    })
}

impl Upload {
    /// Reads the beginning of a request; `None` if it is malformed or cut off.
    pub(super) fn read(body: &mut dyn Read) -> Option<Upload> {
        let origin_length = u16::from_be_bytes(read_array(body)?);
        let origin = String::from_utf8(read_exact(body, usize::from(origin_length))?).ok()?;
        let (start, end) = (
            u64::from_be_bytes(read_array(body)?),
            u64::from_be_bytes(read_array(body)?),
        );
        let ticket_length = u16::from_be_bytes(read_array(body)?);
        let ticket = read_exact(body, usize::from(ticket_length))?;
        (start <= end && end <= crate::encoding::LARGEST).then_some(Upload {
            origin,
            start,
            end,
            ticket,
        })
    }

    /// Writes a request that sends the entries from `start` on of a log as it is at `tree`, at most [`MOST_PACKAGES`] of
    /// them; the mirror says from where to go on.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub fn write<S: Source>(&self, tree: &TileReader<S>) -> Result<Vec<u8>, UploadError> {
        let mut body = Vec::new();
        let length = |bytes: &[u8]| u16::try_from(bytes.len()).map_err(|_| UploadError::TooLong);
        body.extend_from_slice(&length(self.origin.as_bytes())?.to_be_bytes());
        body.extend_from_slice(self.origin.as_bytes());
        body.extend_from_slice(&self.start.to_be_bytes());
        body.extend_from_slice(&self.end.to_be_bytes());
        body.extend_from_slice(&length(&self.ticket)?.to_be_bytes());
        body.extend_from_slice(&self.ticket);
        for (from, to) in ranges(self.start, self.end).take(MOST_PACKAGES as usize) {
            let bundle = from / TILE_WIDTH;
            let entries = tree.entries(bundle)?;
            let first = bundle * TILE_WIDTH;
            for entry in &entries[(from - first) as usize..(to - first) as usize] {
                push_entry(&mut body, entry).map_err(|_| TreeError::Entry(from))?;
            }
            let proof = match Subtree::new(first, to) {
                Some(range) => tree.subtree(range)?.1,
                None => Vec::new(),
            };
            body.push(proof.len() as u8);
            proof
                .iter()
                .for_each(|hash| body.extend_from_slice(hash.as_bytes()));
        }
        Ok(body)
    }
}

impl Package {
    /// Reads a package of `count` entries; `None` if it is malformed or cut off.
    pub(super) fn read(body: &mut dyn Read, count: u64) -> Option<Package> {
        let mut entries = Vec::new();
        for _ in 0..count {
            let length = u16::from_be_bytes(read_array(body)?);
            entries.push(read_exact(body, usize::from(length))?);
        }
        let [hashes] = read_array(body)?;
        if usize::from(hashes) > MOST_PROOF_HASHES {
            return None;
        }
        let proof = (0..hashes)
            .map(|_| read_array(body).map(Hash::from_bytes))
            .collect::<Option<_>>()?;
        Some(Package { entries, proof })
    }
}

fn read_array<const N: usize>(body: &mut dyn Read) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    body.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn read_exact(body: &mut dyn Read, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    body.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether nothing follows.
pub(super) fn is_at_end(body: &mut dyn Read) -> bool {
    let mut byte = [0];
    loop {
        match body.read(&mut byte) {
            Ok(0) => return true,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => return false,
        }
    }
}
