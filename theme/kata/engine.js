// Which engine is this, in the words that verdicts and manifests use.

/**
 * The engine's name and version, from the user agent: "Chromium 156.0.0.0", "Firefox 153.0" or
 * "WebKit 605.1.15 (Safari 18.2)".
 *
 * @param {string} [agent]
 */
export function engineName(agent = navigator.userAgent) {
  const pick = (/** @type {RegExp} */ pattern) => pattern.exec(agent)?.[1];
  const firefox = pick(/Firefox\/([\d.]+)/);
  if (firefox) return `Firefox ${firefox}`;
  const chromium = pick(/(?:Chrome|Chromium|HeadlessChrome)\/([\d.]+)/);
  if (chromium) return `Chromium ${chromium}`;
  const webkit = pick(/AppleWebKit\/([\d.]+)/);
  const safari = pick(/Version\/([\d.]+)/);
  if (webkit) return safari ? `WebKit ${webkit} (Safari ${safari})` : `WebKit ${webkit}`;
  return "an unknown engine";
}

/** The engine as a zone's `kata.toml` names it: "chromium", "firefox" or "webkit"; "an" if it is none of them. */
export function engineId() {
  return engineName().split(" ", 1)[0].toLowerCase();
}
