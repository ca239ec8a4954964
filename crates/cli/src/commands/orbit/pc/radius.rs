//! The radius of both bodies together.

use super::super::rows::Radii;
use detente_ccsds::{Block, Cdm};
use detente_orbit::elements::CatalogNumber;

/// The largest radius of two bodies, m: a hundred times the largest there are.
const LARGEST: f64 = 10_000.0;

/// A radius, and where it is from.
pub(super) struct Radius {
    /// Metres.
    pub(super) metres: f64,
    /// In words.
    pub(super) source: &'static str,
}

/// The radius of both bodies of a message; else what to do.
pub(super) fn of(
    cdm: &Cdm<'_>,
    given: Option<f64>,
    radii: Option<&Radii>,
) -> Result<Radius, String> {
    let from = |metres: f64, source| {
        if metres.is_finite() && metres > 0.0 && metres <= LARGEST {
            Ok(Radius { metres, source })
        } else {
            Err(format!(
                "a radius of {metres:e} m ({source}) cannot be: it is above 0 and at most {LARGEST} m"
            ))
        }
    };
    let objects = cdm.objects();
    let number = |object: &detente_ccsds::CdmObject<'_>| {
        CatalogNumber::from_digits(object.designator()?).ok()
    };
    if let (Some(radii), Some([one, other])) = (radii, &objects)
        && let Some((one, other)) = number(one).zip(number(other))
        && let Some(sum) = radii.sum(one, other)
    {
        return from(sum, "the table of radii");
    }
    if let Some(metres) = given {
        return from(metres, "--hard-body-radius");
    }
    let stated = objects.and_then(|objects| {
        let [one, other] = objects.map(|object| object.hard_body_radius());
        Some(one? + other?)
    });
    if let Some(sum) = stated {
        return from(sum, "the message, HBR of both");
    }
    match comments(cdm).find_map(stated_in) {
        Some(metres) => from(metres, "the message, a comment"),
        None => Err(
            "the message does not say how large both bodies are: give --hard-body-radius METRES, or --radii with both"
                .to_owned(),
        ),
    }
}

/// Comments on both objects: those before the first object stand, as they were read, in its block.
fn comments<'a>(cdm: &Cdm<'a>) -> impl Iterator<Item = &'a str> {
    let message = cdm.message();
    let first = message.segments().next();
    let blocks: [Option<&'a Block>; 5] = [
        message.header(),
        message.root().block("body"),
        cdm.relative(),
        first,
        first.and_then(|segment| segment.block("metadata")),
    ];
    blocks.into_iter().flatten().flat_map(Block::comments)
}

/// The metres of `HBR = 20 [m]`; the unit may be left out, another is not taken.
fn stated_in(comment: &str) -> Option<f64> {
    let (name, value) = comment.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("HBR") {
        return None;
    }
    let value = value.trim();
    let number = match value.split_once('[') {
        Some((number, unit)) if unit.trim() == "m]" => number,
        Some(_) => return None,
        None => value,
    };
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::stated_in;

    #[test]
    fn a_comment_states_metres_or_nothing() {
        assert_eq!(stated_in("HBR = 14.8000000000000007 [m]"), Some(14.8));
        assert_eq!(stated_in("HBR                    = 15.0"), Some(15.0));
        assert_eq!(stated_in("HBR = 0.02 [km]"), None);
        assert_eq!(stated_in("EXCLUSION_VOLUME_RADIUS = 10 [m]"), None);
        assert_eq!(stated_in("HBR unknown"), None);
    }
}
