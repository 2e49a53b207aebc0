//! What a page's own script weighs: readers wait for it, and some of them are on a phone.

use book_tests::repository::workspace;
use book_tests::site;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;

/// Bytes of all modules that a chapter begins with, each compressed as a host does it. The editor comes when it is asked for.
const LARGEST: usize = 40 << 10;

#[test]
fn the_own_script_of_a_chapter_is_light() {
    let site = site::build();
    let zone = workspace().zones().unwrap().remove(0);
    let page = fs::read_to_string(site::chapter(&format!("{}/", site.display()), &zone)).unwrap();
    let begins = page.split("<link rel=\"modulepreload\" href=\"").skip(1);
    let modules = begins.filter_map(|link| link.split('"').next());
    let mut names: Vec<&str> = modules.map(|path| path.trim_start_matches("../")).collect();
    assert!(names.len() > 20, "{names:?}");
    names.push("kata/panel.js");
    let weigh = |name: &&str| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed
            .write_all(&fs::read(site.join(name)).unwrap())
            .unwrap();
        packed.finish().unwrap().len()
    };
    let all: usize = names.iter().map(weigh).sum();
    assert!(
        all <= LARGEST,
        "{} modules are {all} bytes, and may be {LARGEST}",
        names.len()
    );
}
