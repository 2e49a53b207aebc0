//! `cargo kata gate`: whether a module may go out, and what it is.

use super::withheld;
use crate::cli::Gate;
use anyhow::{Context, bail};
use kata_gate::{Finding, Policy};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Judges each file, and says of each what it came to.
///
/// # Errors
/// When the policy cannot be read or is none, or when the solutions are kept back. A file that cannot be read does not pass, and the
/// others are judged all the same.
pub fn run(args: &Gate) -> anyhow::Result<ExitCode> {
    let policy = match &args.policy {
        Some(path) => policy(path)?,
        None => Policy::default(),
    };
    let mut refused = 0;
    for path in &args.files {
        let finding = match read(path, policy.bytes) {
            Ok(bytes) => match kata_gate::judge(&bytes, &policy) {
                Some(finding) => Ok(finding),
                None => bail!("there is no gate: {}", withheld::why("module-gate")),
            },
            Err(why) => Err(why),
        };
        let line = || plain(&format!("{}: {}", path.display(), verdict(&finding)));
        let passes = matches!(&finding, Ok(Finding { refused: None, .. }));
        refused += usize::from(!passes);
        if args.json {
            println!("{}", object(path, &finding)?);
        } else if args.quiet {
            if !passes {
                println!("{}", line());
            }
        } else {
            println!("{}", line());
            if let Ok(finding) = &finding {
                print(finding);
            }
        }
    }
    if !args.json && args.files.len() > 1 {
        println!("{} pass, {refused} do not", args.files.len() - refused);
    }
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn policy(path: &Path) -> anyhow::Result<Policy> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.parse()
        .with_context(|| format!("{} is no policy", path.display()))
}

/// What is in a file. Of one that has more bytes than may pass, no more is read than shows it.
fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| {
            let one_more = (most as u64).saturating_add(1);
            file.take(one_more).read_to_end(&mut bytes)
        })
        .map_err(|error| error.to_string())?;
    if bytes.len() > most {
        return Err(format!("it has more than {most} bytes"));
    }
    Ok(bytes)
}

/// A text for a terminal. A reason may hold names out of the file, and these whatever moves a cursor. What is not to be printed is
/// escaped, as `Debug` does it.
fn plain(text: &str) -> String {
    let escaped = |one: char| match one {
        '"' | '\'' | '\\' => one.to_string(),
        _ => one.escape_debug().to_string(),
    };
    text.chars().map(escaped).collect()
}

fn verdict(finding: &Result<Finding, String>) -> &str {
    match finding {
        Ok(Finding { refused: None, .. }) => "passes",
        Ok(Finding {
            refused: Some(why), ..
        })
        | Err(why) => why,
    }
}

/// One line of JSON.
fn object(path: &Path, finding: &Result<Finding, String>) -> anyhow::Result<Value> {
    let mut object = match finding {
        Ok(finding) => serde_json::to_value(finding)?,
        Err(error) => json!({ "refused": error }),
    };
    object["file"] = path.display().to_string().into();
    Ok(object)
}

fn print(finding: &Finding) {
    let row = |name: &str, value: &str| println!("  {name:<10} {value}");
    row("sha256", &finding.sha256);
    row("bytes", &finding.bytes.to_string());
    let Some(module) = &finding.module else {
        return;
    };
    let needs: Vec<String> = (module.needs.iter())
        .map(|need| format!("{} ({:#x})", need.proposal, need.offset))
        .collect();
    row("needs", &or_nothing(&needs.join(", ")));
    row("functions", &module.functions.to_string());
    for memory in &module.memories {
        let most = memory
            .maximum
            .map_or("no maximum".to_owned(), |most| format!("at most {most}"));
        row(
            "memory",
            &format!("{} pages of {} bytes, {most}", memory.initial, memory.page),
        );
    }
    for import in &module.imports {
        row(
            "import",
            &format!("{} {:?} {:?}", import.kind, import.module, import.name),
        );
    }
    for export in &module.exports {
        row("export", &format!("{} {:?}", export.kind, export.name));
    }
}

fn or_nothing(text: &str) -> String {
    if text.is_empty() {
        "nothing beyond the first WebAssembly".to_owned()
    } else {
        text.to_owned()
    }
}
