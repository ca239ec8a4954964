//! Connections: how many, from whom, for how long.

use std::collections::HashMap;
use std::net::{IpAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::access::{Connected, counted};
use super::slow::Timed;
use super::{Served, TlsParts};
use crate::config::Limits;

/// What is listened on, and how.
pub(super) struct Listening {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsParts>,
    pub(super) limits: Limits,
}

impl Listening {
    pub(super) fn plain(listener: TcpListener, limits: &Limits) -> Listening {
        Listening {
            listener,
            tls: None,
            limits: limits.clone(),
        }
    }
}

/// How many connections there are, in all and from each address.
#[derive(Default)]
struct Count {
    all: usize,
    from: HashMap<IpAddr, usize>,
}

/// One connection's place in the count.
struct Place {
    count: Arc<Mutex<Count>>,
    address: IpAddr,
    served: Served,
}

impl Place {
    fn take(
        count: &Arc<Mutex<Count>>,
        address: IpAddr,
        limits: &Limits,
        served: &Served,
    ) -> Option<Place> {
        let mut held = count.lock().unwrap_or_else(PoisonError::into_inner);
        let from = held.from.get(&address).copied().unwrap_or(0);
        if held.all >= limits.connections || from >= limits.connections_per_address {
            served.node.inner.metrics.refused.inc();
            return None;
        }
        held.all += 1;
        held.from.insert(address, from + 1);
        served.node.inner.metrics.connections.inc();
        Some(Place {
            count: count.clone(),
            address,
            served: served.clone(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        held.all = held.all.saturating_sub(1);
        let left = held.from.get(&self.address).copied().unwrap_or(1) - 1;
        if left == 0 {
            held.from.remove(&self.address);
        } else {
            held.from.insert(self.address, left);
        }
        self.served.node.inner.metrics.connections.dec();
    }
}

/// Accepts connections until the server stops, then waits for the requests in progress.
pub(super) async fn serve(listening: Listening, served: Served, routes: Router) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listening.listener) else {
        return;
    };
    let limits = listening.limits;
    let tls = listening
        .tls
        .map(|(config, pinned)| (TlsAcceptor::from(config), pinned));
    let count = Arc::new(Mutex::new(Count::default()));
    let graceful = GracefulShutdown::new();
    let mut stopping = served.stopping.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: others must end first.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(place) = Place::take(&count, counted(from.ip()), &limits, &served) else {
            continue;
        };
        let (watcher, routes, limits, tls) = (
            graceful.watcher(),
            routes.clone(),
            limits.clone(),
            tls.clone(),
        );
        tokio::spawn(async move {
            let _place = place;
            connection(stream, from.ip(), tls, watcher, routes, &limits).await;
        });
    }
    drop(listener);
    let patience = Duration::from_secs(limits.stop_seconds);
    if tokio::time::timeout(patience, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still in progress when the time to stop was over");
    }
}

async fn connection(
    stream: TcpStream,
    address: IpAddr,
    tls: Option<(TlsAcceptor, Arc<super::tls::Pinned>)>,
    watcher: Watcher,
    routes: Router,
    limits: &Limits,
) {
    let _ = stream.set_nodelay(true);
    let Some((acceptor, pinned)) = tls else {
        let connected = Connected {
            address,
            peer: None,
        };
        return answer(stream, connected, watcher, routes, limits).await;
    };
    match tokio::time::timeout(limits.head(), acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let peer = stream
                .get_ref()
                .1
                .peer_certificates()
                .and_then(|chain| chain.first())
                .and_then(|shown| pinned.peer(shown));
            let connected = Connected { address, peer };
            answer(stream, connected, watcher, routes, limits).await;
        }
        Ok(Err(error)) => tracing::debug!(%address, %error, "a handshake failed"),
        Err(_) => tracing::debug!(%address, "a handshake took too long"),
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    connected: Connected,
    watcher: Watcher,
    routes: Router,
    limits: &Limits,
) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connected);
        routes.clone().oneshot(request)
    });
    let io = TokioIo::new(Timed::new(stream, limits.body()));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head())
        .max_headers(64)
        .max_buf_size(64 << 10)
        .serve_connection(io, service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
