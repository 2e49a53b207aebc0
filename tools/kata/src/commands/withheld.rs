//! Solutions that the command is made of: they may be withheld.

use std::path::Path;

/// Why what a zone's solution is needed for is not here.
pub fn why(slug: &str) -> String {
    let solutions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../solutions");
    if solutions.join(slug).join("src/lib.rs").is_file() {
        format!(
            "this is the solution of {slug}, and the command was built without the solutions. They are here now: \
             `touch tools/kata/build.rs tools/gate/build.rs`, and then once more"
        )
    } else {
        format!(
            "this is the solution of {slug}, and this copy of the book keeps its solutions back"
        )
    }
}
