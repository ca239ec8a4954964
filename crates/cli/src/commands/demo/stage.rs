//! The stage: real nodes on loopback, with officials, and a clock that is set.

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use detente_exchange::statement::Statement;
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer};
use detente_ledger::note::KeyName;
use detente_ledger::time::Timestamp;
use detente_node::client::{Answer, Client, Credentials};
use detente_node::clock::SetClock;
use detente_node::config::{Confirm, Peer};
use detente_node::database::{Account, Role};
use detente_node::folder::{Setup, add_peer, set_up};
use detente_node::{Node, OpenOptions, Server};
use detente_quantity::{Date, Instant};
use serde_json::Value;

use super::failed;
use crate::failure::Failure;

/// The passphrase of the demonstration's key files. They protect nothing.
pub(super) const PASSPHRASE: &str = "a demonstration has no secrets";

/// The longest that one request may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One party: its node, its officials, and how it signs in.
pub(super) struct Party {
    pub(super) name: &'static str,
    pub(super) folder: PathBuf,
    pub(super) card: Peer,
    pub(super) officer: LocalSigner,
    pub(super) keeper: LocalSigner,
    url: String,
    server: Option<Server>,
    token: String,
}

/// The stage.
pub(super) struct Stage {
    pub(super) clock: Arc<SetClock>,
    pub(super) parties: Vec<Party>,
}

impl Stage {
    pub(super) fn new(now: &str) -> Result<Stage, Failure> {
        Ok(Stage {
            clock: Arc::new(SetClock::at(at(now)?)),
            parties: Vec::new(),
        })
    }

    /// Makes a party's folder, keys and card. It does not serve yet.
    pub(super) fn add(&mut self, name: &'static str, root: &Path) -> Result<(), Failure> {
        let lower = name.to_lowercase();
        let folder = root.join(&lower);
        let listen = free_address()?;
        let url = format!("http://{listen}");
        let setup = Setup {
            party: name.to_owned(),
            origin: format!("{lower}.example/log"),
            listen,
            url: url.clone(),
            confirm: Confirm::Operator,
            post_quantum: false,
        };
        let card = set_up(&folder, &setup, PASSPHRASE).map_err(failed)?;
        self.parties.push(Party {
            name,
            folder,
            card,
            officer: official(&format!("officer.{lower}.example"))?,
            keeper: official(&format!("keeper.{lower}.example"))?,
            url,
            server: None,
            token: String::new(),
        });
        Ok(())
    }

    /// Gives every node the cards of the others, and serves all. Nodes that serve are stopped first.
    pub(super) fn serve(&mut self) -> Result<(), Failure> {
        for party in &mut self.parties {
            if let Some(server) = party.server.take() {
                server.stop();
            }
        }
        for place in 0..self.parties.len() {
            for other in 0..self.parties.len() {
                let (to, from) = (&self.parties[place], &self.parties[other]);
                let name = from.name.to_lowercase();
                let there = to
                    .folder
                    .join("peers")
                    .join(format!("{name}.toml"))
                    .exists();
                if place != other && !there {
                    add_peer(&to.folder, &from.folder.join("card.toml"), None).map_err(failed)?;
                }
            }
        }
        for party in &mut self.parties {
            let mut options = OpenOptions::new(PASSPHRASE);
            options.clock = self.clock.clone();
            let node = Node::open(&party.folder, options).map_err(failed)?;
            node.confirm().map_err(failed)?;
            if party.token.is_empty() {
                party.token = accounts(&node, party)?;
            }
            party.server = Some(Server::start(&node).map_err(failed)?);
        }
        Ok(())
    }

    pub(super) fn party(&self, name: &str) -> Result<&Party, Failure> {
        self.parties
            .iter()
            .find(|party| party.name == name)
            .ok_or_else(|| Failure::Usage(format!("the demonstration has no party {name}")))
    }

    pub(super) fn set(&self, now: &str) -> Result<(), Failure> {
        self.clock.set(at(now)?);
        Ok(())
    }

    /// Says something at a time, over HTTP, and has it received there and then.
    pub(super) fn say(&self, name: &str, said: &Value, now: &str) -> Result<u64, Failure> {
        self.set(now)?;
        let party = self.party(name)?;
        let statement = Statement::of_json(said.clone()).map_err(failed)?;
        let key = if statement.trust().is_some() {
            &party.keeper
        } else {
            &party.officer
        };
        let entry = statement
            .sign(&party.card.origin, &[key as &dyn Signer])
            .map_err(failed)?;
        let client = client(&party.url)?;
        let answer = client
            .post_signed_in(
                "api/v1/entries",
                &party.token,
                "text/plain; charset=utf-8",
                &entry.to_bytes(),
                1 << 20,
            )
            .map_err(failed)?;
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let index = told["index"].as_u64().ok_or_else(|| {
            Failure::Usage(format!(
                "the node of {name} did not take an entry (status {}): {}",
                answer.status,
                answer.text()
            ))
        })?;
        self.visit(name)?;
        Ok(index)
    }

    /// Has a party's log offered to all others, now.
    fn visit(&self, name: &str) -> Result<(), Failure> {
        let party = self.party(name)?;
        let Some(server) = &party.server else {
            return Ok(());
        };
        for visit in server.node().round() {
            if let Some(error) = visit.errors.first() {
                return Err(Failure::Usage(format!(
                    "{name} could not visit {}: {error}",
                    visit.party
                )));
            }
        }
        Ok(())
    }

    /// Sends bytes to a node, as anybody can.
    pub(super) fn post(&self, name: &str, path: &str, body: &[u8]) -> Result<Answer, Failure> {
        client(&self.party(name)?.url)?
            .post(path, body, 1 << 20)
            .map_err(failed)
    }

    /// Stops all nodes.
    pub(super) fn stop(&mut self) {
        for party in &mut self.parties {
            if let Some(server) = party.server.take() {
                server.stop();
            }
        }
    }

    /// A trust file over these parties; any `quorum` of the witnesses suffice.
    pub(super) fn trust_file(
        &self,
        parties: &[&str],
        quorum: usize,
        before: Option<&str>,
    ) -> String {
        let mut policy = String::new();
        let mut people = String::new();
        let mut members = Vec::new();
        for party in self
            .parties
            .iter()
            .filter(|party| parties.contains(&party.name))
        {
            let name = party.name.to_lowercase();
            for key in &party.card.log {
                let _ = writeln!(policy, "log {} {}", key.0, party.url);
            }
            let mut witnesses = Vec::new();
            for (number, key) in party.card.witness.iter().enumerate() {
                let witness = if number == 0 {
                    name.clone()
                } else {
                    format!("{name}-{number}")
                };
                let _ = writeln!(policy, "witness {witness} {}", key.0);
                witnesses.push(witness);
            }
            members.extend(witnesses.iter().take(1).cloned());
            let _ = write!(
                people,
                "\n[[party]]\nname = \"{}\"\nlog = \"{}\"\nwitnesses = {witnesses:?}\n\n[[party.official]]\nkey = \"{}\"\nroles = [\"releasing-officer\"]\n\n[[party.official]]\nkey = \"{}\"\nroles = [\"keeper\"]\n",
                party.name,
                party.card.origin,
                party.officer.verifier(),
                party.keeper.verifier(),
            );
        }
        let _ = writeln!(
            policy,
            "group parties {quorum} {}\nquorum parties",
            members.join(" ")
        );
        let head = match before {
            None => "number = 1\n".to_owned(),
            Some(before) => format!(
                "number = 2\nreplaces = \"{}\"\n",
                Hash::of(before.as_bytes()).to_hex()
            ),
        };
        format!(
            "# Who is trusted in the Demonstration Treaty: made up, as its parties are.\n{head}agreement = \"Demonstration Treaty\"\nchanges = \"all\"\npolicy = \"\"\"\n{policy}\"\"\"\n{people}"
        )
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop();
    }
}

fn client(url: &str) -> Result<Client, Failure> {
    Client::new(url, &Credentials::default(), PATIENCE).map_err(failed)
}

/// An address on loopback that nobody uses now.
fn free_address() -> Result<SocketAddr, Failure> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map_err(failed)
}

fn official(name: &str) -> Result<LocalSigner, Failure> {
    let name = KeyName::new(name).ok_or_else(|| Failure::Usage(format!("{name} names no key")))?;
    LocalSigner::generate(name, Algorithm::Ed25519).map_err(failed)
}

/// Accounts for the officials; the token is the officer's, who also hands in what the keeper has signed.
fn accounts(node: &Node, party: &Party) -> Result<String, Failure> {
    let now = node.now().seconds();
    for (name, key) in [("officer", &party.officer), ("keeper", &party.keeper)] {
        let account = Account {
            name: name.to_owned(),
            role: Role::ReleasingOfficer,
            key: Some(key.verifier().clone()),
            created: now,
            revoked: None,
        };
        node.store().add_account(&account).map_err(failed)?;
    }
    let year = 2 * 366 * 86_400;
    let token = node
        .store()
        .issue_token("officer", now, year)
        .map_err(failed)?;
    Ok(token.secret.to_string())
}

/// The seconds of a date or instant.
pub(super) fn at(text: &str) -> Result<Timestamp, Failure> {
    let instant = match text.parse::<Date>() {
        Ok(date) => date.start(),
        Err(_) => text.parse::<Instant>().map_err(failed)?,
    };
    u64::try_from(instant.micros() / 1_000_000)
        .ok()
        .and_then(Timestamp::from_seconds)
        .ok_or_else(|| Failure::Usage(format!("{text} is no time for a demonstration")))
}
