//! One log, from all its copies and heads.

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::entry::Entry as SignedEntry;
use detente_ledger::hash::Hash;
use detente_ledger::log::{History, checkpoint_path};
use detente_ledger::storage::Source;
use detente_ledger::tile::{TILE_WIDTH, TileReader};

use super::finding::{Finding, Problem};
use super::places::{HeadCopy, LogCopy};
use super::reception::SeenHead;
use crate::evidence::Evidence;
use crate::statement::Statement;
use crate::trust::TrustSequence;

/// A copy with its head and history.
pub(super) struct Copy {
    pub(super) copy: LogCopy,
    pub(super) head: SignedCheckpoint,
    pub(super) history: Vec<SignedCheckpoint>,
}

/// A log with the copy that is read and every head that was seen.
pub(super) struct Log {
    pub(super) origin: String,
    /// The copy that is read comes first.
    pub(super) copies: Vec<Copy>,
    /// Heads of that copy's history: where each was, and the head.
    pub(super) heads: Vec<(String, SignedCheckpoint)>,
    /// Heads that are not, with the proof of it where there is one.
    apart: Vec<(String, SignedCheckpoint, Option<Evidence>)>,
    pub(super) entries: Vec<Raw>,
}

/// An entry as it lies in the log.
pub(super) struct Raw {
    pub(super) index: u64,
    pub(super) read: Result<(SignedEntry, Statement), Problem>,
}

/// Takes up a copy: its head and the heads of its history.
pub(super) fn open(copy: LogCopy) -> Result<Copy, Finding> {
    let no_head = |origin: &str, reason: String| Finding {
        origin: origin.to_owned(),
        index: None,
        problem: Problem::NoHead {
            place: copy.place.clone(),
            reason,
        },
    };
    let bytes = copy
        .source
        .get(&checkpoint_path())
        .map_err(|error| no_head("", error.to_string()))?
        .ok_or_else(|| no_head("", "there is no checkpoint".to_owned()))?;
    let head = SignedCheckpoint::parse(&bytes).map_err(|error| no_head("", error.to_string()))?;
    let mut history = Vec::new();
    for number in 0.. {
        let bytes = match copy.source.get(&History::path(number)) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => break,
            Err(error) => return Err(no_head(head.checkpoint().origin(), error.to_string())),
        };
        let one = SignedCheckpoint::parse(&bytes).map_err(|error| {
            no_head(
                head.checkpoint().origin(),
                format!("witnessed checkpoint {number}: {error}"),
            )
        })?;
        history.push(one);
    }
    Ok(Copy {
        copy,
        head,
        history,
    })
}

impl Log {
    /// Joins the copies and heads of one log. Whose signatures they bear is settled later ([`Log::settle`]).
    pub(super) fn join(
        origin: &str,
        copies: Vec<Copy>,
        loose: &[HeadCopy],
        trust: &TrustSequence,
        findings: &mut Vec<Finding>,
    ) -> Option<Log> {
        let mut heads: Vec<(String, SignedCheckpoint)> = Vec::new();
        for copy in &copies {
            let all = copy.history.iter().chain([&copy.head]);
            heads.extend(all.map(|head| (copy.copy.place.clone(), head.clone())));
        }
        heads.extend(
            loose
                .iter()
                .filter(|head| head.checkpoint.checkpoint().origin() == origin)
                .map(|head| (head.place.clone(), head.checkpoint.clone())),
        );
        heads.sort_by(|a, b| {
            let key = |head: &(String, SignedCheckpoint)| {
                (
                    head.1.checkpoint().size(),
                    head.1.checkpoint().root(),
                    head.1.to_string(),
                )
            };
            let (a, b) = (key(a), key(b));
            (a.0, a.1.as_bytes(), &a.2).cmp(&(b.0, b.1.as_bytes(), &b.2))
        });
        heads.dedup_by(|a, b| a.1 == b.1);
        let mut copies = copies;
        let rank = |copy: &Copy| {
            let tree = tree(copy);
            // A history that others have seen goes before one that only its author shows.
            let signed: Vec<SeenHead> = heads
                .iter()
                .filter(|(_, head)| lies_in(&tree, head))
                .filter_map(|(_, head)| SeenHead::read(head, trust).ok())
                .collect();
            let cosigned = signed.iter().filter(|head| head.is_cosigned());
            let seen = cosigned.map(|head| head.size).max();
            let head = copy.head.checkpoint();
            let signed = signed.iter().map(|head| head.size).max();
            (seen, signed, head.size(), *head.root().as_bytes())
        };
        copies.sort_by_cached_key(|copy| std::cmp::Reverse((rank(copy), copy.copy.place.clone())));
        let mut log = Log {
            origin: origin.to_owned(),
            copies,
            heads: Vec::new(),
            apart: Vec::new(),
            entries: Vec::new(),
        };
        let main = log.copies.first()?;
        let tree = tree(main);
        let (mut within, mut apart) = (Vec::new(), Vec::new());
        for (place, head) in heads {
            if lies_in(&tree, &head) {
                within.push((place, head));
            } else {
                let proof = fork(&tree, main, &log.copies, &head);
                apart.push((place, head, proof));
            }
        }
        (log.heads, log.apart) = (within, apart);
        log.read_entries(findings);
        Some(log)
    }

    /// Says what is to be said of heads, now that all trust files are known.
    pub(super) fn settle(
        &self,
        trust: &TrustSequence,
        findings: &mut Vec<Finding>,
        evidence: &mut Vec<Evidence>,
    ) {
        let mut say = |problem| {
            findings.push(Finding {
                origin: self.origin.clone(),
                index: None,
                problem,
            });
        };
        let main = self.copies.first();
        let held = main.map_or(0, |main| main.head.checkpoint().size());
        let apart = self
            .apart
            .iter()
            .map(|(place, head, proof)| (place, head, Some(proof)));
        let within = self.heads.iter().map(|(place, head)| (place, head, None));
        for (place, head, proof) in within.chain(apart) {
            let size = head.checkpoint().size();
            if let Err(error) = SeenHead::read(head, trust) {
                say(Problem::HeadUnsigned {
                    place: place.clone(),
                    size,
                    reason: error.to_string(),
                });
                continue;
            }
            match proof {
                None => {}
                Some(Some(found)) if found.verify(trust).is_ok() => {
                    let (first, second) = found.sizes();
                    say(Problem::Forked {
                        first,
                        first_place: place.clone(),
                        second,
                        second_place: main.map_or_else(String::new, |main| main.copy.place.clone()),
                    });
                    if !evidence.contains(found) {
                        evidence.push(found.clone());
                    }
                }
                Some(_) => say(Problem::Behind {
                    place: place.clone(),
                    size,
                    held,
                }),
            }
        }
    }

    /// How many entries lie under a head that the log signed.
    pub(super) fn signed_size(&self, trust: &TrustSequence) -> u64 {
        self.heads
            .iter()
            .filter_map(|(_, head)| SeenHead::read(head, trust).ok())
            .map(|head| head.size)
            .max()
            .unwrap_or(0)
    }

    fn read_entries(&mut self, findings: &mut Vec<Finding>) {
        let Some(main) = self.copies.first() else {
            return;
        };
        let (place, size) = (main.copy.place.clone(), main.head.checkpoint().size());
        let mut entries = Vec::new();
        for bundle in 0..size.div_ceil(TILE_WIDTH) {
            let first = bundle * TILE_WIDTH;
            // A copy that is damaged here may be whole elsewhere; each is checked against its own head, and all are of
            // one history.
            let mut read = Err(String::new());
            for copy in self.same_history() {
                let tree = tree(copy);
                match tree.entries(bundle) {
                    Ok(list) => {
                        read = Ok(list);
                        break;
                    }
                    Err(error) if read.as_ref().is_err_and(String::is_empty) => {
                        read = Err(error.to_string());
                    }
                    Err(_) => {}
                }
            }
            match read {
                Ok(list) => entries.extend((first..).zip(list).map(|(index, bytes)| Raw {
                    index,
                    read: read_entry(&bytes),
                })),
                Err(reason) => findings.push(Finding {
                    origin: self.origin.clone(),
                    index: None,
                    problem: Problem::Damaged {
                        place: place.clone(),
                        first,
                        last: size.min(first + TILE_WIDTH) - 1,
                        reason,
                    },
                }),
            }
        }
        self.entries = entries;
    }

    /// The copies of the same head as the one that is read.
    fn same_history(&self) -> impl Iterator<Item = &Copy> {
        let head = self
            .copies
            .first()
            .map(|copy| copy.head.checkpoint().clone());
        self.copies
            .iter()
            .filter(move |copy| Some(copy.head.checkpoint()) == head.as_ref())
    }

    /// The tree of the copy that is read.
    pub(super) fn tree(&self) -> Option<TileReader<&(dyn Source + Send + Sync)>> {
        self.copies.first().map(tree)
    }
}

fn tree(copy: &Copy) -> TileReader<&(dyn Source + Send + Sync)> {
    let head = copy.head.checkpoint();
    TileReader::new(&*copy.copy.source, head.size(), head.root())
}

fn lies_in<S: Source>(tree: &TileReader<S>, head: &SignedCheckpoint) -> bool {
    let head = head.checkpoint();
    if head.size() == tree.size() {
        return head.root() == tree.root();
    }
    head.size() < tree.size()
        && tree
            .consistency(head.size())
            .is_ok_and(|(root, _)| root == head.root())
}

/// The proof that a head and the copy that is read are not of one history, if that can be proved.
fn fork<S: Source>(
    tree: &TileReader<S>,
    main: &Copy,
    copies: &[Copy],
    head: &SignedCheckpoint,
) -> Option<Evidence> {
    let other = head.checkpoint();
    if other.size() <= tree.size() {
        let (root, proof) = tree.consistency(other.size()).ok()?;
        return Some(Evidence::fork(head.clone(), main.head.clone(), root, proof));
    }
    // The larger one has to be at hand to show that it did not grow out of ours.
    let copy = copies.iter().find(|copy| copy.head == *head)?;
    let (root, proof) = self::tree(copy).consistency(tree.size()).ok()?;
    (root != tree.root()).then(|| Evidence::fork(main.head.clone(), head.clone(), root, proof))
}

fn read_entry(bytes: &[u8]) -> Result<(SignedEntry, Statement), Problem> {
    let entry =
        SignedEntry::parse(bytes).map_err(|error| Problem::NotAnEntry(error.to_string()))?;
    let statement =
        Statement::of_signed(&entry).map_err(|error| Problem::NotAStatement(error.to_string()))?;
    Ok((entry, statement))
}

/// The hash by which a statement is known, however many signatures it bears.
pub(super) fn statement_hash(entry: &SignedEntry) -> Hash {
    entry.statement()
}
