//! `cargo kata serve`, as a reader at work sees it.

use book_tests::page::Browser;
use book_tests::repository::{Copy, PATIENCE, Running, kata, root, run, words};
use book_tests::site::chapter;
use kata_engines::Engine;
use kata_zones::{Host, sha256};
use std::fs;
use std::net::TcpListener;
use std::time::Duration;

/// Starts the server on a free port and answers its address.
pub fn serve(copy: &Copy) -> (Running, String) {
    let (server, addr) = Running::server(&mut kata(copy.path(), &["serve", "--port", "0"]));
    (server, format!("http://{addr}/"))
}

/// An edit, a compile error, an endless loop and the solution, one after the other, on one page.
async fn a_reader_at_work(engine: Engine) {
    let copy = Copy::new();
    let zone = copy.workspace().zone("blocked-loop").unwrap();
    copy.limit("blocked-loop", 3000);
    copy.keep_chapters(&["blocked-loop"]);
    // Now, for a change of the manifest would load the page again.
    let (_server, base) = serve(&copy);
    let browser = Browser::start(engine).await;
    browser.open(&chapter(&base, &zone)).await;
    let rows = browser.run("kata-panel").await;
    assert!(
        rows.iter().any(|row| row.outcome == "failed"),
        "the kata is not red: {rows:#?}"
    );

    let broken = copy.read("katas/blocked-loop/src/lib.rs");
    copy.write(
        "katas/blocked-loop/src/lib.rs",
        &format!("{broken}\nfn oops( {{\n"),
    );
    browser.until("document.querySelector('kata-panel .kata-rules .kata-diagnostics')?.textContent.includes('lib.rs')").await;
    let code = "document.querySelector('kata-panel [data-tab=\"code\"] code').textContent.includes('fn oops( {')";
    assert_eq!(
        browser.eval(code).await,
        true,
        "what is judged is not what is shown"
    );

    // Every function that waits never ends: the page must not notice.
    let solution = fs::read_to_string(zone.solution_lib()).unwrap();
    copy.write("katas/blocked-loop/src/lib.rs", &spin_everywhere(&solution));
    browser.until("[...document.querySelectorAll('kata-panel .kata-rules .kata-test')].some((row) => row.dataset.outcome === 'running')").await;
    let ticks = browser
        .eval("new Promise((done) => { let n = 0; const t = setInterval(() => { n += 1; }, 20); setTimeout(() => { clearInterval(t); done(n); }, 1500); })")
        .await;
    assert!(
        ticks.as_u64().unwrap() >= 15,
        "the page ticked {ticks} times in 1.5 s beside a kata that hangs"
    );
    browser
        .click("kata-panel > .kata-run [data-action=\"stop\"]")
        .await;
    browser.until("document.querySelector('kata-panel > .kata-run .kata-line').textContent.includes('Stopped')").await;

    copy.write("katas/blocked-loop/src/lib.rs", &solution);
    browser.until("document.querySelector('kata-panel .kata-state').dataset.state === 'solved' || document.querySelector('kata-panel > .kata-run [data-action=\"stop\"]').disabled").await;
    let rows = browser.run("kata-panel").await;
    assert!(
        rows.iter().all(|row| row.outcome == "passed"),
        "the solution is not green: {rows:#?}"
    );

    // A chapter that changes is loaded again; one that is wrong leaves the last good page.
    let file = "src/boundary/blocked-loop.md";
    let chapter = copy.read(file);
    copy.write(file, &chapter.replacen("# ", "# Edited: ", 1));
    browser
        .until("document.querySelector('main h1').textContent.startsWith('Edited')")
        .await;
    copy.write(file, &format!("{chapter}\n\n{{{{#kata no-such-zone}}}}\n"));
    browser
        .until("document.querySelector('.kata-banner')?.textContent.includes('no-such-zone')")
        .await;
    copy.write(file, &chapter);
    browser
        .until("!document.querySelector('.kata-banner') && !document.querySelector('main h1').textContent.startsWith('Edited')")
        .await;
    a_reader_writes(&browser, &copy, &broken, &solution).await;
    browser.stop().await;
}

/// From red to green without leaving the page: written in the editor, compiled, judged, saved; never over a newer file.
async fn a_reader_writes(browser: &Browser, copy: &Copy, broken: &str, solution: &str) {
    let file = "katas/blocked-loop/src/lib.rs";
    let line = "document.querySelector('kata-panel > .kata-run .kata-line')";
    copy.write(file, broken);
    browser
        .until(&format!("{line}.textContent.includes('rules broken')"))
        .await;
    browser.edit().await;
    let mine = format!("{solution}\n// Written on the page.\n");
    browser.paste_over(&mine).await;
    let rows = browser.run("kata-panel").await;
    assert!(
        rows.iter().all(|row| row.outcome == "passed"),
        "what was written is not green: {rows:#?}"
    );
    assert_eq!(copy.read(file), broken, "written before it was asked for");
    // That the clone has another text makes nothing of this one broken.
    let back = "(dispatchEvent(new Event('focus')), new Promise((done) => setTimeout(done, 500)))";
    let state = "document.querySelector('.kata-state').dataset.state";
    browser.eval(back).await;
    assert_eq!(browser.eval(state).await, "solved");
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('Saved to katas/')")
        .await;
    assert_eq!(copy.read(file), mine);
    // The clone knows that this text is the one that was judged, and so does whoever comes back to the page.
    let hash = sha256(mine.as_bytes());
    for _ in 0..100 {
        if !copy.read(".kata-progress.toml").contains(&hash) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(copy.read(".kata-progress.toml").contains(&hash));
    browser.eval(back).await;
    assert_eq!(browser.eval(state).await, "solved");

    let later = format!("{mine}// Later, on the page.\n");
    browser.paste_over(&later).await;
    let theirs = format!("{broken}\n// Meanwhile, elsewhere.\n");
    copy.write(file, &theirs);
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-choose').checkVisibility()")
        .await;
    assert_eq!(copy.read(file), theirs, "written over a newer file");
    browser.press_button("Keep mine").await;
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('Saved to katas/')")
        .await;
    assert_eq!(copy.read(file), later);

    // A file that is no text is said to be one, and takes nothing away.
    fs::write(copy.path().join(file), b"\xff").unwrap();
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('could not be read')")
        .await;
    browser.until_edit_holds("Later, on the page", true).await;
}

/// Puts an endless loop at the head of every function body that follows a signature on one line.
fn spin_everywhere(source: &str) -> String {
    source
        .lines()
        .map(|line| {
            let is_async = line.trim_start().starts_with("pub async fn");
            if is_async && line.ends_with('{') {
                format!("{line}\n    loop {{ std::hint::spin_loop(); if std::hint::black_box(false) {{ break; }} }}\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_judged_on_the_page_in_chromium() {
    a_reader_at_work(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_judged_on_the_page_in_firefox() {
    a_reader_at_work(Engine::Firefox).await;
}

/// On the local server, too, zones run in workers and in frames, and with the real lab even the tests that need
/// sockets are judged. Zones that need nothing of it are judged on the static site, by the same page: one of each
/// kind will do here.
async fn solutions_are_green(engine: Engine) {
    let copy = Copy::new();
    let (_server, base) = serve(&copy);
    let browser = Browser::start(engine).await;
    let mut hosts = Vec::new();
    for zone in copy.workspace().zones().unwrap() {
        let host = zone.manifest.host;
        if zone.manifest.needs.is_empty() && hosts.contains(&host) {
            continue;
        }
        hosts.push(host);
        browser.open(&chapter(&base, &zone)).await;
        browser.click("kata-panel .kata-reveal > summary").await;
        browser.click("kata-panel .kata-reveal > summary").await;
        let rows = browser.run("kata-panel .kata-reveal").await;
        assert_eq!(rows.len(), zone.spec_tests().unwrap().len());
        assert!(
            rows.iter().all(|row| row.outcome == "passed"),
            "{}: {rows:#?}",
            zone.slug
        );
    }
    assert!(hosts.contains(&Host::Worker) && hosts.contains(&Host::Frame));
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn solutions_are_green_in_chromium() {
    solutions_are_green(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn solutions_are_green_in_firefox() {
    solutions_are_green(Engine::Firefox).await;
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&root(), &["serve", "--port", &port]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains(&format!("port {port} is taken")),
        "{}",
        words(&output)
    );
}

#[test]
fn an_interrupted_server_ends_at_once_and_leaves_no_site() {
    let copy = Copy::new();
    // A server waits for the build that is under way, which takes longer with each chapter. Two are enough to see that
    // it waits for nothing else.
    copy.keep_chapters(&["blocked-loop"]);
    let state = tempfile::tempdir().unwrap();
    let mut command = kata(copy.path(), &["serve", "--port", "0"]);
    command.env("CARGO_TARGET_DIR", state.path());
    let (mut server, _) = Running::server(&mut command);
    let sites = || {
        fs::read_dir(state.path().join("kata/serve"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().is_dir())
            .count()
    };
    assert_eq!(sites(), 1, "the server builds its site somewhere else");
    // The worst moment: a chapter was saved, and the book is being built again.
    let chapter = "src/boundary/blocked-loop.md";
    copy.write(chapter, &format!("{}\nMore.\n", copy.read(chapter)));
    std::thread::sleep(Duration::from_millis(80));
    assert!(server.interrupt(PATIENCE), "still running");
    assert_eq!(sites(), 0, "the server left its site behind");
}
