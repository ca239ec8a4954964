//! Which question can be asked of an encounter, and the library's answer.

use super::message::Encounter;
use detente_orbit::risk::{
    Conjunction, EncounterPlane, Limits, MaximumProbability, RiskAssessment, RiskError, Simulated,
    Trials, Window, assess, maximum_probability, maximum_probability_beside,
};

/// What can be said.
pub(super) enum Reckoning {
    /// Both covariances are known.
    Both(Box<RiskAssessment>, Option<Simulated>),
    /// One is: the plane with it alone, and the largest probability that any other beside it could give.
    One(EncounterPlane, MaximumProbability),
    /// None is: the largest probability that any could give.
    Neither(MaximumProbability),
}

impl Reckoning {
    /// Reckons; `radius` is that of both bodies, km; trials are their number and seed.
    pub(super) fn of(
        encounter: &Encounter,
        radius: f64,
        trials: Option<(u64, u64)>,
    ) -> Result<Self, RiskError> {
        let [first, second] = &encounter.states;
        match encounter.known {
            [Ok(()), Ok(())] => {
                let assessment = assess(first, second, radius, &Limits::default())?;
                let simulated = trials
                    .map(|(count, seed)| {
                        let pair = Conjunction::of(first, second, radius)?;
                        pair.simulate(&Window::of(&pair), &Trials::new(count, seed))
                    })
                    .transpose()?;
                Ok(Self::Both(Box::new(assessment), simulated))
            }
            [Err(_), Err(_)] => maximum_probability(encounter.seen.distance(), radius)
                .map(Self::Neither)
                .ok_or(RiskError::NotPossible("the distance")),
            _ => {
                let (plane, _) = EncounterPlane::repaired(&first.body(), &second.body(), radius)?;
                maximum_probability_beside(&plane, radius)
                    .map(|most| Self::One(plane, most))
                    .ok_or(RiskError::NotPossible("the combined radius"))
            }
        }
    }

    /// The encounter plane, if there is one.
    pub(super) fn plane(&self) -> Option<EncounterPlane> {
        match self {
            Self::Both(assessment, _) => assessment.two_dimensional.map(|(plane, _)| plane),
            Self::One(plane, _) => Some(*plane),
            Self::Neither(_) => None,
        }
    }
}
