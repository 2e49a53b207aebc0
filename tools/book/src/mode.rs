//! What will serve a site.

/// Whether the site is a folder of files or comes from `cargo kata serve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Any static host, under any path.
    Static,
    /// The local server: bundles on demand, live reload, a real lab.
    Serve,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Static => "static",
            Mode::Serve => "serve",
        }
    }
}
