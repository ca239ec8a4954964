//! Who asks, whether they may, and how often.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Served;
use super::problem::Problem;
use crate::config::{Limits, Read};
use crate::database::{Account, DatabaseError, Role, Store};

/// A connection: from where, and by which peer's certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connected {
    pub(super) address: IpAddr,
    /// The peer, by its place, whose pinned certificate was shown.
    pub(super) peer: Option<usize>,
}

/// How officials sign in. Tokens are what there is; a sign-in by passkeys would be another implementation, which gives the same
/// accounts.
pub trait SignIn: Send + Sync {
    /// The account that the headers of a request sign in to; `None` where they do not try to.
    ///
    /// # Errors
    /// [`SignInError`].
    fn sign_in(&self, headers: &HeaderMap, now: u64) -> Result<Option<Account>, SignInError>;
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// What was shown is not good.
    #[error("the token is unknown, expired, or revoked; ask for a new one")]
    NotGood,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Signing in by a token: `Authorization: Bearer detente_…`.
pub struct Tokens(pub Store);

impl SignIn for Tokens {
    fn sign_in(&self, headers: &HeaderMap, now: u64) -> Result<Option<Account>, SignInError> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(None);
        };
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(SignInError::NotGood)?;
        self.0
            .sign_in(token, now)?
            .ok_or(SignInError::NotGood)
            .map(Some)
    }
}

/// Rates by address, peer and account.
pub(super) struct Rates {
    limiter: DefaultKeyedRateLimiter<String>,
}

impl Rates {
    pub(super) fn new(limits: &Limits) -> Rates {
        let rate = NonZeroU32::new(limits.requests_per_second).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN);
        Rates {
            limiter: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
        }
    }

    fn allows(&self, key: String) -> bool {
        self.limiter.check_key(&key).is_ok()
    }

    /// Forgets those who have not come for a while, so that memory stays bounded.
    pub(super) fn forget(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// An address for counting: of IPv6, the network of one subscriber.
pub(super) fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => {
                let [one, two, three, four, ..] = address.segments();
                IpAddr::from([one, two, three, four, 0, 0, 0, 0])
            }
        },
        address => address,
    }
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    pub(super) account: Option<Account>,
    pub(super) peer: Option<usize>,
}

/// Every request passes here: its rate is counted, its caller found, its time taken.
pub(super) async fn guard(
    State(served): State<Served>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let connected = request.extensions().get::<Connected>().copied();
    let mut response = match admit(&served, &mut request, connected).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    response.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let seconds = begun.elapsed().as_secs_f64();
    let metrics = &served.node.inner.metrics;
    metrics
        .requests
        .with_label_values(&[route.as_str(), method.as_str(), response.status().as_str()])
        .inc();
    metrics
        .seconds
        .with_label_values(&[route.as_str()])
        .observe(seconds);
    tracing::debug!(
        %method, route, status = response.status().as_u16(), seconds,
        address = connected.map(|connected| connected.address.to_string()), "answered"
    );
    response
}

async fn admit(
    served: &Served,
    request: &mut Request,
    connected: Option<Connected>,
) -> Result<(), Problem> {
    let refuse = || {
        served.node.inner.metrics.limited.inc();
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            "too many requests; wait a moment",
        )
    };
    let peer = connected.and_then(|connected| connected.peer);
    let key = match (peer, connected) {
        (Some(peer), _) => format!("peer {peer}"),
        (None, Some(connected)) => format!("address {}", counted(connected.address)),
        (None, None) => "nobody".to_owned(),
    };
    if !served.rates.allows(key) {
        return Err(refuse());
    }
    let mut caller = Caller {
        account: None,
        peer,
    };
    if request.headers().contains_key(header::AUTHORIZATION) {
        let headers = request.headers().clone();
        let (sign_in, now) = (served.sign_in.clone(), served.node.now().seconds());
        let signed_in = tokio::task::spawn_blocking(move || sign_in.sign_in(&headers, now))
            .await
            .map_err(|error| Problem::internal(&error))?;
        caller.account = match signed_in {
            Ok(account) => account,
            Err(SignInError::NotGood) => {
                served.node.inner.metrics.sign_in_failed.inc();
                return Err(Problem::new(
                    StatusCode::UNAUTHORIZED,
                    "sign-in",
                    SignInError::NotGood,
                ));
            }
            Err(SignInError::Database(error)) => return Err(error.into()),
        };
        if let Some(account) = &caller.account
            && !served.rates.allows(format!("account {}", account.name))
        {
            return Err(refuse());
        }
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn caller(parts: &Parts) -> Caller {
    parts
        .extensions
        .get::<Caller>()
        .cloned()
        .unwrap_or_default()
}

/// An official who has signed in.
pub(super) struct SignedIn(pub(super) Account);

impl FromRequestParts<Served> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<SignedIn, Problem> {
        caller(parts)
            .account
            .map(SignedIn)
            .ok_or_else(Problem::sign_in)
    }
}

/// An auditor who has signed in.
pub(super) struct Auditor;

impl FromRequestParts<Served> for Auditor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Auditor, Problem> {
        let account = caller(parts).account.ok_or_else(Problem::sign_in)?;
        if account.role == Role::Auditor {
            Ok(Auditor)
        } else {
            Err(Problem::new(
                StatusCode::FORBIDDEN,
                "role",
                format!("the role {} may not see this; an auditor may", account.role),
            ))
        }
    }
}

/// Whoever may read logs: everybody, or peers and officials, as the configuration says.
pub(super) struct Reader;

impl FromRequestParts<Served> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Reader, Problem> {
        let caller = caller(parts);
        let known = caller.account.is_some() || caller.peer.is_some();
        if known || served.node.config().read == Read::Open {
            Ok(Reader)
        } else {
            Err(Problem::sign_in())
        }
    }
}
