//! Accounts and tokens, straight in the node's database: the node may run meanwhile.

use std::path::Path;

use detente_ledger::key::{Algorithm, VerifierKey};
use detente_node::clock::{Clock as _, SystemClock};
use detente_node::config::Config;
use detente_node::database::{Account, Role, Store};
use serde_json::json;

use super::arguments::{AccountCommand, RoleName};
use super::usage;
use crate::arguments::Plain;
use crate::failure::Failure;
use crate::output;
use crate::report::time::utc;

const SECONDS_OF_A_DAY: u64 = 86_400;

/// Runs `detente node account …`.
pub(super) fn run(command: &AccountCommand) -> Result<u8, Failure> {
    match command {
        AccountCommand::Add {
            folder,
            name,
            role,
            key,
        } => {
            let key = key.as_deref().map(official_key).transpose()?;
            let role = role_of(*role);
            let signs = matches!(role, Role::ReleasingOfficer | Role::Inspector);
            if signs && key.is_none() {
                return Err(Failure::Usage(format!(
                    "a {role} signs entries: give the public key with --key, as `detente key show` prints it"
                )));
            }
            store(folder)?
                .add_account(&Account {
                    name: name.clone(),
                    role,
                    key,
                    created: now(),
                    revoked: None,
                })
                .map_err(usage)?;
            output::answer(&format!(
                "{name} is a {role} now; issue a token with `detente node token {} {name}`\n",
                folder.display()
            ))?;
            Ok(0)
        }
        AccountCommand::List { folder, format } => {
            let accounts = store(folder)?.accounts().map_err(usage)?;
            output::answer(&match format {
                Plain::Text => accounts.iter().map(line).collect(),
                Plain::Json => {
                    let list: Vec<_> = accounts
                        .iter()
                        .map(|account| {
                            json!({
                                "name": account.name,
                                "role": account.role.name(),
                                "key": account.key.as_ref().map(ToString::to_string),
                                "created": account.created,
                                "revoked": account.revoked,
                            })
                        })
                        .collect();
                    format!("{:#}\n", json!(list))
                }
            })?;
            Ok(0)
        }
        AccountCommand::Revoke { folder, name } => {
            store(folder)?.revoke_account(name, now()).map_err(usage)?;
            output::answer(&format!(
                "{name} and all its tokens have ended; what it signed stays signed\n"
            ))?;
            Ok(0)
        }
    }
}

/// Runs `detente node token`.
pub(super) fn token(folder: &Path, account: &str, days: u64, revoke: bool) -> Result<u8, Failure> {
    let store = store(folder)?;
    if revoke {
        let ended = store.revoke_tokens(account, now()).map_err(usage)?;
        output::answer(&format!("{ended} tokens of {account} have ended\n"))?;
        return Ok(0);
    }
    let token = store
        .issue_token(account, now(), days * SECONDS_OF_A_DAY)
        .map_err(usage)?;
    output::complain(&format!(
        "a token for {account}, good until {}; it is shown this once",
        utc(token.expires)
    ));
    output::answer(&format!("{}\n", *token.secret))?;
    Ok(0)
}

fn store(folder: &Path) -> Result<Store, Failure> {
    let config = Config::read(folder).map_err(usage)?;
    Store::open(folder, &config.database).map_err(usage)
}

fn official_key(text: &str) -> Result<VerifierKey, Failure> {
    let key = VerifierKey::parse(text).map_err(usage)?;
    if key.algorithm() == Algorithm::Ed25519 {
        Ok(key)
    } else {
        Err(Failure::Usage(format!(
            "{key} is the key of a witness; an official's is made with `detente key new NAME --for official`"
        )))
    }
}

fn line(account: &Account) -> String {
    let key = account
        .key
        .as_ref()
        .map_or_else(|| "no key".to_owned(), ToString::to_string);
    let ended = account
        .revoked
        .map_or_else(String::new, |since| format!("  ended {}", utc(since)));
    format!("{}  {}  {key}{ended}\n", account.name, account.role)
}

fn role_of(name: RoleName) -> Role {
    match name {
        RoleName::Drafter => Role::Drafter,
        RoleName::ReleasingOfficer => Role::ReleasingOfficer,
        RoleName::Reader => Role::Reader,
        RoleName::Inspector => Role::Inspector,
        RoleName::Auditor => Role::Auditor,
    }
}

fn now() -> u64 {
    SystemClock.now().seconds()
}
