// What the host of this site forbids. Asked only when a run cannot begin, and then said in words: most
// hosts forbid nothing, and a browser does not tell a page why a frame of it stays silent.

/** Thrown when a host forbids what every run here needs. The message says what, and what to do. */
export class Forbidden extends Error {
  /** @param {Objection} objection */
  constructor({ what, header }) {
    super(`This host forbids ${what}: it sends ${header}. In a clone of this book, cargo kata serve runs everything.`);
    this.name = "Forbidden";
  }
}

/** @typedef {{ what: string, header: string }} Objection */

/** What is asked of a policy, by directive; the first one that a policy has decides. */
const FALLBACKS = {
  "connect-src": ["connect-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "script-src": ["script-src", "default-src"],
  "worker-src": ["worker-src", "child-src", "script-src", "default-src"],
};

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
 * What forbids a guest here, if anything does. Never throws.
 *
 * @param {"frame" | "worker"} host
 * @returns {Promise<Forbidden | null>}
 */
export async function whatForbids(host) {
  for (const file of host === "frame" ? ["guest-frame.html", "guest.js"] : ["guest.js"]) {
    const asked = { method: "HEAD", cache: /** @type {const} */ ("no-store") };
    const response = await fetch(new URL(file, import.meta.url), asked).catch(() => null);
    const objection = response && byHeaders(host, response.headers);
    if (objection) return new Forbidden(objection);
  }
  // Last, for the browser tells of a violation a little later than it refuses.
  const objection = onThePage(host);
  return objection && new Forbidden(objection);
}
