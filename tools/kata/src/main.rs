//! `cargo kata`: the thin end of the library of the same name.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    use clap::Parser;

    match kata::run(kata::cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::from(2)
        }
    }
}

/// The workspace's default target is wasm; this tool has nothing to do there.
#[cfg(target_family = "wasm")]
fn main() {}
