//! Sessions: who is signed in, until when. They live in memory alone, so that a restart signs everybody out; of their
//! tokens only hashes are kept. The time is handed in. Refuses to know what anybody may do: that is asked anew each time.

use super::token::{Kept, Token};
use ledger::Entropy;
use std::collections::HashMap;
use vocabulary::{Moment, RecordId};

const SECOND: i64 = 1_000_000;
/// Without a request a session ends after this.
pub(crate) const IDLE: i64 = 15 * 60 * SECOND;
/// And after this in any case.
pub(crate) const ABSOLUTE: i64 = 12 * 3600 * SECOND;
/// Sessions at once; when there are more, those end that were idle longest.
pub(crate) const SESSIONS_MAX: usize = 20_000;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account.
    pub account: RecordId,
    /// Its sign-in name.
    pub name: String,
    /// What the person is called.
    pub display: String,
    /// The role he chose to act in; the first that he has when he chose none.
    pub role: Option<String>,
    /// He may change his password and nothing else.
    pub must_change: bool,
    /// From where he signed in.
    pub address: Option<String>,
    /// When.
    pub begun: Moment,
}

/// All sessions of a process.
#[derive(Debug, Default)]
pub struct Sessions {
    held: HashMap<Kept, Held>,
}

#[derive(Debug)]
struct Held {
    session: Session,
    seen: Moment,
}

impl Held {
    fn lives(&self, now: Moment) -> bool {
        now.0 - self.seen.0 < IDLE && now.0 - self.session.begun.0 < ABSOLUTE
    }
}

impl Sessions {
    /// Begins a session; its token is shown to its bearer alone.
    pub fn begin(&mut self, session: Session, entropy: &mut dyn Entropy) -> Token {
        let token = Token::draw(entropy);
        let now = session.begun;
        if self.held.len() >= SESSIONS_MAX {
            self.sweep(now);
        }
        while self.held.len() >= SESSIONS_MAX {
            let idlest = self.held.iter().min_by_key(|(_, held)| held.seen);
            let Some(idlest) = idlest.map(|(kept, _)| *kept) else {
                break;
            };
            self.held.remove(&idlest);
        }
        self.held.insert(token.kept(), Held { session, seen: now });
        token
    }

    /// Whose session it is, if it lives; it lives on from now.
    pub fn touch(&mut self, token: &Token, now: Moment) -> Option<Session> {
        let kept = token.kept();
        let held = self.held.get_mut(&kept)?;
        if !held.lives(now) {
            self.held.remove(&kept);
            return None;
        }
        // A clock that goes back takes nothing from anybody.
        held.seen = held.seen.max(now);
        Some(held.session.clone())
    }

    /// Whether a token opens a session now; the session does not live on from it.
    pub fn knows(&self, token: &Token, now: Moment) -> bool {
        let held = self.held.get(&token.kept());
        held.is_some_and(|held| held.lives(now))
    }

    /// Changes a session in place: another role, a password changed.
    pub fn change(&mut self, token: &Token, change: impl FnOnce(&mut Session)) {
        if let Some(held) = self.held.get_mut(&token.kept()) {
            change(&mut held.session);
        }
    }

    /// Ends a session; answers whose it was.
    pub fn end(&mut self, token: &Token) -> Option<Session> {
        self.held.remove(&token.kept()).map(|held| held.session)
    }

    /// Ends every session of an account but perhaps one; answers how many.
    pub fn end_everywhere(&mut self, account: RecordId, but: Option<&Token>) -> usize {
        let (before, but) = (self.held.len(), but.map(Token::kept));
        self.held
            .retain(|kept, held| held.session.account != account || Some(*kept) == but);
        before - self.held.len()
    }

    /// Forgets those that have ended by time; answers how many.
    pub fn sweep(&mut self, now: Moment) -> usize {
        let before = self.held.len();
        self.held.retain(|_, held| held.lives(now));
        before - self.held.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nobody is signed in.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    const AT: Moment = Moment(1_700_000_000 * SECOND);

    fn after(minutes: i64) -> Moment {
        Moment(AT.0 + minutes * 60 * SECOND)
    }

    fn session(account: RecordId) -> Session {
        Session {
            account,
            name: "chen".to_owned(),
            display: String::new(),
            role: None,
            must_change: false,
            address: None,
            begun: AT,
        }
    }

    #[test]
    fn a_session_ends_after_a_quarter_of_an_hour_without_a_request() {
        let mut sessions = Sessions::default();
        let token = sessions.begin(session(7), &mut SystemEntropy);
        assert!(sessions.touch(&token, after(14)).is_some());
        assert!(sessions.touch(&token, after(28)).is_some());
        assert!(sessions.touch(&token, after(43)).is_none());
        assert!(sessions.is_empty());
    }

    #[test]
    fn a_session_ends_after_twelve_hours_in_any_case() {
        let mut sessions = Sessions::default();
        let token = sessions.begin(session(7), &mut SystemEntropy);
        for minutes in (10..720).step_by(10) {
            assert!(
                sessions.touch(&token, after(minutes)).is_some(),
                "{minutes}"
            );
        }
        assert!(sessions.touch(&token, after(720)).is_none());
    }

    #[test]
    fn a_clock_that_goes_back_neither_ends_nor_lengthens_a_session() {
        let mut sessions = Sessions::default();
        let token = sessions.begin(session(7), &mut SystemEntropy);
        assert!(sessions.touch(&token, after(10)).is_some());
        assert!(sessions.touch(&token, after(-600)).is_some());
        assert!(sessions.touch(&token, after(24)).is_some());
        assert!(sessions.touch(&token, after(39)).is_none());
    }

    #[test]
    fn signing_out_everywhere_ends_every_session_of_the_account() {
        let mut sessions = Sessions::default();
        let mine = sessions.begin(session(7), &mut SystemEntropy);
        let other = sessions.begin(session(7), &mut SystemEntropy);
        let theirs = sessions.begin(session(8), &mut SystemEntropy);
        assert_eq!(sessions.end_everywhere(7, Some(&mine)), 1);
        assert!(sessions.touch(&other, AT).is_none());
        assert!(sessions.touch(&mine, AT).is_some());
        assert_eq!(sessions.end_everywhere(7, None), 1);
        assert!(sessions.touch(&theirs, AT).is_some());
        assert_eq!(sessions.sweep(after(15)), 1);
    }

    #[test]
    fn sessions_are_bounded_and_the_idlest_goes_first() {
        let mut sessions = Sessions::default();
        let first = sessions.begin(session(1), &mut SystemEntropy);
        for n in 1..=SESSIONS_MAX {
            let begun = Moment(AT.0 + i64::try_from(n).expect("small"));
            let session = Session {
                begun,
                ..session(2)
            };
            sessions.begin(session, &mut SystemEntropy);
        }
        assert_eq!(sessions.len(), SESSIONS_MAX);
        assert!(sessions.touch(&first, AT).is_none());
    }
}
