//! Timeliness goals: how soon after a diversion it should be found. Data with references.

use detente_safeguards::mass::Reference;

/// Kind of material, by how directly it could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UseCategory {
    /// Plutonium with less than 80 % Pu-238, U-233, or uranium with 20 % U-235 or more, not irradiated.
    UnirradiatedDirectUse,
    /// The same, in irradiated fuel.
    IrradiatedDirectUse,
    /// Everything else: low enriched, natural and depleted uranium, thorium.
    IndirectUse,
}

/// A goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelinessGoal {
    /// For which material.
    pub category: UseCategory,
    /// Calendar months from diversion to detection.
    pub months: u8,
    /// Where it is published.
    pub reference: Reference,
}

const GLOSSARY: Reference = Reference {
    document: "IAEA Safeguards Glossary, 2001 Edition, International Nuclear Verification Series No. 3",
    place: "3.20, IAEA timeliness detection goal",
};

/// The IAEA's goals. They are guides for planning, may be longer where broader conclusions have been drawn for a State, and
/// are not deadlines of any agreement.
pub const TIMELINESS_GOALS: [TimelinessGoal; 3] = [
    TimelinessGoal {
        category: UseCategory::UnirradiatedDirectUse,
        months: 1,
        reference: GLOSSARY,
    },
    TimelinessGoal {
        category: UseCategory::IrradiatedDirectUse,
        months: 3,
        reference: GLOSSARY,
    },
    TimelinessGoal {
        category: UseCategory::IndirectUse,
        months: 12,
        reference: GLOSSARY,
    },
];

/// The goal for a kind of material.
#[must_use]
pub fn timeliness_goal(category: UseCategory) -> TimelinessGoal {
    let [unirradiated, irradiated, indirect] = TIMELINESS_GOALS;
    match category {
        UseCategory::UnirradiatedDirectUse => unirradiated,
        UseCategory::IrradiatedDirectUse => irradiated,
        UseCategory::IndirectUse => indirect,
    }
}
