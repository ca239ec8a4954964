//! Asking another node, or any server of a log, over HTTP.

mod source;

pub use source::HttpSource;

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use thiserror::Error;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Body, http};

/// A client with its pinned certificates and time limits. Calls block.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text, for messages: at most 200 characters.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body)
            .trim()
            .chars()
            .take(200)
            .collect()
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// A certificate cannot be read.
    #[error("the certificate {path}: {reason}")]
    Certificate {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// It cannot be reached, or the connection was not good.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The answer is too large.
    #[error("the answer of {url} has more than {most} bytes")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The limit.
        most: u64,
    },
}

/// By what a client knows the server, and makes itself known.
#[derive(Clone, Debug, Default)]
pub struct Credentials<'a> {
    /// The server's pinned certificate (PEM; the last in the file is what is trusted). Without it, what the system trusts.
    pub server: Option<&'a Path>,
    /// The own certificate and private key (PEM).
    pub own: Option<(&'a Path, &'a Path)>,
}

impl Client {
    /// A client for the server at `base`. `patience` is for the whole of one request.
    ///
    /// # Errors
    /// [`ClientError::Certificate`].
    pub fn new(
        base: &str,
        credentials: &Credentials<'_>,
        patience: Duration,
    ) -> Result<Client, ClientError> {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        if base.starts_with("https://") {
            tls = tls.root_certs(match credentials.server {
                Some(path) => pinned(path)?,
                None => of_the_system(),
            });
        }
        if let Some((certificate, key)) = credentials.own {
            tls = tls.client_cert(Some(own(certificate, key)?));
        }
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .timeout_global(Some(patience))
            .timeout_connect(Some(patience.min(Duration::from_secs(10))))
            .max_redirects(0)
            .user_agent("detente-node")
            .build()
            .into();
        Ok(Client {
            agent,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// The server's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Asks for a path, and reads at most `most` bytes.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], [`ClientError::TooLarge`].
    pub fn get(&self, path: &str, most: u64) -> Result<Answer, ClientError> {
        let url = format!("{}/{path}", self.base);
        let answer = self.agent.get(&url).call();
        read(&url, answer, most)
    }

    /// Sends a body to a path, and reads at most `most` bytes.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], [`ClientError::TooLarge`].
    pub fn post(&self, path: &str, body: &[u8], most: u64) -> Result<Answer, ClientError> {
        let url = format!("{}/{path}", self.base);
        let answer = self.agent.post(&url).send(body);
        read(&url, answer, most)
    }

    /// The same, signed in with a token; `kind` is the content type.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], [`ClientError::TooLarge`].
    pub fn post_signed_in(
        &self,
        path: &str,
        token: &str,
        kind: &str,
        body: &[u8],
        most: u64,
    ) -> Result<Answer, ClientError> {
        let url = format!("{}/{path}", self.base);
        let answer = self
            .agent
            .post(&url)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .send(body);
        read(&url, answer, most)
    }

    /// Asks for a path, signed in with a token.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], [`ClientError::TooLarge`].
    pub fn get_signed_in(&self, path: &str, token: &str, most: u64) -> Result<Answer, ClientError> {
        let url = format!("{}/{path}", self.base);
        let answer = self
            .agent
            .get(&url)
            .header("authorization", format!("Bearer {token}"))
            .call();
        read(&url, answer, most)
    }
}

fn read(
    url: &str,
    answer: Result<http::Response<Body>, ureq::Error>,
    most: u64,
) -> Result<Answer, ClientError> {
    let unreachable = |reason: &dyn std::fmt::Display| ClientError::Unreachable {
        url: url.to_owned(),
        reason: reason.to_string(),
    };
    let mut answer = answer.map_err(|error| unreachable(&error))?;
    let mut body = Vec::new();
    answer
        .body_mut()
        .as_reader()
        .take(most.saturating_add(1))
        .read_to_end(&mut body)
        .map_err(|error| unreachable(&error))?;
    if body.len() as u64 > most {
        return Err(ClientError::TooLarge {
            url: url.to_owned(),
            most,
        });
    }
    Ok(Answer {
        status: answer.status().as_u16(),
        body,
    })
}

fn wrong(path: &Path, reason: &dyn std::fmt::Display) -> ClientError {
    ClientError::Certificate {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

/// The last certificate of the file: of a chain, the one above all.
fn pinned(path: &Path) -> Result<RootCerts, ClientError> {
    let pem = std::fs::read(path).map_err(|error| wrong(path, &error))?;
    let last = rustls::pki_types::CertificateDer::pem_slice_iter(&pem)
        .last()
        .ok_or_else(|| wrong(path, &"it holds no certificate in PEM"))?
        .map_err(|error| wrong(path, &error))?;
    Ok(RootCerts::new_with_certs(&[
        Certificate::from_der(&last).to_owned()
    ]))
}

fn of_the_system() -> RootCerts {
    let found: Vec<_> = rustls_native_certs::load_native_certs()
        .certs
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    RootCerts::new_with_certs(&found)
}

fn own(certificate: &Path, key: &Path) -> Result<ClientCert, ClientError> {
    let pem = std::fs::read(certificate).map_err(|error| wrong(certificate, &error))?;
    let chain = rustls::pki_types::CertificateDer::pem_slice_iter(&pem)
        .map(|one| one.map(|one| Certificate::from_der(&one).to_owned()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| wrong(certificate, &error))?;
    let pem = std::fs::read(key).map_err(|error| wrong(key, &error))?;
    let key = PrivateKey::from_pem(&pem).map_err(|error| wrong(key, &error))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}
