// Whatever scrolls can be reached by keyboard: it takes the focus while it has more to show than its room, and then only,
// so that Tab does not stop at every block of code.

/** What may scroll on a page of this book. */
const MAY_SCROLL = "pre, pre > code, .table-wrapper, .kata-stage, .kata-table, .kata-console, .kata-stack";

/** How long after a change of what it holds something is looked at, in milliseconds. */
const PACE = 200;

/** Those that got their place in the order of Tab here, and may lose it here. @type {WeakSet<Element>} */
const ours = new WeakSet();

/** @param {Element} node */
function look(node) {
  // What is folded has no room, and to measure it would lay it out.
  if (!node.checkVisibility() || (node.hasAttribute("tabindex") && !ours.has(node))) return;
  const { overflowX, overflowY } = getComputedStyle(node);
  const scrolls = (/** @type {string} */ overflow) => overflow === "auto" || overflow === "scroll";
  const wide = scrolls(overflowX) && node.scrollWidth > node.clientWidth;
  const high = scrolls(overflowY) && node.scrollHeight > node.clientHeight;
  if (wide || high) {
    node.setAttribute("tabindex", "0");
    ours.add(node);
  } else if (ours.has(node) && document.activeElement !== node) {
    node.removeAttribute("tabindex");
    ours.delete(node);
  }
}

/** Looks after everything on the page that may scroll, now and later. */
export function reachWhatScrolls() {
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => look(target)));
  const watch = (/** @type {ParentNode} */ root) => {
    for (const node of root.querySelectorAll(MAY_SCROLL)) sizes.observe(node);
  };
  watch(document);
  /** What has other contents since they were looked at. @type {Set<Element>} */
  const changed = new Set();
  new MutationObserver((changes) => {
    if (changed.size === 0) setTimeout(lookAtChanged, PACE);
    for (const { addedNodes, target } of changes) {
      const block = target instanceof Element && target.closest(MAY_SCROLL);
      changed.add(block || document.body);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(MAY_SCROLL)) sizes.observe(node);
        watch(node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
  function lookAtChanged() {
    changed.forEach(look);
    changed.clear();
  }
}
