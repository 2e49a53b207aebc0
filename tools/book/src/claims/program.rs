//! The programs behind the rows: their text, and what they answered.

use crate::html::escape;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// `tests/claims/browser/measured.json`: what each program answered in each engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The day.
    pub date: String,
    /// Each engine's name and version.
    pub engines: BTreeMap<String, String>,
    /// The answers by program, then by the page that it ran in.
    pub programs: BTreeMap<String, BTreeMap<String, Vec<Answers>>>,
}

/// What one thing came to: its name, and the answer that all engines gave, or each engine's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// What was asked.
    pub what: String,
    /// The answer of all engines, if it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Value>,
    /// Each engine's, if they differ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub each: BTreeMap<String, Value>,
}

/// A program of `tests/claims` below `root`, as a part of a page that opens.
pub(crate) fn program(root: &Path, name: &str) -> anyhow::Result<String> {
    let claims = root.join("tests/claims");
    let Some((kind, stem)) = name.split_once('/') else {
        bail!("`{name}` should be a folder of tests/claims and a program in it");
    };
    let files = match kind {
        "browser" => browser_files(&claims, stem)?,
        "go" => folder_files(&claims.join(name))?,
        _ => vec![single(&claims.join(kind), stem)?],
    };
    let mut shown = String::new();
    for (file, text) in &files {
        let language = match file.rsplit('.').next() {
            Some("rs") => "rust",
            Some("js") => "js",
            Some("go") => "go",
            Some("py") => "python",
            Some("c") => "c",
            _ => "text",
        };
        // No panel of the book's: rust-playground buttons and hidden lines are for its own code.
        let _ = write!(
            shown,
            "<p><code>tests/claims/{}</code></p><pre><code class=\"language-{language} noplayground\">{}</code></pre>",
            escape(file),
            escape(text)
        );
    }
    let answers = match kind {
        "browser" => measured(&claims, stem)?,
        "go" => {
            let folder = claims.join(name);
            let local = output(&folder.join("output.txt"), "It printed:")?;
            local + &output(&folder.join("page.txt"), "In a page it printed:")?
        }
        _ => output(&claims.join(format!("{name}.txt")), "It printed:")?,
    };
    Ok(format!(
        "<details class=\"kata-program\"><summary><code>{}</code>: what it answered, and the program</summary>{answers}{shown}</details>",
        escape(name)
    ))
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// The JavaScript, and the modules' texts that it names.
fn browser_files(claims: &Path, stem: &str) -> anyhow::Result<Vec<(String, String)>> {
    let folder = claims.join("browser");
    let code = read(&folder.join(format!("{stem}.js")))?;
    let mut modules = Vec::new();
    for word in code.split('"').skip(1).step_by(2) {
        let path = folder.join(format!("{word}.wat"));
        let file = format!("browser/{word}.wat");
        if path.is_file() && modules.iter().all(|(known, _)| *known != file) {
            modules.push((file, read(&path)?));
        }
    }
    let mut files = vec![(format!("browser/{stem}.js"), code)];
    files.append(&mut modules);
    Ok(files)
}

/// All of a Go program.
fn folder_files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if !file.ends_with(".txt") {
            files.push((format!("go/{name}/{file}"), read(&path)?));
        }
    }
    // main.go before assembly.
    files.sort_by_key(|(file, _)| (!file.ends_with(".go"), file.clone()));
    Ok(files)
}

/// The one file of this name that is no output.
fn single(folder: &Path, stem: &str) -> anyhow::Result<(String, String)> {
    let kind = folder.file_name().unwrap_or_default().to_string_lossy();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let is_it = path.file_stem().is_some_and(|name| name == stem)
            && path.extension().is_some_and(|extension| extension != "txt");
        if is_it {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            return Ok((format!("{kind}/{file}"), read(&path)?));
        }
    }
    bail!("tests/claims/{kind} has no program `{stem}`")
}

/// What a program printed, if that was kept.
fn output(path: &Path, title: &str) -> anyhow::Result<String> {
    if !path.is_file() {
        return Ok(String::new());
    }
    let text = escape(&read(path)?);
    Ok(format!(
        "<p>{title}</p><pre><code class=\"language-text\">{text}</code></pre>"
    ))
}

fn measured(claims: &Path, stem: &str) -> anyhow::Result<String> {
    let path = claims.join("browser/measured.json");
    let measured: Measured = serde_json::from_str(&read(&path)?)
        .with_context(|| format!("reading {}", path.display()))?;
    let pages = measured
        .programs
        .get(stem)
        .with_context(|| format!("{} has no answers of {stem}", path.display()))?;
    let mut html = String::new();
    for (page, answers) in pages {
        let title = match page.as_str() {
            "isolated" => "On a page with cross-origin isolation:",
            "self" => "On a page with <code>script-src &#39;self&#39;</code>:",
            "wasm" => {
                "On a page with <code>script-src &#39;self&#39; &#39;wasm-unsafe-eval&#39;</code>:"
            }
            _ if pages.len() > 1 => "On a page without special headers:",
            _ => "It answered:",
        };
        let _ = write!(html, "<p>{title}</p><dl>");
        for answer in answers {
            let _ = write!(html, "<dt>{}</dt>", escape(&answer.what));
            if let Some(value) = &answer.all {
                let _ = write!(html, "<dd><code>{}</code></dd>", escape(&said(value)));
            }
            for (engine, value) in &answer.each {
                let version = measured.engines.get(engine).unwrap_or(engine);
                let name = version.split(' ').next().unwrap_or_default();
                let value = escape(&said(value));
                let _ = write!(html, "<dd>{}: <code>{value}</code></dd>", escape(name));
            }
        }
        html.push_str("</dl>");
    }
    let engines: Vec<&str> = measured.engines.values().map(String::as_str).collect();
    let _ = write!(
        html,
        "<p>({}, {}; where no engine is named, all of them.)</p>",
        escape(&engines.join(", ")),
        escape(&measured.date)
    );
    Ok(html)
}

/// A value as a reader would write it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        Value::Array(list) => list.iter().map(said).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
