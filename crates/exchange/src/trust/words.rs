//! The roles of officials.

use serde::{Deserialize, Serialize};

use detente_record::Kind;

/// What an official may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything that the party says, but trust files.
    ReleasingOfficer,
    /// What was seen at an inspection, and observations.
    Inspector,
    /// Trust files: keys that come and go. To be kept apart from the others.
    Keeper,
}

impl Role {
    /// Whether the role may sign an entry of such a kind.
    #[must_use]
    pub fn may_sign(self, kind: Kind, is_trust_file: bool) -> bool {
        match self {
            Role::ReleasingOfficer => !is_trust_file,
            Role::Inspector => {
                !is_trust_file && matches!(kind, Kind::Inspection | Kind::Observation)
            }
            Role::Keeper => is_trust_file,
        }
    }

    /// The word of the trust file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::ReleasingOfficer => "releasing-officer",
            Role::Inspector => "inspector",
            Role::Keeper => "keeper",
        }
    }
}
