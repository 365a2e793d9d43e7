//! An S3 server on this machine.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use muster_files::Bucket;

/// The name of the bucket that it has.
const BUCKET: &str = "proof";

/// A server of a test's own with one empty bucket; it ends with the test.
pub struct Storage {
    server: Child,
    address: String,
}

impl Storage {
    /// Starts it.
    pub fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/object-storage/bin/moto_server");
        let mut server = Command::new(program)
            .args(["--host", "127.0.0.1", "--port", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the S3 server is missing: `make object-storage` installs it");
        let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
        let address = log
            .find_map(|line| line.unwrap().split_once("Running on http://").map(|(_, address)| address.trim().to_owned()))
            .expect("the S3 server does not start");
        // Its log is read on, or it would wait for somebody to.
        std::thread::spawn(move || log.for_each(drop));
        let storage = Self { server, address };
        storage.request("PUT", "", b"");
        storage
    }

    /// The bucket, in a folder of its own.
    pub fn bucket(&self) -> Bucket {
        Bucket::new(&format!("s3://{BUCKET}/a folder/of muster"), self.environment()).unwrap()
    }

    /// What the environment says of it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://{}", self.address);
        [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "proof"),
            ("AWS_SECRET_ACCESS_KEY", "proof"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
    }

    /// An object's content, by its key.
    pub fn object(&self, key: &str) -> Vec<u8> {
        self.request("GET", &place(key), b"")
    }

    /// Puts other content where an object is.
    pub fn replace(&self, key: &str, content: &[u8]) {
        self.request("PUT", &place(key), content);
    }

    /// What a request by hand is answered with. It is not signed: what it makes is everybody's.
    fn request(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            connection,
            "{method} /{BUCKET}{path} HTTP/1.0\r\nHost: {}\r\nx-amz-acl: public-read-write\r\nContent-Length: {length}\r\n\r\n",
            self.address
        )
        .unwrap();
        connection.write_all(body).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        assert!(head.split_whitespace().nth(1) == Some("200"), "{method} {path}: {head}");
        answer.split_off(end + 4)
    }

    /// Ends the server.
    pub fn stop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn place(key: &str) -> String {
    format!("/a%20folder/of%20muster/{key}")
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.stop();
    }
}
