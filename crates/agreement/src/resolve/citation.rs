//! Citations and identities of provisions, made from the headings above them and their labels.

/// What a heading cites: the part before a dash (`Article II` of `Article II — central limits`).
fn cited(heading: &str) -> &str {
    let end = [" — ", " – ", " - ", " -- ", ": "]
        .iter()
        .filter_map(|dash| heading.find(dash))
        .min()
        .unwrap_or(heading.len());
    heading.get(..end).unwrap_or(heading).trim()
}

/// Words that name a division of a text and are followed by its number.
const DIVISIONS: [&str; 17] = [
    "article",
    "paragraph",
    "section",
    "part",
    "chapter",
    "annex",
    "rule",
    "clause",
    "title",
    "schedule",
    "appendix",
    "point",
    "sub-paragraph",
    "subparagraph",
    "item",
    "attachment",
    "art.",
];

/// A division's short name: `II` of `Article II`, `Protocol.Four` of `Protocol, Part Four`.
fn division(heading: &str) -> String {
    let pieces: Vec<String> = cited(heading)
        .split(", ")
        .map(|piece| match piece.split_once(' ') {
            Some((word, rest)) if DIVISIONS.contains(&word.to_lowercase().as_str()) => slug(rest),
            _ => slug(piece),
        })
        .filter(|piece| !piece.is_empty())
        .collect();
    pieces.join(".")
}

/// Letters, digits and points; everything else becomes one hyphen.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric()
            || (character == '.' && !slug.is_empty() && !slug.ends_with(['.', '-']))
        {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with(['-', '.']) {
            slug.push('-');
        }
    }
    slug.trim_end_matches(['-', '.']).to_owned()
}

/// The words of a title that go into an identity.
const TITLE_WORDS: usize = 6;

/// Bytes of an identity, well under the longest name.
const LONGEST: usize = 400;

/// Whether a label says no more than the number of the nearest heading (`56` under `Paragraph 56`).
fn repeats(headings: &[String], label: &str) -> bool {
    headings
        .last()
        .is_some_and(|heading| division(heading) == slug(label))
}

/// The identity of a provision: `II.1.a`. Without a label the title stands for it; a label that repeats the
/// heading's number adds nothing.
pub(crate) fn identity(headings: &[String], label: Option<&str>, title: &str) -> String {
    let mut parts: Vec<String> = headings.iter().map(|heading| division(heading)).collect();
    parts.push(match label {
        Some(label) if repeats(headings, label) => String::new(),
        Some(label) => slug(label),
        None => {
            let words: Vec<&str> = title.split_whitespace().take(TITLE_WORDS).collect();
            slug(&words.join(" ")).to_lowercase()
        }
    });
    parts.retain(|part| !part.is_empty());
    let mut identity = parts.join(".");
    if identity.len() > LONGEST {
        let mut end = LONGEST;
        while !identity.is_char_boundary(end) {
            end -= 1;
        }
        identity.truncate(end);
    }
    if identity.is_empty() {
        "rule".to_owned()
    } else {
        identity
    }
}

/// The citation of a provision: `Article II ▸ Paragraph 1 (a)`.
pub(crate) fn citation(headings: &[String], label: Option<&str>, title: &str) -> String {
    let mut text = headings
        .iter()
        .map(|heading| cited(heading))
        .filter(|heading| !heading.is_empty())
        .collect::<Vec<_>>()
        .join(" ▸ ");
    match label {
        Some(label) if repeats(headings, label) => {}
        Some(label) if label.starts_with('(') => {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(label);
        }
        other => {
            if !text.is_empty() {
                text.push_str(" ▸ ");
            }
            text.push_str(other.unwrap_or(title));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{citation, identity};

    fn headings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn an_article_and_its_paragraph() {
        let above = headings(&["Article II — central limits", "Paragraph 1"]);
        assert_eq!(identity(&above, Some("(a)"), "x"), "II.1.a");
        assert_eq!(
            citation(&above, Some("(a)"), "x"),
            "Article II ▸ Paragraph 1 (a)"
        );
    }

    #[test]
    fn a_part_of_a_protocol_with_a_numbered_rule() {
        let above = headings(&["Protocol, Part Four — notifications"]);
        assert_eq!(identity(&above, Some("II.1"), "x"), "Protocol.Four.II.1");
        assert_eq!(
            citation(&above, Some("II.1"), "x"),
            "Protocol, Part Four ▸ II.1"
        );
    }

    #[test]
    fn a_label_that_repeats_the_heading_adds_nothing() {
        let above = headings(&["Annex I", "Paragraph 56 — stock of enriched uranium"]);
        assert_eq!(identity(&above, Some("56"), "x"), "I.56");
        assert_eq!(citation(&above, Some("56"), "x"), "Annex I ▸ Paragraph 56");
    }

    #[test]
    fn without_a_label_the_title_tells_rules_apart() {
        let above = headings(&["Article XI"]);
        assert_eq!(
            identity(&above, None, "Type One inspections"),
            "XI.type-one-inspections"
        );
        assert_eq!(
            citation(&above, None, "Type One inspections"),
            "Article XI ▸ Type One inspections"
        );
        assert_eq!(identity(&[], None, "«»"), "rule");
    }
}
