//! Mends what mdBook puts around a chapter.
//!
//! mdBook's frame has parts without a landmark, a switch that no keyboard reaches, names where none may stand, and
//! scripts that the first paint waits for. Its templates stay as they are: a fork of them would have to follow each of its
//! versions. Instead each fault is named here with the text that has it, and a text that mdBook no longer writes is an error.

use anyhow::{Context, bail};

/// What is written in another way: the text as mdBook has it, and ours.
type Mend = (&'static str, &'static str);

/// The frame of every page but that of [`mended_contents`].
const FRAME: [Mend; 6] = [
    (
        r#"<div id="mdbook-menu-bar" class="menu-bar sticky">"#,
        r#"<div id="mdbook-menu-bar" class="menu-bar sticky" role="banner">"#,
    ),
    (
        r#"<div id="mdbook-search-wrapper" class="hidden">"#,
        r#"<div id="mdbook-search-wrapper" class="hidden" role="search">"#,
    ),
    (
        r#"aria-controls="mdbook-searchresults-outer" aria-describedby="searchresults-header">"#,
        r#"aria-controls="mdbook-searchresults-outer" aria-describedby="mdbook-searchresults-header" aria-label="Search this book">"#,
    ),
    (
        r#"<div id="mdbook-searchresults-header" class="searchresults-header">"#,
        r#"<div id="mdbook-searchresults-header" class="searchresults-header" role="status">"#,
    ),
    (
        r#"<div id="mdbook-help-popup">"#,
        r#"<div id="mdbook-help-popup" role="dialog" aria-modal="true" aria-label="Keyboard shortcuts" tabindex="-1">"#,
    ),
    (
        r#"<iframe class="sidebar-iframe-outer""#,
        r#"<iframe class="sidebar-iframe-outer" title="Table of contents""#,
    ),
];

/// The table of contents as a page of its own, which a page without JavaScript holds in a frame.
const CONTENTS: [Mend; 3] = [
    (
        "<meta name=\"robots\" content=\"noindex\">",
        "<title>Table of contents</title>\n        <meta name=\"robots\" content=\"noindex\">",
    ),
    (
        r#"<body class="sidebar-iframe-inner">"#,
        "<body class=\"sidebar-iframe-inner\">\n        <main><h1 class=\"kata-unseen\">Table of contents</h1>",
    ),
    ("</body>", "</main></body>"),
];

/// mdBook's script for its frame: its buttons, themes and keys.
const BOOK: [Mend; 10] = [
    // A page that listens for this is not kept for the browser's Back, and with it goes what was run there.
    ("window.onunload = function() { };", ""),
    // Code is coloured in idle moments after the page has loaded: for each block that comes near the screen. One stylesheet
    // holds the colours of all themes.
    (
        "    hljs.configure({
        tabReplace: '    ', // 4 spaces
        languages: [], // Languages used for auto-detection
    });",
        "    const highlighter = document.querySelector('meta[name=\"highlighter\"]').content;
    const near = new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) {
            if (!isIntersecting) {
                continue;
            }
            near.unobserve(target);
            (window.requestIdleCallback ?? setTimeout)(() => hljs.highlightBlock(target));
        }
    }, { rootMargin: '100%' });
    const highlight = (blocks) => window.addEventListener('load', () => {
        const script = document.createElement('script');
        script.src = highlighter;
        script.onload = () => {
            hljs.configure({ tabReplace: '    ', languages: [] });
            blocks.forEach(block => near.observe(block));
        };
        document.head.append(script);
    });",
    ),
    (
        "    } else {
        code_nodes.forEach(function(block) {
            hljs.highlightBlock(block);
        });
    }",
        "    } else {
        highlight(code_nodes);
    }",
    ),
    ("document.querySelector('#mdbook-ayu-highlight-css')", "{}"),
    ("document.querySelector('#mdbook-tomorrow-night-css')", "{}"),
    ("document.querySelector('#mdbook-highlight-css')", "{}"),
    (
        "localStorage.removeItem('mdbook-theme');",
        "try { localStorage.removeItem('mdbook-theme'); } catch { /* None was kept. */ }",
    ),
    // The switch of the sidebar is a button now, which no longer turns the box by itself.
    (
        "            sidebar.offsetHeight;\n        }\n    });",
        "            sidebar.offsetHeight;\n        }\n        sidebarCheckbox.click();\n    });",
    ),
    // The focus goes into the help, and back to where it was.
    (
        "container.style.display = 'flex';",
        "container.style.display = 'flex';\n            overlay.returnTo = document.activeElement;\n            overlay.focus();",
    ),
    (
        "document.getElementById('mdbook-help-container').style.display = 'none';",
        "document.getElementById('mdbook-help-container').style.display = 'none';\n            document.getElementById('mdbook-help-popup').returnTo?.focus();",
    ),
];

/// mdBook's script for the list of chapters: a browser may keep nothing, and then it throws.
const CONTENTS_SCRIPT: [Mend; 2] = [
    (
        "sessionStorage.setItem('sidebar-scroll-offset', clientRect.top - sidebarRect.top);",
        "try {
                    sessionStorage.setItem('sidebar-scroll-offset', clientRect.top - sidebarRect.top);
                } catch { /* The list begins at its top. */ }",
    ),
    (
        "const sidebarScrollOffset = sessionStorage.getItem('sidebar-scroll-offset');
        sessionStorage.removeItem('sidebar-scroll-offset');",
        "let sidebarScrollOffset = null;
        try {
            sidebarScrollOffset = sessionStorage.getItem('sidebar-scroll-offset');
            sessionStorage.removeItem('sidebar-scroll-offset');
        } catch { /* None was kept. */ }",
    ),
];

/// mdBook's script for its search: the focus goes along with what the arrow keys choose, and an index that cannot be had
/// is said, and asked for again with the next letter.
const SEARCHER: [Mend; 7] = [
    (r#"" aria-label="Search Result Teaser">"#, r#"">"#),
    (
        "        const tmp = document.createElement('input');
        tmp.setAttribute('style', 'position: absolute; opacity: 0;');
        searchicon.appendChild(tmp);
        tmp.focus();
        tmp.remove();",
        "        searchicon.focus();",
    ),
    (
        "first.classList.add('focus');",
        "first.classList.add('focus');\n                first.querySelector('a').focus();",
    ),
    (
        "next.classList.add('focus');",
        "next.classList.add('focus');\n                    next.querySelector('a').focus();",
    ),
    (
        "prev.classList.add('focus');",
        "prev.classList.add('focus');\n                    prev.querySelector('a').focus();",
    ),
    (
        "        script.onerror = error => {",
        "        script.onerror = error => {
            script.remove();
            searchbar_outer.classList.remove('searching');
            searchresults_header.innerText = 'The search needs the network once, and this site cannot be reached.';
            showResults(true);",
    ),
    (
        "        if (searchindex === null) {
            return;
        }

        current_searchterm",
        "        if (searchindex === null) {
            return showSearch(true);
        }

        current_searchterm",
    ),
];

/// A page as mdBook wrote it, with its faults mended.
///
/// # Errors
/// When mdBook writes its frame in another way.
pub(crate) fn mended_page(page: &str) -> anyhow::Result<String> {
    if page.contains("sidebar-iframe-inner") {
        return mended(page, &CONTENTS);
    }
    let page = mended(page, &FRAME)?;
    let page = with_button(&page)?;
    let (before, title, after) = between(&page, "<h1 class=\"menu-title\">", "</h1>")?;
    let page = format!("{before}<div class=\"menu-title\">{title}</div>{after}");
    // A table's corner that says nothing is no heading.
    Ok(page.replace("<th></th>", "<td></td>"))
}

/// A script as mdBook wrote it, with its faults mended; `name` is that of its file.
///
/// # Errors
/// When mdBook writes the script in another way.
pub(crate) fn mended_script(name: &str, script: &str) -> anyhow::Result<String> {
    match name.split('-').next() {
        Some("book") => mended(script, &BOOK),
        Some("searcher") => mended(script, &SEARCHER),
        Some("toc") => mended(script, &CONTENTS_SCRIPT),
        _ => Ok(script.to_owned()),
    }
}

/// The switch of the sidebar: a button, and for a page whose scripts do not run the label that mdBook has.
fn with_button(page: &str) -> anyhow::Result<String> {
    let (before, label, after) = between(page, "<label id=\"mdbook-sidebar-toggle\"", "</label>")?;
    let icon = label
        .split_once('>')
        .map(|(_, icon)| icon.trim())
        .context("the switch of mdBook's sidebar never begins")?;
    let name = "title=\"Table of contents\"";
    Ok(format!(
        "{before}<button id=\"mdbook-sidebar-toggle\" class=\"icon-button\" type=\"button\" {name} \
         aria-label=\"Table of contents\" aria-controls=\"mdbook-sidebar\">{icon}</button>\
         <label class=\"icon-button kata-sidebar-label\" for=\"mdbook-sidebar-toggle-anchor\" {name}>{icon}</label>{after}"
    ))
}

/// What stands before, inside and after the one element that begins with `start`.
fn between<'a>(
    page: &'a str,
    start: &str,
    end: &str,
) -> anyhow::Result<(&'a str, &'a str, &'a str)> {
    let (before, rest) = page
        .split_once(start)
        .with_context(|| format!("mdBook's page has no `{start}`"))?;
    let (inside, after) = rest
        .split_once(end)
        .with_context(|| format!("mdBook's `{start}` never ends"))?;
    Ok((before, inside, after))
}

fn mended(text: &str, mends: &[Mend]) -> anyhow::Result<String> {
    let mut text = text.to_owned();
    for (fault, ours) in mends {
        if text.matches(fault).count() != 1 {
            bail!("mdBook does not write `{fault}` once, so it cannot be mended");
        }
        text = text.replacen(fault, ours, 1);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mdbook_writes_in_another_way_is_an_error() {
        for page in ["<body></body>", "<body class=\"sidebar-iframe-inner\">"] {
            assert!(mended_page(page).is_err());
        }
        for script in ["book-1.js", "searcher-1.js", "toc-1.js"] {
            assert!(mended_script(script, "").is_err());
        }
        assert_eq!(mended_script("mark-1.js", "same").unwrap(), "same");
    }

    #[test]
    fn the_switch_is_a_button_and_a_label() {
        let label = "a<label id=\"mdbook-sidebar-toggle\" for=\"x\">\n<i></i>\n</label>b";
        let page = with_button(label).unwrap();
        assert_eq!(page.matches("<i></i>").count(), 2, "{page}");
        assert!(page.starts_with("a<button id=\"mdbook-sidebar-toggle\""));
        assert!(page.ends_with("</label>b"), "{page}");
    }
}
