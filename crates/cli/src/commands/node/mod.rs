//! `detente node`: a party's node.

mod accounts;
pub(crate) mod arguments;
mod status;

use std::path::Path;

use detente_node::config::{Confirm, Peer};
use detente_node::folder::{Setup, add_peer, set_up};
use detente_node::{Node as OpenNode, OpenOptions, Server};
use serde_json::json;

use crate::arguments::Plain;
use crate::failure::Failure;
use crate::output;
use crate::passphrase::Passphrase;
use arguments::{ConfirmBy, Node, NodeCommand, PeerCommand};

/// Runs the command.
pub(crate) fn run(node: &Node) -> Result<u8, Failure> {
    match &node.command {
        NodeCommand::Init {
            folder,
            party,
            origin,
            listen,
            url,
            confirm,
            post_quantum,
            passphrase,
            format,
        } => {
            let setup = Setup {
                party: party.clone(),
                origin: origin.clone(),
                listen: *listen,
                url: url.clone(),
                confirm: match confirm {
                    ConfirmBy::Witnesses => Confirm::Witnesses,
                    ConfirmBy::Operator => Confirm::Operator,
                },
                post_quantum: *post_quantum,
            };
            let passphrase = passphrase.make(folder)?;
            let card = set_up(folder, &setup, &passphrase).map_err(usage)?;
            answer_card(&card, *format, || {
                format!(
                    "The node of {party} is made in {0}.\n\n{1}\nGive {0}/card.toml to the other parties and read these identifiers to them over another channel.\n\
                     Take in their cards with `detente node peer add {0} CARD`, then run `detente node serve {0}`.\n\
                     Keep a copy of {0}/keys and of the passphrase, apart from each other.\n",
                    folder.display(),
                    keys(&card)
                )
            })
        }
        NodeCommand::Peer { command } => match command {
            PeerCommand::Add {
                folder,
                card,
                certificate,
            } => {
                let peer = add_peer(folder, card, certificate.as_deref()).map_err(usage)?;
                output::answer(&format!(
                    "{} at {} is a peer now; a node that runs takes notice at its next start.\n\n{}",
                    peer.party,
                    peer.url,
                    keys(&peer)
                ))?;
                Ok(0)
            }
            PeerCommand::List { folder, format } => {
                let peers = Peer::read_all(&folder.join("peers")).map_err(usage)?;
                let text = match format {
                    Plain::Json => {
                        let list: Vec<_> = peers.iter().map(card_json).collect();
                        format!("{:#}\n", json!(list))
                    }
                    Plain::Text if peers.is_empty() => {
                        "no peers yet: take in a card with `detente node peer add`\n".to_owned()
                    }
                    Plain::Text => peers
                        .iter()
                        .map(|peer| format!("{} at {}\n{}", peer.party, peer.url, keys(peer)))
                        .collect::<Vec<_>>()
                        .join("\n"),
                };
                output::answer(&text)?;
                Ok(0)
            }
        },
        NodeCommand::Account { command } => accounts::run(command),
        NodeCommand::Token {
            folder,
            account,
            days,
            revoke,
        } => accounts::token(folder, account, *days, *revoke),
        NodeCommand::Serve {
            folder,
            passphrase,
            log_format,
        } => serve(folder, passphrase, *log_format),
        NodeCommand::Status {
            node,
            token_file,
            certificate,
            passphrase,
            format,
        } => status::run(
            node,
            token_file.as_deref(),
            certificate.as_deref(),
            passphrase,
            *format,
        ),
    }
}

/// Opens a node's folder with its passphrase.
pub(crate) fn open(folder: &Path, passphrase: &Passphrase) -> Result<OpenNode, Failure> {
    // What is no node's folder is said before anybody types a passphrase.
    detente_node::config::Config::read(folder).map_err(usage)?;
    let passphrase = passphrase.get(folder)?;
    OpenNode::open(folder, OpenOptions::new(&passphrase)).map_err(usage)
}

fn serve(folder: &Path, passphrase: &Passphrase, log_format: Plain) -> Result<u8, Failure> {
    detente_node::logs::to_standard_error(log_format == Plain::Json);
    let node = open(folder, passphrase)?;
    let server = Server::start(&node).map_err(usage)?;
    output::complain(&format!(
        "{} serves {} at {}; Ctrl-C ends it",
        node.config().party,
        node.config().origin,
        server.address()
    ));
    server
        .run_until_asked_to_end()
        .map_err(|error| Failure::Usage(format!("signals cannot be waited for: {error}")))?;
    Ok(0)
}

fn answer_card(card: &Peer, format: Plain, text: impl FnOnce() -> String) -> Result<u8, Failure> {
    output::answer(&match format {
        Plain::Text => text(),
        Plain::Json => format!("{:#}\n", card_json(card)),
    })?;
    Ok(0)
}

/// The keys of a card, a line each.
fn keys(card: &Peer) -> String {
    let purposes = [
        ("log", &card.log),
        ("witness", &card.witness),
        ("mirror", &card.mirror),
    ];
    purposes
        .iter()
        .flat_map(|(purpose, keys)| {
            keys.iter()
                .map(move |key| format!("{purpose:>8}  {}\n", key.0))
        })
        .collect()
}

fn card_json(card: &Peer) -> serde_json::Value {
    let list = |keys: &[detente_node::config::PublicKey]| -> Vec<String> {
        keys.iter().map(|key| key.0.to_string()).collect()
    };
    json!({
        "party": card.party,
        "origin": card.origin,
        "url": card.url,
        "log": list(&card.log),
        "witness": list(&card.witness),
        "mirror": list(&card.mirror),
        "certificate": card.certificate,
    })
}

pub(crate) fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}
