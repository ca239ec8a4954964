//! Reading JSON Lines.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::plain::Plain;
use super::things::{Section, Thing, Values, check_fields, optional_date, sort_set};
use super::value::{Key, expected, fields, keep_amount, members, name, stated, text, when_of};
use crate::entry::{Act, Evidence, Kind, Source};
use crate::read::amount::whole;
use crate::read::fault::{Faults, FileError, Problem, nearest, shown};
use crate::read::text::{Line, Lines, encoding, utf8};
use crate::read::{time, words};
use crate::store::{
    ActRow, Amount, AttributeSet, ConcernRow, Context, ContextIndex, Datum, EntryIndex, FileIndex,
    HeadRow, Record, SourceIndex, Symbol, ValueRow,
};
use detente_quantity::When;

/// The names of an entry's fields.
pub(super) const FIELDS: [&str; 19] = [
    "id",
    "kind",
    "author",
    "party",
    "as_of",
    "made",
    "agreement",
    "provision",
    "evidence",
    "corrects",
    "source",
    "note",
    "values",
    "items",
    "lots",
    "complete",
    "events",
    "act",
    "concern",
];

/// Reads JSON Lines (an entry in each line; empty lines do not count) and adds the entries to the record,
/// all of them or none. `file` names it in ids, messages and origins. Memory beside the record stays within
/// `longest_line` bytes.
///
/// # Errors
/// All that is wrong with the file; the record is then as before.
pub fn read_json_lines(
    record: &mut Record,
    file: &str,
    input: impl Read,
    longest_line: usize,
) -> Result<(), FileError> {
    let name: Arc<str> = Arc::from(file);
    let mark = record.mark();
    let mut faults = Faults::default();
    match record.intern_file(&name) {
        Ok(file) => {
            let mut reader = Reader::new(record, file);
            reader.read(input, longest_line);
            faults = reader.faults;
        }
        Err(full) => faults.add(None, None, full.into()),
    }
    if faults.any() {
        record.return_to(mark);
        return Err(faults.into_error(&name));
    }
    Ok(())
}

/// What is under way.
pub(super) struct Reader<'r> {
    pub(super) record: &'r mut Record,
    pub(super) entry: EntryIndex,
    /// The attributes of the thing being read.
    pub(super) set: Vec<(Symbol, Datum)>,
    /// Rows of events that are as of the entry's own date.
    pub(super) events_as_of: Vec<usize>,
    file: FileIndex,
    line: u64,
    faults: Faults,
    /// The latest source as written, and the latest context: nearly always the next one's too.
    latest_source: Option<(String, SourceIndex)>,
    latest_context: Option<(Context, ContextIndex)>,
    /// For lines of the usual form; `None` in tests of the way that all lines can go.
    plain: Option<Plain>,
}

/// The head of an entry as far as it is read.
#[derive(Default)]
struct Draft {
    seen: u32,
    id: Option<Symbol>,
    kind: Option<Kind>,
    author: Option<Symbol>,
    party: Option<Symbol>,
    as_of: Option<When>,
    made: Option<When>,
    agreement: Option<Symbol>,
    provision: Option<Symbol>,
    evidence: Option<Evidence>,
    corrects: Option<Symbol>,
    source: Option<SourceIndex>,
    note: Option<String>,
}

impl<'r> Reader<'r> {
    fn new(record: &'r mut Record, file: FileIndex) -> Reader<'r> {
        Reader {
            record,
            entry: EntryIndex(0),
            set: Vec::new(),
            events_as_of: Vec::new(),
            file,
            line: 0,
            faults: Faults::default(),
            latest_source: None,
            latest_context: None,
            plain: Some(Plain::default()),
        }
    }

    pub(super) fn fault(&mut self, column: impl Into<String>, problem: Problem) {
        self.faults
            .add(Some(self.line), Some(column.into()), problem);
    }

    fn whole_line(&mut self, problem: Problem) {
        self.faults.add(Some(self.line), None, problem);
    }

    fn read(&mut self, input: impl Read, longest_line: usize) {
        let before = self.record.len();
        let mut lines = Lines::new(input, longest_line);
        match lines.peek().map(encoding) {
            Ok(Ok(mark)) => lines.skip(mark),
            Ok(Err(problem)) => {
                self.faults.add(None, None, Problem::Encoding(problem));
                return;
            }
            Err(error) => {
                self.faults.add(None, None, Problem::Io(error.to_string()));
                return;
            }
        }
        loop {
            match lines.next() {
                Ok(None) => break,
                Ok(Some((number, line))) => {
                    self.line = number;
                    match line {
                        Line::Text(bytes) => self.read_line(bytes),
                        Line::TooLong => self.whole_line(Problem::LineTooLong {
                            limit: longest_line,
                        }),
                    }
                }
                Err(error) => {
                    self.whole_line(Problem::Io(error.to_string()));
                    return;
                }
            }
        }
        if self.record.len() == before && !self.faults.any() {
            self.faults.add(None, None, Problem::Empty);
        }
    }

    fn read_line(&mut self, bytes: &[u8]) {
        let line = match utf8(bytes) {
            Ok(line) => line,
            Err(problem) => return self.whole_line(problem),
        };
        if line.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return;
        }
        let Ok(entry) = u32::try_from(self.record.len()) else {
            return self.whole_line(crate::store::Full.into());
        };
        if let Some(plain) = &mut self.plain
            && let Some(read) = plain.read(self.record, self.file, self.line, line)
        {
            if let Err(error) = read {
                self.whole_line(error.into());
            }
            return;
        }
        self.entry = EntryIndex(entry);
        self.events_as_of.clear();
        let mark = self.record.mark();
        let mut draft = Draft::default();
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let read = Whole {
            reader: self,
            draft: &mut draft,
        }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
        if let Err(error) = read {
            let problem = match error.classify() {
                serde_json::error::Category::Eof => Problem::Truncated("an entry"),
                _ if memchr::memchr(0, bytes).is_some() => Problem::Nul,
                serde_json::error::Category::Data => Problem::Shape(describe(&error)),
                _ => Problem::Json(describe(&error)),
            };
            let column = match error.column() {
                0 => None,
                column => Some(format!("column {column}")),
            };
            self.faults.add(Some(self.line), column, problem);
            self.record.return_to(mark);
            return;
        }
        if let Some(head) = self.head(draft) {
            let note = head.1;
            match self.record.push_head(head.0) {
                Ok(entry) => {
                    if let Some(note) = note {
                        self.record.push_note(entry, &note);
                    }
                    if let Err(error) = self.record.refuse_repeated(mark) {
                        self.whole_line(error.into());
                    }
                    return;
                }
                Err(error) => self.fault("id", error.into()),
            }
        }
        self.record.return_to(mark);
    }

    /// The head, if nothing is missing.
    fn head(&mut self, draft: Draft) -> Option<(HeadRow, Option<String>)> {
        for (name, missing) in [
            ("kind", draft.kind.is_none()),
            ("author", draft.author.is_none()),
            ("as_of", draft.as_of.is_none()),
        ] {
            if missing && !draft.saw(name) {
                self.whole_line(Problem::MissingField(name));
            }
        }
        let (kind, author, as_of) = (draft.kind?, draft.author?, draft.as_of?);
        let wanted = match kind {
            Kind::Act if !draft.saw("act") => Some("act"),
            Kind::Concern if !draft.saw("concern") => Some("concern"),
            _ => None,
        };
        if let Some(wanted) = wanted {
            self.whole_line(Problem::MissingField(wanted));
        }
        for row in std::mem::take(&mut self.events_as_of) {
            if let Some(event) = self.record.tables_mut().events.get_mut(row) {
                event.at = as_of;
            }
        }
        let context = Context {
            kind,
            evidence: draft.evidence.unwrap_or_else(|| kind.usual_evidence()),
            author,
            party: draft.party.unwrap_or(author),
            agreement: draft.agreement,
            provision: draft.provision,
            source: draft.source,
            file: self.file,
        };
        let context = match self.context(context) {
            Ok(context) => context,
            Err(problem) => {
                self.whole_line(problem);
                return None;
            }
        };
        if draft.id.is_some() && draft.corrects == draft.id {
            self.fault("corrects", crate::PushError::CorrectsItself.into());
        }
        let Ok(line) = u32::try_from(self.line) else {
            self.whole_line(crate::PushError::LineTooLarge { line: self.line }.into());
            return None;
        };
        let head = HeadRow {
            id: draft.id,
            as_of,
            made: draft.made.map(time::made),
            context,
            line,
            corrects: draft.corrects,
        };
        Some((head, draft.note))
    }

    fn context(&mut self, context: Context) -> Result<ContextIndex, Problem> {
        if let Some((latest, index)) = &self.latest_context
            && *latest == context
        {
            return Ok(*index);
        }
        let index = self.record.intern_context(context)?;
        self.latest_context = Some((context, index));
        Ok(index)
    }

    /// The set of attributes that was read.
    pub(super) fn finish_set(&mut self) -> Result<AttributeSet, Problem> {
        if let Some(twice) = sort_set(self.record, &mut self.set) {
            return Err(self.record.repeated_attribute(twice).into());
        }
        Ok(self.record.intern_set(&self.set)?)
    }

    /// The value or values of one measure.
    pub(super) fn values_of(&mut self, measure: &str, raw: &RawValue) -> Result<(), Problem> {
        let measure_symbol = super::value::intern(self.record, measure)?;
        if raw.get().starts_with('[') {
            for raw in members(raw)? {
                self.value_of(measure, measure_symbol, raw)?;
            }
            return Ok(());
        }
        self.value_of(measure, measure_symbol, raw)
    }

    fn value_of(&mut self, name: &str, measure: Symbol, raw: &RawValue) -> Result<(), Problem> {
        let (value, over) = match whole(raw.get().as_bytes()) {
            Some(whole) if whole >= 0 => (Amount::Whole(whole), None),
            _ => {
                let stated = stated(raw, true)?;
                if let Some((from, until)) = stated.over
                    && until <= from
                {
                    return Err(Problem::Push(crate::PushError::EmptyPeriod {
                        what: format!("the value of \"{name}\""),
                        from,
                        until,
                    }));
                }
                let what = || format!("the value of \"{name}\"");
                let value = keep_amount(self.record, stated.value, stated.unit, what)?;
                (value, stated.over)
            }
        };
        let entry = self.entry;
        self.record.tables_mut().values.push(ValueRow {
            entry,
            measure,
            value,
            over,
        });
        Ok(())
    }

    fn source(&mut self, raw: &RawValue) -> Result<SourceIndex, Problem> {
        if let Some((latest, index)) = &self.latest_source
            && latest == raw.get()
        {
            return Ok(*index);
        }
        let source = match raw.get().bytes().next() {
            Some(b'"') => Source {
                document: text(raw)?.into_owned(),
                page: None,
                url: None,
            },
            Some(b'{') => {
                let [document, page, url] =
                    check_fields(fields(raw)?, ["document", "page", "url"])?;
                let words = |raw: Option<&RawValue>| {
                    let text = raw.map(text).transpose()?;
                    Ok::<_, Problem>(text.map(std::borrow::Cow::into_owned))
                };
                Source {
                    document: words(document)?.unwrap_or_default(),
                    page: words(page)?,
                    url: words(url)?,
                }
            }
            _ => {
                return Err(expected(
                    "a text or {\"document\": …, \"page\": …, \"url\": …}",
                    raw,
                ));
            }
        };
        let index = self.record.intern_source(&Arc::new(source))?;
        self.latest_source = Some((raw.get().to_owned(), index));
        Ok(index)
    }

    /// One or several acts: a word, an object, or a list of them.
    fn acts(&mut self, raw: &RawValue) -> Result<(), Problem> {
        if raw.get().starts_with('[') {
            for raw in members(raw)? {
                self.act(raw)?;
            }
            return Ok(());
        }
        self.act(raw)
    }

    fn act(&mut self, raw: &RawValue) -> Result<(), Problem> {
        let [act, until, sets, answers] = match raw.get().bytes().next() {
            Some(b'"') => [Some(raw), None, None, None],
            Some(b'{') => check_fields(fields(raw)?, ["act", "until", "sets", "answers"])?,
            _ => {
                return Err(expected(
                    "an act such as \"extension\", or {\"act\": \"extension\", \"until\": …}",
                    raw,
                ));
            }
        };
        let act = act.ok_or(Problem::MissingField("act"))?;
        let act = Act::from_text(&text(act)?)?;
        let until = optional_date(until)?;
        let record = &mut *self.record;
        let row = ActRow {
            entry: self.entry,
            act: record.act_kind(&act)?,
            until,
            sets: sets.map(|raw| name(record, raw)).transpose()?,
            answers: answers.map(|raw| name(record, raw)).transpose()?,
        };
        record.tables_mut().acts.push(row);
        Ok(())
    }

    /// One or several concerns: a text, an object, or a list of them.
    fn concerns(&mut self, raw: &RawValue) -> Result<(), Problem> {
        if raw.get().starts_with('[') {
            for raw in members(raw)? {
                self.concern(raw)?;
            }
            return Ok(());
        }
        self.concern(raw)
    }

    fn concern(&mut self, raw: &RawValue) -> Result<(), Problem> {
        let [words, replies] = match raw.get().bytes().next() {
            Some(b'"') => [Some(raw), None],
            Some(b'{') => check_fields(fields(raw)?, ["text", "replies"])?,
            _ => return Err(expected("a text or {\"text\": …, \"replies\": …}", raw)),
        };
        let words = text(words.ok_or(Problem::MissingField("text"))?)?;
        let replies = replies.map(|raw| name(self.record, raw)).transpose()?;
        let row = ConcernRow {
            entry: self.entry,
            text: words.into(),
            replies,
        };
        self.record.tables_mut().concerns.push(row);
        Ok(())
    }

    /// A field of the head.
    fn field(&mut self, draft: &mut Draft, key: &str, raw: &RawValue) -> Result<(), Problem> {
        let record = &mut *self.record;
        match key {
            "id" => draft.id = Some(name(record, raw)?),
            "kind" => draft.kind = Some(words::kind(&text(raw)?)?),
            "author" => draft.author = Some(name(record, raw)?),
            "party" => draft.party = Some(name(record, raw)?),
            "as_of" => draft.as_of = Some(when_of(raw)?),
            "made" if raw.get() == "null" => {}
            "made" => draft.made = Some(when_of(raw)?),
            "agreement" => draft.agreement = Some(name(record, raw)?),
            "provision" => draft.provision = Some(name(record, raw)?),
            "evidence" => draft.evidence = Some(words::evidence(&text(raw)?)?),
            "corrects" => draft.corrects = Some(name(record, raw)?),
            "source" => draft.source = Some(self.source(raw)?),
            "note" => draft.note = Some(text(raw)?.into_owned()),
            "act" => self.acts(raw)?,
            "concern" => self.concerns(raw)?,
            _ => {
                return Err(Problem::UnknownField {
                    field: shown(key),
                    nearest: nearest(key, FIELDS),
                });
            }
        }
        Ok(())
    }
}

impl Draft {
    /// The bit of a field; the last one for names that are none.
    fn bit(key: &str) -> u32 {
        let place = match key {
            "id" => 0,
            "kind" => 1,
            "author" => 2,
            "party" => 3,
            "as_of" => 4,
            "made" => 5,
            "agreement" => 6,
            "provision" => 7,
            "evidence" => 8,
            "corrects" => 9,
            "source" => 10,
            "note" => 11,
            "values" => 12,
            "items" => 13,
            "lots" => 14,
            "complete" => 15,
            "events" => 16,
            "act" => 17,
            "concern" => 18,
            _ => 31,
        };
        1 << place
    }

    fn saw(&self, key: &str) -> bool {
        self.seen & Draft::bit(key) != 0
    }

    /// Whether the field is there for the first time.
    fn see(&mut self, key: &str) -> bool {
        let bit = Draft::bit(key);
        let new = self.seen & bit == 0 || bit == 1 << 31;
        self.seen |= bit;
        new
    }
}

/// Reads a whole entry.
struct Whole<'a, 'r> {
    reader: &'a mut Reader<'r>,
    draft: &'a mut Draft,
}

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an entry in braces")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Whole { reader, draft } = self;
        while let Some(key) = map.next_key_seed(Key)? {
            if !draft.see(&key) {
                reader.fault(shown(&key), Problem::RepeatedField(shown(&key)));
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let section = match &*key {
                "values" => {
                    map.next_value_seed(Values(&mut *reader))?;
                    continue;
                }
                "items" => Section::Items,
                "lots" => Section::Lots,
                "complete" => Section::Complete,
                "events" => Section::Events,
                _ => {
                    let raw: &RawValue = map.next_value()?;
                    if let Err(problem) = reader.field(draft, &key, raw) {
                        reader.fault(shown(&key), problem);
                    }
                    continue;
                }
            };
            map.next_value_seed(Things {
                reader: &mut *reader,
                section,
            })?;
        }
        Ok(())
    }
}

/// Reads a list of things.
struct Things<'a, 'r> {
    reader: &'a mut Reader<'r>,
    section: Section,
}

impl<'de> DeserializeSeed<'de> for Things<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Things<'_, '_> {
    type Value = ();
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list in brackets")
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut place = 0;
        loop {
            let thing = Thing {
                reader: &mut *self.reader,
                section: self.section,
                place,
            };
            if list.next_element_seed(thing)?.is_none() {
                return Ok(());
            }
            place += 1;
        }
    }
}

/// The library's message without its own "line 1".
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message.get(..end).unwrap_or(&message).to_owned(),
        None => message,
    }
}

/// What comes of a text when lines of the usual form are read plainly, and when all go the way that all can go.
#[cfg(test)]
pub(super) fn read_both_ways(text: &[u8]) -> (Result<String, String>, Result<String, String>) {
    let [plain, careful] = [Some(Plain::default()), None].map(|plain| {
        let mut record = Record::new();
        let file = record
            .intern_file(&Arc::from("t.jsonl"))
            .map_err(|full| full.to_string())?;
        let mut reader = Reader::new(&mut record, file);
        reader.plain = plain;
        reader.read(text, 1 << 20);
        if reader.faults.any() {
            return Err(reader.faults.into_error(&Arc::from("t.jsonl")).to_string());
        }
        let entries: Vec<crate::Entry> = record.entries().collect();
        Ok(format!("{entries:#?}"))
    });
    (plain, careful)
}
