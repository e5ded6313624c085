//! The port: connections, their limits, and requests one after the other.
//!
//! Everything runs in one thread. A request takes microseconds of it, so a lock would cost more than it gains, and
//! requests are carried out in the order they are complete.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName,
    HeaderValue, SERVER,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, timeout};

use super::compression::{self, Coding, Unreadable};
use super::patient::Patient;
use super::protocol::{self, Answer, Message, RequestIds};
use crate::dynamodb::Database;
use crate::spec::quota;

/// What clients may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time. One more is closed at once.
    pub connections_max: usize,
    /// Bytes of one request's body.
    pub body_bytes_max: usize,
    /// Bytes of the bodies of all requests under way.
    pub bodies_bytes_max: usize,
    /// Bytes of a request's headers.
    pub header_bytes_max: usize,
    /// How long a request may take to arrive, and a connection may wait for one.
    pub request_timeout: Duration,
    /// How long a client may not read what it is sent.
    pub write_timeout: Duration,
    /// How long requests under way may take to end when the server ends.
    pub shutdown_timeout: Duration,
}

impl Limits {
    /// Limits for the clients of one machine.
    pub const DEFAULT: Limits = Limits {
        connections_max: quota::HTTP_CONNECTIONS_MAX,
        body_bytes_max: quota::HTTP_BODY_BYTES_MAX,
        bodies_bytes_max: quota::HTTP_BODIES_BYTES_MAX,
        header_bytes_max: quota::HTTP_HEADER_BYTES_MAX,
        request_timeout: Duration::from_secs(quota::HTTP_REQUEST_SECONDS_MAX),
        write_timeout: Duration::from_secs(quota::HTTP_WRITE_SECONDS_MAX),
        shutdown_timeout: Duration::from_secs(quota::HTTP_SHUTDOWN_SECONDS_MAX),
    };
}

static TARGET: HeaderName = HeaderName::from_static("x-amz-target");
static REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
static CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");

/// What the connections share.
struct Shared {
    database: RefCell<Database>,
    ids: RefCell<RequestIds>,
    limits: Limits,
    /// Bytes of bodies in memory.
    bodies_bytes: Cell<usize>,
}

/// Serves a database until `stop` is ready; then lets requests under way end and returns the database.
///
/// The database's time is that of this machine.
///
/// Never fails: what goes wrong with a connection ends that connection.
pub async fn serve(
    listener: TcpListener,
    database: Database,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> Database {
    let shared = Rc::new(Shared {
        database: RefCell::new(database),
        ids: RefCell::new(RequestIds::random()),
        limits,
        bodies_bytes: Cell::new(0),
    });
    let local = LocalSet::new();
    local.run_until(accept(listener, Rc::clone(&shared), stop)).await;
    drop(local);
    shared.database.take()
}

async fn accept(listener: TcpListener, shared: Rc<Shared>, stop: impl Future<Output = ()>) {
    let limits = shared.limits;
    let mut stop = std::pin::pin!(stop);
    let (ending, ended) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() < limits.connections_max => {
                    connections.spawn_local(connection(stream, Rc::clone(&shared), ended.clone()));
                }
                // Closed, which tells the client more than a connection that waits.
                Ok(_) => {}
                // Too many open files, most of the time: it passes.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    let _ = ending.send(true);
    let all_end = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(limits.shutdown_timeout, all_end).await;
}

async fn connection(stream: TcpStream, shared: Rc<Shared>, mut ended: watch::Receiver<bool>) {
    let limits = shared.limits;
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(Patient::new(stream, limits.write_timeout));
    let service = service_fn(move |request| {
        let shared = Rc::clone(&shared);
        async move { respond(&shared, request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request_timeout)
        .max_header_size(limits.header_bytes_max)
        .serve_connection(stream, service);
    let mut connection = std::pin::pin!(connection);
    // What goes wrong with one client is no concern of the others.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ended.wait_for(|ended| *ended) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Answers a request. Fails, which ends the connection, when the request does not arrive.
async fn respond(shared: &Shared, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let limits = shared.limits;
    let body = match timeout(limits.request_timeout, receive(shared, &head.headers, body)).await {
        Ok(body) => body?,
        Err(_) => return Err(io::ErrorKind::TimedOut.into()),
    };
    let answer = match &body {
        Body::Whole(body) => {
            let text = |name: &HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
            match compression::decoded(text(&CONTENT_ENCODING), body.bytes(), limits.body_bytes_max) {
                Ok(body) => shared.answer(&Message {
                    method: head.method.as_str(),
                    content_type: text(&CONTENT_TYPE),
                    target: text(&TARGET),
                    authorization: text(&AUTHORIZATION),
                    body: &body,
                }),
                Err(Unreadable::TooLarge) => Answer::too_large(),
                Err(Unreadable::Broken) => Answer::internal_error(),
            }
        }
        Body::TooLarge => Answer::too_large(),
        Body::NoRoom => Answer::unavailable(),
    };
    let id = shared.ids.borrow_mut().next_id();
    // AWS: of several such headers, the last counts.
    let accepted = head.headers.get_all(ACCEPT_ENCODING).iter().next_back();
    let coding = accepted.and_then(|value| Coding::preferred(value.to_str().ok()?));
    let mut response = http_response(answer, &id, coding);
    if !matches!(body, Body::Whole(_)) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

impl Shared {
    fn answer(&self, message: &Message<'_>) -> Answer {
        let mut database = self.database.borrow_mut();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        database.set_now_millis(u64::try_from(now).unwrap_or(0));
        // A mistake of ours costs one answer, not the tables.
        let answer = catch_unwind(AssertUnwindSafe(|| protocol::answer(&mut database, message)));
        answer.unwrap_or_else(|_| Answer::internal_error())
    }
}

fn http_response(answer: Answer, id: &[u8], coding: Option<Coding>) -> Response<Full<Bytes>> {
    let compressed = coding.and_then(|coding| Some((coding, coding.compress(answer.body.as_bytes())?)));
    let coding = compressed.as_ref().map(|(coding, _)| *coding);
    // The sum is that of what is sent.
    let crc32 = compressed.as_ref().map_or_else(|| answer.crc32(), |(_, body)| crc32fast::hash(body));
    let body = compressed.map_or_else(|| Full::from(answer.body), |(_, body)| Full::from(body));
    let mut response = Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    if let Some(content_type) = answer.content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    if let Ok(id) = HeaderValue::from_bytes(id) {
        headers.insert(&REQUEST_ID, id);
    }
    headers.insert(&CRC32, HeaderValue::from(crc32));
    headers.insert(SERVER, HeaderValue::from_static("Server"));
    response
}

// Bodies

/// What came of receiving a body.
enum Body<'s> {
    Whole(Received<'s>),
    /// Above the limit of one request.
    TooLarge,
    /// Above what is left for all requests under way.
    NoRoom,
}

/// A body in memory; when it goes, the memory counts as free again.
struct Received<'s> {
    shared: &'s Shared,
    /// The first piece, which is all of most bodies.
    first: Bytes,
    /// All of it, as soon as there is a second.
    joined: Vec<u8>,
}

impl Received<'_> {
    fn bytes(&self) -> &[u8] {
        if self.joined.is_empty() { &self.first } else { &self.joined }
    }

    /// Adds bytes if there is room for them.
    fn push(&mut self, bytes: Bytes) -> bool {
        let total = self.shared.bodies_bytes.get() + bytes.len();
        if total > self.shared.limits.bodies_bytes_max {
            return false;
        }
        self.shared.bodies_bytes.set(total);
        if self.bytes().is_empty() {
            self.first = bytes;
            return true;
        }
        if self.joined.is_empty() {
            self.joined.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.joined.extend_from_slice(&bytes);
        true
    }
}

impl Drop for Received<'_> {
    fn drop(&mut self) {
        let left = self.shared.bodies_bytes.get().saturating_sub(self.bytes().len());
        self.shared.bodies_bytes.set(left);
    }
}

async fn receive<'s>(shared: &'s Shared, headers: &HeaderMap, mut body: Incoming) -> io::Result<Body<'s>> {
    let limit = shared.limits.body_bytes_max;
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let mut received = Received { shared, first: Bytes::new(), joined: Vec::new() };
    let mut refused = declared.filter(|bytes| *bytes > limit).map(|_| Body::TooLarge);
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame.map_err(io::Error::other)?.into_data() else { continue };
        total += bytes.len();
        // The rest of a body that is refused is read, so that the client comes to read the answer; but not for ever.
        if total > limit.saturating_mul(4) {
            break;
        }
        if refused.is_none() && total > limit {
            refused = Some(Body::TooLarge);
        }
        if refused.is_none() && !received.push(bytes) {
            refused = Some(Body::NoRoom);
        }
    }
    Ok(refused.unwrap_or(Body::Whole(received)))
}
