// Whose the keys are. mdBook turns the page with the arrows, and searches and helps with letters, wherever the reader is;
// here they belong to what has the focus: an editor has all of them, and while something runs no arrow turns the page.

/** A button whose run or drawing is going on waits, and says so. */
const BUSY = '.kata [data-action][aria-disabled="true"]';

/** A question that the page waits behind. */
const DIALOG = "dialog[open]";

/** Keeps from mdBook, which listens at the document, the keys that are not meant for it. */
export function keepKeys() {
  // What the browser itself does with a key, such as scrolling, is not stopped by this.
  document.body.addEventListener("keydown", (event) => {
    const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const isOurs = isWriting(event) || document.querySelector(DIALOG);
    if (isOurs || (isArrow && (belongsToContent(event) || document.querySelector(BUSY)))) event.stopPropagation();
  });
}

/**
 * Whether a key goes into text that is being edited, also within a component's own tree.
 *
 * @param {KeyboardEvent} event
 */
function isWriting(event) {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && target.isContentEditable;
}

/**
 * Whether a key is for something on the page, rather than for the page as a whole.
 *
 * @param {KeyboardEvent} event
 */
function belongsToContent(event) {
  if (event.target !== document.body) return true;
  // A click into code, a verdict or a table focuses nothing, and yet the reader is there, and the arrow keys scroll it.
  const clicked = getSelection()?.anchorNode ?? null;
  let node = clicked instanceof Element ? clicked : (clicked?.parentElement ?? null);
  if (node?.closest("pre, .kata")) return true;
  for (; node && node !== document.body; node = node.parentElement) {
    if (node.scrollWidth > node.clientWidth && /auto|scroll/.test(getComputedStyle(node).overflowX)) return true;
  }
  return false;
}
