//! A client of the smallest kind, so that a test can be slow, wrong or gone where a real one would not let it.

use serde_json::Value as Json;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "{error}: {} {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
        })
    }

    /// The problem's code; the answer must be one.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let json = self.json();
        assert_eq!(json["status"], self.status);
        for key in ["type", "title", "detail", "next", "instance"] {
            assert!(
                json[key].as_str().is_some_and(|said| !said.is_empty()),
                "{key} of {json}"
            );
        }
        json["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request in the making.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &str, path: &str) -> Ask {
        let mut ask = Ask {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        if method != "GET" {
            ask = ask.with("X-Yiben", "1");
        }
        ask
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Ask {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn json(mut self, body: &Json) -> Ask {
        self.body = body.to_string().into_bytes();
        self.with("Content-Type", "application/json")
    }

    pub(crate) fn raw(mut self, kind: &str, body: &[u8]) -> Ask {
        self.body = body.to_vec();
        self.with("Content-Type", kind)
    }

    /// Files and fields in parts.
    pub(crate) fn parts(mut self, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Ask {
        let mut body = Vec::new();
        for (name, content) in files {
            let head = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        for (name, value) in fields {
            let head = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(head.bytes());
        }
        body.extend(b"--cut--\r\n");
        self.body = body;
        self.with("Content-Type", "multipart/form-data; boundary=cut")
    }

    pub(crate) fn head(&self) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: yiben\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let told = self
            .headers
            .iter()
            .any(|(name, _)| name == "Content-Length");
        if !told && (!self.body.is_empty() || self.method == "POST") {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }

    /// Sends it on a connection of its own and reads the whole answer.
    pub(crate) fn send(&self, to: SocketAddr) -> Answer {
        let mut stream = connect(to);
        let ask = self.clone().with("Connection", "close");
        stream.write_all(ask.head().as_bytes()).expect("sent");
        // A server that refuses may close before all of it is sent.
        let _ = stream.write_all(&ask.body);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        parse(&all).unwrap_or_else(|| panic!("no answer to {} {}: {all:?}", self.method, self.path))
    }
}

pub(crate) fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).expect("connected");
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).expect("set");
    stream
}

/// An answer taken apart; none when it is not whole.
pub(crate) fn parse(all: &[u8]) -> Option<Answer> {
    let end = all.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: all[end + 4..].to_vec(),
    };
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = unchunked(&answer.body)?;
    }
    Some(answer)
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}
