//! The words of the language and what they are mistaken for.

/// Words that begin a statement where they begin a line.
pub(crate) const STATEMENTS: [&str; 11] = [
    "agreement",
    "item",
    "event",
    "zone",
    "date",
    "measure",
    "limit",
    "duty",
    "right",
    "watch",
    "reading",
];

/// Words that join phrases and therefore end a name wherever they stand.
pub(crate) const RESERVED: [&str; 34] = [
    "after", "and", "at", "because", "before", "between", "beyond", "but", "by", "changes", "cite",
    "else", "every", "exactly", "for", "from", "in", "is", "it", "makes", "means", "not", "of",
    "on", "or", "over", "since", "the", "through", "unless", "until", "whenever", "where",
    "within",
];

/// Pairs of words that end a name though each alone may stand in one. An empty second word is a text in
/// quotation marks.
const RESERVED_PAIRS: [(&str, &str); 14] = [
    ("acts", ""),
    ("as", "of"),
    ("becomes", "true"),
    ("declared", "as"),
    ("declared", "every"),
    ("declared", "in"),
    ("enters", "the"),
    ("gives", "notice"),
    ("leaves", "the"),
    ("less", "than"),
    ("made", "by"),
    ("more", "than"),
    ("one", "makes"),
    ("plural", ""),
];

/// The months by their number less one.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The number of a month by its name, from 1.
pub(crate) fn month(written: &str) -> Option<u8> {
    (1..)
        .zip(MONTHS)
        .find(|(_, month)| month.eq_ignore_ascii_case(written))
        .map(|(number, _)| number)
}

/// Whether a word as written is this word of the language. Case does not matter at the beginning of a
/// word; a word all in capitals is a name (`IT` is Italy, `it` is not).
pub(crate) fn is(written: &str, word: &str) -> bool {
    written == word
        || (written.len() == word.len()
            && written.len() > 1
            && written.as_bytes()[1..] == word.as_bytes()[1..]
            && written.as_bytes()[0].to_ascii_lowercase() == word.as_bytes()[0])
}

/// Whether a word as written is one of these.
pub(crate) fn is_any(written: &str, words: &[&str]) -> bool {
    words.iter().any(|word| is(written, word))
}

/// Whether a name ends before this word, seeing the one after it (empty: a text in quotation marks).
pub(crate) fn ends_name(written: &str, next: Option<&str>) -> bool {
    is_any(written, &RESERVED)
        || RESERVED_PAIRS
            .iter()
            .any(|(first, second)| is(written, first) && next.is_some_and(|next| is(next, second)))
}

/// The nearest of some words, if near enough to be what was meant: at most a third of its letters differ.
pub(crate) fn nearest<'a>(written: &str, words: &[&'a str]) -> Option<&'a str> {
    let lower = written.to_lowercase();
    words
        .iter()
        .map(|word| (distance(&lower, &word.to_lowercase()), *word))
        .filter(|(distance, word)| *distance <= (word.len().max(3)) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Insertions, deletions, changes and swaps of neighbours between two words. Long words are cut: beyond
/// 40 letters nothing is near anything.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(40).collect();
    let right: Vec<char> = right.chars().take(40).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let change = usize::from(left[i - 1] != right[j - 1]);
            let mut best = (previous[j] + 1)
                .min(row[j - 1] + 1)
                .min(previous[j - 1] + change);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = previous;
        previous = row;
    }
    previous[right.len()]
}

/// Characters that take no room and would not show in a message.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_names() {
        assert!(is("it", "it") && is("It", "it"));
        assert!(!is("IT", "it") && !is("iT", "it"));
        assert!(!ends_name("IN", None) && ends_name("in", None));
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(nearest("limt", &STATEMENTS), Some("limit"));
        assert_eq!(nearest("becuase", &["because", "cite"]), Some("because"));
        assert_eq!(nearest("wihtin", &["within", "between"]), Some("within"));
        assert_eq!(nearest("bananas", &STATEMENTS), None);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
