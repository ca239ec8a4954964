//! From logs to a record.

use std::collections::{BTreeMap, HashMap};

use detente_ledger::entry::Entry as SignedEntry;
use detente_ledger::hash::Hash;
use detente_ledger::receipt::Receipt;
use detente_ledger::sealed::{OpenSealedError, ReaderSecret};
use detente_quantity::Name;
use detente_record::{Entry, Record};

use super::copy::{Copy, Log, open, statement_hash};
use super::finding::{Finding, Problem};
use super::places::Places;
use super::reception::{Receptions, SeenHead};
use super::{Archive, EntryRead, LogRead, Reception};
use crate::evidence::Evidence;
use crate::proof::verify_receipt;
use crate::seal::{OpenStatementError, open_statement};
use crate::statement::{Statement, origin_of};
use crate::trust::{Act, Signed, TrustFile, TrustSequence, follows};

pub(super) fn read(places: Places, first: TrustFile, secrets: &[ReaderSecret]) -> Archive {
    let mut findings = Vec::new();
    let mut by_origin: BTreeMap<String, Vec<Copy>> = BTreeMap::new();
    for copy in places.logs {
        match open(copy) {
            Ok(copy) => by_origin
                .entry(copy.head.checkpoint().origin().to_owned())
                .or_default()
                .push(copy),
            Err(finding) => findings.push(finding),
        }
    }
    let mut trust = TrustSequence::new(first);
    let mut evidence = Vec::new();
    let mut logs: Vec<Log> = Vec::new();
    // Logs that only a later trust file lists are read once that file is in force.
    loop {
        let known: Vec<String> = by_origin
            .keys()
            .filter(|origin| trust.files().any(|(file, _)| file.owner(origin).is_some()))
            .cloned()
            .collect();
        for origin in known {
            let copies = by_origin.remove(&origin).unwrap_or_default();
            logs.extend(Log::join(
                &origin,
                copies,
                &places.heads,
                &trust,
                &mut findings,
            ));
        }
        if !adopt(&mut trust, &logs) {
            break;
        }
    }
    for origin in by_origin.into_keys() {
        findings.push(Finding {
            problem: Problem::NoHead {
                place: origin.clone(),
                reason: "no trust file lists this log".to_owned(),
            },
            origin,
            index: None,
        });
    }
    logs.sort_by(|a, b| a.origin.cmp(&b.origin));
    for log in &logs {
        log.settle(&trust, &mut findings, &mut evidence);
    }
    let mut taker = Taker {
        trust: &trust,
        secrets,
        findings,
        evidence,
        accepted: Vec::new(),
    };
    let mut summaries = Vec::new();
    for log in &logs {
        summaries.push(taker.judge(log));
    }
    let (record, entries) = taker.record();
    let mut findings = taker.findings;
    let evidence = taker.evidence;
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (
                finding.origin.clone(),
                finding.index,
                finding.problem.word(),
            )
        };
        key(a).cmp(&key(b))
    });
    Archive {
        record,
        logs: summaries,
        entries,
        findings,
        evidence,
        trust,
    }
}

/// Reckons receptions and takes up the next trust file that they bring into force.
fn adopt(trust: &mut TrustSequence, logs: &[Log]) -> bool {
    let mut files: Vec<(
        Name,
        String,
        u64,
        detente_ledger::time::Timestamp,
        TrustFile,
    )> = Vec::new();
    for log in logs {
        let carriers = log.entries.iter().filter_map(|raw| {
            let (entry, statement) = raw.read.as_ref().ok()?;
            Some((raw.index, entry, statement, statement.trust()?))
        });
        let mut receptions = None;
        for (index, entry, statement, said) in carriers {
            let receptions = receptions.get_or_insert_with(|| log.receptions(trust));
            let Some(received) = receptions.of(index).by_rule else {
                continue;
            };
            let Ok(signed) = trust.at(received).judge(&log.origin, entry, statement) else {
                continue;
            };
            let Ok(file) = said.read() else { continue };
            files.push((
                signed.party,
                log.origin.clone(),
                index,
                received.time(),
                file,
            ));
        }
    }
    let acts: Vec<Act<'_>> = files
        .iter()
        .map(|(party, origin, index, time, file)| Act {
            party: party.clone(),
            origin: origin.clone(),
            index: *index,
            time: *time,
            file,
        })
        .collect();
    trust.adopt(&acts)
}

impl Log {
    fn seen_heads(&self, trust: &TrustSequence) -> Vec<SeenHead> {
        self.heads
            .iter()
            .filter_map(|(_, head)| SeenHead::read(head, trust).ok())
            .collect()
    }

    fn receptions(&self, trust: &TrustSequence) -> Receptions {
        Receptions::reckon(trust, &self.origin, &self.seen_heads(trust))
    }
}

/// An entry that counts, before it is on the record.
struct Accepted<'a> {
    log: &'a Log,
    index: u64,
    statement: std::borrow::Cow<'a, Statement>,
    hash: Hash,
    signed: Signed,
    reception: Reception,
    trust_file: u64,
}

struct Taker<'a> {
    trust: &'a TrustSequence,
    secrets: &'a [ReaderSecret],
    findings: Vec<Finding>,
    evidence: Vec<Evidence>,
    accepted: Vec<Accepted<'a>>,
}

impl<'a> Taker<'a> {
    fn say(&mut self, log: &Log, index: u64, problem: Problem) {
        self.findings.push(Finding {
            origin: log.origin.clone(),
            index: Some(index),
            problem,
        });
    }

    /// Judges every entry of a log.
    fn judge(&mut self, log: &'a Log) -> LogRead {
        let receptions = log.receptions(self.trust);
        let mut said: HashMap<Hash, u64> = HashMap::new();
        let mut received = 0;
        let signed = log.signed_size(self.trust);
        // What lies under no head that the log signed has been reported with that head.
        for raw in log.entries.iter().filter(|raw| raw.index < signed) {
            let reception = receptions.of(raw.index).clone();
            received += u64::from(reception.by_rule.is_some());
            match &raw.read {
                Ok((entry, statement)) => {
                    self.judge_one(log, raw.index, entry, statement, reception, &mut said);
                }
                Err(problem) => self.say(log, raw.index, problem.clone()),
            }
        }
        LogRead {
            origin: log.origin.clone(),
            owner: self
                .trust
                .newest()
                .owner(&log.origin)
                .map(|party| party.name.clone()),
            size: log.tree().map_or(0, |tree| tree.size()),
            received,
            places: log
                .copies
                .iter()
                .map(|copy| copy.copy.place.clone())
                .collect(),
            heads: log.heads.len(),
        }
    }

    fn judge_one(
        &mut self,
        log: &'a Log,
        index: u64,
        entry: &SignedEntry,
        statement: &'a Statement,
        reception: Reception,
        said: &mut HashMap<Hash, u64>,
    ) {
        let in_force = match reception.by_rule {
            Some(received) => self.trust.at(received),
            None => self.trust.not_received(),
        };
        let signed = match in_force.judge(&log.origin, entry, statement) {
            Ok(signed) => signed,
            Err(fault) => return self.say(log, index, Problem::Refused(fault.to_string())),
        };
        let hash = statement_hash(entry);
        if let Some(&first) = said.get(&hash) {
            return self.say(log, index, Problem::SaidBefore(first));
        }
        said.insert(hash, index);
        if reception.by_rule.is_none() {
            self.say(log, index, Problem::NotReceived);
        }
        if let Some(claimed) = statement.claimed() {
            let received = reception.by_rule.map(|received| received.time());
            self.say(log, index, Problem::Claimed { claimed, received });
            if let Some(found) = self.backdated(log, index, entry) {
                self.evidence.push(found);
            }
        }
        if let Some(carried) = statement.trust() {
            let in_force = self
                .trust
                .files()
                .any(|(file, _)| file.hash() == carried.hash());
            if !in_force {
                let reason = why_not_in_force(self.trust, statement);
                self.say(log, index, Problem::TrustFile(reason));
            }
        }
        let statement = self.opened(log, index, statement);
        self.accepted.push(Accepted {
            log,
            index,
            statement,
            hash,
            signed,
            reception,
            trust_file: in_force.number(),
        });
    }

    /// The proof that a statement that claims a time was not there at that time.
    fn backdated(&self, log: &Log, index: u64, entry: &SignedEntry) -> Option<Evidence> {
        let source = log.copies.first().map(|copy| &*copy.copy.source)?;
        let heads = || log.heads.iter().map(|(_, head)| head);
        // The first receipt that is good, and the last heads before it: the later they are, the more claims they refute.
        let receipt = heads()
            .filter(|head| head.checkpoint().size() > index)
            .filter_map(|head| Receipt::write(source, index, head).ok())
            .map(|mut receipt| {
                receipt.extra = Some(entry.to_bytes());
                receipt
            })
            .find(|receipt| verify_receipt(receipt, None, self.trust).is_ok())?;
        heads()
            .rev()
            .filter(|head| head.checkpoint().size() <= index)
            .take(16)
            .map(|head| Evidence::backdated(receipt.clone(), head.clone()))
            .find(|found| found.verify(self.trust).is_ok())
    }

    /// The statement itself, or what was sealed in it where a key opens it.
    fn opened(
        &mut self,
        log: &Log,
        index: u64,
        statement: &'a Statement,
    ) -> std::borrow::Cow<'a, Statement> {
        use std::borrow::Cow;
        let Some(sealed) = statement.sealed() else {
            return Cow::Borrowed(statement);
        };
        let file = match log.content(sealed.file.sha256) {
            Ok(Some(file)) => file,
            Ok(None) => {
                let reason = format!(
                    "its file {} is not beside this copy of the log",
                    sealed.file.sha256.to_hex()
                );
                self.say(log, index, Problem::Sealed(reason));
                return Cow::Borrowed(statement);
            }
            Err(error) => {
                self.say(log, index, Problem::Sealed(error.to_string()));
                return Cow::Borrowed(statement);
            }
        };
        let mut bytes = Vec::new();
        let mut limited = std::io::Read::take(file, sealed.file.bytes.saturating_add(1));
        let whole = std::io::Read::read_to_end(&mut limited, &mut bytes).is_ok()
            && sealed.file.verify(&mut bytes.as_slice()).is_ok();
        if !whole {
            let reason = "the file beside the log is not the one that the entry names".to_owned();
            self.say(log, index, Problem::Sealed(reason));
            return Cow::Borrowed(statement);
        }
        for secret in self.secrets {
            match open_statement(statement, &log.origin, &bytes, secret) {
                Ok((content, _)) => return Cow::Owned(content),
                Err(OpenStatementError::Open(OpenSealedError::NotForThisKey)) => {}
                Err(error) => {
                    self.say(log, index, Problem::SealedOther(error.to_string()));
                    return Cow::Borrowed(statement);
                }
            }
        }
        let reason = "it is sealed to none of the keys at hand".to_owned();
        self.say(log, index, Problem::Sealed(reason));
        Cow::Borrowed(statement)
    }

    /// Puts what counts on the record, in the order of receipt.
    fn record(&mut self) -> (Record, Vec<EntryRead>) {
        let mut accepted = std::mem::take(&mut self.accepted);
        accepted.sort_by(|a, b| {
            let key = |one: &Accepted<'_>| (one.reception.by_rule.is_none(), one.reception.by_rule);
            (key(a), &a.log.origin, a.index).cmp(&(key(b), &b.log.origin, b.index))
        });
        let mut record = Record::new();
        let mut entries = Vec::new();
        // What each log calls its entries, where another had the id first.
        let mut renamed: HashMap<(&str, Name), Name> = HashMap::new();
        for one in &accepted {
            let origin = one.log.origin.as_str();
            let mut entry = one.statement.entry().clone();
            entry.origin = origin_of(origin, one.index);
            entry.made = one.reception.by_rule.map(|received| received.instant());
            let by_place = Name::new(&entry.origin.to_string());
            let stated = if one.statement.has_id() {
                Some(entry.id.clone())
            } else {
                by_place.as_ref().ok().cloned()
            };
            let Some(stated) = stated else { continue };
            let free = record.find(&stated).is_none();
            entry.id = match (free, by_place) {
                (true, _) | (false, Err(_)) => stated.clone(),
                (false, Ok(place)) => {
                    let other = record
                        .find(&stated)
                        .map(|other| record.origin(other).to_string())
                        .unwrap_or_default();
                    self.say(
                        one.log,
                        one.index,
                        Problem::IdTaken {
                            id: stated.to_string(),
                            other,
                            called: place.to_string(),
                        },
                    );
                    renamed.insert((origin, stated.clone()), place.clone());
                    place
                }
            };
            own_names(&mut entry, origin, &renamed);
            let id = entry.id.clone();
            let (kind, made) = (entry.kind, entry.made);
            if let Err(error) = record.push(entry) {
                self.say(one.log, one.index, Problem::NotTaken(error.to_string()));
                continue;
            }
            entries.push(EntryRead {
                origin: origin.to_owned(),
                index: one.index,
                id,
                kind,
                statement: one.hash,
                signed: one.signed.clone(),
                reception: one.reception.clone(),
                trust_file: one.trust_file,
            });
            for file in one.statement.attachments() {
                if let Err(reason) = attach(&mut record, one, file, made) {
                    self.say(one.log, one.index, Problem::Attachment(reason));
                }
            }
        }
        (record, entries)
    }
}

/// An author's references to its own entries follow the names that these have on this record.
fn own_names(entry: &mut Entry, origin: &str, renamed: &HashMap<(&str, Name), Name>) {
    if renamed.is_empty() {
        return;
    }
    let own = |name: &mut Option<Name>| {
        if let Some(stated) = name
            && let Some(called) = renamed.get(&(origin, stated.clone()))
        {
            *name = Some(called.clone());
        }
    };
    own(&mut entry.corrects);
    for statement in &mut entry.statements {
        match statement {
            detente_record::Statement::Act { answers, .. } => own(answers),
            detente_record::Statement::Concern { replies, .. } => own(replies),
            _ => {}
        }
    }
}

/// Reads the entries of an attached file and puts them on the record with the statement's time.
fn attach(
    record: &mut Record,
    one: &Accepted<'_>,
    file: &crate::statement::AttachedFile,
    made: Option<detente_quantity::Instant>,
) -> Result<(), String> {
    let content = one
        .log
        .content(file.content.sha256)
        .map_err(|error| format!("{}: {error}", file.name))?;
    let mut content = content.ok_or_else(|| {
        format!(
            "{}: the file {} is not beside this copy of the log; ask for it",
            file.name,
            file.content.sha256.to_hex()
        )
    })?;
    let name = format!("ledger:{}:{}/{}", one.log.origin, one.index, file.name);
    let mut attached = file
        .read(&mut content, &name)
        .map_err(|error| error.to_string())?;
    let owner = one.statement.author();
    for context in attached.contexts() {
        let author = attached.text(context.author);
        if author != owner.as_str() {
            let error = crate::statement::AttachError::Author {
                name: file.name.clone(),
                author: author.to_owned(),
                owner: owner.to_string(),
            };
            return Err(error.to_string());
        }
        if context.kind != one.statement.kind() {
            let error = crate::statement::AttachError::Kind {
                name: file.name.clone(),
                found: context.kind.word(),
                signed: one.statement.kind().word(),
            };
            return Err(error.to_string());
        }
    }
    attached.set_made(made);
    record
        .append(attached)
        .map_err(|error| format!("{}: {error}", file.name))
}

fn why_not_in_force(trust: &TrustSequence, statement: &Statement) -> String {
    let Some(said) = statement.trust() else {
        return String::new();
    };
    match said.read() {
        Err(error) => error.to_string(),
        Ok(file) => {
            let newest = trust.newest();
            if follows(newest, &file) {
                format!(
                    "{} of the parties have to adopt it, under trust file {}",
                    newest.parties_for_a_change(),
                    newest.number()
                )
            } else {
                format!(
                    "it is number {} and does not replace trust file {}, the one in force",
                    file.number(),
                    newest.number()
                )
            }
        }
    }
}

impl Log {
    fn content(&self, hash: Hash) -> std::io::Result<Option<Box<dyn std::io::Read + Send>>> {
        for copy in &self.copies {
            if let Some(content) = copy.copy.contents.open(hash)? {
                return Ok(Some(content));
            }
        }
        Ok(None)
    }
}
