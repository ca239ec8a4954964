//! Who is trusted, and when.
//!
//! A *trust file* says which logs, witnesses and quorum there are (a C2SP policy, word for word), whose they are, which
//! officials may sign for which party, and what the next trust file takes. The first one is part of what is signed. Each
//! later one is carried by acts in the parties' own logs, made under the rule of the one before.
//!
//! An entry is judged by the trust file that was in force when it was received. [`InForce`] is the only thing that judges
//! entries, a [`TrustSequence`] is the only thing that gives one out, and it asks for the time of receipt: there is no way
//! to judge an earlier entry by a later file, or the other way round.

mod adopt;
mod file;
mod force;
mod words;

pub use adopt::{Adopted, ChangeKind, change_kind};
pub use file::{MOST_TRUST_FILE_BYTES, Official, Party, TrustFile, TrustFileError};
pub use force::{EntryFault, InForce, ReceivedAt, Signed, TrustSequence};
pub use words::Role;

pub(crate) use adopt::{Act, follows};
