//! What each command does.

mod bench;
mod browsers;
mod build;
mod check;
mod docket;
mod edits;
mod gate;
mod grade;
mod learn;
mod outcome;
mod output;
mod owner;
mod progress;
mod serve;
mod staging;
mod terminal;
mod test;
mod trial;
mod watch;
mod withheld;

use crate::cli::{Cli, Command};
use anyhow::Context;
use kata_builder::toolchain;
use kata_zones::Workspace;
use std::process::ExitCode;
use std::time::Duration;

/// The exit code of a command that was interrupted, as shells count it.
const INTERRUPTED: u8 = 130;

/// How long background work may take to let go of what it holds.
const GOODBYE: Duration = Duration::from_secs(2);

/// Runs a command to its end, or until it is interrupted: then everything that
/// it started is ended and what it had half written is removed.
///
/// # Errors
/// When the command cannot do its work. A kata that fails is no error: the exit
/// code says it.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Preprocess { args } = &cli.command {
        return preprocess(args);
    }
    let here = std::env::current_dir().context("asking for the current folder")?;
    let ws = Workspace::find(&here)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the async runtime")?;
    let code = runtime.block_on(async {
        tokio::select! {
            // In this order: it listens before it works.
            biased;
            () = kata_engines::shutdown_signal() => {
                eprintln!("\ninterrupted");
                Ok(ExitCode::from(INTERRUPTED))
            }
            result = dispatch(&ws, cli.command) => result,
        }
    });
    // A browser that runs elsewhere does not end with us.
    let closed = async { tokio::time::timeout(GOODBYE, kata_engines::all_closed()).await };
    let _ = runtime.block_on(closed);
    // Tasks own temporary folders: let them go before the process does.
    runtime.shutdown_timeout(GOODBYE);
    code
}

async fn dispatch(ws: &Workspace, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(ws, &args).await,
        Command::Watch(args) => watch::run(ws, &args).await,
        Command::Build(args) => build::run(ws, &args).await,
        Command::Test(args) => test::run(ws, &args).await,
        Command::Grade(args) => grade::run(ws, &args).await,
        Command::Check(args) => check::run(ws, &args).await,
        Command::Gate(args) => gate::run(&args),
        Command::Bench(args) => bench::run(ws, &args).await,
        Command::List => learn::list(ws),
        Command::Hint { slug, again } => learn::hint(ws, &slug, again),
        Command::Reset { slug } => learn::reset(ws, &slug),
        Command::New { slug } => {
            toolchain::ensure_wasm_target(ws.root())?;
            learn::new(ws, &slug)
        }
        Command::Preprocess { .. } => Ok(ExitCode::SUCCESS),
    }
}

fn preprocess(args: &[String]) -> anyhow::Result<ExitCode> {
    match args {
        [] => kata_book::preprocess_stdio().map(|()| ExitCode::SUCCESS),
        [verb, renderer] if verb == "supports" => Ok(if kata_book::preprocess_supports(renderer) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }),
        _ => anyhow::bail!("preprocess takes no arguments or `supports <renderer>`"),
    }
}
