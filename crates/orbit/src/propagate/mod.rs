//! SGP4/SDP4 as revised in 2006 (Vallado, Crawford, Hujsak, Kelso: "Revisiting Spacetrack Report #3",
//! AIAA 2006-6753), for one object or a whole catalogue at once.
//!
//! Positions are in km and velocities in km/s, in TEME (true equator, mean equinox) of the instant.

mod deep_setup;
mod fleet;
mod gravity;
mod kernel;
mod lanes;
mod setup;
mod terms;

use jiff::Timestamp;
use pulp::WithSimd;
use serde::{Deserialize, Serialize};

use crate::elements::{ElementSet, ImpossibleElements};
use crate::epoch;
pub use fleet::{Fleet, Grid};
pub use gravity::Gravity;
pub use kernel::Mode;
use lanes::Lanes;
use setup::Model;
use terms::{Common, Deep, Near, Segment};

/// Position and velocity in TEME.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Position, km.
    pub position: [f64; 3],
    /// Velocity, km/s.
    pub velocity: [f64; 3],
}

/// Why there is no position.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PropagationError {
    /// The element set itself.
    #[error(transparent)]
    Impossible(#[from] ImpossibleElements),
    /// Code 1 of the published procedure.
    #[error(
        "the mean eccentricity left the range 0 to 1: the set is too old for this instant, or wrong"
    )]
    Eccentricity,
    /// Code 2.
    #[error("the mean motion is not positive: the set is too old for this instant, or wrong")]
    MeanMotion,
    /// Code 3.
    #[error(
        "Sun and Moon took the eccentricity out of the range 0 to 1: the set is too old for this instant"
    )]
    PerturbedEccentricity,
    /// Code 4.
    #[error("the semi-latus rectum is negative: the set is too old for this instant, or wrong")]
    SemiLatusRectum,
    /// Code 6.
    #[error("the object is inside the Earth: it has decayed")]
    Decayed,
    /// No code of the procedure: velocity is far from the derivative of position, as for a set extrapolated
    /// long beyond the object's decay.
    #[error("position and velocity contradict each other: the set is far too old for this instant")]
    Contradictory,
    /// No code of the procedure: its formulas gave no number.
    #[error("the procedure gave no finite position: the set is far outside what SGP4 was made for")]
    NotFinite,
}

impl PropagationError {
    fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => None,
            1 => Some(Self::Eccentricity),
            2 => Some(Self::MeanMotion),
            3 => Some(Self::PerturbedEccentricity),
            4 => Some(Self::SemiLatusRectum),
            6 => Some(Self::Decayed),
            _ => Some(Self::NotFinite),
        }
    }

    /// The number that the published procedure gives this error; 0 where it has none.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Eccentricity => 1,
            Self::MeanMotion => 2,
            Self::PerturbedEccentricity => 3,
            Self::SemiLatusRectum => 4,
            Self::Decayed => 6,
            Self::Impossible(_) | Self::Contradictory | Self::NotFinite => 0,
        }
    }
}

/// One object, ready to be propagated.
///
/// For many objects or many instants a [`Fleet`] is several times faster.
#[derive(Clone, Debug)]
pub struct Propagator {
    model: Model,
    epoch: Timestamp,
    gravity: Gravity,
    mode: Mode,
}

impl Propagator {
    /// Prepares an object with WGS-72, which element sets are fitted with.
    ///
    /// # Errors
    /// When no orbit can be recovered from the elements.
    pub fn new(set: &ElementSet) -> Result<Self, PropagationError> {
        Self::with(set, &Gravity::WGS72, Mode::Improved)
    }

    /// Prepares an object with other constants or another mode.
    ///
    /// # Errors
    /// When no orbit can be recovered from the elements.
    pub fn with(set: &ElementSet, gravity: &Gravity, mode: Mode) -> Result<Self, PropagationError> {
        let model = setup::prepare(set, gravity, mode)?;
        Ok(Self {
            model,
            epoch: set.epoch,
            gravity: *gravity,
            mode,
        })
    }

    /// The epoch of the element set.
    #[must_use]
    pub fn epoch(&self) -> Timestamp {
        self.epoch
    }

    /// The state some minutes after epoch.
    ///
    /// # Errors
    /// When the procedure has no position for that instant.
    pub fn after_minutes(&self, minutes: f64) -> Result<State, PropagationError> {
        Single {
            propagator: self,
            minutes,
        }
        .with_simd(pulp::Scalar::new())
    }

    /// The state at an instant.
    ///
    /// # Errors
    /// When the procedure has no position for that instant.
    pub fn at(&self, instant: Timestamp) -> Result<State, PropagationError> {
        self.after_minutes(epoch::minutes_between(self.epoch, instant))
    }
}

struct Single<'a> {
    propagator: &'a Propagator,
    minutes: f64,
}

impl WithSimd for Single<'_> {
    type Output = Result<State, PropagationError>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> Self::Output {
        let Propagator {
            model,
            gravity,
            mode,
            ..
        } = self.propagator;
        let t = Lanes::splat(simd, self.minutes);
        let motion = match model {
            Model::Near(common, near) => kernel::near(
                gravity,
                &Common::splat(simd, common),
                &Near::splat(simd, near),
                t,
            ),
            Model::Deep(common, terms) => {
                let (deep, resonance) = terms.as_ref();
                let segment = Segment::splat(simd, &resonance.segment(self.minutes, None));
                let (common, deep) = (Common::splat(simd, common), Deep::splat(simd, deep));
                kernel::deep(gravity, *mode, &common, &deep, &segment, t)
            }
        };
        let first = |lanes: Lanes<S>| {
            let mut values = [0.0; terms::BLOCK];
            lanes.store(&mut values);
            values[0]
        };
        match PropagationError::from_code(first(motion.code) as u8) {
            Some(error) => Err(error),
            None => Ok(State {
                position: motion.position.map(first),
                velocity: motion.velocity.map(first),
            }),
        }
    }
}
