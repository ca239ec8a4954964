//! Name resolution: from the tree as written to the typed agreement.
//!
//! The order of work: parties and groups; classes, zones and dates by name; what they mean; then measures
//! and provisions in the order of their dependencies; then readings, each as what it replaces. Every
//! mistake found on the way is reported; an agreement comes out only where none is an error.

mod alternatives;
mod citation;
mod classes;
mod collect;
mod dates;
mod duty;
mod expression;
mod filter;
mod graph;
mod life;
mod plural;
mod provision;
mod reading;
mod report;
mod selector;
mod vocabulary;
mod walk;

use crate::check;
use crate::diagnostic::Diagnostic;
use crate::model::{ActorIndex, Class};
use crate::model::{
    Agreement, BracketIndex, ClassIndex, DateIndex, GroupIndex, InForce, Life, MeasureIndex,
    ProvisionIndex, Term, YearStart, ZoneIndex,
};
use crate::syntax::ast::{self, Span, Words};
use detente_quantity::{Name, Unit};

use std::collections::{HashMap, HashSet};
use vocabulary::Vocabulary;

pub(crate) use filter::attribute_of;
pub(crate) use plural::{article, plural};
pub(crate) use report::{Report, listed};
pub(crate) use selector::value_word;
pub(crate) use walk::{in_expression, in_provision};

/// Resolves and checks the tree of a file. The agreement is absent if any finding is an error; `source`
/// is the file's text, from which brackets are quoted.
pub fn resolve(file: &ast::File, source: &str) -> (Option<Agreement>, Vec<Diagnostic>) {
    let mut resolver = Resolver::new(source);
    resolver.run(file);
    // What was understood is checked even where something else was not: one run tells all.
    check::check(&resolver.model, &resolver.checking, &mut resolver.report);
    let sound = !resolver.incomplete && !resolver.report.has_errors();
    let Resolver { report, model, .. } = resolver;
    (sound.then_some(model), report.finish())
}

/// A party, body or group by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Actor(ActorIndex),
    Group(GroupIndex),
}

/// Places that the typed agreement does not keep and that messages of the checks point at.
#[derive(Default)]
pub(crate) struct Checking {
    /// Span of each row of each provision's clauses, by the span start of the clause.
    pub(crate) rows: HashMap<usize, Vec<Span>>,
    /// Spans of the exceptions of each provision, by the span start of the provision.
    pub(crate) exceptions: HashMap<usize, Vec<Span>>,
    /// Spans of the names of zones and dates.
    pub(crate) zones: Vec<Span>,
    /// See `zones`.
    pub(crate) dates: Vec<Span>,
    /// Which were used.
    pub(crate) used_zones: HashSet<ZoneIndex>,
    /// See `used_zones`.
    pub(crate) used_dates: HashSet<DateIndex>,
    /// Where the agreement says when it was signed.
    pub(crate) signed: Span,
    /// Where it says how it enters into force.
    pub(crate) in_force: Span,
    /// Where it says on which date it ends.
    pub(crate) end: Span,
}

pub(crate) struct Resolver<'a> {
    source: &'a str,
    pub(crate) report: Report,
    pub(crate) model: Agreement,
    pub(crate) checking: Checking,
    who: HashMap<String, (Who, Span)>,
    classes: HashMap<String, ClassIndex>,
    /// Most words in a class name.
    longest_class: usize,
    item_words: Vec<Vocabulary>,
    event_words: Vec<Vocabulary>,
    zones: HashMap<String, ZoneIndex>,
    places: HashSet<Name>,
    dates: HashMap<String, DateIndex>,
    measures: HashMap<String, MeasureIndex>,
    /// The unit of each measure; `None` where its definition is faulty and was reported.
    measure_units: Vec<Option<Unit>>,
    /// Provisions of the text by their labels, with their headings.
    labels: HashMap<String, Vec<(ProvisionIndex, Vec<String>)>>,
    /// Provisions by identity.
    identities: HashMap<String, ProvisionIndex>,
    /// The unit of the first clause of each provision.
    provision_units: Vec<Option<Unit>>,
    /// The statement word of each provision of the text.
    rule_words: Vec<&'static str>,
    brackets: HashMap<usize, BracketIndex>,
    /// Cases made by `for each` so far.
    cases: usize,
    /// Something is missing from the model; a finding of the parser or of this stage says why.
    incomplete: bool,
}

impl<'a> Resolver<'a> {
    fn new(source: &'a str) -> Resolver<'a> {
        Resolver {
            source,
            report: Report::default(),
            model: Agreement {
                title: String::new(),
                actors: Vec::new(),
                groups: Vec::new(),
                life: Life {
                    signed: None,
                    in_force: InForce::ByAct,
                    term: Term::Unlimited,
                    extension: None,
                    withdrawal: None,
                    accession: false,
                    provisional: None,
                    year: YearStart::EntryIntoForce,
                },
                items: Vec::new(),
                events: Vec::new(),
                zones: Vec::new(),
                dates: Vec::new(),
                measures: Vec::new(),
                provisions: Vec::new(),
                readings: Vec::new(),
                brackets: Vec::new(),
            },
            checking: Checking::default(),
            who: HashMap::new(),
            classes: HashMap::new(),
            longest_class: 0,
            item_words: Vec::new(),
            event_words: Vec::new(),
            zones: HashMap::new(),
            places: HashSet::new(),
            dates: HashMap::new(),
            measures: HashMap::new(),
            measure_units: Vec::new(),
            labels: HashMap::new(),
            identities: HashMap::new(),
            provision_units: Vec::new(),
            rule_words: Vec::new(),
            brackets: HashMap::new(),
            cases: 0,
            incomplete: false,
        }
    }

    fn run(&mut self, file: &ast::File) {
        let collected = collect::collect(file);
        self.parties(&collected);
        self.declare(&collected);
        self.zones(&collected);
        self.named_dates(&collected);
        self.life(&collected);
        self.adjectives(&collected);
        self.schedules(&collected);
        self.measures_and_provisions(&collected);
        self.readings(&collected);
    }

    /// The words as a name, or a finding.
    fn name(&mut self, words: &Words) -> Option<Name> {
        if words.value.trim().is_empty() {
            // The parser said so.
            return None;
        }
        match Name::new(&words.value) {
            Ok(name) => Some(name),
            Err(error) => {
                self.report.push(Diagnostic::error(
                    "E0413",
                    words.span.clone(),
                    error.to_string(),
                ));
                None
            }
        }
    }

    /// A class by its index.
    fn class(&self, index: ClassIndex) -> Option<&Class> {
        match index {
            ClassIndex::Item(item) => self.model.items.get(item.index()),
            ClassIndex::Event(event) => self.model.events.get(event.index()),
        }
    }

    fn vocabulary(&self, index: ClassIndex) -> Option<&Vocabulary> {
        match index {
            ClassIndex::Item(item) => self.item_words.get(item.index()),
            ClassIndex::Event(event) => self.event_words.get(event.index()),
        }
    }

    /// A party, body or group by name, or a finding.
    fn who(&mut self, words: &Words) -> Option<Who> {
        if let Some((who, _)) = self.who.get(&words.value) {
            return Some(*who);
        }
        let written = words.value.clone();
        let full = self
            .model
            .actors
            .iter()
            .find(|actor| actor.full.as_deref() == Some(written.as_str()))
            .map(|actor| actor.name.to_string());
        let message = format!("`{written}` is not a party, body or group of this agreement");
        let diagnostic = match full {
            Some(short) => Diagnostic::error("E0420", words.span.clone(), message)
                .help(format!("rules use the short name `{short}`"))
                .replace(words.span.clone(), short),
            None => {
                let known: Vec<&str> = self
                    .who
                    .keys()
                    .take(self.report.worth_listing())
                    .map(String::as_str)
                    .collect();
                let diagnostic = self.report.unknown(
                    "E0420",
                    &words.span,
                    message,
                    &written,
                    known.iter().copied(),
                );
                if diagnostic.help.is_empty() {
                    let mut known: Vec<String> = self
                        .model
                        .actors
                        .iter()
                        .map(|a| a.name.to_string())
                        .collect();
                    known.extend(self.model.groups.iter().map(|g| g.name.to_string()));
                    diagnostic.help(if known.is_empty() {
                        "name it in a line `parties …` of the agreement statement".to_owned()
                    } else {
                        format!(
                            "the agreement names {}; add it to the line `parties` if it is one",
                            report::listed_short(&known, "and")
                        )
                    })
                } else {
                    diagnostic
                }
            }
        };
        self.report.push(diagnostic);
        None
    }

    fn party_list(&self) -> Vec<ActorIndex> {
        self.model.parties().collect()
    }
}
