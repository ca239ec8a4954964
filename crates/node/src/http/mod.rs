//! The node over HTTP: the paths of C2SP, a JSON interface, health and metrics.

mod access;
mod api;
mod body;
mod connections;
mod health;
mod paths;
mod problem;
mod slow;
mod tls;

pub use access::{SignIn, SignInError, Tokens};
pub use api::open_api;
pub use problem::Problem;
pub use tls::TlsError;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use self::access::Rates;
use self::connections::Listening;
use crate::node::Node;
use crate::sync::Background;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) node: Node,
    sign_in: Arc<dyn SignIn>,
    rates: Arc<Rates>,
    streams: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

/// Why a node is not served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {reason}; is another program there, or the address not this machine's?"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        reason: io::Error,
    },
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Threads.
    #[error("the server's threads could not be started: {0}")]
    Threads(io::Error),
}

/// A running server.
pub struct Server {
    node: Node,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    background: Option<Background>,
}

impl Server {
    /// Serves a node, and begins to visit its peers.
    ///
    /// # Errors
    /// See [`ServeError`].
    pub fn start(node: &Node) -> Result<Server, ServeError> {
        let tokens: Arc<dyn SignIn> = Arc::new(Tokens(node.store().clone()));
        Server::start_with(node, tokens)
    }

    /// The same, with another way to sign in.
    ///
    /// # Errors
    /// See [`ServeError`].
    pub fn start_with(node: &Node, sign_in: Arc<dyn SignIn>) -> Result<Server, ServeError> {
        let config = node.config();
        let tls = config
            .tls
            .as_ref()
            .map(|tls| tls::server(node.inner.folder.root(), tls, node.peers()))
            .transpose()?;
        let listen = |address: SocketAddr| {
            let bind = || {
                let listener = TcpListener::bind(address)?;
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?;
                Ok((listener, address))
            };
            bind().map_err(|reason| ServeError::Listen { address, reason })
        };
        let (listener, address) = listen(config.listen)?;
        let metrics = config.metrics.map(listen).transpose()?;
        let metrics_address = metrics.as_ref().map(|(_, address)| *address);
        let (stop, stopping) = watch::channel(false);
        let served = Served {
            node: node.clone(),
            sign_in,
            rates: Arc::new(Rates::new(&config.limits)),
            streams: Arc::new(Semaphore::new(config.limits.streams)),
            uploads: Arc::new(Semaphore::new(config.limits.uploads)),
            stopping: stopping.clone(),
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(256)
            .thread_name("http")
            .enable_all()
            .build()
            .map_err(ServeError::Threads)?;
        let thread = std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || run(runtime, served, listener, metrics.map(|(one, _)| one), tls))
            .map_err(ServeError::Threads)?;
        let background = Background::start(node).map_err(ServeError::Threads)?;
        tracing::info!(%address, party = config.party, origin = config.origin, "serving");
        Ok(Server {
            node: node.clone(),
            address,
            metrics_address,
            stop,
            thread: Some(thread),
            background: Some(background),
        })
    }

    /// Where it is served.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the metrics are served without signing in, if they are.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Stops: takes no more connections, answers the requests that are in progress, appends what was submitted, ends the
    /// visits, closes the log.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if let Some(background) = self.background.take() {
            let patience = self.node.config().limits.stop_seconds;
            background.stop(Duration::from_secs(patience));
            self.node.close_log();
            tracing::info!("stopped");
        }
    }

    /// Serves until the process is asked to end (SIGTERM or SIGINT), then stops.
    ///
    /// # Errors
    /// Where signals cannot be waited for; the server stops then, too.
    pub fn run_until_asked_to_end(self) -> io::Result<()> {
        let waited = Builder::new_current_thread()
            .enable_all()
            .build()
            .and_then(|runtime| runtime.block_on(asked_to_end()));
        self.stop();
        waited
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

type TlsParts = (Arc<rustls::ServerConfig>, Arc<tls::Pinned>);

fn run(
    runtime: Runtime,
    served: Served,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    tls: Option<TlsParts>,
) {
    let limits = served.node.config().limits.clone();
    runtime.block_on(async {
        let rates = served.rates.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(60)).await;
                rates.forget();
            }
        });
        if let Some(metrics) = metrics {
            let routes = health::open_metrics().with_state(served.clone());
            tokio::spawn(connections::serve(
                Listening::plain(metrics, &limits),
                served.clone(),
                routes,
            ));
        }
        let routes = router(&served);
        connections::serve(
            Listening {
                listener,
                tls,
                limits: limits.clone(),
            },
            served,
            routes,
        )
        .await;
    });
    // Threads that still wait for something are not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
}

/// All routes.
fn router(served: &Served) -> Router {
    Router::new()
        .merge(paths::routes())
        .merge(health::routes())
        .merge(api::routes())
        .fallback(|| async { Problem::not_found("there is nothing at this path") })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "this path does not take this method",
            )
        })
        .layer(axum::middleware::from_fn_with_state(
            served.clone(),
            access::guard,
        ))
        .with_state(served.clone())
}

impl Served {
    /// A place among those who send large bodies: each holds a thread while it lasts.
    fn upload(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.uploads.clone().try_acquire_owned().map_err(|_| {
            Problem::new(
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                "too-many",
                "too many uploads are in progress; try again later",
            )
        })
    }
}

/// Does what blocks on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::internal(&error))
}
