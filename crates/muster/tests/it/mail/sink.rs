//! A mail server of a test's own: it speaks as much SMTP as a client needs, and keeps what it got.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// How the server answers once it has a whole mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Takes it.
    Accepts,
    /// Takes it and never says so, as if the answer were lost on the way.
    AcceptsInSilence,
    /// Refuses the recipient with this status.
    Refuses(u16),
}

/// The server.
pub struct Sink {
    pub address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    mails: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sink {
    /// A server on a free port.
    pub async fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// A server on a listener.
    pub fn on(listener: TcpListener) -> Self {
        let (manner, mails) = (Arc::new(Mutex::new(Manner::Accepts)), Arc::new(Mutex::new(Vec::new())));
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn({
            let (manner, mails) = (Arc::clone(&manner), Arc::clone(&mails));
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (manner, mails) = (Arc::clone(&manner), Arc::clone(&mails));
                    tokio::spawn(async move { talk(stream, &manner, &mails).await.ok() });
                }
            }
        });
        Self { address, manner, mails, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What has been accepted: envelope lines, headers and body of each mail.
    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    /// Waits until so many mails are there.
    pub async fn wait_for(&self, count: usize) {
        for _ in 0..400 {
            if self.mails().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("only {} mails came", self.mails().len());
    }
}

async fn talk(stream: TcpStream, manner: &Mutex<Manner>, mails: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink.test\r\n").await?;
    let (mut envelope, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "MAIL" => {
                envelope = line.clone();
                "250 ok".to_owned()
            }
            "RCPT" => match *manner.lock().unwrap() {
                Manner::Refuses(status) => format!("{status} not today"),
                _ => {
                    envelope.push_str(&line);
                    "250 ok".to_owned()
                }
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = envelope.clone();
                while !mail.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut mail).await?;
                }
                mails.lock().unwrap().push(mail);
                let manner = *manner.lock().unwrap();
                if manner == Manner::AcceptsInSilence {
                    std::future::pending::<()>().await;
                }
                "250 accepted".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
