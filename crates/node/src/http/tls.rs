//! TLS 1.3 by rustls. Peers show their pinned certificate; whoever shows another is refused in the handshake; officials show
//! none.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
};
use thiserror::Error;

use crate::config::{Peer, Tls};

/// Why TLS was not set up.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read, or holds something else.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The parts do not fit.
    #[error("TLS cannot be set up: {0}")]
    Parts(String),
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |reason: String| TlsError::File {
        path: path.to_owned(),
        reason,
    };
    let list = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(error.to_string()))?;
    if list.is_empty() {
        return Err(wrong("it holds no certificate in PEM".to_owned()));
    }
    Ok(list)
}

/// The pinned certificates of peers, by their place.
pub(super) struct Pinned(Vec<(usize, CertificateDer<'static>)>);

impl Pinned {
    /// The peer whose certificate this is.
    pub(super) fn peer(&self, shown: &CertificateDer<'_>) -> Option<usize> {
        self.0
            .iter()
            .find(|(_, pinned)| pinned == shown)
            .map(|(place, _)| *place)
    }
}

/// The configuration of the server, and the pinned certificates.
pub(super) fn server(
    root: &Path,
    tls: &Tls,
    peers: &[Peer],
) -> Result<(Arc<ServerConfig>, Arc<Pinned>), TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = certificates(&root.join(&tls.certificate))?;
    let key_path = root.join(&tls.key);
    let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|error| TlsError::File {
        path: key_path,
        reason: error.to_string(),
    })?;
    let mut pinned = Vec::new();
    let mut roots = RootCertStore::empty();
    for (place, peer) in peers.iter().enumerate() {
        let Some(path) = &peer.certificate else {
            continue;
        };
        let list = certificates(path)?;
        if let (Some(first), Some(last)) = (list.first(), list.last()) {
            pinned.push((place, first.clone()));
            roots.add(last.clone()).map_err(|error| TlsError::File {
                path: path.clone(),
                reason: error.to_string(),
            })?;
        }
    }
    let pinned = Arc::new(Pinned(pinned));
    let parts = |error: &dyn std::fmt::Display| TlsError::Parts(error.to_string());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| parts(&error))?;
    let builder = if pinned.0.is_empty() {
        builder.with_no_client_auth()
    } else {
        let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .allow_unauthenticated()
            .build()
            .map_err(|error| parts(&error))?;
        builder.with_client_cert_verifier(Arc::new(OnlyPinned {
            inner,
            pinned: pinned.clone(),
        }))
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|error| parts(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config), pinned))
}

/// Besides what web certificates need (their time, their signature), a client's must be one of those pinned.
#[derive(Debug)]
struct OnlyPinned {
    inner: Arc<dyn ClientCertVerifier>,
    pinned: Arc<Pinned>,
}

impl std::fmt::Debug for Pinned {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} pinned certificates", self.0.len())
    }
}

impl ClientCertVerifier for OnlyPinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if self.pinned.peer(end_entity).is_none() {
            return Err(rustls::Error::InvalidCertificate(
                rustls::CertificateError::ApplicationVerificationFailure,
            ));
        }
        self.inner
            .verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
