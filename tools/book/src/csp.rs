//! A strict content security policy for every page.
//!
//! The site is a folder of files on a host that we do not know, so the policy
//! travels in the page. Scripts come from the site itself; mdBook's few inline
//! ones are named by their hashes. WebAssembly may compile; `eval` may not.

use crate::mode::Mode;
use crate::scan;
use crate::site::SiteOptions;
use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The policy of a page that mdBook wrote. `script_styles` are `style` attributes that the site's scripts set.
pub(crate) fn policy_of(page: &str, script_styles: &[String], options: &SiteOptions<'_>) -> String {
    let inline = scan::inline(page);
    let styles: Vec<&str> = inline
        .styles
        .iter()
        .chain(script_styles)
        .map(String::as_str)
        .collect();
    let scripts: Vec<&str> = inline.scripts.iter().map(String::as_str).collect();
    policy(&scripts, &styles, options)
}

/// Puts its policy and the site's facts at the top of a page's head.
pub(crate) fn seal(page: &str, policy: &str, options: &SiteOptions<'_>) -> anyhow::Result<String> {
    let mut facts = serde_json::json!({ "mode": options.mode.name(), "build": options.build_id });
    if let Some(service) = options.compile_service {
        facts["compile"] = service.into();
    }
    if page.contains("<base ") {
        bail!("the page sets a base address, so it would not work under a path prefix");
    }
    let head = page
        .find("<meta charset")
        .context("the page has no `<meta charset>`")?;
    let end = head
        + page[head..]
            .find('>')
            .context("the page's `<meta charset>` never ends")?
        + 1;
    Ok(format!(
        "{}\n        <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n        <meta name=\"kata-site\" content=\"{}\">{}",
        &page[..end],
        crate::html::escape(&facts.to_string()),
        &page[end..]
    ))
}

/// The file at a site's root that some hosts read (Netlify, Cloudflare Pages): the same policies as headers, which hold from a
/// page's first byte. Each page has its own, under each of its addresses. One for all paths would be laid over the files
/// that run katas, which have a policy of their own, and over all that is not of this book.
pub(crate) fn headers_file(policies: &[(String, String)]) -> String {
    let mut file = String::new();
    for (page, policy) in policies {
        let bare = page.strip_suffix(".html").unwrap_or(page);
        let folder = bare
            .strip_suffix("index")
            .filter(|f| f.is_empty() || f.ends_with('/'));
        for address in [page.as_str(), folder.unwrap_or(bare)] {
            file.push_str(&format!(
                "/{address}\n  Content-Security-Policy: {policy}\n"
            ));
        }
    }
    file
}

fn policy(scripts: &[&str], styles: &[&str], options: &SiteOptions<'_>) -> String {
    let mut style_src = "style-src 'self'".to_owned();
    if !styles.is_empty() {
        style_src.push_str(" 'unsafe-hashes'");
        style_src.push_str(&hashes(styles));
    }
    let elsewhere = match options.mode {
        // What it compiles is loaded as data, and run as the site's own bundles are.
        Mode::Static => options.compile_service,
        // The lab listens on another port of this machine.
        Mode::Serve => Some("http://127.0.0.1:*"),
    };
    let connect_src = elsewhere.map_or_else(
        || "connect-src 'self'".to_owned(),
        |place| format!("connect-src 'self' {place}"),
    );
    [
        "default-src 'none'",
        &format!("script-src 'self' 'wasm-unsafe-eval'{}", hashes(scripts)),
        &style_src,
        "img-src 'self' data:",
        "font-src 'self'",
        &connect_src,
        "frame-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    .join("; ")
}

/// The hash sources of some inline parts, each with a leading space, without
/// repeats.
fn hashes(parts: &[&str]) -> String {
    let mut sources: Vec<String> = parts
        .iter()
        .map(|part| {
            format!(
                " 'sha256-{}'",
                STANDARD.encode(Sha256::digest(part.as_bytes()))
            )
        })
        .collect();
    sources.sort();
    sources.dedup();
    sources.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(mode: Mode, compile_service: Option<&str>) -> SiteOptions<'_> {
        SiteOptions {
            out: std::path::Path::new(""),
            mode,
            build_id: "b1",
            compile_service,
        }
    }

    fn seal_page(
        page: &str,
        styles: &[String],
        options: &SiteOptions<'_>,
    ) -> anyhow::Result<String> {
        seal(page, &policy_of(page, styles, options), options)
    }

    #[test]
    fn each_page_has_its_policy_under_each_address() {
        let policies =
            ["index.html", "a/b.html"].map(|page| (page.to_owned(), format!("for {page}")));
        let blocks: Vec<String> = [
            ("/index.html", "index.html"),
            ("/", "index.html"),
            ("/a/b.html", "a/b.html"),
            ("/a/b", "a/b.html"),
        ]
        .map(|(address, page)| format!("{address}\n  Content-Security-Policy: for {page}\n"))
        .to_vec();
        assert_eq!(headers_file(&policies), blocks.concat());
    }

    const PAGE: &str = "<html><head>\n<meta charset=\"UTF-8\">\n<script>alert('Hello, world.');</script></head><body style=\"a: b\"></body></html>";

    #[test]
    fn inline_parts_are_named_by_hash() {
        let sealed = seal_page(PAGE, &["c: d".to_owned()], &options(Mode::Static, None)).unwrap();
        // The example of the CSP specification, so that the hash is right and not only stable.
        assert!(
            sealed.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
            "{sealed}"
        );
        assert!(sealed.contains("style-src 'self' 'unsafe-hashes' 'sha256-"));
        assert!(sealed.contains(
            "content=\"{&quot;build&quot;:&quot;b1&quot;,&quot;mode&quot;:&quot;static&quot;}\""
        ));
        assert!(!sealed.contains("unsafe-inline") && !sealed.contains("'unsafe-eval'"));
        let policy_at = sealed.find("Content-Security-Policy").unwrap();
        assert!(
            policy_at < sealed.find("<script").unwrap(),
            "the policy must come first"
        );
    }

    #[test]
    fn only_a_served_book_may_reach_the_lab() {
        assert!(
            !seal_page(PAGE, &[], &options(Mode::Static, None))
                .unwrap()
                .contains("127.0.0.1")
        );
        assert!(
            seal_page(PAGE, &[], &options(Mode::Serve, None))
                .unwrap()
                .contains("http://127.0.0.1:*;")
        );
    }

    #[test]
    fn a_compile_service_is_the_one_place_elsewhere() {
        let service = "https://compile.example/k/";
        let sealed = seal_page(PAGE, &[], &options(Mode::Static, Some(service))).unwrap();
        assert!(
            sealed.contains(&format!("connect-src 'self' {service};")),
            "{sealed}"
        );
        assert!(
            sealed.contains(&format!("&quot;compile&quot;:&quot;{service}&quot;")),
            "{sealed}"
        );
        assert_eq!(sealed.matches(service).count(), 2);
    }

    #[test]
    fn a_page_without_inline_styles_allows_none() {
        let sealed = seal_page(
            "<meta charset=\"UTF-8\">",
            &[],
            &options(Mode::Static, None),
        )
        .unwrap();
        assert!(sealed.contains("style-src 'self';"), "{sealed}");
    }

    #[test]
    fn a_page_that_could_not_work_is_refused() {
        assert!(seal_page("<html></html>", &[], &options(Mode::Static, None)).is_err());
        let based = "<meta charset=\"UTF-8\"><base href=\"/\">";
        assert!(seal_page(based, &[], &options(Mode::Static, None)).is_err());
    }
}
