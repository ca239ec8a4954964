//! Regular English plurals of class names.

/// The plural of a name: its last word in the regular plural (`heavy bombers`, `facilities`, `classes`).
pub(crate) fn plural(name: &str) -> String {
    let lower = name.to_lowercase();
    let all_capitals = name
        .rsplit([' ', '-'])
        .next()
        .is_some_and(|word| word.chars().all(|c| !c.is_lowercase()));
    let ends = |ending: &str| lower.ends_with(ending);
    let vowel_before_y = ["ay", "ey", "iy", "oy", "uy"].iter().any(|e| ends(e));
    if all_capitals {
        format!("{name}s")
    } else if ends("craft") {
        name.to_owned()
    } else if let Some(stem) = name.strip_suffix('y').filter(|_| !vowel_before_y) {
        format!("{stem}ies")
    } else if ends("s") || ends("x") || ends("z") || ends("ch") || ends("sh") {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}

/// `a missile`, `an inspection`.
pub(crate) fn article(noun: &str) -> &'static str {
    let mut letters = noun.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    // A letter spoken by its name in an abbreviation: "an SLBM", "an RV", "a UAV".
    let abbreviation = noun
        .split(['-', ' '])
        .next()
        .is_some_and(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase()));
    let vowel = if abbreviation {
        matches!(
            first,
            Some('a' | 'e' | 'f' | 'h' | 'i' | 'l' | 'm' | 'n' | 'o' | 'r' | 's' | 'x')
        )
    } else {
        matches!(first, Some('a' | 'e' | 'i' | 'o' | 'u'))
            && !noun.starts_with("uni")
            && !noun.starts_with("use")
    };
    if vowel { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::{article, plural};

    #[test]
    fn names_of_arms_have_their_usual_plurals() {
        for (one, many) in [
            ("missile", "missiles"),
            ("heavy bomber", "heavy bombers"),
            ("ICBM", "ICBMs"),
            ("facility", "facilities"),
            ("convoy", "convoys"),
            ("launch", "launches"),
            ("glass box", "glass boxes"),
            ("spacecraft", "spacecraft"),
            ("IR-1 centrifuge", "IR-1 centrifuges"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn articles_follow_the_sound() {
        for (noun, wanted) in [
            ("inspection", "an"),
            ("SLBM", "an"),
            ("UAV", "a"),
            ("launch", "a"),
            ("unit", "a"),
        ] {
            assert_eq!(article(noun), wanted, "{noun}");
        }
    }
}
