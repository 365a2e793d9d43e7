//! HTTP/1.1 over one connection that is kept open, without anything that would cost time.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::Result;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// What came after them.
    pub body: Vec<u8>,
    /// When its first byte was there, from the sending of the request.
    pub first_byte: Duration,
    /// When all of it was there.
    pub whole: Duration,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A connection to a server on this machine.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The bytes of a request: GET, or POST where there is a body, which is JSON.
pub fn request(address: &str, path: &str, headers: &[String], body: Option<&str>) -> Vec<u8> {
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    if let Some(body) = body {
        let _ = write!(text, "Origin: http://{address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}

/// Asks once, on a connection of its own.
pub async fn ask(address: &str, path: &str, headers: &[String]) -> Result<Answer> {
    Connection::open(address).await?.ask(&request(address, path, headers, None)).await
}

impl Connection {
    /// Connects to an address of this machine.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        if !stream.peer_addr()?.ip().is_loopback() {
            return Err("load is given to this machine only".into());
        }
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads what comes until the connection is closed: a stream of events. Counts its bytes.
    pub async fn listen(mut self, request: &[u8], heard: &AtomicU64) -> Result<()> {
        self.stream.write_all(request).await?;
        loop {
            self.buffer.clear();
            match self.stream.read_buf(&mut self.buffer).await? {
                0 => return Ok(()),
                more => heard.fetch_add(more as u64, Ordering::Relaxed),
            };
        }
    }

    /// Sends a request and reads all of its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        let began = Instant::now();
        self.stream.write_all(request).await?;
        self.more().await?;
        let first_byte = began.elapsed();
        let end = loop {
            match find(&self.buffer, b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.more().await?,
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        self.buffer.drain(..end);
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("an answer without a status")?;
        let mut answer = Answer { status, head, body: Vec::new(), first_byte, whole: first_byte };
        answer.body = if status == 304 || status == 204 {
            Vec::new()
        } else if let Some(length) = answer.header("content-length") {
            let length = length.parse()?;
            self.take(length).await?
        } else {
            self.chunks().await?
        };
        answer.whole = began.elapsed();
        Ok(answer)
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the connection was closed in the middle of an answer".into()),
            _ => Ok(()),
        }
    }

    async fn take(&mut self, length: usize) -> Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                match find(&self.buffer, b"\r\n") {
                    Some(end) => break end,
                    None => self.more().await?,
                }
            };
            let line = self.take(end + 2).await?;
            let length = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16)?;
            let chunk = self.take(length + 2).await?;
            if length == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
