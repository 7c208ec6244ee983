//! How a server is set up, as `yiben serve` was told.

use crate::desk::Paces;
use crate::limits;
use office::PasswordPolicy;
use std::time::Duration;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address it listens at.
    pub bind: String,
    /// The port; 0: any that is free.
    pub port: u16,
    /// A proxy in front speaks TLS and adds `X-Forwarded-For`.
    pub tls_in_front: bool,
    /// The password policy; none: the pack's.
    pub policy: Option<PasswordPolicy>,
    /// How fast one may ask.
    pub paces: Paces,
    /// Requests in work at once.
    pub requests_max: usize,
    /// How long the head of a request may take.
    pub head_time: Duration,
    /// How long one piece of a body may take.
    pub piece_time: Duration,
    /// How long a client may read nothing of an answer.
    pub unread_time: Duration,
    /// How long a usual deed may take.
    pub deed_time: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            bind: "127.0.0.1".to_owned(),
            port: 8620,
            tls_in_front: false,
            policy: None,
            paces: Paces::default(),
            requests_max: limits::REQUESTS_MAX,
            head_time: limits::HEAD_TIME,
            piece_time: limits::PIECE_TIME,
            unread_time: limits::UNREAD_TIME,
            deed_time: limits::DEED_TIME,
        }
    }
}
