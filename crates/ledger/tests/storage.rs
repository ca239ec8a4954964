//! What every storage must do, and a log, a witness and two writers on each of them.
//!
//! The object store runs in memory (feature `object-store`); with `DETENTE_S3_BUCKET` set, and the feature `s3`, also against
//! the S3 server that the usual `AWS_…` variables name: see `tests/s3.sh`.
#![allow(
    unused_mut,
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::io::Read;
use std::sync::{Arc, Mutex};

use common::faulty::Faulty;
use common::watch::Watched;
use common::{all_entries, at, entry, log_signer, open};
use detente_ledger::hash::Hash;
use detente_ledger::log::AppendError;
use detente_ledger::storage::{
    Below, Folder, Memory, ObjectPath, Source, Storage, StorageError, SwapError, content_path,
};

/// A backend by name, and a way to make fresh connections to one new place.
type Connect = Box<dyn Fn() -> Arc<dyn Storage> + Sync>;

fn backends(folder: &std::path::Path, name: &str) -> Vec<(String, Connect)> {
    let memory: Arc<dyn Storage> = Arc::new(Memory::new());
    let place = folder.join("folder");
    let below = Arc::new(Below::new(memory.clone(), path("part")));
    let mut list: Vec<(String, Connect)> = vec![
        ("memory".into(), Box::new(move || memory.clone())),
        ("below".into(), Box::new(move || below.clone())),
        (
            "folder".into(),
            Box::new(move || Arc::new(Folder::open(&place).unwrap())),
        ),
    ];
    #[cfg(feature = "object-store")]
    {
        let store: Arc<dyn object_store::ObjectStore> =
            Arc::new(object_store::memory::InMemory::new());
        let connect = move || {
            Arc::new(detente_ledger::storage::Bucket::new(store.clone()).unwrap())
                as Arc<dyn Storage>
        };
        list.push(("bucket".into(), Box::new(connect)));
    }
    #[cfg(feature = "s3")]
    if let Ok(bucket) = std::env::var("DETENTE_S3_BUCKET") {
        let prefix = path(&format!("{name}-{}", std::process::id()));
        let connect = move || {
            let bucket = detente_ledger::storage::Bucket::from_environment(&bucket).unwrap();
            Arc::new(Below::new(Arc::new(bucket), prefix.clone())) as Arc<dyn Storage>
        };
        list.push(("s3".into(), Box::new(connect)));
    }
    let _ = name;
    list
}

fn path(text: &str) -> ObjectPath {
    ObjectPath::new(text).unwrap()
}

#[test]
fn objects_are_written_once() {
    let folder = tempfile::tempdir().unwrap();
    for (name, connect) in backends(folder.path(), "objects") {
        let storage = connect();
        assert_eq!(storage.get(&path("a/b")).unwrap(), None, "{name}");
        assert!(storage.open(&path("a/b")).unwrap().is_none());
        let objects: Vec<(ObjectPath, Vec<u8>)> = (0..40_u8)
            .map(|number| (path(&format!("a/{number}/x")), vec![number; 100]))
            .collect();
        storage.put(&objects).unwrap();
        storage.put(&objects).unwrap();
        let other = connect();
        for (path, bytes) in &objects {
            assert_eq!(other.get(path).unwrap().as_ref(), Some(bytes), "{name}");
        }
        let changed = [(path("a/new"), vec![]), (path("a/7/x"), vec![9])];
        let result = storage.put(&changed);
        assert!(
            matches!(result, Err(StorageError::Changed(wrong)) if wrong.as_str().ends_with("a/7/x")),
            "{name}"
        );
        assert_eq!(storage.get(&path("a/7/x")).unwrap(), Some(vec![7; 100]));
        storage.remove(&[path("a/7/x"), path("a/nothing")]).unwrap();
        assert_eq!(other.get(&path("a/7/x")).unwrap(), None);
    }
}

#[test]
fn registers_are_changed_by_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, connect) in backends(folder.path(), "registers") {
        let storage = connect();
        assert_eq!(storage.register(&path("r")).unwrap(), None, "{name}");
        let first = storage.swap(&path("r"), None, b"1").unwrap();
        assert!(
            matches!(
                storage.swap(&path("r"), None, b"x"),
                Err(SwapError::Conflict(_))
            ),
            "{name}"
        );
        let second = storage.swap(&path("r"), Some(&first), b"2").unwrap();
        assert!(
            matches!(
                storage.swap(&path("r"), Some(&first), b"x"),
                Err(SwapError::Conflict(_))
            ),
            "{name}"
        );
        let found = connect().register(&path("r")).unwrap().unwrap();
        assert_eq!(
            (found.value.as_slice(), &found.version),
            (&b"2"[..], &second),
            "{name}"
        );
        assert!(
            matches!(
                storage.swap(&path("other"), Some(&second), b"x"),
                Err(SwapError::Conflict(_))
            ),
            "{name}"
        );
        // Eight count together, each with its own connection: no step is lost.
        storage.swap(&path("count"), None, b"0 start").unwrap();
        std::thread::scope(|scope| {
            for worker in 0..8 {
                let connect = &connect;
                scope.spawn(move || {
                    let storage = connect();
                    let mut done = 0;
                    while done < 5 {
                        let found = storage.register(&path("count")).unwrap().unwrap();
                        let text = String::from_utf8(found.value).unwrap();
                        let number: u64 = text.split(' ').next().unwrap().parse().unwrap();
                        let next = format!("{} {worker}-{done}", number + 1);
                        match storage.swap(&path("count"), Some(&found.version), next.as_bytes()) {
                            Ok(_) => done += 1,
                            Err(SwapError::Conflict(_)) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
        });
        let text =
            String::from_utf8(storage.register(&path("count")).unwrap().unwrap().value).unwrap();
        assert!(text.starts_with("40 "), "{name}: {text}");
    }
}

#[test]
fn published_objects_only_advance() {
    let folder = tempfile::tempdir().unwrap();
    for (name, connect) in backends(folder.path(), "published") {
        let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<u64>().unwrap();
        std::thread::scope(|scope| {
            for worker in 0..4_u64 {
                let connect = &connect;
                scope.spawn(move || {
                    let storage = connect();
                    for step in 0..8_u64 {
                        let mine = step * 4 + worker;
                        let replaces = |there: &[u8]| number(there) < mine;
                        storage
                            .publish(&path("p"), mine.to_string().as_bytes(), &replaces)
                            .unwrap();
                    }
                });
            }
        });
        assert_eq!(connect().get(&path("p")).unwrap().unwrap(), b"31", "{name}");
    }
}

#[test]
fn content_is_named_for_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..5_000_000_u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for (name, connect) in backends(folder.path(), "content") {
        let storage = connect();
        let stored = storage.put_content(&mut &content[..], 1 << 30).unwrap();
        assert_eq!(stored, (Hash::of(&content), 5_000_000), "{name}");
        let place = content_path(stored.0);
        let mut read = Vec::new();
        storage
            .open(&place)
            .unwrap()
            .unwrap()
            .read_to_end(&mut read)
            .unwrap();
        assert!(read == content, "{name}");
        let small = storage.put_content(&mut &content[..], 4_999_999);
        assert!(matches!(small, Err(StorageError::TooLarge(_))), "{name}");
    }
}

#[test]
fn two_writers_on_each_storage() {
    let folder = tempfile::tempdir().unwrap();
    for (name, connect) in backends(folder.path(), "writers") {
        let key = Watched::new(log_signer());
        open(&connect(), key.clone(), None);
        let acknowledged = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for writer in 0..2 {
                let (connect, key, acknowledged) = (&connect, key.clone(), &acknowledged);
                scope.spawn(move || {
                    let mut log = open(&connect(), key, None);
                    let mut next = 0;
                    while next < 10 {
                        let bytes = format!("writer {writer} entry {next}").into_bytes();
                        match log.append(std::slice::from_ref(&bytes), at(2)) {
                            Ok(appended) => {
                                acknowledged.lock().unwrap().push((appended.first, bytes));
                                next += 1;
                            }
                            Err(AppendError::Overtaken) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
        });
        let log = open(&connect(), key.clone(), None);
        let entries = all_entries(&log);
        assert_eq!(entries.len(), 20, "{name}");
        key.assert_one_history(&entries);
        for (index, bytes) in acknowledged.into_inner().unwrap() {
            assert_eq!(entries[index as usize], bytes, "{name}");
        }
    }
}

#[test]
fn lost_answers_and_failures_on_each_storage() {
    let folder = tempfile::tempdir().unwrap();
    for (name, connect) in backends(folder.path(), "faults") {
        let inner = connect();
        let key = Watched::new(log_signer());
        let mut acknowledged = Vec::new();
        for fault in 1..=24_u64 {
            let storage: Arc<dyn Storage> = Arc::new(Faulty::new(
                inner.clone(),
                fault,
                fault % 2 == 0,
                fault % 3 == 0,
            ));
            let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                open(&storage, key.clone(), None)
            }));
            let Ok(mut log) = opened else { continue };
            let list: Vec<Vec<u8>> = (0..70).map(|number| entry(fault * 100 + number)).collect();
            if let Ok(appended) = log.append(&list, at(2)) {
                acknowledged.extend((appended.first..).zip(list));
            }
        }
        let log = open(&inner, key.clone(), None);
        let entries = all_entries(&log);
        key.assert_one_history(&entries);
        assert!(acknowledged.len() >= 70, "{name}");
        for (index, bytes) in acknowledged {
            assert_eq!(entries[index as usize], bytes, "{name}");
        }
    }
}
