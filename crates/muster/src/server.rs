//! Serving: connections, deadlines, and an orderly end.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use muster_web::Draining;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
};
use tower::ServiceExt as _;

use crate::{Failure, in_words};

/// A client that has not sent its headers by then is cut off; axum's own `serve` sets no limit.
const HEADER_DEADLINE: Duration = Duration::from_secs(10);
/// How long it still answers once it is told to stop.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long requests under way may take to end once the program is told to stop.
const DRAIN_DEADLINE: Duration = Duration::from_secs(20);

/// Being told to stop: by Ctrl-C or by SIGTERM. Made first of all, so that a program that is told
/// to stop while it is still starting stops in order as well, its private database included.
pub struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Listens from now on; what comes before anybody waits is not lost.
    pub fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(in_words);
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits until the program is told to stop.
    async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Takes the address, or says why it cannot be had.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program listens there already".to_owned(),
            std::io::ErrorKind::PermissionDenied => "ports below 1024 need special rights".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(format!("Muster cannot listen on {address}: {why}. Choose another address with --listen; port 0 takes a free port."))
    })
}

/// Serves until the program is told to stop (Ctrl-C or SIGTERM), then lets requests under way end.
/// `draining` begins first, so that a balancer sends nothing more and streams of events end.
pub async fn serve(listener: TcpListener, router: Router, draining: Draining, mut stop: Stop) {
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => serve_connection(stream, peer, router.clone(), &connections),
                // Out of file handles, or a client gone before it was taken: the next may do better.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = stop.told() => break,
        }
    }
    // For a moment it still answers, with `Connection: close` and not ready: a balancer sees it, and
    // clients with open connections take leave in order.
    draining.begin();
    let farewell = tokio::time::sleep(FAREWELL);
    tokio::pin!(farewell);
    loop {
        tokio::select! {
            Ok((stream, peer)) = listener.accept() => serve_connection(stream, peer, router.clone(), &connections),
            () = &mut farewell => break,
            () = stop.told() => break,
        }
    }
    drop(listener);
    tracing::info!("stopping; requests under way are finished first");
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(DRAIN_DEADLINE) => tracing::warn!("some requests did not end in time"),
        // Told again: whoever asks twice does not want to wait.
        () = stop.told() => {}
    }
}

fn serve_connection(stream: TcpStream, peer: SocketAddr, router: Router, connections: &GracefulShutdown) {
    // Answers are small and whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(axum::body::Body::new))
    });
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(HEADER_DEADLINE).serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
