//! Storage in an object store that speaks S3, through the crate `object_store`.
//!
//! ```text
//! objects/…      tiles, bundles, content: written once (`If-None-Match: *`)
//! registers/…    what changes: replaced only by who names the ETag of what is there (`If-Match`)
//! ```
//!
//! A request whose answer was lost may be sent again by the client library and then fail against its own first try. Whoever
//! swaps a register therefore reads it after a failure: [`crate::log::Log`] knows its own attempt by a random mark in it.
//!
//! The methods wait for the network; they must not be called on a thread that runs asynchronous tasks.

use std::io::{self, Read};
use std::sync::Arc;

use object_store::path::Path;
use object_store::{
    Error, GetOptions, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload,
    UpdateVersion, WriteMultipart,
};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::{
    ObjectPath, Register, Source, Storage, StorageError, SwapError, Version, content_path,
};
use crate::hash::Hash;

/// How many requests are under way at once.
const REQUESTS: usize = 16;
const MOST_ATTEMPTS: usize = 32;
/// How much of a large object is read at once.
const PART: u64 = 8 << 20;

/// A bucket, or a part of one, that holds a log, a witness's memory, or mirrors.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    runtime: Arc<Runtime>,
}

impl Bucket {
    /// Storage over any object store with conditional puts by ETag.
    ///
    /// # Errors
    /// [`StorageError::Failed`] where the system starts no threads.
    pub fn new(store: Arc<dyn ObjectStore>) -> Result<Bucket, StorageError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bucket")
            .enable_all()
            .build()
            .map_err(|error| failed("starting", "the threads of the object store", &error))?;
        Ok(Bucket {
            store,
            runtime: Arc::new(runtime),
        })
    }

    /// An S3 bucket, with address and credentials from the usual variables of the environment (`AWS_ENDPOINT`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ALLOW_HTTP`).
    ///
    /// # Errors
    /// [`StorageError::Failed`] where these do not suffice.
    #[cfg(feature = "s3")]
    pub fn from_environment(name: &str) -> Result<Bucket, StorageError> {
        use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(name)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .build()
            .map_err(|error| failed("opening", name, &error))?;
        Bucket::new(Arc::new(store))
    }

    /// The bytes of an object, and the version that a conditional put names.
    fn read(&self, place: &Path) -> Result<Option<(Vec<u8>, UpdateVersion)>, StorageError> {
        self.runtime.block_on(async {
            let found = match self.store.get(place).await {
                Ok(found) => found,
                Err(Error::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(failed("reading", place, &error)),
            };
            let version = UpdateVersion {
                e_tag: found.meta.e_tag.clone(),
                version: found.meta.version.clone(),
            };
            let bytes = found
                .bytes()
                .await
                .map_err(|error| failed("reading", place, &error))?;
            Ok(Some((bytes.to_vec(), version)))
        })
    }

    /// A conditional put: `Ok(None)` if the condition did not hold.
    fn write(
        &self,
        place: &Path,
        bytes: &[u8],
        mode: PutMode,
    ) -> Result<Option<UpdateVersion>, StorageError> {
        let payload = PutPayload::from(bytes.to_vec());
        let put = self.store.put_opts(
            place,
            payload,
            PutOptions {
                mode,
                ..PutOptions::default()
            },
        );
        match self.runtime.block_on(put) {
            Ok(done) => Ok(Some(UpdateVersion {
                e_tag: done.e_tag,
                version: done.version,
            })),
            Err(
                Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotFound { .. },
            ) => Ok(None),
            Err(error) => Err(failed("writing", place, &error)),
        }
    }
}

fn object(path: &ObjectPath) -> Path {
    Path::from(format!("objects/{path}"))
}

fn register(name: &ObjectPath) -> Path {
    Path::from(format!("registers/{name}"))
}

fn failed(
    operation: &'static str,
    path: impl std::fmt::Display,
    error: &dyn std::fmt::Display,
) -> StorageError {
    StorageError::Failed {
        operation,
        path: path.to_string(),
        reason: error.to_string(),
    }
}

/// A version as one text, for the caller to keep.
fn to_version(version: &UpdateVersion) -> Result<Version, StorageError> {
    match &version.e_tag {
        Some(tag) => Ok(Version(tag.clone())),
        None => Err(failed(
            "reading",
            "an ETag",
            &"the object store gives none: it cannot hold registers",
        )),
    }
}

impl Source for Bucket {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.read(&object(path))?.map(|(bytes, _)| bytes))
    }
}

impl Storage for Bucket {
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        let there: Vec<usize> = self.runtime.block_on(async {
            let mut tasks = JoinSet::new();
            let mut there = Vec::new();
            let mut take =
                |done: Result<Result<Option<usize>, StorageError>, tokio::task::JoinError>| {
                    there.extend(done.map_err(|error| failed("writing", "objects", &error))??);
                    Ok::<_, StorageError>(())
                };
            for (number, (path, bytes)) in objects.iter().enumerate() {
                if tasks.len() >= REQUESTS
                    && let Some(done) = tasks.join_next().await
                {
                    take(done)?;
                }
                let (store, place, payload) = (
                    self.store.clone(),
                    object(path),
                    PutPayload::from(bytes.clone()),
                );
                tasks.spawn(async move {
                    let options = PutOptions {
                        mode: PutMode::Create,
                        ..PutOptions::default()
                    };
                    match store.put_opts(&place, payload, options).await {
                        Ok(_) => Ok(None),
                        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                            Ok(Some(number))
                        }
                        Err(error) => Err(failed("writing", &place, &error)),
                    }
                });
            }
            while let Some(done) = tasks.join_next().await {
                take(done)?;
            }
            Ok::<_, StorageError>(there)
        })?;
        for (path, bytes) in there.into_iter().filter_map(|number| objects.get(number)) {
            if self.get(path)?.as_ref() != Some(bytes) {
                return Err(StorageError::Changed(path.clone()));
            }
        }
        Ok(())
    }

    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError> {
        // The name is known only at the end: the stream waits in a file until then.
        let wrong = |error: &io::Error| failed("keeping", "the content given", error);
        let mut kept = tempfile::tempfile().map_err(|error| wrong(&error))?;
        let (mut hasher, mut length) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed("reading", "the content given", &error)),
            };
            length += count as u64;
            if length > most {
                return Err(StorageError::TooLarge(most));
            }
            hasher.update(&buffer[..count]);
            io::Write::write_all(&mut kept, &buffer[..count]).map_err(|error| wrong(&error))?;
        }
        let hash = Hash::from_bytes(hasher.finalize().into());
        let place = object(&content_path(hash));
        io::Seek::rewind(&mut kept).map_err(|error| wrong(&error))?;
        self.runtime.block_on(async {
            let put = |error: Error| failed("writing", &place, &error);
            let mut upload =
                WriteMultipart::new(self.store.put_multipart(&place).await.map_err(put)?);
            loop {
                match kept.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => {
                        upload.wait_for_capacity(REQUESTS).await.map_err(put)?;
                        upload.write(&buffer[..count]);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(wrong(&error)),
                }
            }
            upload.finish().await.map_err(put)?;
            Ok((hash, length))
        })
    }

    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError> {
        let place = object(path);
        let size = match self.runtime.block_on(self.store.head(&place)) {
            Ok(about) => about.size,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed("opening", &place, &error)),
        };
        let (store, runtime) = (self.store.clone(), self.runtime.clone());
        Ok(Some(Box::new(Parts {
            store,
            runtime,
            place,
            size,
            next: 0,
            part: Vec::new(),
            at: 0,
        })))
    }

    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError> {
        let place = object(path);
        for _ in 0..MOST_ATTEMPTS {
            let mode = match self.read(&place)? {
                Some((there, _)) if there == bytes => return Ok(replaces(&there)),
                Some((there, _)) if !replaces(&there) => return Ok(false),
                Some((_, version)) => PutMode::Update(version),
                None => PutMode::Create,
            };
            if self.write(&place, bytes, mode)?.is_some() {
                return Ok(true);
            }
        }
        Err(failed(
            "publishing",
            path,
            &"others keep replacing it at the same time",
        ))
    }

    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        for path in paths {
            match self.runtime.block_on(self.store.delete(&object(path))) {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(failed("removing", path, &error)),
            }
        }
        Ok(())
    }

    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        match self.read(&register(name))? {
            Some((value, version)) => Ok(Some(Register {
                value,
                version: to_version(&version)?,
            })),
            None => Ok(None),
        }
    }

    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        let mode = match expected {
            Some(Version(tag)) => PutMode::Update(UpdateVersion {
                e_tag: Some(tag.clone()),
                version: None,
            }),
            None => PutMode::Create,
        };
        match self.write(&register(name), value, mode)? {
            Some(version) => Ok(to_version(&version)?),
            None => Err(SwapError::Conflict(name.clone())),
        }
    }
}

/// A large object, read part by part.
struct Parts {
    store: Arc<dyn ObjectStore>,
    runtime: Arc<Runtime>,
    place: Path,
    size: u64,
    next: u64,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.part.len() && self.next < self.size {
            let range = self.next..self.size.min(self.next + PART);
            self.next = range.end;
            let options = GetOptions::default().with_range(Some(range));
            let read = async {
                self.store
                    .get_opts(&self.place, options)
                    .await?
                    .bytes()
                    .await
            };
            self.part = self
                .runtime
                .block_on(read)
                .map_err(io::Error::other)?
                .to_vec();
            self.at = 0;
        }
        let rest = &self.part[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
