//! Nodes that know each other by their certificates.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::{Place, ask, official, until};
use detente_node::client::{Client, Credentials};
use detente_node::config::Confirm;
use detente_node::database::Role;
use detente_node::folder::add_peer;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// An authority, and what it issues: chains in PEM, with the authority last.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    fn issue(&self, folder: &Path) {
        self.issue_until(folder, 2090);
    }

    /// A certificate that is good until the year begins.
    fn issue_until(&self, folder: &Path, year: i32) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(
            folder.join("node.pem"),
            format!("{}{}", certificate.pem(), self.pem),
        )
        .unwrap();
        fs::write(folder.join("node.key"), key.serialize_pem()).unwrap();
    }
}

fn with_tls(party: &str, authority: &Authority) -> Place {
    let place = Place::new(party, Confirm::Witnesses);
    authority.issue(&place.folder);
    for file in ["node.toml", "card.toml"] {
        let path = place.folder.join(file);
        let mut text = fs::read_to_string(&path)
            .unwrap()
            .replace("http://", "https://");
        if file == "node.toml" {
            text = text.replace("read = \"open\"", "read = \"known\"");
            text.push_str("\n[tls]\ncertificate = \"node.pem\"\nkey = \"node.key\"\n");
        }
        fs::write(&path, text).unwrap();
    }
    place
}

#[test]
fn only_the_pinned_certificate_is_a_peers() {
    let authority = Authority::new();
    let (alpha, beta) = (with_tls("alpha", &authority), with_tls("beta", &authority));
    for (one, other) in [(&alpha, &beta), (&beta, &alpha)] {
        let (card, certificate) = (
            other.folder.join("card.toml"),
            other.folder.join("node.pem"),
        );
        add_peer(&one.folder, &card, Some(&certificate)).unwrap();
    }
    let servers = [alpha.serve(), beta.serve()];
    for server in &servers {
        until("the log to be confirmed over TLS", || {
            server.node().is_open()
        });
        until("the witness", || {
            server.node().status().witnesses[0].error.is_none()
                && server.node().status().witnesses[0].time.is_some()
        });
    }
    let url = format!("https://{}", alpha.address);
    let ask = |own: Option<&Path>| {
        let files = own.map(|folder| (folder.join("node.pem"), folder.join("node.key")));
        let pinned = alpha.folder.join("node.pem");
        let credentials = Credentials {
            server: Some(&pinned),
            own: files
                .as_ref()
                .map(|(one, other)| (one.as_path(), other.as_path())),
        };
        Client::new(&url, &credentials, Duration::from_secs(10))
            .unwrap()
            .get("checkpoint", 1 << 20)
    };
    // Whoever shows none is a stranger, and may not read here; a peer may.
    assert_eq!(ask(None).unwrap().status, 401);
    assert_eq!(ask(Some(&beta.folder)).unwrap().status, 200);
    // Another certificate, even of the same authority, ends the handshake.
    let other = tempfile::tempdir().unwrap();
    authority.issue(other.path());
    assert!(ask(Some(other.path())).is_err());
    // A server that shows another certificate than the pinned one is not talked to.
    let strange = tempfile::tempdir().unwrap();
    Authority::new().issue(strange.path());
    let credentials = Credentials {
        server: Some(&strange.path().join("node.pem")),
        own: None,
    };
    let client = Client::new(&url, &credentials, Duration::from_secs(10)).unwrap();
    assert!(client.get("checkpoint", 1 << 20).is_err());
    for server in servers {
        server.stop();
    }
}

#[test]
fn officials_need_no_certificate_and_old_certificates_are_refused() {
    let authority = Authority::new();
    let (alpha, beta) = (with_tls("alpha", &authority), with_tls("beta", &authority));
    // Beta's certificate ended long ago; that it is pinned does not make it good.
    authority.issue_until(&beta.folder, 2020);
    let certificate = beta.folder.join("node.pem");
    add_peer(
        &alpha.folder,
        &beta.folder.join("card.toml"),
        Some(&certificate),
    )
    .unwrap();
    alpha.change("confirm = \"witnesses\"", "confirm = \"operator\"");
    let server = alpha.serve();
    until("the log to be open", || server.node().is_open());
    let reader = official(server.node(), "reader", Role::Reader);
    let url = format!("https://{}", alpha.address);
    let client = |own: Option<&Path>| {
        let files = own.map(|folder| (folder.join("node.pem"), folder.join("node.key")));
        let pinned = alpha.folder.join("node.pem");
        let credentials = Credentials {
            server: Some(&pinned),
            own: files
                .as_ref()
                .map(|(one, other)| (one.as_path(), other.as_path())),
        };
        Client::new(&url, &credentials, Duration::from_secs(10)).unwrap()
    };
    assert!(
        client(Some(&beta.folder))
            .get("checkpoint", 1 << 20)
            .is_err()
    );
    let official = client(None);
    for path in ["checkpoint", "api/v1/status", "api/v1/entries"] {
        assert_eq!(official.get(path, 1 << 20).unwrap().status, 401, "{path}");
        let signed_in = official.get_signed_in(path, &reader.token, 1 << 20);
        assert_eq!(signed_in.unwrap().status, 200, "{path}");
    }
    assert_eq!(official.get("health/ready", 1 << 10).unwrap().status, 200);
    // Without TLS there is no answer, and no token is worth anything.
    let plain = ask(
        alpha.address,
        "GET",
        "/checkpoint",
        Some(&reader.token),
        b"",
    );
    assert_eq!(plain.status, 0, "{}", plain.head);
    server.stop();
}
