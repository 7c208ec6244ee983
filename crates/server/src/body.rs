//! Answers that leave piece by piece through a channel of a few pieces: whoever makes them waits while the client has
//! not read, and is told to stop when the client has gone or reads nothing for too long.

use crate::limits::UNREAD_TIME;
use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Pieces that may wait for the client.
const PIECES: usize = 4;

struct Pieces(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0
            .poll_recv(context)
            .map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// The end that makes the pieces.
pub(crate) struct Giving(mpsc::Sender<Result<Bytes, std::io::Error>>);

/// The client has gone, or does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

impl Giving {
    /// Gives a piece from a thread that carries out a deed; it waits while the client has not read.
    pub(crate) fn give(&self, piece: impl Into<Bytes>) -> Result<(), Gone> {
        tokio::runtime::Handle::current().block_on(self.give_soon(piece))
    }

    /// Gives a piece from a task.
    pub(crate) async fn give_soon(&self, piece: impl Into<Bytes>) -> Result<(), Gone> {
        let sent = tokio::time::timeout(UNREAD_TIME, self.0.send(Ok(piece.into()))).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(Gone),
        }
    }

    /// Breaks the answer off, so that no client takes it for whole.
    pub(crate) fn break_off(&self) {
        let _ = self.0.try_send(Err(std::io::Error::other("broken off")));
    }

    /// Resolves when the client has gone.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }
}

/// A body and the end that fills it.
pub(crate) fn pieces() -> (Giving, Body) {
    let (giving, taking) = mpsc::channel(PIECES);
    (Giving(giving), Body::new(Pieces(taking)))
}

/// Bytes of a file read at once.
const FILE_PIECE: usize = 64 * 1024;

/// A file as a body.
pub(crate) fn of_file(mut file: tokio::fs::File) -> Body {
    let (giving, body) = pieces();
    tokio::spawn(async move {
        let mut piece = vec![0; FILE_PIECE];
        loop {
            match tokio::io::AsyncReadExt::read(&mut file, &mut piece).await {
                Ok(0) => return,
                Ok(n) => {
                    if giving.give_soon(piece[..n].to_vec()).await.is_err() {
                        return;
                    }
                }
                Err(_) => return giving.break_off(),
            }
        }
    });
    body
}
