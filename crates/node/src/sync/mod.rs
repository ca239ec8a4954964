//! Visiting peers: having the own log witnessed, copying theirs, and comparing what each was shown.

mod background;
mod compare;
mod visit;

pub use background::Background;
pub use visit::{Visit, VisitError};

use std::path::Path;
use std::time::Duration;

use crate::client::{Client, ClientError, Credentials};
use crate::config::{Config, Peer};

/// What is known of a peer between visits.
pub(crate) struct PeerState {
    pub(crate) client: Client,
    /// When it was last reached, in seconds.
    pub(crate) reached: Option<u64>,
    /// Why the last visit failed, if it did.
    pub(crate) error: Option<String>,
    /// How many entries of the own log it has cosigned, as far as is known.
    pub(crate) cosigned: u64,
    /// Whether it has shown a newer head since it was visited.
    pub(crate) grown: bool,
    /// Failed visits since the last one that succeeded.
    pub(crate) failures: u32,
}

/// How long one request to a peer may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl PeerState {
    pub(crate) fn new(peer: &Peer, config: &Config, root: &Path) -> Result<PeerState, ClientError> {
        let own = config
            .tls
            .as_ref()
            .map(|tls| (root.join(&tls.certificate), root.join(&tls.key)));
        let credentials = Credentials {
            server: peer.certificate.as_deref(),
            own: own
                .as_ref()
                .map(|(certificate, key)| (certificate.as_path(), key.as_path())),
        };
        Ok(PeerState {
            client: Client::new(&peer.url, &credentials, PATIENCE)?,
            reached: None,
            error: None,
            cosigned: 0,
            grown: false,
            failures: 0,
        })
    }
}
