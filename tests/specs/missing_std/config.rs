//! The configuration: fetched, and never half believed

use wasm_bindgen_test::*;

use super::played::{Network, Play};
use super::stage::in_time;
use crate::zone::load_config;
use contract::{Config, ConfigError, Malformed};

const ADDRESS: &str = "https://app.invalid/boot.conf?v=2";

/// There is no disk, but there is a server: the configuration comes by `fetch`, asked for once.
#[wasm_bindgen_test]
async fn a_configuration_arrives() {
    for (body, greeting) in [
        ("greeting = Hello\nretries = 3\n", "Hello"),
        (
            "# by hand\r\n\r\nretries=3\r\ngreeting = Zoë 🦀 = me",
            "Zoë 🦀 = me",
        ),
        ("\u{feff}retries = 3\ngreeting =", ""),
    ] {
        let answer = load(Play::Answer(200, body.as_bytes())).await;
        let wanted = Config {
            greeting: greeting.to_owned(),
            retries: 3,
        };
        assert_eq!(answer, Ok(wanted), "the server answered 200 with {body:?}");
    }
    let answer = load(Play::Pieces(&[
        b"retries = 3\ngreeting = Zo\xc3",
        b"\xab\n",
    ]))
    .await;
    let greeting = answer.as_ref().map(|config| config.greeting.as_str());
    assert_eq!(
        greeting,
        Ok("Zoë"),
        "the body came in two pieces, and the network cut it between the two bytes of `ë`: a piece is no text of its own"
    );
}

/// No such file is `Missing`. To `fetch` a 404 is an answer like any other.
#[wasm_bindgen_test]
async fn a_missing_configuration_is_a_typed_error() {
    for status in [404, 410] {
        // Some servers say it kindly, in what looks like the file itself.
        for body in ["not found", "greeting = Hello\nretries = 3\n"] {
            let answer = load(Play::Answer(status, body.as_bytes())).await;
            assert_eq!(
                answer,
                Err(ConfigError::Missing),
                "the server answered {status}, with the body {body:?}: fetch resolves whatever the status is, so look \
                 at it before you look at the body"
            );
        }
    }
}

/// Another status outside 200 to 299 is told as it is.
#[wasm_bindgen_test]
async fn another_status_is_told_as_it_is() {
    for status in [401, 403, 500, 503, 304] {
        let answer = load(Play::Answer(status, b"greeting = Hello\nretries = 3\n")).await;
        assert_eq!(
            answer,
            Err(ConfigError::Status(status)),
            "the server answered {status}: that is no configuration, but it is not Missing either, and whoever calls \
             wants to know which"
        );
    }
    let answer = load(Play::Answer(206, b"greeting = Hello\nretries = 3\n")).await;
    assert!(
        answer.is_ok(),
        "206 is within 200 to 299, and the answer was {answer:?}"
    );
}

/// No connection, or one that breaks in the middle of the file, is `Unreachable`.
#[wasm_bindgen_test]
async fn a_network_that_fails_is_a_typed_error() {
    for (what, play) in [
        ("there is no connection", Play::Fail),
        (
            "the connection breaks off behind a whole line",
            Play::BreakOff(b"greeting = Hello\n"),
        ),
        (
            "the connection breaks off where the file could have ended",
            Play::BreakOff(b"greeting = Hello\nretries = 3\n"),
        ),
    ] {
        let answer = load(play).await;
        assert!(
            matches!(answer, Err(ConfigError::Unreachable(_))),
            "{what}, and the answer was {answer:?}"
        );
    }
}

/// What is no UTF-8 is refused, as `fs::read_to_string` does. The browser's own way to a text replaces it by U+FFFD.
#[wasm_bindgen_test]
async fn bytes_that_are_no_text_are_refused() {
    for body in [
        &b"greeting = caf\xe9\nretries = 3\n"[..],
        b"greeting = Hello\nretries = 3\n# \xff",
        b"# \xed\xa0\x80\ngreeting = Hello\nretries = 3\n",
    ] {
        let answer = load(Play::Answer(200, body)).await;
        assert_eq!(
            answer,
            Err(ConfigError::NotUtf8),
            "these bytes are no UTF-8: {body:x?}. Response.text() never fails: it puts U+FFFD in their place. Take the \
             bytes and let Rust judge them"
        );
    }
    let genuine = load(Play::Answer(
        200,
        "greeting = \u{fffd}\nretries = 3".as_bytes(),
    ))
    .await;
    assert!(
        genuine.is_ok(),
        "U+FFFD itself is a character like any other, and the answer was {genuine:?}"
    );
}

/// A server that answers every address with its start page says 200 and sends HTML. The error names the line.
#[wasm_bindgen_test]
async fn a_malformed_configuration_names_its_line() {
    for (body, line) in [
        ("<!doctype html>\n<title>App</title>\n", 1),
        ("greeting = Hello\nretries = three\n", 2),
        ("greeting = Hello\n", 2),
        ("", 1),
    ] {
        let answer = load(Play::Answer(200, body.as_bytes())).await;
        assert_eq!(
            answer,
            Err(ConfigError::Malformed(Malformed { line })),
            "the server answered 200 with {body:?}"
        );
    }
}

/// Asks for the configuration from such a network.
async fn load(play: Play) -> Result<Config, ConfigError> {
    let network = Network::play(play);
    let answer = in_time("load_config", load_config(ADDRESS)).await;
    let asked = network.asked();
    drop(network);
    assert_eq!(
        asked,
        [ADDRESS],
        "these addresses were fetched, and the answer was {answer:?}: the configuration is to be fetched, once, from \
         the address that was given"
    );
    answer
}
