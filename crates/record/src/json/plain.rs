//! Lines of the usual form, read without detours.
//!
//! Most lines of large records have a head of plain texts, and state values, items or events with attributes that
//! are words, dates or small whole numbers. Such a line is read in one pass, and whole before anything of it is
//! written. All else (escapes, ranges, units, acts, anything faulty) is left to [`Reader`], which reads the line
//! anew; a test holds the two against each other.

use detente_quantity::{Date, When};

#[cfg(doc)]
use super::read::Reader;
use super::things::sort_set;
use super::value::{datum_of_text, intern};
use crate::entry::{Evidence, Kind, Source};
use crate::read::memo::Memo;
use crate::read::{time, words};
use crate::store::{
    Amount, AttributeSet, Context, ContextIndex, Datum, EntryIndex, EventRow, FileIndex, HeadRow,
    ItemRow, PushError, Record, SourceIndex, Symbol, ValueRow,
};

/// What is kept from line to line.
#[derive(Default)]
pub(super) struct Plain {
    kind: Option<(String, Kind)>,
    parties: Memo<Symbol>,
    names: Memo<Symbol>,
    whens: Memo<When>,
    data: Memo<Datum>,
    source: Option<(String, SourceIndex)>,
    context: Option<(Context, ContextIndex)>,
    /// The attributes of the thing being read.
    set: Vec<(Symbol, Datum)>,
    /// Names of attributes that are known to be in order.
    in_order: Vec<Symbol>,
    values: Vec<ValueRow>,
    items: Vec<ItemRow>,
    /// Events, and whether they have a time of their own.
    events: Vec<(EventRow, bool)>,
}

/// The head of an entry as far as it is read.
#[derive(Default)]
struct Draft {
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
    stated: [bool; 3],
}

/// Sets a field that must not be set already.
fn once<T>(field: &mut Option<T>, value: T) -> Option<()> {
    match field.replace(value) {
        None => Some(()),
        Some(_) => None,
    }
}

impl Plain {
    /// Reads and writes an entry. `None`: nothing was written, and the line is to be read with more care.
    pub(super) fn read(
        &mut self,
        record: &mut Record,
        file: FileIndex,
        line: u64,
        text: &str,
    ) -> Option<Result<(), PushError>> {
        let line = u32::try_from(line).ok()?;
        let entry = record.next_entry().ok()?;
        self.values.clear();
        self.items.clear();
        self.events.clear();
        let mut draft = Draft::default();
        let mut tokens = Tokens { text, at: 0 };
        tokens.take(b'{')?;
        loop {
            let key = tokens.key()?;
            self.field(record, entry, &mut draft, key, &mut tokens)?;
            if !tokens.more(b'}')? {
                break;
            }
        }
        tokens.end()?;

        let (kind, author, as_of) = (draft.kind?, draft.author?, draft.as_of?);
        if matches!(kind, Kind::Act | Kind::Concern)
            || (draft.id.is_some() && draft.id == draft.corrects)
        {
            return None;
        }
        let context = Context {
            kind,
            evidence: draft.evidence.unwrap_or_else(|| kind.usual_evidence()),
            author,
            party: draft.party.unwrap_or(author),
            agreement: draft.agreement,
            provision: draft.provision,
            source: draft.source,
            file,
        };
        let context = match &self.context {
            Some((latest, index)) if *latest == context => *index,
            _ => {
                let index = record.intern_context(context).ok()?;
                self.context = Some((context, index));
                index
            }
        };
        let several = self.values.len() > 1 || self.items.len() > 1 || self.events.len() > 1;
        let mark = several.then(|| record.mark());
        let head = HeadRow {
            id: draft.id,
            as_of,
            made: draft.made.map(time::made),
            context,
            line,
            corrects: draft.corrects,
        };
        record.push_head(head).ok()?;
        let tables = record.tables_mut();
        tables.values.extend_from_slice(&self.values);
        tables.items.extend_from_slice(&self.items);
        for (mut event, has_time) in self.events.drain(..) {
            if !has_time {
                event.at = as_of;
            }
            record.push_event(event);
        }
        Some(match mark {
            Some(mark) => record.refuse_repeated(mark),
            None => Ok(()),
        })
    }

    fn field(
        &mut self,
        record: &mut Record,
        entry: EntryIndex,
        draft: &mut Draft,
        key: &str,
        tokens: &mut Tokens<'_>,
    ) -> Option<()> {
        match key {
            "values" | "items" | "events" => {
                let place = usize::from(key == "items") + 2 * usize::from(key == "events");
                let stated = draft.stated.get_mut(place)?;
                if std::mem::replace(stated, true) {
                    return None;
                }
                return match key {
                    "values" => self.measures(record, entry, tokens),
                    "items" => tokens.list(|tokens| self.item(record, entry, tokens)),
                    _ => tokens.list(|tokens| self.event(record, entry, tokens)),
                };
            }
            _ => {}
        }
        let text = tokens.text()?;
        match key {
            "id" => once(&mut draft.id, intern(record, text).ok()?),
            "kind" => once(&mut draft.kind, self.kind(text)?),
            "author" => once(
                &mut draft.author,
                remembered(&mut self.parties, record, text)?,
            ),
            "party" => once(
                &mut draft.party,
                remembered(&mut self.parties, record, text)?,
            ),
            "as_of" => once(&mut draft.as_of, self.when(text)?),
            "made" => once(&mut draft.made, self.when(text)?),
            "agreement" => once(
                &mut draft.agreement,
                remembered(&mut self.parties, record, text)?,
            ),
            "provision" => once(
                &mut draft.provision,
                remembered(&mut self.parties, record, text)?,
            ),
            "evidence" => once(&mut draft.evidence, words::evidence(text).ok()?),
            "corrects" => once(&mut draft.corrects, intern(record, text).ok()?),
            "source" => once(&mut draft.source, self.source(record, text)?),
            _ => None,
        }
    }

    fn kind(&mut self, text: &str) -> Option<Kind> {
        match &self.kind {
            Some((known, kind)) if known == text => Some(*kind),
            _ => {
                let kind = words::kind(text).ok()?;
                self.kind = Some((text.to_owned(), kind));
                Some(kind)
            }
        }
    }

    fn when(&mut self, text: &str) -> Option<When> {
        match self.whens.find(text.as_bytes()) {
            Ok(when) => Some(when),
            Err(key) => {
                let when = time::when(text).ok()?;
                if let Some(key) = key {
                    self.whens.remember(key, when);
                }
                Some(when)
            }
        }
    }

    /// The title of a document.
    fn source(&mut self, record: &mut Record, text: &str) -> Option<SourceIndex> {
        match &self.source {
            Some((known, index)) if known == text => Some(*index),
            _ => {
                let source = Source {
                    document: text.to_owned(),
                    page: None,
                    url: None,
                };
                let index = record.intern_source(&source.into()).ok()?;
                self.source = Some((text.to_owned(), index));
                Some(index)
            }
        }
    }

    fn measures(
        &mut self,
        record: &mut Record,
        entry: EntryIndex,
        tokens: &mut Tokens<'_>,
    ) -> Option<()> {
        tokens.take(b'{')?;
        loop {
            let key = tokens.key()?;
            let measure = remembered(&mut self.names, record, key)?;
            self.values.push(ValueRow {
                entry,
                measure,
                value: Amount::Whole(tokens.whole()?),
                over: None,
            });
            if !tokens.more(b'}')? {
                return Some(());
            }
        }
    }

    fn item(
        &mut self,
        record: &mut Record,
        entry: EntryIndex,
        tokens: &mut Tokens<'_>,
    ) -> Option<()> {
        let (mut class, mut item, mut gone) = (None, None, None);
        self.set.clear();
        tokens.take(b'{')?;
        loop {
            match tokens.key()? {
                "class" => once(
                    &mut class,
                    remembered(&mut self.names, record, tokens.text()?)?,
                )?,
                "id" => once(&mut item, intern(record, tokens.text()?).ok()?)?,
                "gone" => once(&mut gone, tokens.truth()?)?,
                "attributes" => return None,
                key => self.attribute(record, key, tokens)?,
            }
            if !tokens.more(b'}')? {
                break;
            }
        }
        let attributes = self.finish_set(record)?;
        self.items.push(ItemRow {
            entry,
            class: class?,
            item: item?,
            attributes,
            gone: gone.unwrap_or(false),
        });
        Some(())
    }

    fn event(
        &mut self,
        record: &mut Record,
        entry: EntryIndex,
        tokens: &mut Tokens<'_>,
    ) -> Option<()> {
        let (mut class, mut event, mut at, mut toward) = (None, None, None, None);
        self.set.clear();
        tokens.take(b'{')?;
        loop {
            match tokens.key()? {
                "class" => once(
                    &mut class,
                    remembered(&mut self.names, record, tokens.text()?)?,
                )?,
                "id" => once(&mut event, intern(record, tokens.text()?).ok()?)?,
                "at" => once(&mut at, self.when(tokens.text()?)?)?,
                "toward" => once(
                    &mut toward,
                    remembered(&mut self.parties, record, tokens.text()?)?,
                )?,
                "attributes" => return None,
                key => self.attribute(record, key, tokens)?,
            }
            if !tokens.more(b'}')? {
                break;
            }
        }
        let attributes = self.finish_set(record)?;
        let row = EventRow {
            entry,
            class: class?,
            event,
            toward,
            attributes,
            at: at.unwrap_or(When::Day(Date::MIN)),
        };
        self.events.push((row, at.is_some()));
        Some(())
    }

    fn attribute(&mut self, record: &mut Record, key: &str, tokens: &mut Tokens<'_>) -> Option<()> {
        let name = remembered(&mut self.names, record, key)?;
        let datum = match tokens.next()? {
            b'"' => {
                let text = tokens.text()?;
                match self.data.find(text.as_bytes()) {
                    Ok(datum) => datum,
                    Err(place) => {
                        let datum = datum_of_text(record, key, text).ok()?;
                        if let Some(place) = place {
                            self.data.remember(place, datum);
                        }
                        datum
                    }
                }
            }
            b'0'..=b'9' => Datum::Amount(Amount::Whole(tokens.whole()?)),
            _ => {
                let word = if tokens.truth()? { "yes" } else { "no" };
                Datum::Word(remembered(&mut self.names, record, word)?)
            }
        };
        self.set.push((name, datum));
        Some(())
    }

    fn finish_set(&mut self, record: &mut Record) -> Option<AttributeSet> {
        let names = self.set.iter().map(|(name, _)| name);
        if !names.eq(self.in_order.iter()) {
            if sort_set(record, &mut self.set).is_some() {
                return None;
            }
            self.in_order.clear();
            self.in_order.extend(self.set.iter().map(|(name, _)| name));
        }
        record.intern_set(&self.set).ok()
    }
}

/// The symbol of a name that is likely to come again.
fn remembered(memo: &mut Memo<Symbol>, record: &mut Record, text: &str) -> Option<Symbol> {
    match memo.find(text.as_bytes()) {
        Ok(symbol) => Some(symbol),
        Err(key) => {
            let symbol = intern(record, text).ok()?;
            if let Some(key) = key {
                memo.remember(key, symbol);
            }
            Some(symbol)
        }
    }
}

/// The tokens of a line; a part of JSON. All steps answer `None` where something else comes.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The next byte that is not space, not yet taken.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    fn take(&mut self, mark: u8) -> Option<()> {
        if self.next()? != mark {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Whether a comma comes, or the end of what is under way.
    fn more(&mut self, end: u8) -> Option<bool> {
        let next = self.next()?;
        self.at += 1;
        match next {
            b',' => Some(true),
            next if next == end => Some(false),
            _ => None,
        }
    }

    /// Nothing but space.
    fn end(&mut self) -> Option<()> {
        match self.next() {
            None => Some(()),
            Some(_) => None,
        }
    }

    /// A text without escapes.
    fn text(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest
            .iter()
            .position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
        if *rest.get(length)? != b'"' {
            return None;
        }
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length + 1;
        Some(text)
    }

    /// The name of a field, with its colon.
    fn key(&mut self) -> Option<&'a str> {
        let key = self.text()?;
        self.take(b':')?;
        Some(key)
    }

    /// A whole number of up to nine digits.
    fn whole(&mut self) -> Option<i32> {
        self.next()?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = rest.get(..length)?;
        // A point or an exponent may follow; zeros do not lead.
        let ends = matches!(rest.get(length)?, b',' | b'}' | b']' | b' ');
        if !ends || (length > 1 && digits.first() == Some(&b'0')) {
            return None;
        }
        self.at += length;
        crate::read::amount::whole(digits)
    }

    fn truth(&mut self) -> Option<bool> {
        self.next()?;
        let rest = self.text.get(self.at..)?;
        let truth = rest.starts_with("true");
        if !truth && !rest.starts_with("false") {
            return None;
        }
        self.at += if truth { 4 } else { 5 };
        Some(truth)
    }

    /// A list that is not empty.
    fn list(&mut self, mut member: impl FnMut(&mut Tokens<'a>) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        loop {
            member(self)?;
            if !self.more(b']')? {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
