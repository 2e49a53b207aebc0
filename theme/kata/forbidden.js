// What the host of this site forbids. Asked only when a run cannot begin, and then said in words: most
// hosts forbid nothing, and a browser does not tell a page why a frame of it stays silent.

const INSTEAD = "In a clone of this book, cargo kata serve runs everything.";
const ALONE = "Open the book in a tab of its own.";

/** Thrown when a run cannot begin here at all. The message says what is missing or forbidden, and what to do. */
export class Forbidden extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.name = "Forbidden";
  }
}

/** @typedef {{ what: string, header: string }} Objection what a host forbids, and by which header */

/** @param {Objection | null} objection */
const byHost = (objection) =>
  objection && new Forbidden(`This host forbids ${objection.what}: it sends ${objection.header}. ${INSTEAD}`);

/** What is asked of a policy, by directive; the first one that a policy has decides. */
const FALLBACKS = {
  "connect-src": ["connect-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "script-src": ["script-src", "default-src"],
  "worker-src": ["worker-src", "child-src", "script-src", "default-src"],
};

/** How much later a browser may tell of a violation than it refuses, in milliseconds. */
const LATER = 50;

/** What the page's policies have refused since it was loaded. @type {SecurityPolicyViolationEvent[]} */
const refused = [];
document.addEventListener("securitypolicyviolation", (event) => refused.push(event));

/**
 * The directive that decides in a policy, as it is written there; empty if none does.
 *
 * @param {string} policy
 * @param {string[]} names
 */
function deciding(policy, names) {
  const directives = policy.split(";").map((part) => part.trim());
  const named = (/** @type {string} */ name) => directives.find((text) => text.split(/\s/)[0]?.toLowerCase() === name);
  return names.map(named).find(Boolean) ?? "";
}

/**
 * What a policy of the page has kept a run from.
 *
 * @param {"frame" | "worker"} host
 * @returns {Objection | null}
 */
function onThePage(host) {
  for (const { blockedURI, effectiveDirective, originalPolicy } of refused) {
    const isOurs = effectiveDirective === `${host}-src` || effectiveDirective === "connect-src";
    if (!isOurs && blockedURI !== "wasm-eval") continue;
    const what = { "connect-src": "requests", "frame-src": "frames", "worker-src": "workers" }[effectiveDirective];
    const names = /** @type {Record<string, string[]>} */ (FALLBACKS)[effectiveDirective] ?? [];
    const directive = deciding(originalPolicy, names) || effectiveDirective;
    return { what: what ?? "WebAssembly", header: `Content-Security-Policy: ${directive}` };
  }
  return null;
}

/**
 * What the headers of a guest's file forbid.
 *
 * @param {"frame" | "worker"} host
 * @param {Headers} headers
 * @returns {Objection | null}
 */
function byHeaders(host, headers) {
  if (host === "frame") {
    // A sandboxed frame has no origin, so what is for the same origin only is not for it.
    for (const [name, refusing] of /** @type {[string, RegExp][]} */ ([
      ["X-Frame-Options", /deny/i],
      ["Cross-Origin-Resource-Policy", /same-(origin|site)/i],
    ])) {
      const value = headers.get(name) ?? "";
      if (refusing.test(value)) return { what: "frames", header: `${name}: ${value}` };
    }
  }
  for (const policy of (headers.get("Content-Security-Policy") ?? "").split(",")) {
    /** @type {(what: string, allowing: RegExp, ...names: string[]) => Objection | null} */
    const lacks = (what, allowing, ...names) => {
      const directive = deciding(policy, names);
      return directive && !allowing.test(directive) ? { what, header: `Content-Security-Policy: ${directive}` } : null;
    };
    const objection =
      (host === "frame" && lacks("frames", /'self'|\*|:\/\//, "frame-ancestors")) ||
      lacks("WebAssembly", /'(wasm-)?unsafe-eval'/, ...FALLBACKS["script-src"]) ||
      lacks("scripts that a page makes", /blob:/, "script-src-elem", ...FALLBACKS["script-src"]);
    if (objection) return objection;
  }
  return null;
}

/**
 * What this browser or the frame around this page forbids; no host has a say in it.
 *
 * @param {"frame" | "worker"} host
 * @returns {Forbidden | null}
 */
function byThisPlace(host) {
  if (typeof WebAssembly === "undefined") {
    return new Forbidden("This browser has no WebAssembly. It may be switched off, as a lockdown mode does; any current browser has it.");
  }
  if (host === "worker" && self.origin === "null") {
    return new Forbidden(`This page has no origin, as in a sandboxed frame, and without one no worker can start. ${ALONE}`);
  }
  if (host === "worker" && typeof Worker === "undefined") {
    return new Forbidden("This browser starts no workers. Any current browser does.");
  }
  return null;
}

/** @param {string | URL} url */
async function headersOf(url) {
  const asked = { method: "HEAD", cache: /** @type {const} */ ("no-store") };
  const response = await fetch(url, asked).catch(() => null);
  return response?.headers ?? new Headers();
}

/**
 * What embedder policies forbid a frame without an origin: each file in an isolated page must allow it.
 *
 * @param {Headers} page
 * @param {Headers} frame
 * @param {Headers} script
 * @returns {Objection | null}
 */
function byIsolation(page, frame, script) {
  const policy = (/** @type {Headers} */ headers) => headers.get("Cross-Origin-Embedder-Policy") ?? "";
  const isStrict = (/** @type {Headers} */ headers) => /require-corp|credentialless/.test(policy(headers));
  const isShared = (/** @type {Headers} */ headers) => headers.get("Cross-Origin-Resource-Policy") === "cross-origin";
  const header = `Cross-Origin-Embedder-Policy: ${policy(page) || policy(frame)}`;
  const isRefused = (isStrict(page) && !isStrict(frame)) || ((isStrict(page) || isStrict(frame)) && !isShared(frame));
  if (isRefused) return { what: "frames without an origin", header };
  return isStrict(frame) && !isShared(script) ? { what: "scripts in frames without an origin", header } : null;
}

/**
 * What forbids a guest here, if anything does. Never throws.
 *
 * @param {"frame" | "worker"} host
 * @returns {Promise<Forbidden | null>}
 */
export async function whatForbids(host) {
  const inPlace = byThisPlace(host);
  if (inPlace) return inPlace;
  const [page, frame, script] = await Promise.all(
    [location.href, ...["guest-frame.html", "guest.js"].map((name) => new URL(name, import.meta.url))].map(headersOf),
  );
  if (!page || !frame || !script) return null;
  const objection =
    (host === "frame" && (byHeaders(host, frame) ?? byIsolation(page, frame, script))) || byHeaders(host, script);
  if (objection) return byHost(objection);
  // Last, for the browser tells of a violation a little later than it refuses.
  await new Promise((resolve) => setTimeout(resolve, LATER));
  return byHost(onThePage(host));
}
