//! What the reader types: a key on a terminal, a line elsewhere.

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead, IsTerminal, Read, stdin};

/// Says what was typed, from a thread of its own, until nobody listens or the input ends.
pub fn listen(is_terminal: bool, mut tell: impl FnMut(char) -> bool + Send + 'static) {
    std::thread::spawn(move || {
        if is_terminal {
            let mut bytes = stdin().bytes();
            while let Some(Ok(byte)) = bytes.next() {
                if !tell(char::from(byte)) {
                    return;
                }
            }
        } else {
            // Of a line, the first letter counts.
            let mut lines = stdin().lock().lines();
            while let Some(Ok(line)) = lines.next() {
                if line.trim().chars().next().is_some_and(|key| !tell(key)) {
                    return;
                }
            }
        }
    });
}

/// A terminal that gives each key at once and does not show it; it is as before when this is dropped.
pub struct Terminal(Option<Termios>);

impl Terminal {
    pub fn take() -> Self {
        if !stdin().is_terminal() {
            return Self(None);
        }
        let before = tcgetattr(stdin()).ok();
        if let Some(before) = &before {
            let mut now = before.clone();
            // Signals stay: Ctrl-C ends the command.
            now.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
            // A terminal that refuses gives lines, whose letters are keys, too.
            let _ = tcsetattr(stdin(), OptionalActions::Now, &now);
        }
        Self(before)
    }

    pub fn is_one(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}
