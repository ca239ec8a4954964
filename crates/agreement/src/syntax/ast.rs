//! The abstract tree of an agreement: what the parser hands to name resolution.
//!
//! Plain data with a [`Span`] on everything a message may point at. Names are as written; nothing is
//! looked up yet. The lossless tree beneath it (comments, spacing) belongs to the formatter.

use detente_quantity::{Comparison, Date, Decimal, Duration};
use std::ops::Range;

/// A byte range in the agreement's file.
pub type Span = Range<usize>;

/// A value with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One or several words, as written, single spaces between them.
pub type Words = Spanned<String>;

/// A whole file: every statement of every block, in order, each with the headings above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The statements in order.
    pub statements: Vec<Located>,
}

/// A statement and the heading path above its block (`["Article II — central limits", "Paragraph 1"]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Headings from the outermost to the nearest; the file's title (first level-1 heading) is left out.
    pub headings: Vec<String>,
    /// The statement.
    pub statement: Statement,
}

/// One statement of the closed set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is named for its statement")]
pub enum Statement {
    Agreement(Agreement),
    Item(Class),
    Event(Class),
    Zone(Zone),
    Date(NamedDate),
    Measure(Measure),
    Limit(Provision),
    Right(Provision),
    Watch(Provision),
    Duty(Duty),
    Reading(Reading),
}

/// `agreement "…"` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The whole statement.
    pub span: Span,
    /// The title.
    pub title: Words,
    /// Its lines in order.
    pub lines: Vec<Spanned<AgreementLine>>,
}

/// A party or a body: its short name and, if given, its full one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The short name used in rules and records (`US`).
    pub name: Words,
    /// The full name (`United States of America`).
    pub full: Option<Words>,
}

/// One line of an `agreement` statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgreementLine {
    /// `parties …`
    Parties(Vec<Actor>),
    /// `bodies …`: organs that act but are not bound.
    Bodies(Vec<Actor>),
    /// `group NAME "…" = A, B`
    Group {
        /// Name and full name.
        actor: Actor,
        /// Members.
        members: Vec<Words>,
    },
    /// `signed DATE`
    Signed(Spanned<Date>),
    /// `in force …`
    InForce {
        /// How it enters into force.
        entry: InForce,
        /// How long it lasts.
        term: Option<Term>,
    },
    /// `applied provisionally from …`
    Provisional(DateOf),
    /// `may be extended for up to …`
    Extension {
        /// The longest extension.
        up_to: Spanned<Duration>,
        /// Whether it may be repeated; `None` if not said (once).
        repeatable: bool,
    },
    /// `withdrawal takes effect … after notice`
    Withdrawal(Spanned<Duration>),
    /// `open to accession`
    Accession,
    /// `its year begins on …`
    Year(YearStart),
}

/// When the agreement's own year begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YearStart {
    /// On each anniversary of entry into force.
    EntryIntoForce,
    /// On a day of the calendar.
    MonthDay(MonthDay),
}

/// A day of the year: `1 March`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, valid for the month (29 February is allowed and falls on 28 February in other years).
    pub day: u8,
}

/// How an agreement enters into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InForce {
    /// On a date known when the text was written.
    On(Spanned<Date>),
    /// When so many (or all, or these) have signed or ratified, and a delay has passed.
    When {
        /// Who.
        who: Quorum,
        /// Ratified if true, signed if false.
        ratified: bool,
        /// The delay.
        later: Option<Spanned<Duration>>,
    },
    /// By an act on the record.
    ByAct,
}

/// Whose consent brings an agreement into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// At least this many parties.
    Number(Spanned<u32>),
    /// All of them.
    All,
    /// These.
    Named(Vec<Words>),
}

/// How long an agreement lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// `for 10 years`
    For(Spanned<Duration>),
    /// `until DATE`
    Until(Spanned<Date>),
    /// `until replaced` or `without limit of time`
    Unlimited,
}

/// `item` or `event`: a class of things counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The whole statement.
    pub span: Span,
    /// The singular name.
    pub name: Words,
    /// An irregular plural.
    pub plural: Option<Words>,
    /// Its lines.
    pub lines: Vec<ClassLine>,
}

/// A line of an `item` or `event`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassLine {
    /// An attribute and its type.
    Attribute(Words, Spanned<AttributeType>),
    /// `NAMES means FILTER`: a defined adjective.
    Means(Words, Filter),
    /// `declared …` (items)
    Declared(Spanned<Schedule>),
    /// `recorded in full` (events): what is not on the record did not happen.
    RecordedInFull(Span),
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// `one of a, b`
    OneOf(Vec<Words>),
    /// `count`
    Count,
    /// `quantity in UNIT`
    Quantity(Words),
    /// `share of …`
    Share(Option<Words>),
    /// `date`
    Date,
    /// `place`
    Place,
    /// `text`
    Text,
    /// `party`
    Party,
    /// `yes or no`
    YesOrNo,
}

/// A repeating date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// `every DURATION from DATE-OF`
    Every(Spanned<Duration>, Option<DateOf>),
    /// `as of 1 March and 1 September from DATE-OF`
    AsOf(Vec<MonthDay>, Option<DateOf>),
    /// `in each treaty year`
    Each(Period),
}

/// A period that tiles the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// The agreement's own year.
    TreatyYear,
    /// 1 January to 31 December.
    CalendarYear,
    /// The month.
    CalendarMonth,
}

/// `zone NAMES = …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The whole statement.
    pub span: Span,
    /// Its name.
    pub name: Words,
    /// Places or other zones.
    pub members: Vec<Words>,
}

/// `date NAMES …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDate {
    /// The whole statement.
    pub span: Span,
    /// Its name.
    pub name: Words,
    /// What fixes it.
    pub set: DateSetter,
}

/// What fixes a named date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateSetter {
    /// `= DATE-OF`
    Is(DateOf),
    /// `is set by an act of …`: the first act on the record that sets this name.
    Act(Actors),
    /// `is set by each party's signature`: a clock of its own for each party.
    OwnAct(Spanned<OwnAct>),
}

/// An act by which a party binds itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the act it names")]
pub enum OwnAct {
    Signature,
    Ratification,
    Accession,
    EntryIntoForce,
}

/// Who may act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actors {
    /// Any one party.
    AnyParty,
    /// Every party for itself.
    EachParty,
    /// All of them.
    AllParties,
    /// This one.
    Named(Words),
}

/// `measure NAMES in UNIT = EXPRESSION declared …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The whole statement.
    pub span: Span,
    /// Its name.
    pub name: Words,
    /// Its unit, where written.
    pub unit: Option<Words>,
    /// Its formula; without one it is only ever declared or observed.
    pub formula: Option<Expr>,
    /// How often it must be declared.
    pub declared: Option<Spanned<Schedule>>,
}

/// `limit`, `right` or `watch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// The whole statement.
    pub span: Span,
    /// Its label (`(a)`, `II.1`).
    pub label: Option<Words>,
    /// Its title.
    pub title: Words,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// What is shared with duties.
    pub notes: Notes,
}

/// Exceptions, reason and citation of a provision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// `unless …`
    pub exceptions: Vec<Exception>,
    /// `because "…"`
    pub because: Option<Words>,
    /// `cite "…"`
    pub cite: Option<Words>,
}

/// `unless LABEL "…": CONDITION`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The whole exception.
    pub span: Span,
    /// Its label.
    pub label: Option<Words>,
    /// Its title.
    pub title: Words,
    /// When it applies.
    pub condition: Condition,
}

/// `SUBJECT: VALUE <= BOUND for each ATTRIBUTE TIMING`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The whole clause.
    pub span: Span,
    /// Whom it binds.
    pub subject: Spanned<Subject>,
    /// What is compared.
    pub value: Expr,
    /// How.
    pub comparison: Spanned<Comparison>,
    /// With what, and when: one row without a table.
    pub rows: Vec<Row>,
    /// `for each ATTRIBUTE`: one limit for each of its values.
    pub each: Option<Words>,
}

/// A bound and when it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The whole row.
    pub span: Span,
    /// The bound.
    pub bound: Expr,
    /// When; empty is the life of the agreement.
    pub timing: Vec<Spanned<Timing>>,
}

/// Whom a clause binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `each party but …`
    EachParty {
        /// Those left out.
        but: Vec<Words>,
    },
    /// `each group`
    EachGroup,
    /// `all parties together`
    Together,
    /// `each pair of parties`: ordered, "one" and "the other".
    EachPair,
    /// Parties, groups or bodies by name, each for itself.
    Named(Vec<Words>),
}

/// When something applies. `from` includes its day, `until` excludes it, `through` includes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timing {
    /// `from`
    From(DateOf),
    /// `until`
    Until(DateOf),
    /// `through`
    Through(DateOf),
    /// `on`: that day alone.
    On(DateOf),
    /// `for DURATION from DATE-OF`
    For(Spanned<Duration>, DateOf),
}

/// A date, fixed or reckoned from something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateOf {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: DateKind,
}

/// The kinds of [`DateOf`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateKind {
    /// A fixed date.
    Fixed(Date),
    /// The agreement's signature.
    Signature,
    /// The agreement's entry into force.
    EntryIntoForce,
    /// The subject's own ratification.
    Ratification,
    /// The subject's own accession.
    Accession,
    /// The agreement's end.
    End,
    /// So long after.
    After(Spanned<Duration>, Box<DateOf>),
    /// So long before.
    Before(Spanned<Duration>, Box<DateOf>),
    /// The first day of the month after.
    MonthAfter(Box<DateOf>),
    /// A named date.
    Named(String),
}

/// A numeric expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The four operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the operation it names")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The kinds of [`Expr`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A number and its unit.
    Number(Decimal, Option<Words>),
    /// A measure (or another name that resolution must explain).
    Name(Words),
    /// `number of …` and its kin.
    Aggregate(Box<Aggregate>),
    /// `share of PART in WHOLE`, a percentage.
    Share(Box<Expr>, Box<Expr>),
    /// `growth of VALUE over DURATION`, a percentage.
    Growth(Box<Expr>, Spanned<Duration>),
    /// `VALUE on DATE-OF`
    On(Box<Expr>, DateOf),
    /// `VALUE of PARTY`
    Of(Box<Expr>, Words),
    /// Arithmetic.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `the smaller of A and B`
    Smaller(Box<Expr>, Box<Expr>),
    /// `the larger of A and B`
    Larger(Box<Expr>, Box<Expr>),
    /// `round down VALUE to MULTIPLE` (true is up)
    Round(bool, Box<Expr>, Option<Spanned<Decimal>>),
    /// `the limit in LABEL`
    LimitIn(Words),
    /// `[1550 | US 1000 | RU none]`
    Bracket(Vec<Alternative>),
    /// What could not be parsed; a diagnostic was given.
    Error,
}

/// One alternative of a bracket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The whole alternative.
    pub span: Span,
    /// Whose proposal; without a name it is the text.
    pub by: Option<Words>,
    /// The expression; `None` for `none`, which is no limit at all.
    pub value: Option<Expr>,
}

/// What an aggregate does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AggregateKind {
    /// `number of`
    Number,
    /// `total ATTRIBUTE of`
    Total(Words),
    /// `largest ATTRIBUTE of`
    Largest(Words),
    /// `smallest ATTRIBUTE of`
    Smallest(Words),
}

/// `number of deployed missiles in ZONE where … in each treaty year`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// What is done with the things selected.
    pub kind: AggregateKind,
    /// The things selected.
    pub selector: Selector,
    /// Over which time (events).
    pub window: Option<Spanned<Window>>,
}

/// Things of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The whole selector.
    pub span: Span,
    /// Adjectives and class name, as written; resolution splits them.
    pub words: Words,
    /// Rank within the selection.
    pub rank: Option<Spanned<Rank>>,
    /// `in ZONE`
    pub zone: Option<Words>,
    /// `where FILTER`
    pub filter: Option<Filter>,
    /// Whose.
    pub whose: Option<Spanned<Whose>>,
}

/// First so many, or those beyond them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The number.
    pub count: u64,
    /// Beyond the first so many, rather than the first so many.
    pub beyond: bool,
    /// The attribute that orders them, and whether it falls; without one any choice is possible.
    pub by: Option<(Words, bool)>,
}

/// Whose things, or who did it to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// `it makes`
    ItMakes,
    /// `it receives`
    ItReceives,
    /// `one makes of the other` (pairs)
    OneOfTheOther,
    /// `made by …`
    MadeBy(Actors),
    /// `of NAME` (party, group, `one`, `the other`)
    Of(Words),
}

/// The time over which events are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// `in each PERIOD`
    Each(Period),
    /// `in any DURATION`: the window that ends with the day.
    Any(Duration),
    /// `since DATE-OF`
    Since(DateOf),
}

/// A condition on the attributes of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A test of one attribute.
    Test(Test),
    /// What could not be parsed.
    Error(Span),
}

/// A test of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The whole test.
    pub span: Span,
    /// The attribute, or a defined adjective where `kind` is [`TestKind::Holds`].
    pub attribute: Words,
    /// The test.
    pub kind: TestKind,
}

/// The kinds of [`Test`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// `range >= 500 km`
    Compare(Comparison, Spanned<Decimal>, Option<Words>),
    /// `type is (not) SS-18`
    Is {
        /// `is not`
        not: bool,
        /// The value, or `it`, `the other`, a party.
        value: Words,
    },
    /// `type is one of A, B`
    IsOneOf(Vec<Words>),
    /// `place in ZONE`
    In(Words),
    /// `launched before DATE-OF`
    Before(DateOf),
    /// `launched after DATE-OF`
    After(DateOf),
    /// `completed at least 20 years ago`
    Aged(Spanned<Duration>),
    /// An adjective or yes-or-no attribute alone.
    Holds,
}

/// A condition on numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of these.
    And(Vec<Condition>),
    /// Any of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// `LEFT <= RIGHT`
    Compare(Expr, Spanned<Comparison>, Expr),
    /// What could not be parsed.
    Error(Span),
}

/// `duty LABEL "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The whole statement.
    pub span: Span,
    /// Its label.
    pub label: Option<Words>,
    /// Its title.
    pub title: Words,
    /// Its clauses.
    pub clauses: Vec<DutyClause>,
    /// Exceptions, reason, citation.
    pub notes: Notes,
}

/// `SUBJECT: whenever TRIGGER ACTION DEADLINE else "…" TIMING`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyClause {
    /// The whole clause.
    pub span: Span,
    /// Whom it binds.
    pub subject: Spanned<Subject>,
    /// What brings it about; without one it falls due once, or by the action's schedule.
    pub trigger: Option<Spanned<Trigger>>,
    /// What must be done.
    pub action: Spanned<Action>,
    /// By when.
    pub deadline: Option<Spanned<Deadline>>,
    /// What follows if it is not done, in words.
    pub otherwise: Option<Words>,
    /// When the duty applies.
    pub timing: Vec<Spanned<Timing>>,
}

/// Who does a thing in a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// The subject.
    It,
    /// Any party.
    AnyParty,
    /// Any party but the subject.
    AnotherParty,
    /// A party, group or body by name.
    Named(Words),
}

/// What brings a duty about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Somebody makes an event of a class.
    Event(Doer, Selector),
    /// Somebody gives notice of an event of a class.
    Notice(Doer, Selector),
    /// One of its items changes one of these attributes.
    Change(Selector, Vec<Words>),
    /// One of its items enters (true) or leaves (false) the selection.
    Count(Selector, bool),
    /// A condition becomes true.
    Becomes(Condition),
}

/// What must be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `it declares A, B as of …`
    Declares {
        /// Who.
        doer: Doer,
        /// Classes or measures.
        things: Vec<Words>,
        /// The dates as of which, if any.
        as_of: Option<AsOf>,
        /// `every …` or `in each …` instead of dates.
        schedule: Option<Schedule>,
    },
    /// `it gives notice of that change`
    NoticeOfTrigger {
        /// Who.
        doer: Doer,
    },
    /// `it gives notice of a …`
    Notice {
        /// Who.
        doer: Doer,
        /// Of what.
        of: Selector,
    },
    /// `the Council makes a decision where …`
    Makes {
        /// Who.
        doer: Doer,
        /// What.
        event: Selector,
        /// At least so many times (`makes 2 …`), 1 if not said.
        count: u32,
        /// `in each PERIOD` or `every DURATION`, where the duty repeats.
        schedule: Option<Schedule>,
    },
    /// `it acts "…"`: an act on the record that carries this name.
    Acts {
        /// Who.
        doer: Doer,
        /// The act's name.
        act: Words,
    },
}

/// The date or dates as of which a declaration is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// `1 March and 1 September`
    Days(Vec<MonthDay>),
    /// One date.
    Date(DateOf),
}

/// By when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// `within DURATION (after DATE-OF)`; without a date, after the trigger or the as-of date.
    Within(Spanned<Duration>, Option<DateOf>),
    /// `at least DURATION before (it | DATE-OF)`
    AtLeastBefore(Spanned<Duration>, Option<DateOf>),
    /// `between DURATION and DURATION after DATE-OF`
    Between(Spanned<Duration>, Spanned<Duration>, DateOf),
    /// `by DATE-OF`: through that day.
    By(DateOf),
    /// `on the same day`
    SameDay,
}

/// `reading RU "…"` or `reading [CN] "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The whole statement.
    pub span: Span,
    /// Who holds it.
    pub by: Vec<Words>,
    /// A proposal for the text rather than an interpretation of it.
    pub proposal: bool,
    /// Its title.
    pub title: Words,
    /// Why it is held.
    pub because: Option<Words>,
    /// What it replaces or adds.
    pub statements: Vec<Statement>,
}
