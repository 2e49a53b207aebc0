//! `cargo kata`: the thin end of the library of the same name.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    use clap::Parser;

    end_with_the_reader();
    match kata::run(kata::cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::from(2)
        }
    }
}

/// Whoever reads what is printed may have seen enough, as `head` has. That is no fault: the command
/// ends as a program that hears of it by a signal does. What cannot be written for another reason is an
/// error. What it started ends with it.
#[cfg(not(target_family = "wasm"))]
fn end_with_the_reader() {
    use std::io::Write;

    const AS_IF_BY_SIGPIPE: i32 = 128 + 13;
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // The words of `println!` and `eprintln!`, which know no other way to fail.
        let words = info.payload_as_str().unwrap_or_default();
        if words.starts_with("failed printing to std") {
            if words.contains("Broken pipe") {
                std::process::exit(AS_IF_BY_SIGPIPE);
            }
            // A full disk, for one.
            let _ = writeln!(std::io::stderr(), "error: {words}");
            std::process::exit(2);
        }
        report(info);
    }));
}

/// The workspace's default target is wasm; this tool has nothing to do there.
#[cfg(target_family = "wasm")]
fn main() {}
