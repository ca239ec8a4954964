//! What is off in a message that is read nevertheless.

/// A deviation from the standard that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line where it is met first, from 1.
    pub line: u32,
    /// The keyword it is about, if it is about one.
    pub keyword: Option<String>,
    /// Which deviation.
    pub deviation: Deviation,
    /// How often it is met at this keyword.
    pub times: u32,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}", self.line)?;
        if let Some(keyword) = &self.keyword {
            write!(formatter, ", {keyword}")?;
        }
        write!(formatter, ": {}", self.deviation.explanation())?;
        if self.times > 1 {
            write!(formatter, " ({} times)", self.times)?;
        }
        Ok(())
    }
}

/// How closely the standard is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Only deviations that leave no doubt about the content are accepted.
    #[default]
    Strict,
    /// All named deviations are accepted.
    Lenient,
}

macro_rules! deviations {
    ($($(#[$meta:meta])* $name:ident, $code:literal, $always:literal, $explanation:literal;)*) => {
        /// A named deviation from the standards.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Deviation {
            $(#[doc = $explanation] $(#[$meta])* $name,)*
        }

        impl Deviation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// A short name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it is.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)* }
            }

            /// Whether it is accepted when strict, too: it leaves no doubt about the content.
            #[must_use]
            pub const fn accepted_when_strict(self) -> bool {
                match self { $(Self::$name => $always,)* }
            }
        }
    };
}

deviations! {
    Tab, "tab", true, "a tabulator stands where only blanks may";
    NotAscii, "not-ascii", true, "a character beyond ASCII stands in a text or comment";
    LongLine, "long-line", true, "a line is longer than 254 characters";
    UnitSpelling, "unit-spelling", true, "the unit is written in another way";
    NoUnit, "no-unit", true, "the unit is not given where it must be shown";
    EmptyValue, "empty-value", true, "an optional keyword is given without a value: taken as absent";
    LaterKeyword, "later-keyword", true, "the keyword belongs to a later version of the message";
    DraftVersion, "draft-version", true, "the version was only a draft";
    CommentPlace, "comment-place", true, "a comment stands where none may: only at the beginning of a block";
    BareFraction, "bare-fraction", true, "there is no digit before or after the decimal point";
    Case, "case", true, "a fixed word is written in another case";
    PathBlanks, "path-blanks", true, "there are blanks in the signal path";
    Percent, "percent", true, "a percentage is below 0 or above 100";
    NoData, "no-data", true, "a block of data holds none";
    RepeatedTime, "repeated-time", true, "a time is given twice in one block";
    TimeOrder, "time-order", true, "times do not increase in a block";
    OutsideSpan, "outside-span", true, "a time lies outside of the span that the metadata state";
    NoDegree, "no-degree", true, "an interpolation is named without its degree";
    NoMass, "no-mass", true, "a maneuver is given without the spacecraft's mass";
    NoPerturbations, "no-perturbations", true, "an orbit determination is given without the perturbations";
    ColumnOrder, "column-order", true, "the columns of a maneuver are not in the standard's order";
    TwoTimes, "two-times", true, "a maneuver has both an absolute and a relative time";
    MixedTimes, "mixed-times", true, "absolute and relative times are mixed in one block";
    UnknownElements, "unknown-elements", true, "a set of elements that is not known here: its lines are kept, and their length is not checked";
    NoCorrectionFlag, "no-correction-flag", true, "corrections are given without saying whether they were applied";
    XmlComment, "xml-comment", true, "a comment of XML (not a COMMENT) is left out";
    Attribute, "attribute", true, "an attribute that says nothing here is left out";
    WrongOrder, "order", false, "the keyword is not at its place in the order: it is put there";
    OtherUnit, "other-unit", false, "the value is given in another unit of the same quantity: it is kept so and converted when asked for";
    WrongUnit, "wrong-unit", false, "the unit measures another quantity: the standard's unit is taken";
    UnitCutOff, "unit-cut-off", false, "the bracket of the unit is not closed: the standard's unit is taken";
    NotANumber, "nan", false, "NaN stands for a number that is not known: taken as absent";
    UnknownVersion, "unknown-version", false, "the version is not known: read by the rules of the newest";
    NotListed, "not-listed", false, "the value is none of those that the standard lists";
    TimeSystems, "time-systems", false, "the segments do not have one time system";
    SeveralMessages, "several-messages", false, "more than one message stands in a file of KVN";
    OtherMessage, "other-message", true, "a message of a kind that is not read is kept as it stands";
    OtherName, "other-name", false, "a name in JSON that is no keyword is left out";
    RepeatedKeyword, "repeated-keyword", false, "the keyword is given twice with one value: one is left out";
    NoTrajectoryType, "no-trajectory-type", false, "a trajectory does not say which elements it has: CARTPV is taken, as in the drafts of the standard";
    SegmentOrder, "segment-order", false, "the objects are not in the order OBJECT1, OBJECT2";
}

/// The remarks of one reading; equal ones are counted, not listed.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    list: Vec<Remark>,
}

impl Remarks {
    pub(crate) fn add(&mut self, line: u32, keyword: Option<&str>, deviation: Deviation) {
        if let Some(known) = self
            .list
            .iter_mut()
            .find(|remark| remark.deviation == deviation && remark.keyword.as_deref() == keyword)
        {
            known.times = known.times.saturating_add(1);
            known.line = known.line.min(line);
        } else {
            self.list.push(Remark {
                line,
                keyword: keyword.map(str::to_owned),
                deviation,
                times: 1,
            });
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for remark in other.list {
            let before = remark.times;
            self.add(remark.line, remark.keyword.as_deref(), remark.deviation);
            if let Some(known) = self.list.iter_mut().find(|known| {
                known.deviation == remark.deviation && known.keyword == remark.keyword
            }) {
                known.times = known.times.saturating_add(before - 1);
            }
        }
    }

    pub(crate) fn into_list(mut self) -> Vec<Remark> {
        self.list.sort_by_key(|remark| remark.line);
        self.list
    }
}
