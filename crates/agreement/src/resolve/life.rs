//! The `agreement` statement: parties, groups, and how the agreement lives.

use super::collect::Collected;
use super::{Resolver, Who};
use crate::diagnostic::Diagnostic;
use crate::model::{
    self, Actor, ActorIndex, Extension, Group, GroupIndex, InForce, Life, Term, YearStart,
};
use crate::syntax::ast::{self, AgreementLine, Quorum, Spanned};
use detente_quantity::Duration;
use std::collections::{HashMap, HashSet};

/// Words that mean something else where a party could stand.
const NOT_PARTIES: [&str; 12] = [
    "it",
    "one",
    "the other",
    "none",
    "each party",
    "each group",
    "any party",
    "all parties",
    "a party",
    "another party",
    "all parties together",
    "each pair of parties",
];

impl Resolver<'_> {
    /// Parties, bodies and groups.
    pub(super) fn parties(&mut self, collected: &Collected<'_>) {
        let text: Vec<_> = collected
            .agreements
            .iter()
            .filter(|placed| placed.reading.is_none())
            .collect();
        let Some(first) = text.first() else {
            self.missing_agreement(collected);
            return;
        };
        self.model.title = first.statement.title.value.trim().to_owned();
        if self.model.title.is_empty() {
            self.report.push(
                Diagnostic::error(
                    "E0415",
                    first.statement.title.span.clone(),
                    "the agreement has no title",
                )
                .help("write one between the quotation marks; records name the agreement by it"),
            );
        }
        for second in text.iter().skip(1) {
            self.report.push(
                Diagnostic::error(
                    "E0402",
                    second.statement.title.span.clone(),
                    "a file holds one agreement, and this is a second one",
                )
                .and_at(first.statement.title.span.clone(), "the first one")
                .help("put it into a file of its own, or add its lines to the first statement"),
            );
        }
        self.lines_given_twice(first.statement);
        for (bound, kind) in [(true, "party"), (false, "body")] {
            for line in &first.statement.lines {
                match (&line.value, bound) {
                    (AgreementLine::Parties(actors), true)
                    | (AgreementLine::Bodies(actors), false) => {
                        for actor in actors {
                            self.actor(actor, bound, kind);
                        }
                    }
                    _ => {}
                }
            }
        }
        for line in &first.statement.lines {
            if let AgreementLine::Group { actor, members } = &line.value {
                self.group(actor, members);
            }
        }
        if self.model.parties().next().is_none() {
            self.report.push(
                Diagnostic::error(
                    "E0403",
                    first.statement.title.span.clone(),
                    "the agreement names no parties",
                )
                .help("add a line such as: parties US \"United States of America\", RU \"Russian Federation\""),
            );
        }
    }

    fn missing_agreement(&mut self, collected: &Collected<'_>) {
        let span = collected
            .rules
            .iter()
            .map(|rule| rule.rule.span())
            .chain(
                collected
                    .measures
                    .iter()
                    .map(|placed| placed.statement.span.clone()),
            )
            .chain(
                collected
                    .classes
                    .iter()
                    .map(|(_, placed)| placed.statement.span.clone()),
            )
            .chain(
                collected
                    .readings
                    .iter()
                    .map(|reading| reading.span.clone()),
            )
            .map(|span| span.start)
            .min()
            .unwrap_or(0);
        self.report.push(
            Diagnostic::error(
                "E0401",
                span..span,
                "the file has no agreement statement, so nobody is bound by its rules",
            )
            .help("begin with a block that holds: agreement \"Title\", and under it a line: parties A, B"),
        );
    }

    fn lines_given_twice(&mut self, agreement: &ast::Agreement) {
        let mut seen = HashMap::new();
        for line in &agreement.lines {
            let what = match &line.value {
                AgreementLine::Parties(_)
                | AgreementLine::Bodies(_)
                | AgreementLine::Group { .. } => continue,
                AgreementLine::Signed(_) => "when it was signed",
                AgreementLine::InForce { .. } => "how it enters into force",
                AgreementLine::Provisional(_) => "from when it is applied provisionally",
                AgreementLine::Extension { .. } => "how it may be extended",
                AgreementLine::Withdrawal(_) => "how a withdrawal takes effect",
                AgreementLine::Accession => "that it is open to accession",
                AgreementLine::Year(_) => "when its year begins",
            };
            if let Some(first) = seen.insert(what, line.span.clone()) {
                self.report.push(
                    Diagnostic::error(
                        "E0404",
                        line.span.clone(),
                        format!("the agreement says twice {what}"),
                    )
                    .and_at(first, "first said here")
                    .help("remove one of the two lines"),
                );
            }
        }
    }

    fn actor(&mut self, actor: &ast::Actor, party: bool, kind: &str) {
        let Some(name) = self.name(&actor.name) else {
            return;
        };
        if !self.new_who(&actor.name, kind) {
            return;
        }
        let index = ActorIndex(self.model.actors.len() as u32);
        self.who.insert(
            name.to_string(),
            (Who::Actor(index), actor.name.span.clone()),
        );
        self.model.actors.push(Actor {
            name,
            full: actor.full.as_ref().map(|full| full.value.clone()),
            party,
        });
    }

    fn new_who(&mut self, words: &ast::Words, kind: &str) -> bool {
        // `IT` is Italy, `it` is not.
        if NOT_PARTIES
            .iter()
            .any(|word| crate::syntax::words::is(&words.value, word))
        {
            self.report.push(
                Diagnostic::error(
                    "E0412",
                    words.span.clone(),
                    format!("a {kind} cannot be called `{}`: the rules use these words for something else", words.value),
                )
                .help("choose another short name"),
            );
            return false;
        }
        if let Some((_, first)) = self.who.get(&words.value) {
            let first = first.clone();
            self.report.push(
                Diagnostic::error(
                    "E0410",
                    words.span.clone(),
                    format!("`{}` is named twice", words.value),
                )
                .and_at(first, "first named here")
                .help("give each party, body and group a short name of its own"),
            );
            return false;
        }
        true
    }

    fn group(&mut self, actor: &ast::Actor, members: &[ast::Words]) {
        let fresh = self.new_who(&actor.name, "group");
        let mut indices = Vec::new();
        let mut seen: HashMap<ActorIndex, ast::Span> = HashMap::new();
        for member in members {
            match self.who.get(&member.value).map(|(who, _)| *who) {
                Some(Who::Actor(index)) if self.model.actors.get(index.index()).is_some_and(|a| a.party) => {
                    if let Some(first) = seen.insert(index, member.span.clone()) {
                        self.report.push(
                            Diagnostic::error(
                                "E0406",
                                member.span.clone(),
                                format!("`{}` is in the group `{}` twice", member.value, actor.name.value),
                            )
                            .and_at(first, "first here")
                            .help("remove one of the two"),
                        );
                    } else {
                        indices.push(index);
                    }
                }
                Some(Who::Actor(_)) => self.report.push(
                    Diagnostic::error(
                        "E0405",
                        member.span.clone(),
                        format!("`{}` is a body: it is not bound, so it cannot be in a group of parties", member.value),
                    )
                    .help("name it in the line `parties` if it is bound"),
                ),
                Some(Who::Group(_)) => self.report.push(
                    Diagnostic::error(
                        "E0405",
                        member.span.clone(),
                        format!("`{}` is a group, and a group holds parties", member.value),
                    )
                    .help("name its members one by one"),
                ),
                None => {
                    let parties: Vec<String> = self
                        .model
                        .actors
                        .iter()
                        .filter(|actor| actor.party)
                        .map(|actor| actor.name.to_string())
                        .collect();
                    let message = format!(
                        "`{}` is in the group `{}` but is not a party of this agreement",
                        member.value, actor.name.value
                    );
                    let mut diagnostic = self.report.unknown(
                        "E0405",
                        &member.span,
                        message,
                        &member.value,
                        parties.iter().map(String::as_str),
                    );
                    if diagnostic.help.is_empty() {
                        diagnostic = diagnostic.help("add it to the line `parties`");
                    }
                    self.report.push(diagnostic);
                }
            }
        }
        let Some(name) = self.name(&actor.name).filter(|_| fresh) else {
            return;
        };
        let index = GroupIndex(self.model.groups.len() as u32);
        self.who.insert(
            name.to_string(),
            (Who::Group(index), actor.name.span.clone()),
        );
        self.model.groups.push(Group {
            name,
            full: actor.full.as_ref().map(|full| full.value.clone()),
            members: indices,
        });
    }

    /// How the agreement lives. Dates by name are known by now.
    pub(super) fn life(&mut self, collected: &Collected<'_>) {
        let Some(first) = collected
            .agreements
            .iter()
            .find(|placed| placed.reading.is_none())
        else {
            return;
        };
        self.model.life.accession = first
            .statement
            .lines
            .iter()
            .any(|line| matches!(line.value, AgreementLine::Accession));
        let mut life = self.model.life.clone();
        let said = self.life_lines(first.statement, &mut life);
        if !said.contains("in force") && self.model.parties().next().is_some() {
            self.report.push(
                Diagnostic::warning(
                    "W0403",
                    first.statement.title.span.clone(),
                    "the agreement does not say how it enters into force; it binds nobody until an act of entry into force is on the record",
                )
                .help("add a line such as `in force 2011-02-05 for 10 years`, `in force when all parties have ratified` or `in force by an act`"),
            );
        }
        self.model.life = life;
    }

    /// Reads the lines of an agreement statement into a life; returns what was said.
    pub(super) fn life_lines(
        &mut self,
        agreement: &ast::Agreement,
        life: &mut Life,
    ) -> HashSet<&'static str> {
        let mut said = HashSet::new();
        let mut extension: Option<&Spanned<AgreementLine>> = None;
        for line in &agreement.lines {
            match &line.value {
                AgreementLine::Parties(_)
                | AgreementLine::Bodies(_)
                | AgreementLine::Group { .. } => {}
                AgreementLine::Signed(date) => {
                    self.checking.signed = date.span.clone();
                    life.signed = Some(date.value);
                }
                AgreementLine::InForce { entry, term } => {
                    said.insert("in force");
                    self.checking.in_force = line.span.clone();
                    if let Some(entry) = self.in_force(entry) {
                        life.in_force = entry;
                    }
                    life.term = match term {
                        None | Some(ast::Term::Unlimited) => Term::Unlimited,
                        Some(ast::Term::For(duration)) => {
                            self.not_nothing(duration, "the agreement would end when it begins");
                            Term::For(duration.value)
                        }
                        Some(ast::Term::Until(date)) => {
                            self.checking.end = date.span.clone();
                            Term::Until(date.value)
                        }
                    };
                }
                AgreementLine::Provisional(date) => life.provisional = self.date_of(date),
                AgreementLine::Extension { up_to, repeatable } => {
                    self.not_nothing(up_to, "an extension by nothing extends nothing");
                    extension = Some(line);
                    life.extension = Some(Extension {
                        up_to: up_to.value,
                        repeatable: *repeatable,
                    });
                }
                AgreementLine::Withdrawal(duration) => life.withdrawal = Some(duration.value),
                AgreementLine::Accession => life.accession = true,
                AgreementLine::Year(ast::YearStart::EntryIntoForce) => {
                    life.year = YearStart::EntryIntoForce
                }
                AgreementLine::Year(ast::YearStart::MonthDay(day)) => {
                    life.year = YearStart::MonthDay(*day)
                }
            }
        }
        if let (Some(line), Term::Unlimited) = (extension, life.term) {
            self.report.push(
                Diagnostic::error(
                    "E0407",
                    line.span.clone(),
                    "the agreement may be extended, but it has no end that could be put off",
                )
                .help("say how long it lasts, as in `in force 2011-02-05 for 10 years`, or remove this line"),
            );
        }
        said
    }

    /// Reports a duration of nothing.
    pub(super) fn not_nothing(&mut self, duration: &Spanned<Duration>, consequence: &str) {
        if duration.value.is_zero() {
            self.report.push(
                Diagnostic::error(
                    "E0457",
                    duration.span.clone(),
                    format!(
                        "{} is no time at all: {consequence}",
                        self.source
                            .get(duration.span.clone())
                            .map_or_else(|| duration.value.to_string(), str::to_owned)
                    ),
                )
                .help("write how long it is"),
            );
        }
    }

    fn in_force(&mut self, entry: &ast::InForce) -> Option<InForce> {
        Some(match entry {
            ast::InForce::On(date) => InForce::On(date.value),
            ast::InForce::ByAct => InForce::ByAct,
            ast::InForce::When {
                who,
                ratified,
                later,
            } => {
                let later = later.as_ref().map(|later| later.value);
                let parties = self.party_list();
                let (who, count) = match who {
                    Quorum::All => {
                        let count = parties.len() as u32;
                        (parties, count)
                    }
                    Quorum::Number(number) => {
                        // Others may still accede, so more than the parties named can be asked for then.
                        let open = self.model.life.accession;
                        if number.value == 0 || (number.value as usize > parties.len() && !open) {
                            self.report.push(
                                Diagnostic::error(
                                    "E0408",
                                    number.span.clone(),
                                    if number.value == 0 {
                                        "at least one party must consent before the agreement enters into force".to_owned()
                                    } else {
                                        format!(
                                            "the agreement needs {} parties to enter into force, and names {}",
                                            number.value,
                                            parties.len()
                                        )
                                    },
                                )
                                .help("write how many of its parties must consent, or `all parties`"),
                            );
                        }
                        (parties, number.value)
                    }
                    Quorum::Named(names) => {
                        let mut who = Vec::new();
                        for name in names {
                            match self.who(name)? {
                                Who::Actor(index) => who.push(index),
                                Who::Group(group) => who.extend(
                                    self.model
                                        .groups
                                        .get(group.index())
                                        .map(|group| group.members.clone())
                                        .unwrap_or_default(),
                                ),
                            }
                        }
                        who.sort_unstable();
                        who.dedup();
                        let count = who.len() as u32;
                        (who, count)
                    }
                };
                InForce::When {
                    who,
                    count,
                    ratified: *ratified,
                    later,
                }
            }
        })
    }
}

impl model::Agreement {
    /// The name of an actor, or a dash for an index out of range.
    pub(crate) fn actor_name(&self, index: ActorIndex) -> &str {
        self.actors
            .get(index.index())
            .map_or("–", |actor| actor.name.as_str())
    }
}
