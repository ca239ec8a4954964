//! Many parties, bad networks, crashes, old backups and a liar, from a seed, against a model that sees everything.
//!
//! `DETENTE_SEEDS` says how many seeds are tried (150 if it does not; 10,000 in CI); `DETENTE_SEED` tries one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::faulty::Faulty;
use common::{at, signer};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer};
use detente_ledger::log::{Confirmation, Heard, Identity, Log, Offer};
use detente_ledger::merkle::Edge;
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Memory, Source, Storage};
use detente_ledger::verify::{VerifyOptions, verify_log};
use detente_ledger::witness::{WatchedLog, Witness};

const PARTIES: usize = 4;
/// Of the three witnesses of each log, two are a quorum.
const QUORUM: usize = 2;
const STEPS: u64 = 60;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

/// One party's log, or one of the two versions that the liar keeps.
struct Version {
    storage: Arc<Memory>,
    log: Option<Log>,
    /// What was acknowledged, by its place.
    acknowledged: BTreeMap<u64, Vec<u8>>,
    /// What each witness is believed to have cosigned last.
    believed: [u64; PARTIES],
}

struct Party {
    key: Arc<LocalSigner>,
    versions: Vec<Version>,
    policy: Policy,
    witness_key: Arc<LocalSigner>,
    witness_storage: Arc<Memory>,
    backup: Option<Memory>,
}

/// What a witness cosigned: the size, the root, and the time.
type Seen = (u64, Hash, u64);

/// A head on its way to a witness.
struct Letter {
    due: u64,
    from: usize,
    version: usize,
    to: usize,
    offer: Offer,
    old: u64,
}

struct World {
    random: Random,
    parties: Vec<Party>,
    letters: Vec<Letter>,
    /// What each witness cosigned of each log.
    cosigned: BTreeMap<(usize, usize), Vec<Seen>>,
    /// The last step at which each pair could not reach each other.
    cut: BTreeMap<(usize, usize), u64>,
    liar: Option<usize>,
    now: u64,
    refused_backups: u64,
    cosignatures: u64,
    crashes: u64,
}

fn origin(party: usize) -> String {
    format!("party{party}.example/log")
}

impl World {
    fn new(seed: u64) -> World {
        let mut random = Random(seed);
        let witness_key = |party: usize| {
            signer(
                &format!("party{party}.example/witness"),
                Algorithm::Ed25519Cosignature,
            )
        };
        let parties = (0..PARTIES)
            .map(|party| {
                let key = signer(&origin(party), Algorithm::Ed25519);
                let mut text = format!("log {}\n", key.verifier());
                let others: Vec<usize> = (0..PARTIES).filter(|&other| other != party).collect();
                for other in &others {
                    text += &format!("witness w{other} {}\n", witness_key(*other).verifier());
                }
                let names: Vec<String> = others.iter().map(|other| format!("w{other}")).collect();
                text += &format!("group g {QUORUM} {}\nquorum g\n", names.join(" "));
                let storage = Arc::new(Memory::new());
                Log::create(&*storage, &origin(party), None).unwrap();
                Party {
                    key,
                    versions: vec![Version {
                        storage,
                        log: None,
                        acknowledged: BTreeMap::new(),
                        believed: [0; PARTIES],
                    }],
                    policy: Policy::parse(text.as_bytes()).unwrap(),
                    witness_key: witness_key(party),
                    witness_storage: Arc::new(Memory::new()),
                    backup: None,
                }
            })
            .collect();
        let liar = random.one_in(2).then(|| random.below(PARTIES));
        World {
            random,
            parties,
            letters: Vec::new(),
            cosigned: BTreeMap::new(),
            cut: BTreeMap::new(),
            liar,
            now: 1000,
            refused_backups: 0,
            cosignatures: 0,
            crashes: 0,
        }
    }

    fn witness(&self, party: usize) -> Witness {
        let logs = (0..PARTIES)
            .filter(|&other| other != party)
            .map(|other| WatchedLog {
                origin: origin(other),
                keys: vec![self.parties[other].key.verifier().clone()],
            })
            .collect();
        let party = &self.parties[party];
        Witness::new(
            party.witness_storage.clone(),
            vec![party.witness_key.clone()],
            logs,
        )
    }

    fn reaches(&self, one: usize, other: usize) -> bool {
        self.cut
            .get(&(one.min(other), one.max(other)))
            .is_none_or(|&until| until < self.now)
    }

    /// What the reachable witnesses of a log say to have cosigned last.
    fn hear(&self, party: usize) -> Vec<Heard> {
        let others: Vec<usize> = (0..PARTIES).filter(|&other| other != party).collect();
        let mut heard = Vec::new();
        for (place, &other) in others.iter().enumerate() {
            if self.reaches(party, other) {
                let path = Witness::monitoring_path(&origin(party));
                let latest = self.parties[other].witness_storage.get(&path).unwrap();
                let latest = latest.map(|bytes| {
                    detente_ledger::checkpoint::SignedCheckpoint::parse(&bytes).unwrap()
                });
                heard.push(Heard {
                    witness: place,
                    latest,
                });
            }
        }
        heard
    }

    /// Starts a log, if enough witnesses can be heard. Returns whether it runs.
    fn start(&mut self, party: usize, version: usize, faults: bool) -> bool {
        let heard = self.hear(party);
        let inner: Arc<dyn Storage> = self.parties[party].versions[version].storage.clone();
        let storage: Arc<dyn Storage> = if faults {
            let (step, done, dead) = (
                1 + self.random.next() % 40,
                self.random.one_in(2),
                self.random.one_in(2),
            );
            Arc::new(Faulty::new(inner, step, done, dead))
        } else {
            inner
        };
        let identity = Identity {
            origin: origin(party),
            signers: vec![self.parties[party].key.clone()],
        };
        let by_liar = self.liar == Some(party);
        let policy = &self.parties[party].policy;
        let by = if by_liar {
            Confirmation::Operator
        } else {
            Confirmation::Witnesses {
                policy,
                heard: &heard,
            }
        };
        let log = Log::open(storage, identity, None)
            .ok()
            .and_then(|log| log.confirm(&by, at(self.now)).ok());
        let running = log.is_some();
        self.parties[party].versions[version].log = log;
        running
    }

    fn append(&mut self, party: usize, version: usize) {
        if self.parties[party].versions[version].log.is_none() {
            let faults = self.random.one_in(3);
            self.start(party, version, faults);
        }
        let count = 1 + self.random.below(4);
        let list: Vec<Vec<u8>> = (0..count)
            .map(|number| format!("{party} {version} {} {number}", self.now).into_bytes())
            .collect();
        let now = at(self.now);
        let state = &mut self.parties[party].versions[version];
        let Some(log) = &mut state.log else { return };
        match log.append(&list, now) {
            Ok(appended) => state.acknowledged.extend((appended.first..).zip(list)),
            // Its storage failed: the party starts anew.
            Err(_) => {
                state.log = None;
                self.crashes += 1;
            }
        }
    }

    fn send(&mut self, party: usize, version: usize, to: usize) {
        let state = &self.parties[party].versions[version];
        let Some(offer) = state.log.as_ref().and_then(|log| log.offer().ok()) else {
            return;
        };
        let old = state.believed[to];
        // Delayed, lost, or delivered twice.
        let copies = [1, 1, 1, 2, 0][self.random.below(5)];
        for _ in 0..copies {
            let due = self.now + self.random.next() % 8;
            self.letters.push(Letter {
                due,
                from: party,
                version,
                to,
                offer: offer.clone(),
                old,
            });
        }
    }

    fn deliver(&mut self) {
        let due: Vec<usize> = (0..self.letters.len())
            .filter(|&at| self.letters[at].due <= self.now)
            .rev()
            .collect();
        for place in due {
            let letter = self.letters.swap_remove(place);
            if !self.reaches(letter.from, letter.to) {
                continue;
            }
            let witness = self.witness(letter.to);
            let Some(log) = &self.parties[letter.from].versions[letter.version].log else {
                continue;
            };
            let Ok(request) = log.request(&letter.offer, letter.old) else {
                continue;
            };
            let (answer, fault) = witness.answer(request.to_string().as_bytes(), at(self.now));
            assert!(fault.is_none(), "{fault:?}");
            let head = letter.offer.checkpoint.checkpoint();
            match answer.status {
                200 => {
                    self.cosignatures += 1;
                    let seen = (head.size(), head.root(), self.now);
                    self.cosigned
                        .entry((letter.to, letter.from))
                        .or_default()
                        .push(seen);
                    // The answer may be lost on its way.
                    if self.random.one_in(6) {
                        continue;
                    }
                    let _ = log.add_cosignatures(&letter.offer, &answer.body, &witness.verifiers());
                    self.parties[letter.from].versions[letter.version].believed[letter.to] =
                        head.size();
                }
                409 => {
                    let size = answer.body.trim_end().parse().unwrap();
                    self.parties[letter.from].versions[letter.version].believed[letter.to] = size;
                }
                // Only a liar's heads do not grow out of each other.
                422 => assert_eq!(self.liar, Some(letter.from), "{}", answer.body),
                status => panic!("{status} {}", answer.body),
            }
        }
    }

    /// An old backup is put in place of a party's storage. It may come back only if nothing that a witness cosigned is missing.
    fn restore(&mut self, party: usize) {
        let Some(backup) = self.parties[party].backup.take() else {
            return;
        };
        let kept = self.parties[party].versions[0].storage.clone();
        self.parties[party].versions[0].log = None;
        self.parties[party].versions[0].storage = Arc::new(backup);
        let runs = self.start(party, 0, false);
        let state = &self.parties[party].versions[0];
        let held = state.log.as_ref().map_or(0, Log::size);
        // How many witnesses have cosigned more than it holds. If they are a quorum, the head was accepted by somebody, and one
        // of them was heard. A head that one witness alone has seen can be lost with a backup: nobody accepted it.
        let seen: Vec<u64> = (0..PARTIES)
            .filter_map(|witness| self.cosigned.get(&(witness, party)))
            .filter_map(|heads| heads.iter().map(|head| head.0).max())
            .collect();
        let missing = seen.iter().filter(|&&size| size > held).count();
        assert!(
            !runs || missing < QUORUM,
            "a backup of {held} entries signs after {seen:?}"
        );
        // The operator puts the true storage back.
        if !runs {
            self.refused_backups += 1;
        }
        self.parties[party].versions[0].storage = kept;
        self.parties[party].versions[0].log = None;
    }

    fn step(&mut self) {
        self.now += 1;
        self.deliver();
        let party = self.random.below(PARTIES);
        let version = self.random.below(self.parties[party].versions.len());
        match self.random.below(10) {
            0..=3 => self.append(party, version),
            4..=6 => {
                let to = (party + 1 + self.random.below(PARTIES - 1)) % PARTIES;
                self.send(party, version, to);
            }
            7 => {
                self.parties[party].versions[version].log = None;
                self.crashes += 1;
            }
            8 => {
                let other = (party + 1 + self.random.below(PARTIES - 1)) % PARTIES;
                let until = self.now + self.random.next() % 12;
                self.cut.insert((party.min(other), party.max(other)), until);
            }
            _ if self.liar == Some(party) && self.parties[party].versions.len() == 1 => {
                // From here on the liar has two versions.
                let state = &self.parties[party].versions[0];
                let fork = Version {
                    storage: Arc::new(state.storage.snapshot()),
                    log: None,
                    acknowledged: state.acknowledged.clone(),
                    believed: state.believed,
                };
                self.parties[party].versions.push(fork);
            }
            _ if self.liar != Some(party) && self.parties[party].backup.is_none() => {
                self.parties[party].backup =
                    Some(self.parties[party].versions[0].storage.snapshot());
            }
            _ if self.liar != Some(party) => self.restore(party),
            _ => {}
        }
    }

    /// Brings everybody back and holds what is there against what the model saw.
    fn check(&mut self) {
        self.cut.clear();
        self.letters.clear();
        for party in 0..PARTIES {
            let mut histories = Vec::new();
            for version in 0..self.parties[party].versions.len() {
                self.parties[party].versions[version].log = None;
                assert!(
                    self.start(party, version, false),
                    "party {party} does not come back"
                );
                let state = &self.parties[party].versions[version];
                let log = state.log.as_ref().unwrap();
                let entries = common::all_entries(log);
                for (index, entry) in &state.acknowledged {
                    assert_eq!(
                        entries.get(*index as usize),
                        Some(entry),
                        "party {party} lost entry {index}"
                    );
                }
                let options = VerifyOptions {
                    threads: 1,
                    quorum: false,
                };
                verify_log(
                    &*state.storage,
                    &self.parties[party].policy,
                    options,
                    &|_, _| Ok(()),
                )
                .unwrap();
                let mut edge = Edge::new();
                let mut roots = vec![edge.root()];
                for entry in &entries {
                    edge.push(Hash::leaf(entry));
                    roots.push(edge.root());
                }
                histories.push(roots);
            }
            // What one witness cosigned of one log lies in one version of it, in the order of size and time.
            let mut of_version = vec![BTreeMap::<u64, Vec<usize>>::new(); histories.len()];
            for other in (0..PARTIES).filter(|&other| other != party) {
                let heads = self
                    .cosigned
                    .get(&(other, party))
                    .cloned()
                    .unwrap_or_default();
                assert!(
                    heads
                        .windows(2)
                        .all(|pair| pair[0].0 <= pair[1].0 && pair[0].2 <= pair[1].2)
                );
                let lies_in = |roots: &Vec<Hash>| {
                    heads
                        .iter()
                        .all(|(size, root, _)| roots.get(*size as usize) == Some(root))
                };
                assert!(
                    histories.iter().any(lies_in),
                    "witness {other} cosigned two versions of log {party}"
                );
                for (version, roots) in histories.iter().enumerate() {
                    for (size, root, _) in &heads {
                        if roots.get(*size as usize) == Some(root) {
                            of_version[version].entry(*size).or_default().push(other);
                        }
                    }
                }
                self.check_receipt(party, other, &heads);
            }
            if let [one, two] = of_version.as_slice() {
                // No two heads that conflict have a quorum each.
                for (size, witnesses) in one {
                    for (other_size, others) in two {
                        let shared = histories[0][*size as usize]
                            == histories[1]
                                .get(*size as usize)
                                .copied()
                                .unwrap_or(Hash::EMPTY)
                            || histories[1][*other_size as usize]
                                == histories[0]
                                    .get(*other_size as usize)
                                    .copied()
                                    .unwrap_or(Hash::EMPTY);
                        let quorums = distinct(witnesses) >= QUORUM && distinct(others) >= QUORUM;
                        assert!(shared || !quorums, "log {party} has two accepted versions");
                    }
                }
            }
        }
    }

    /// The time of receipt that the log can prove is a time at which the witness had cosigned the entry: never before.
    fn check_receipt(&self, party: usize, other: usize, heads: &[Seen]) {
        if self.liar == Some(party) {
            return;
        }
        let log = self.parties[party].versions[0].log.as_ref().unwrap();
        let keys = self.witness(other).verifiers();
        for index in 0..log.size() {
            let first = heads
                .iter()
                .filter(|head| head.0 > index)
                .map(|head| head.2)
                .min();
            let proved = log
                .history()
                .received(index, &keys)
                .unwrap()
                .map(|time| time.seconds());
            assert!(
                proved.is_none() || proved >= first,
                "entry {index}: {proved:?} before {first:?}"
            );
        }
    }
}

fn distinct(witnesses: &[usize]) -> usize {
    witnesses
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

#[test]
fn parties_that_distrust_each_other() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seeds = match number("DETENTE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("DETENTE_SEEDS").unwrap_or(150),
    };
    let single = seeds.end - seeds.start == 1;
    let next = AtomicU64::new(seeds.start);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (liars, refused, cosignatures, crashes) = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers)
            .map(|_| scope.spawn(|| run(&next, seeds.end)))
            .collect();
        running
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .fold((0, 0, 0, 0), |sum, one| {
                (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2, sum.3 + one.3)
            })
    });
    // The seeds do exercise what they are for.
    assert!(single || (liars > 0 && refused > 0 && cosignatures > 0 && crashes > 0));
    println!(
        "{liars} liars, {refused} backups refused, {cosignatures} cosignatures, {crashes} crashes"
    );
}

/// Takes the next seed until none is left; gives the numbers of liars, refused backups, cosignatures and crashes.
fn run(next: &AtomicU64, end: u64) -> (u64, u64, u64, u64) {
    let (mut liars, mut refused, mut cosignatures, mut crashes) = (0, 0, 0, 0);
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return (liars, refused, cosignatures, crashes);
        }
        let result = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..STEPS {
                world.step();
            }
            world.check();
            (
                world.liar.is_some(),
                world.refused_backups,
                world.cosignatures,
                world.crashes,
            )
        });
        let Ok((lies, backups, cosigned, crashed)) = result else {
            panic!("seed {seed} fails: DETENTE_SEED={seed}");
        };
        liars += u64::from(lies);
        (refused, cosignatures, crashes) = (
            refused + backups,
            cosignatures + cosigned,
            crashes + crashed,
        );
    }
}
