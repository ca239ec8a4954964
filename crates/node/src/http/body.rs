//! Reading bodies: within their limits of bytes and time.

use std::io::{self, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::problem::Problem;

/// The slowest that a large body may come, on the whole: bytes in a second. Whoever sends a byte now and then holds up a thread.
const SLOWEST: u64 = 16 << 10;

/// How much of a body that is refused is still read, and for how long: a client that is sending reads no answer before it is
/// done, and a connection closed under it loses the answer.
const REST: (u64, Duration) = (8 << 20, Duration::from_secs(2));

/// Reads what is left of a body that is refused, within reason.
async fn read_rest(body: &mut Body) {
    let (most, patience) = REST;
    let mut length = 0_u64;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            length = length.saturating_add(frame.data_ref().map_or(0, |piece| piece.len() as u64));
            if length > most {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(patience, reading).await;
}

fn too_large(most: u64) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        format!("at most {most} bytes are taken here"),
    )
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "too-slow",
        "the body came too slowly; send it again",
    )
}

/// The whole of a small body.
pub(super) async fn read_all(
    mut body: Body,
    most: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    let reading = Limited::new(&mut body, most).collect();
    match tokio::time::timeout(patience, reading).await {
        Err(_) => Err(too_slow()),
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            read_rest(&mut body).await;
            Err(too_large(most as u64))
        }
        Ok(Err(_)) => Err(Problem::wrong("cut-off", "the body was cut off")),
    }
}

/// Hands a large body to `work`, piece by piece, on a thread that may wait. Each piece must come within `patience`, and the whole
/// not much slower than [`SLOWEST`]; `work` sees an error where the body was cut off, too slow, or too large.
pub(super) async fn stream<T: Send + 'static>(
    body: Body,
    most: u64,
    patience: Duration,
    work: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
) -> Result<T, Problem> {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    let worker = tokio::task::spawn_blocking(move || {
        let mut reader = Pieces {
            receiver,
            piece: Bytes::new(),
            ended: false,
        };
        work(&mut reader)
    });
    let mut body = body;
    let mut length = 0_u64;
    let mut problem = None;
    let begun = Instant::now();
    loop {
        let latest = begun + patience + Duration::from_secs(length / SLOWEST);
        let next = latest.min(Instant::now() + patience);
        let frame = match tokio::time::timeout_at(next, body.frame()).await {
            Err(_) => {
                problem = Some(too_slow());
                break;
            }
            Ok(None) => break,
            Ok(Some(Err(_))) => {
                problem = Some(Problem::wrong("cut-off", "the body was cut off"));
                break;
            }
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(piece.len() as u64);
        if length > most {
            problem = Some(too_large(most));
            break;
        }
        if sender.send(Ok(piece)).await.is_err() {
            // The work is done, and does not need the rest.
            read_rest(&mut body).await;
            break;
        }
    }
    if problem.is_some() {
        let _ = sender
            .send(Err(io::Error::other("the body did not come whole")))
            .await;
    }
    drop(sender);
    if length > most {
        read_rest(&mut body).await;
    }
    let done = worker.await.map_err(|error| Problem::internal(&error))?;
    match problem {
        Some(problem) => Err(problem),
        None => Ok(done),
    }
}

struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
    ended: bool,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            if self.ended {
                return Ok(0);
            }
            match self.receiver.blocking_recv() {
                None => self.ended = true,
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => {
                    self.ended = true;
                    return Err(error);
                }
            }
        }
        let count = buffer.len().min(self.piece.len());
        let piece = self.piece.split_to(count);
        buffer[..count].copy_from_slice(&piece);
        Ok(count)
    }
}
