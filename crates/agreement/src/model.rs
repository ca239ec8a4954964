//! The typed agreement: what name resolution and checking make of the tree, and all that assessment sees.
//!
//! Everything is resolved to indices, every number is in the base unit of its dimension (kg, m, %, hour,
//! count …), readings and brackets are alternatives that [`Agreement::under`] and
//! [`Agreement::with_alternative`] put in place, so that an evaluator knows neither. The first alternative
//! of a bracket is the text.

mod json;

use crate::syntax::ast::{MonthDay, Operator, OwnAct, Period, Span};
use detente_quantity::{Comparison, Date, Decimal, Duration, Name, Unit};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its table.
            pub fn index(self) -> usize { self.0 as usize }
        }
    )*};
}
index! {
    /// An actor: a party or a body.
    ActorIndex
    /// A group of parties.
    GroupIndex
    /// A class of items.
    ItemIndex
    /// A class of events.
    EventIndex
    /// An attribute within its class.
    AttributeIndex
    /// A value of a `one of` attribute.
    ValueIndex
    /// A zone.
    ZoneIndex
    /// A named date.
    DateIndex
    /// A measure.
    MeasureIndex
    /// A provision.
    ProvisionIndex
    /// A bracket.
    BracketIndex
    /// A reading.
    ReadingIndex
}

/// A whole agreement, resolved and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Its title.
    pub title: String,
    /// Parties first, then bodies.
    pub actors: Vec<Actor>,
    /// Groups of parties.
    pub groups: Vec<Group>,
    /// How it lives.
    pub life: Life,
    /// Classes of items.
    pub items: Vec<Class>,
    /// Classes of events.
    pub events: Vec<Class>,
    /// Zones.
    pub zones: Vec<Zone>,
    /// Named dates.
    pub dates: Vec<NamedDate>,
    /// Measures, in an order in which each refers only to earlier ones.
    pub measures: Vec<Measure>,
    /// Provisions in the order of the text.
    pub provisions: Vec<Provision>,
    /// Readings and proposals with a body.
    pub readings: Vec<Reading>,
    /// Brackets in the order of the text.
    pub brackets: Vec<Bracket>,
}

/// A party or a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The short name, as in records.
    pub name: Name,
    /// The full name.
    pub full: Option<String>,
    /// Bound by the agreement; a body is not.
    pub party: bool,
}

/// A group of parties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Short name.
    pub name: Name,
    /// Full name.
    pub full: Option<String>,
    /// Its members.
    pub members: Vec<ActorIndex>,
}

/// How an agreement begins, lasts and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Signature, where the text states it; else the first signature on the record.
    pub signed: Option<Date>,
    /// How it enters into force.
    pub in_force: InForce,
    /// How long it lasts from entry into force.
    pub term: Term,
    /// Whether and how it may be extended.
    pub extension: Option<Extension>,
    /// How long after notice a withdrawal takes effect; `None`: the text has no withdrawal clause.
    pub withdrawal: Option<Duration>,
    /// Whether others may accede.
    pub accession: bool,
    /// Provisional application.
    pub provisional: Option<DateOf>,
    /// When its year begins.
    pub year: YearStart,
}

/// See [`Life::in_force`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InForce {
    /// On this date.
    On(Date),
    /// When the quorum has signed (or ratified), after the delay.
    When {
        /// Who must consent: at least `count` of `who`.
        who: Vec<ActorIndex>,
        /// How many of them.
        count: u32,
        /// By ratification (accession counts) if true, else by signature.
        ratified: bool,
        /// The delay.
        later: Option<Duration>,
    },
    /// By an act `entry into force` on the record.
    ByAct,
}

/// See [`Life::term`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So long.
    For(Duration),
    /// Until (excluded) this date.
    Until(Date),
    /// Without limit of time.
    Unlimited,
}

/// See [`Life::extension`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The longest one.
    pub up_to: Duration,
    /// Whether it may be repeated.
    pub repeatable: bool,
}

/// See [`Life::year`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearStart {
    /// On each anniversary of entry into force.
    EntryIntoForce,
    /// On a day of the calendar.
    MonthDay(MonthDay),
}

/// A class of items or events.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The singular name, as in records.
    pub name: Name,
    /// The plural, for sentences.
    pub plural: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Defined adjectives, already put in place in filters; kept for sentences and editors.
    pub defined: Vec<(Name, Filter)>,
    /// How often items of the class must be declared; a declaration older than that is stale.
    pub declared: Option<Schedule>,
    /// Events: what is not on the record did not happen. Always false for items.
    pub recorded_in_full: bool,
    /// Where it is declared.
    pub span: Span,
}

/// An attribute of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name, as in records.
    pub name: Name,
    /// Its type.
    pub kind: AttributeKind,
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeKind {
    /// One of these values.
    OneOf(Vec<Name>),
    /// A number in base units: counts (`Unit::COUNT`), quantities, shares (%).
    Number(Unit),
    /// A date.
    Date,
    /// A place, which may lie in zones.
    Place,
    /// Free text.
    Text,
    /// An actor of the agreement.
    Party,
    /// `yes` or `no`.
    YesOrNo,
}

/// A set of places. Zones within zones are flattened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its name.
    pub name: Name,
    /// Its places.
    pub places: Vec<Name>,
}

/// A named date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDate {
    /// Its name, as in the record's `sets`.
    pub name: Name,
    /// What fixes it.
    pub set: DateSetter,
}

/// What fixes a named date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateSetter {
    /// A date or a reckoning; never circular.
    Is(DateOf),
    /// The first act on the record that sets it, by one of these actors.
    Act(Vec<ActorIndex>),
    /// Each party's own act that sets it, or of this kind.
    Own(OwnAct),
    /// Each party's own first act that sets it: a clock of its own for each party.
    OwnNamed,
    /// When every one of these has acted: the last of their first acts.
    AllActs(Vec<ActorIndex>),
}

/// A date, fixed or reckoned. For a subject that is a party, `Ratification`, `Accession` and own dates are
/// that party's; for a group or all parties together they are the latest of the members'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateOf {
    /// A fixed date.
    Fixed(Date),
    /// The agreement's signature.
    Signature,
    /// The agreement's entry into force (not the subject's own).
    EntryIntoForce,
    /// The subject's own ratification.
    Ratification,
    /// The subject's own accession.
    Accession,
    /// The day the agreement ended or will end for the subject, by what is known.
    End,
    /// So long after.
    After(Duration, Box<DateOf>),
    /// So long before.
    Before(Duration, Box<DateOf>),
    /// The first day of the month after.
    MonthAfter(Box<DateOf>),
    /// A named date.
    Named(DateIndex),
}

/// A repeating date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// `from`, `from` + d, `from` + 2 d … Without `from`: so long after the last one (for staleness), or
    /// reckoned from entry into force (for duties).
    Every(Duration, Option<DateOf>),
    /// On these days of every year, from a date on (its day included).
    AsOf(Vec<MonthDay>, Option<DateOf>),
    /// Once in each period.
    Each(Period),
}

/// A named number.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its name, as in records.
    pub name: Name,
    /// Its dimension, and the unit in which it is shown.
    pub unit: Unit,
    /// Its formula.
    pub formula: Option<Expr>,
    /// How often it must be declared.
    pub declared: Option<Schedule>,
    /// Where it is declared.
    pub span: Span,
}

/// A numeric expression, in base units.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A constant.
    Number(Decimal),
    /// A measure, of the subject unless said otherwise.
    Measure(MeasureIndex, Holder),
    /// A count, sum or extreme over things.
    Aggregate(Box<Aggregate>),
    /// 100 · part / whole.
    Share(Box<Expr>, Box<Expr>),
    /// 100 · (now − then) / then, then being so long before.
    Growth(Box<Expr>, Duration),
    /// The value on a date. Unknown before that date has come.
    On(Box<Expr>, DateOf),
    /// Arithmetic.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// The smaller.
    Smaller(Box<Expr>, Box<Expr>),
    /// The larger.
    Larger(Box<Expr>, Box<Expr>),
    /// Rounded up (true) or down to a multiple.
    Round(bool, Box<Expr>, Decimal),
    /// The bound of another provision's first clause that binds the subject, in force at that time.
    LimitIn(ProvisionIndex),
    /// An open bracket; an evaluator takes the first alternative's value.
    Bracket(BracketIndex, Vec<Alternative>),
}

/// An alternative of a bracket.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Whose proposal; `None` is the text.
    pub by: Option<Name>,
    /// Its value; `None` is no limit at all.
    pub value: Option<Expr>,
}

/// A bracket, for tables of proposals.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// The provision or measure it stands in.
    pub within: Name,
    /// Who proposes what, as written.
    pub alternatives: Vec<(Option<Name>, String)>,
    /// Where it stands.
    pub span: Span,
}

/// Whose things or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The subject; for a group or all parties, the sum (or extreme) over its members; for a pair, "one".
    Subject,
    /// The other of a pair.
    Other,
    /// Any party but the subject (`another party`).
    Others,
    /// A party or body by name.
    Actor(ActorIndex),
    /// A group by name: over its members.
    Group(GroupIndex),
    /// Anybody.
    Any,
}

/// A count, sum or extreme over things.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What is done.
    pub kind: AggregateKind,
    /// Over which things.
    pub of: Selector,
    /// Over which time: events only, and always for events.
    pub window: Option<Window>,
}

/// See [`Aggregate::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the word of the language")]
pub enum AggregateKind {
    Number,
    Total(AttributeIndex),
    Largest(AttributeIndex),
    Smallest(AttributeIndex),
}

/// Things of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// The class.
    pub class: ClassIndex,
    /// Items: who holds them. Events: who makes them.
    pub by: Holder,
    /// Events: whom they are directed at (`it receives` has `by: Any, toward: Some(Subject)`).
    pub toward: Option<Holder>,
    /// Which of them.
    pub filter: Filter,
    /// First so many, or those beyond.
    pub rank: Option<Rank>,
}

/// An item class or an event class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the two kinds of class")]
pub enum ClassIndex {
    Item(ItemIndex),
    Event(EventIndex),
}

/// Rank within a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rank {
    /// So many.
    pub count: u64,
    /// Those beyond the first so many.
    pub beyond: bool,
    /// Ordered by this attribute (true: falling); without it any choice is possible, and the result is the
    /// interval over all choices.
    pub by: Option<(AttributeIndex, bool)>,
}

/// A condition on the attributes of one thing. An attribute that is not known makes a test unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Everything.
    All,
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A `one of` (or yes-or-no: value 0 is yes) attribute has one of these values.
    OneOf(AttributeIndex, Vec<ValueIndex>),
    /// A number compares so with a constant in base units.
    Compare(AttributeIndex, Comparison, Decimal),
    /// A text or place is this.
    Text(AttributeIndex, Name),
    /// A place lies in a zone.
    InZone(AttributeIndex, ZoneIndex),
    /// A date lies before (`Less`), or after (`Greater`), a date.
    Date(AttributeIndex, Comparison, DateOf),
    /// A date lies at least so long before the day asked about.
    Aged(AttributeIndex, Duration),
    /// A party attribute is this holder.
    Party(AttributeIndex, Holder),
}

/// The time over which events are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// From the start of the period to the day (for a lower bound: to the period's end).
    Each(Period),
    /// The window of this length that ends with the day: the days d with d + length > day.
    Any(Duration),
    /// From a date to the day, both included.
    Since(DateOf),
    /// From the beginning of the record.
    Ever,
}

/// A provision.
#[derive(Clone, Debug, PartialEq)]
pub struct Provision {
    /// A stable identity, unique in the agreement (`II.1.a`), made from the citation and label.
    pub id: Name,
    /// The citation: headings and finer label (`Article II ▸ Paragraph 1 (a)`).
    pub citation: String,
    /// The title.
    pub title: String,
    /// Its rule.
    pub rule: Rule,
    /// Exceptions: while one holds, the provision is not broken.
    pub exceptions: Vec<Exception>,
    /// Why, in words.
    pub because: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The rule of a provision.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is the statement it names")]
pub enum Rule {
    Limit(Vec<Clause>),
    Right(Vec<Clause>),
    Watch(Vec<Clause>),
    Duty(Vec<DutyClause>),
}

/// An exception with its own label.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Its label.
    pub label: Option<String>,
    /// Its title.
    pub title: String,
    /// When it applies.
    pub condition: Condition,
}

/// A comparison that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Whom it binds.
    pub subjects: Subjects,
    /// The value.
    pub value: Expr,
    /// How it is compared.
    pub comparison: Comparison,
    /// The bounds: rows do not overlap when their dates are known.
    pub rows: Vec<Row>,
    /// The unit in which value and bound are shown.
    pub unit: Unit,
    /// Set by `for each ATTRIBUTE`: the value this copy of the clause is for (`SS-18`).
    pub case: Option<Name>,
    /// Where it is written.
    pub span: Span,
}

/// A bound and its time.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The bound.
    pub bound: Expr,
    /// When; always within the life of the agreement for the subject.
    pub during: During,
}

/// A span of time: start included, end excluded (`through` is stored as the day after). A missing start
/// is entry into force for the subject, a missing end the end of the agreement for the subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct During {
    /// The start.
    pub from: Option<DateOf>,
    /// The end, and whether its day is included.
    pub until: Option<(DateOf, bool)>,
}

/// Whom a clause binds: one assessment for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// Each of these actors.
    Each(Vec<ActorIndex>),
    /// Each of these groups, as a whole.
    Groups(Vec<GroupIndex>),
    /// All parties as a whole.
    Together,
    /// Each ordered pair of parties.
    Pairs,
}

/// A condition on numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these.
    And(Vec<Condition>),
    /// Any of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A comparison in base units.
    Compare(Expr, Comparison, Expr),
}

/// Whenever this happens, that must follow (or precede) within so long.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyClause {
    /// Whom it binds.
    pub subjects: Subjects,
    /// What brings it about.
    pub trigger: Trigger,
    /// What must be done.
    pub action: Action,
    /// By when.
    pub deadline: Deadline,
    /// What follows otherwise, in words.
    pub otherwise: Option<String>,
    /// When the duty applies: triggers on these days count.
    pub during: During,
    /// Where it is written.
    pub span: Span,
}

/// What brings a duty about.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// An event of the selection.
    Event(Selector),
    /// A notice of an event of the selection; its time is when the notice was made.
    Notice(Selector),
    /// An item of the selection changes one of these attributes.
    Change(Selector, Vec<AttributeIndex>),
    /// An item enters (true) or leaves (false) the selection.
    Count(Selector, bool),
    /// A condition becomes true (with certainty).
    Becomes(Condition),
    /// Once, on a date.
    Once(DateOf),
    /// On each date of a schedule.
    Each(Schedule),
}

/// What must be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Declare each of these, as of the trigger's date.
    Declare(Holder, Vec<Declared>),
    /// Give notice of the trigger itself.
    NoticeOfTrigger(Holder),
    /// Give notice of an event of the selection.
    Notice(Holder, Selector),
    /// Make so many events of the selection.
    Make(Selector, u32),
    /// An act that carries this name.
    Act(Holder, Name),
}

/// A thing to be declared.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the two kinds of thing that are declared")]
pub enum Declared {
    Item(ItemIndex),
    Measure(MeasureIndex),
}

/// By when, reckoned from the trigger's date or instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Not before the trigger's day, and not later than so long after it.
    Within(Duration),
    /// Not later than so long before it.
    AtLeastBefore(Duration),
    /// From so long after to so long after.
    Between(Duration, Duration),
    /// On the trigger's own day.
    SameDay,
    /// By the end of the period (schedules `in each PERIOD`), or of the trigger's own date.
    ByThen,
}

/// A reading or a proposal with a body: whole statements that take the place of those of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Who holds it.
    pub by: Vec<Name>,
    /// A proposal for the text rather than an interpretation.
    pub proposal: bool,
    /// Its title.
    pub title: String,
    /// Why.
    pub because: Option<String>,
    /// Measures that take the place of the text's (same index).
    pub measures: Vec<(MeasureIndex, Measure)>,
    /// Provisions that take the place of the text's.
    pub provisions: Vec<(ProvisionIndex, Provision)>,
    /// Provisions that it adds.
    pub added: Vec<Provision>,
    /// Named dates that take the place of the text's.
    pub dates: Vec<(DateIndex, NamedDate)>,
    /// Zones that take the place of the text's.
    pub zones: Vec<(ZoneIndex, Zone)>,
    /// The life it reads into the agreement, if it says anything of it.
    pub life: Option<Life>,
    /// Where it is written.
    pub span: Span,
}

impl Agreement {
    /// The index of an actor by its short name.
    pub fn actor(&self, name: &Name) -> Option<ActorIndex> {
        self.actors
            .iter()
            .position(|a| a.name == *name)
            .map(|i| ActorIndex(i as u32))
    }

    /// The parties, without the bodies.
    pub fn parties(&self) -> impl Iterator<Item = ActorIndex> + '_ {
        self.actors
            .iter()
            .enumerate()
            .filter(|(_, a)| a.party)
            .map(|(i, _)| ActorIndex(i as u32))
    }
}
