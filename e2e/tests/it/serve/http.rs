//! One request over a connection that stays open, and its answer.

use serde_json::Value;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A connection.
pub(super) struct Line {
    reader: BufReader<TcpStream>,
    cookie: String,
}

/// An answer: status, cookie that was set, body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) cookie: Option<String>,
    pub(super) body: Value,
}

impl Line {
    pub(super) fn open(port: u16, cookie: &str) -> io::Result<Line> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_nodelay(true)?;
        Ok(Line {
            reader: BufReader::new(stream),
            cookie: cookie.to_owned(),
        })
    }

    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        id: Option<&str>,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let id = id.map_or_else(String::new, |id| format!("Idempotency-Key: {id}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: yiben\r\nX-Yiben: 1\r\nCookie: {}\r\n{id}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        self.reader.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let status = self
            .line()?
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let (mut length, mut cookie) = (0, None);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    length = value.parse().map_err(|_| io::ErrorKind::InvalidData)?
                }
                "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Answer {
            status,
            cookie,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        })
    }
}

/// A value as it may stand in a query.
pub(super) fn quoted(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
