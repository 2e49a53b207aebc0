//! Copies of the book as readers have them: without git, without solutions, with notes of their own.

use book_tests::repository::{Copy, run, words};
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;
use std::process::Command;

const SLUG: &str = "detached-view";

/// The packages of a copy, as Cargo knows them. It refuses a workspace whole.
fn packages(copy: &Copy) -> Vec<String> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(copy.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A teacher may keep the solutions back. All the rest works.
#[test]
fn a_copy_without_solutions_works() {
    let copy = Copy::new();
    let before = packages(&copy).len();
    let away = copy.path().join("solutions.off");
    fs::rename(copy.path().join("solutions"), away).unwrap();
    let zones = copy.workspace().zones().unwrap();
    assert_eq!(packages(&copy).len(), before - zones.len());

    let list = run(copy.path(), &["list"]);
    assert!(list.status.success(), "{}", words(&list));
    assert_eq!(words(&list).matches("untouched").count(), zones.len());
    for _ in 0..3 {
        assert!(run(copy.path(), &["hint", SLUG]).status.success());
    }
    let last = words(&run(copy.path(), &["hint", SLUG]));
    assert!(last.contains("keeps its solutions back"), "{last}");

    let file = format!("katas/{SLUG}/src/lib.rs");
    let args = ["grade", SLUG, &file, "--engine", "chromium"];
    let graded = run(copy.path(), &args);
    assert_eq!(graded.status.code(), Some(1), "{}", words(&graded));
    let tested = run(copy.path(), &["test", SLUG, "--engine", "chromium"]);
    assert!(tested.status.success(), "{}", words(&tested));
    // To judge nothing is no success.
    for more in [&[][..], &["--no-run"]] {
        let args = [&["test", SLUG, "--variant", "solution"][..], more].concat();
        let none = run(copy.path(), &args);
        assert_eq!(none.status.code(), Some(2), "{}", words(&none));
        let said = words(&none);
        assert!(said.contains("keeps its solutions back"), "{said}");
    }

    let book = copy.path().join("target/book");
    let page = kata_book_page(&copy, &book);
    assert!(page.contains("This copy of the book keeps it back."));
}

/// The chapter of the zone as the site has it.
fn kata_book_page(copy: &Copy, out: &std::path::Path) -> String {
    let options = kata_book::SiteOptions {
        out,
        mode: kata_book::Mode::Static,
        build_id: "test",
        compile_service: None,
    };
    kata_book::build_site(&copy.workspace(), &options).unwrap();
    fs::read_to_string(out.join(format!("boundary/{SLUG}.html"))).unwrap()
}

/// Readers keep copies of their work beside it, and folders of their own. Neither Cargo nor the book takes one for a zone.
#[test]
fn a_copy_of_a_kata_beside_it_is_no_zone() {
    let copy = Copy::new();
    let before = packages(&copy);
    for name in [".mine", "-old", " (copy)"] {
        for file in [
            "Cargo.toml",
            "kata.toml",
            "src/lib.rs",
            "contract/Cargo.toml",
        ] {
            let text = copy.read(&format!("katas/{SLUG}/{file}"));
            copy.write(&format!("katas/{SLUG}{name}/{file}"), &text);
        }
    }
    for (from, to) in [
        ("katas", "my-katas"),
        ("solutions/detached-view", "solutions/detached-view.mine"),
        ("katas/detached-view/src", "answers/detached-view"),
        ("katas/detached-view/src", "solved/detached-view"),
        ("tools/lab/src", "tools/notes"),
        ("src/memory", ".claude/commands"),
    ] {
        let (from, to) = (copy.path().join(from), copy.path().join(to));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let copied = Command::new("cp").arg("-r").args([from, to]).status();
        assert!(copied.unwrap().success());
    }
    assert_eq!(packages(&copy), before);
    let list = words(&run(copy.path(), &["list"]));
    assert_eq!(list.matches(SLUG).count(), 1, "{list}");
    let file = format!("katas/{SLUG}/src/lib.rs");
    let original = copy.read(&file);
    copy.write(&file, "// my work\n");
    let reset = run(copy.path(), &["reset", SLUG]);
    assert!(reset.status.success(), "{}", words(&reset));
    assert_eq!(copy.read(&file), original);
}

/// A ZIP has no history, and git may refuse one that belongs to somebody else.
#[test]
fn reset_needs_no_git() {
    let copy = Copy::new();
    fs::remove_dir_all(copy.path().join(".git")).unwrap();
    let file = format!("katas/{SLUG}/src/lib.rs");
    let original = copy.read(&file);
    // Root, as in a container, writes for the folder's owner.
    let folder = copy.path().join("katas").join(SLUG);
    let _ = chown(&folder, Some(1000), None);
    let owner = |path: &Path| fs::metadata(path).unwrap().uid();
    fs::remove_file(copy.path().join(&file)).unwrap();
    for mine in [None, Some("// my work\n")] {
        if let Some(text) = mine {
            copy.write(&file, text);
        }
        let reset = run(copy.path(), &["reset", SLUG]);
        assert!(reset.status.success(), "{}", words(&reset));
        assert_eq!(copy.read(&file), original);
        assert_eq!(owner(&copy.path().join(&file)), owner(&folder));
        assert_eq!(
            words(&reset).contains(".bak"),
            mine.is_some(),
            "{}",
            words(&reset)
        );
    }
}
