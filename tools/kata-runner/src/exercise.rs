//! Which exercise is being tested.

use std::path::Path;

/// A kata or a solution.
#[derive(Debug, PartialEq, Eq)]
pub struct Exercise {
    slug: String,
    is_kata: bool,
}

impl Exercise {
    /// The exercise whose package lies in this folder, `katas/<slug>` or
    /// `solutions/<slug>`. Cargo runs a test in its package's folder; its
    /// variables are of no use, since `cargo run` has set them for this program.
    pub fn of(folder: &Path) -> Option<Self> {
        let slug = folder.file_name()?.to_str()?.to_owned();
        let is_kata = match folder.parent()?.file_name()?.to_str()? {
            "katas" => true,
            "solutions" => false,
            _ => return None,
        };
        Some(Exercise { slug, is_kata })
    }

    /// The name of its package.
    pub fn package(&self) -> String {
        let kind = if self.is_kata { "kata" } else { "solution" };
        format!("{kind}-{}", self.slug)
    }

    /// What to do after a test has failed. `settings` are those of the reader's that can make a right
    /// solution fail.
    pub fn advice(&self, settings: &[String]) -> String {
        let slug = &self.slug;
        if self.is_kata {
            format!(
                "Edit katas/{slug}/src/lib.rs until the tests above pass.\n\
                 Stuck? `cargo kata hint {slug}` gives a hint, one at a time."
            )
        } else if settings.is_empty() {
            format!(
                "solutions/{slug}/src/lib.rs should pass on every engine. Unless a Cargo configuration of yours has\n\
                 flags or profiles for it, this is a bug in the book. The spec is in tests/specs/{}.rs.",
                slug.replace('-', "_")
            )
        } else {
            format!(
                "solutions/{slug}/src/lib.rs should pass on every engine, but here a setting of yours may be why\n\
                 it does not: {}. Try again without.",
                settings.join(", ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kata_is_known_by_its_folder() {
        let kata = Exercise::of(Path::new("/book/katas/detached-view")).unwrap();
        let advice = kata.advice(&["RUSTFLAGS".to_owned()]);
        assert!(
            advice.contains("katas/detached-view/src/lib.rs"),
            "{advice}"
        );
        assert!(advice.contains("cargo kata hint detached-view"), "{advice}");
        assert_eq!(advice.lines().count(), 2);
        assert_eq!(kata.package(), "kata-detached-view");
    }

    #[test]
    fn a_solution_is_not_the_readers_fault() {
        let solution = Exercise::of(Path::new("/book/solutions/stable-sum")).unwrap();
        let advice = solution.advice(&[]);
        assert!(advice.contains("tests/specs/stable_sum.rs"), "{advice}");
        assert!(advice.contains("a bug in the book"), "{advice}");
        assert!(!advice.contains("hint"), "{advice}");
    }

    #[test]
    fn a_setting_is_not_the_books_fault() {
        let solution = Exercise::of(Path::new("/book/solutions/stable-sum")).unwrap();
        let advice = solution.advice(&["RUSTFLAGS", "CHROMEDRIVER_ARGS"].map(str::to_owned));
        assert!(advice.contains("RUSTFLAGS, CHROMEDRIVER_ARGS"), "{advice}");
        assert!(!advice.contains("bug"), "{advice}");
    }

    #[test]
    fn any_other_folder_is_no_exercise() {
        for folder in ["/book/tools/kata", "/katas", "/"] {
            assert_eq!(Exercise::of(Path::new(folder)), None, "{folder}");
        }
    }
}
