//! Accounts of officials, and the tokens by which they sign in. Of a token only its hash is kept.

use std::fmt;

use detente_ledger::hash::Hash;
use detente_ledger::key::VerifierKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{Columns, DatabaseError, Row, Store};

pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS account (
         name TEXT PRIMARY KEY, role TEXT NOT NULL, key TEXT, created BIGINT NOT NULL, revoked BIGINT
     )",
    "CREATE TABLE IF NOT EXISTS token (
         hash TEXT PRIMARY KEY, account TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL, revoked BIGINT
     )",
];

/// What an official may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads, uploads attachments, and puts drafts.
    Drafter,
    /// What a drafter may, and releases drafts and submits entries.
    ReleasingOfficer,
    /// Reads.
    Reader,
    /// Reads, uploads attachments, and submits its own entries of the kinds of inspections.
    Inspector,
    /// Reads, and sees accounts and metrics.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 5] = [
        Role::Drafter,
        Role::ReleasingOfficer,
        Role::Reader,
        Role::Inspector,
        Role::Auditor,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Drafter => "drafter",
            Role::ReleasingOfficer => "releasing-officer",
            Role::Reader => "reader",
            Role::Inspector => "inspector",
            Role::Auditor => "auditor",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it may put drafts.
    #[must_use]
    pub fn drafts(self) -> bool {
        matches!(self, Role::Drafter | Role::ReleasingOfficer)
    }

    /// Whether it may upload attachments.
    #[must_use]
    pub fn uploads(self) -> bool {
        self.drafts() || self == Role::Inspector
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// An official's account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The key with which the official signs entries.
    pub key: Option<VerifierKey>,
    /// When it was made, in seconds.
    pub created: u64,
    /// Since when it no longer holds.
    pub revoked: Option<u64>,
}

/// A token as it is handed out: shown once, never kept.
pub struct IssuedToken {
    /// The secret.
    pub secret: Zeroizing<String>,
    /// Until when it is good, in seconds.
    pub expires: u64,
}

/// `count` random bytes in hexadecimal.
pub(super) fn random_text(count: usize) -> Result<String, DatabaseError> {
    let mut bytes = Zeroizing::new(vec![0; count]);
    getrandom::fill(&mut bytes).map_err(|error| DatabaseError::Random(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What every token begins with, so that one that was published by mistake is recognised.
const TOKEN_PREFIX: &str = "detente_";

fn token_hash(secret: &str) -> String {
    // The secret has 256 random bits: no guessing is made harder by a slow hash.
    Hash::of(secret.as_bytes()).to_hex()
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`DatabaseError::AccountExists`], and those of the database.
    pub fn add_account(&self, account: &Account) -> Result<(), DatabaseError> {
        let mut added = 0;
        self.accounts.transaction(&mut |statements| {
            added = statements.execute(
                "making an account",
                "INSERT INTO account (name, role, key, created) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO NOTHING",
                &[
                    account.name.as_str().into(),
                    account.role.name().into(),
                    account.key.as_ref().map(ToString::to_string).as_deref().into(),
                    account.created.into(),
                ],
            )?;
            Ok(())
        })?;
        if added == 0 {
            return Err(DatabaseError::AccountExists(account.name.clone()));
        }
        Ok(())
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn accounts(&self) -> Result<Vec<Account>, DatabaseError> {
        let mut found = Vec::new();
        self.accounts.transaction(&mut |statements| {
            found = statements
                .query(
                    "reading accounts",
                    "SELECT name, role, key, created, revoked FROM account ORDER BY name",
                    &[],
                )?
                .into_iter()
                .map(read_account)
                .collect::<Result<_, _>>()?;
            Ok(())
        })?;
        Ok(found)
    }

    /// Ends an account and all its tokens.
    ///
    /// # Errors
    /// [`DatabaseError::NoAccount`], and those of the database.
    pub fn revoke_account(&self, name: &str, now: u64) -> Result<(), DatabaseError> {
        let mut ended = 0;
        self.accounts.transaction(&mut |statements| {
            ended = statements.execute(
                "ending an account",
                "UPDATE account SET revoked = ?2 WHERE name = ?1 AND revoked IS NULL",
                &[name.into(), now.into()],
            )?;
            Ok(())
        })?;
        self.revoke_tokens(name, now)?;
        if ended == 0 {
            return Err(DatabaseError::NoAccount(name.to_owned()));
        }
        Ok(())
    }

    /// Issues a token to an account, good for so many seconds.
    ///
    /// # Errors
    /// [`DatabaseError::NoAccount`] where there is none or it has ended, and those of the database.
    pub fn issue_token(
        &self,
        account: &str,
        now: u64,
        seconds: u64,
    ) -> Result<IssuedToken, DatabaseError> {
        let secret = Zeroizing::new(format!("{TOKEN_PREFIX}{}", random_text(32)?));
        let expires = now.saturating_add(seconds);
        let mut known = false;
        self.accounts.transaction(&mut |statements| {
            let rows = statements.query(
                "looking for an account",
                "SELECT name FROM account WHERE name = ?1 AND revoked IS NULL",
                &[account.into()],
            )?;
            known = !rows.is_empty();
            if known {
                statements.execute(
                    "issuing a token",
                    "INSERT INTO token (hash, account, created, expires) VALUES (?1, ?2, ?3, ?4)",
                    &[
                        token_hash(&secret).as_str().into(),
                        account.into(),
                        now.into(),
                        expires.into(),
                    ],
                )?;
            }
            Ok(())
        })?;
        if !known {
            return Err(DatabaseError::NoAccount(account.to_owned()));
        }
        Ok(IssuedToken { secret, expires })
    }

    /// Ends all tokens of an account; returns how many there were.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn revoke_tokens(&self, account: &str, now: u64) -> Result<u64, DatabaseError> {
        let mut ended = 0;
        self.accounts.transaction(&mut |statements| {
            ended = statements.execute(
                "ending tokens",
                "UPDATE token SET revoked = ?2 WHERE account = ?1 AND revoked IS NULL",
                &[account.into(), now.into()],
            )?;
            Ok(())
        })?;
        Ok(ended)
    }

    /// The account that a token signs in to; `None` if the token is unknown, ended or expired, or the account has ended.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn sign_in(&self, secret: &str, now: u64) -> Result<Option<Account>, DatabaseError> {
        if !secret.starts_with(TOKEN_PREFIX) || secret.len() > 256 {
            return Ok(None);
        }
        let mut found = None;
        self.accounts.transaction(&mut |statements| {
            let rows = statements.query(
                "signing in",
                "SELECT account.name, account.role, account.key, account.created, account.revoked
                 FROM token JOIN account ON account.name = token.account
                 WHERE token.hash = ?1 AND token.revoked IS NULL AND token.expires > ?2 AND account.revoked IS NULL",
                &[token_hash(secret).as_str().into(), now.into()],
            )?;
            found = rows.into_iter().next().map(read_account).transpose()?;
            Ok(())
        })?;
        Ok(found)
    }
}

fn read_account(row: Row) -> Result<Account, DatabaseError> {
    let mut columns = Columns::new(row, "account");
    let damaged = || DatabaseError::Damaged("account");
    Ok(Account {
        name: columns.text()?,
        role: Role::from_name(&columns.text()?).ok_or_else(damaged)?,
        key: columns
            .optional_text()?
            .map(|key| VerifierKey::parse(&key).map_err(|_| damaged()))
            .transpose()?,
        created: columns.number()?,
        revoked: columns.optional_number()?,
    })
}
