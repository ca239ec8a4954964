//! The kinds of tokens and nodes of the lossless tree.

/// A token or node of the lossless tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
#[expect(
    missing_docs,
    reason = "tokens and nodes carry the names of the grammar"
)]
pub enum SyntaxKind {
    // Spacing, kept and passed over.
    Space,
    Newline,
    Comment,
    Stray,

    // Tokens. The lexer makes words; the parser tells keywords from names.
    Word,
    Keyword,
    Name,
    Number,
    Date,
    Text,
    Comma,
    Colon,
    Bar,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Plus,
    Minus,
    Times,
    Slash,
    Percent,
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,

    // Statements.
    Block,
    Agreement,
    Item,
    Event,
    Zone,
    NamedDate,
    Measure,
    Limit,
    Right,
    Watch,
    Duty,
    Reading,

    // Their lines.
    AgreementLine,
    Attribute,
    Means,
    Declared,
    RecordedInFull,
    Clause,
    Row,
    DutyClause,
    Exception,
    Because,
    Cite,

    // Phrases.
    Label,
    Names,
    Actor,
    AttributeType,
    Subject,
    ForEach,
    Trigger,
    Action,
    Deadline,
    Otherwise,
    Timing,
    Schedule,
    Window,
    DateOf,
    Duration,
    Unit,
    Comparison,
    Sum,
    Product,
    Factor,
    Aggregate,
    Selector,
    Filter,
    Test,
    Condition,
    Bracket,
    Alternative,
    /// Text that is no part of any rule; a diagnostic was given.
    Error,
}

impl SyntaxKind {
    /// Whether it is passed over by the parser: spacing, comments, stray characters.
    pub fn is_trivia(self) -> bool {
        self <= SyntaxKind::Stray
    }

    const LAST: SyntaxKind = SyntaxKind::Error;
}

/// The language of the lossless tree, for [`rowan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {}

/// Every kind at the position of its number.
const KINDS: [SyntaxKind; SyntaxKind::LAST as usize + 1] = {
    use SyntaxKind::*;
    [
        Space,
        Newline,
        Comment,
        Stray,
        Word,
        Keyword,
        Name,
        Number,
        Date,
        Text,
        Comma,
        Colon,
        Bar,
        OpenParenthesis,
        CloseParenthesis,
        OpenBracket,
        CloseBracket,
        Plus,
        Minus,
        Times,
        Slash,
        Percent,
        Less,
        AtMost,
        Equal,
        AtLeast,
        Greater,
        Block,
        Agreement,
        Item,
        Event,
        Zone,
        NamedDate,
        Measure,
        Limit,
        Right,
        Watch,
        Duty,
        Reading,
        AgreementLine,
        Attribute,
        Means,
        Declared,
        RecordedInFull,
        Clause,
        Row,
        DutyClause,
        Exception,
        Because,
        Cite,
        Label,
        Names,
        Actor,
        AttributeType,
        Subject,
        ForEach,
        Trigger,
        Action,
        Deadline,
        Otherwise,
        Timing,
        Schedule,
        Window,
        DateOf,
        Duration,
        Unit,
        Comparison,
        Sum,
        Product,
        Factor,
        Aggregate,
        Selector,
        Filter,
        Test,
        Condition,
        Bracket,
        Alternative,
        Error,
    ]
};

impl rowan::Language for Language {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        KINDS
            .get(raw.0 as usize)
            .copied()
            .unwrap_or(SyntaxKind::Error)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the lossless tree.
pub type SyntaxNode = rowan::SyntaxNode<Language>;
/// A token of the lossless tree.
pub type SyntaxToken = rowan::SyntaxToken<Language>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_at_their_numbers() {
        for (number, kind) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, number);
        }
    }
}
