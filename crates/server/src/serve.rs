//! Listening: connections with limits on how slowly they may speak, and an end that lets requests finish. Refuses to know
//! what is answered.

use crate::desk::Desk;
use crate::limits;
use crate::patience::Patient;
use crate::router::router;
use crate::settings::Settings;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use office::{House, OfficeError};
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// Why the server could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened at.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The folders beside the ledger, or the threads, could not be made.
    #[error("cannot begin")]
    Begin(#[from] io::Error),
    /// The ledger refused.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    desk: Arc<Desk>,
}

impl Server {
    /// Listens in front of a house whose book lies at this path.
    pub fn new(house: House, path: &Path, settings: Settings) -> Result<Server, ServeError> {
        let address = format!("{}:{}", settings.bind, settings.port);
        let failed = |source| ServeError::Listen {
            address: address.clone(),
            source,
        };
        let listener =
            TcpListener::bind((settings.bind.as_str(), settings.port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let desk = Arc::new(Desk::new(house, path, settings)?);
        Ok(Server { listener, desk })
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr, ServeError> {
        Ok(self.listener.local_addr()?)
    }

    /// The path of the page where the first administrator chooses name and password, while there is nobody.
    pub fn first_link(&self) -> Result<Option<String>, ServeError> {
        let mut office = self.desk.house.office(office::Actor::new("serve", None));
        let token = office.first_link(&self.desk.gate)?;
        Ok(token.map(|token| token.shown().to_owned()))
    }

    /// Answers until it is told to stop, then lets what is in work finish.
    pub fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            // Deeds, and as many streams that are filled by a thread.
            .max_blocking_threads(limits::DEEDS_MAX * 2 + 8)
            .enable_all()
            .build()?;
        let desk = self.desk;
        let done = runtime.block_on(listen(self.listener, desk, stop));
        // A deed that still runs then is on its own: the ledger keeps whole transactions or none.
        runtime.shutdown_timeout(limits::FAREWELL_TIME);
        done
    }
}

/// Resolves when the system or a person asks the program to end.
pub async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        if let Ok(mut terminated) = tokio::signal::unix::signal(kind) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

async fn listen(
    listener: TcpListener,
    desk: Arc<Desk>,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(limits::CONNECTIONS_MAX));
    let app = router(&desk);
    let keeper = tokio::spawn(keep(desk.clone()));
    let mut stop = std::pin::pin!(stop);
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files, mostly: those that are open go on.
                    tracing::error!(kind = ?error.kind(), "a connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(desk.settings.head_time)
            .max_buf_size(limits::HEAD_BYTES_MAX)
            .serve_connection(
                TokioIo::new(Patient::new(stream, desk.settings.unread_time)),
                service(app.clone(), peer),
            );
        let connection = graceful.watch(connection);
        let desk = desk.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let _held = desk.metrics.connections.hold();
            let _ = connection.await;
        });
    }
    drop(listener);
    tracing::info!("stopping");
    let _ = desk.stopping.send(true);
    keeper.abort();
    let _ = tokio::time::timeout(limits::FAREWELL_TIME, graceful.shutdown()).await;
    let _ = tokio::task::spawn_blocking(move || crate::session::flush(&desk)).await;
    tracing::info!("stopped");
    Ok(())
}

/// One connection's requests go to the router, each with the peer's address.
fn service(
    app: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future = impl Future<Output = Result<axum::response::Response, std::convert::Infallible>>,
> {
    service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            app.oneshot(request).await
        }
    })
}

/// What was read is written down every second; now and then sessions that ended and previews that waited too long go.
async fn keep(desk: Arc<Desk>) {
    for second in 0_u64.. {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let desk = desk.clone();
        let _ = tokio::task::spawn_blocking(move || {
            if second % 20 == 0 {
                let now = desk.house.clock().now();
                desk.gate.sessions().sweep(now);
                desk.previews.sweep();
            }
            crate::session::flush(&desk);
        })
        .await;
    }
}
