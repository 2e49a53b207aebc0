// The book's copies: what has been read once can be read again without a network. The network always comes first: a copy is
// used only when the network fails, so a page is never out of date while there is a way to fetch it.
//
// Each build has a cache of its own, so that a page and its files are of one build. When a new build comes, what was kept of
// older ones is fetched once more, and only then forgotten. A reader who wants no copies has a cache with another name,
// which is empty: the page and this worker both see whether it is there.
"use strict";

/** Several books can share an origin, and their caches with it. */
const CACHES_OF_THIS_BOOK = `kata-book ${scope.href} `;
const CACHE = CACHES_OF_THIS_BOOK + BUILD;
const NO_COPIES = `kata-book-off ${scope.href}`;

/**
 * A file of the book: everything below the scope but the lab and `-/`, where the local server talks to its page.
 * @param {Request} request @param {URL} url
 */
function isOfTheBook(request, url) {
  if (request.method !== "GET" || request.headers.has("range") || !url.href.startsWith(scope.href)) return false;
  return !url.href.startsWith(`${scope.href}-/`) && !url.href.startsWith(`${labBase}/`);
}

/** Files of a book do not depend on a query; without it there is one copy of each. @param {URL} url */
const keyOf = (url) => url.origin + url.pathname;

/** A page's address without what some hosts leave out and others want. @param {string} key */
const bare = (key) => key.replace(/(?<=\/)index\.html$|\.html$/, "");

/** @param {string} address */
const isPage = (address) => /(\.html|\/[^./]*)$/.test(address);

/**
 * The file from the network, or else the copy of it.
 * @param {FetchEvent} event @param {URL} url @returns {Promise<Response>}
 */
async function readBook(event, url) {
  const { request } = event;
  try {
    // no-cache asks the host whether the browser's own copy is still good. Without it a page could be as old as the
    // host's max-age, or its files of different ages.
    const response = await (request.cache === "default" ? fetch(request, { cache: "no-cache" }) : fetch(request));
    if (response.status === 200 && response.type === "basic") {
      event.waitUntil(keep(keyOf(url), response.clone(), request.mode === "navigate"));
    }
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    const copy = await copyFor(event, url);
    return copy ?? (request.mode === "navigate" ? notKept() : new Response(null, { status: 504, statusText: "Offline" }));
  }
}

/**
 * Whether what has come is of this worker's build. A page says of which it is. If of another, the page brings a new worker,
 * which has a cache for it; a worker that asked for its successor itself would keep it waiting in Chromium 156, and with it all
 * pages of the site.
 * @param {string} text a page's
 */
async function isOfOurBuild(text) {
  const build = /name="kata-site" content="[^"]*build&quot;:&quot;([^&]*)/.exec(text)?.[1];
  return build === undefined ? hasOurBuild() : build === BUILD;
}

/** The look at the host's build that was begun last. */
let looked = Promise.resolve(true);
/** The one that begins after it. @type {Promise<boolean> | null} */
let next = null;

/**
 * Whether the host still has this worker's build: a page that stays open while the site is updated asks for files of the next one.
 * Asked after a file has come, so that the file is no newer than the answer; files that come during one look share the next.
 */
function hasOurBuild() {
  next ??= looked.then(() => {
    next = null;
    return (looked = look());
  });
  return next;
}

/** @returns {Promise<boolean>} */
async function look() {
  try {
    const response = await fetch(new URL("lab-worker.js", scope), { cache: "no-store" });
    return (await response.text()).includes(`"${BUILD}"`);
  } catch {
    return false;
  }
}

/** @param {string} key @param {Response} response @param {boolean} [isPage] */
async function keep(key, response, isPage = false) {
  // It fails for want of room, or if the network failed half way. The reader has the page all the same.
  try {
    // First of all: a body that waits holds its connection, of which there are few, and a look at the build needs one.
    const body = await response.arrayBuffer();
    const text = isPage ? new TextDecoder().decode(body) : "";
    if (!(await isOfOurBuild(text)) || (await caches.has(NO_COPIES))) return;
    const cache = await caches.open(CACHE);
    // Made anew, it says nothing of an address by way of which it came: with one, no browser shows a page.
    await cache.put(key, new Response(body, { headers: response.headers }));
  } catch {}
}

/**
 * The answer as if it had not come by way of another address: with such a one no browser shows a page.
 * @param {Response} response
 */
const straight = (response) => (response.redirected ? new Response(response.body, { headers: response.headers }) : response);

/**
 * Keeps what a page had loaded before this worker came to it; without that, the first page of a visit would be missing.
 * @param {unknown[]} urls @param {string} build the page's
 */
async function keepAll(urls, build) {
  if (build !== BUILD) return;
  const keeping = [];
  for (const address of urls) {
    const request = new Request(String(address), { cache: "no-cache" });
    const url = new URL(request.url);
    if (!isOfTheBook(request, url)) continue;
    if (await caches.match(keyOf(url), { cacheName: CACHE })) continue;
    const response = await fetch(request).catch(() => null);
    if (response?.status === 200 && response.type === "basic") keeping.push(keep(keyOf(url), response));
  }
  await Promise.all(keeping);
  await bringUpToDate();
}

/** The names of this book's caches, the newest first. */
async function builds() {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHES_OF_THIS_BOOK) && name !== CACHE);
  return [CACHE, ...names.reverse()];
}

/**
 * The copy of a file that fits the page which asks for it: of the newest build that has this page.
 * @param {FetchEvent} event @param {URL} url
 */
async function copyFor({ request, clientId }, url) {
  const client = request.mode === "navigate" ? undefined : await worker.clients.get(clientId);
  const page = client ? new URL(client.url) : url;
  /** @type {Response | undefined} */
  let any;
  for (const name of await builds()) {
    const cache = await caches.open(name);
    const at = async (/** @type {URL} */ file) => {
      const [key, short] = [keyOf(file), bare(keyOf(file))];
      for (const name of [key, short, `${short}.html`, `${short}index.html`]) {
        const copy = await cache.match(name);
        if (copy) return copy;
      }
    };
    const copy = await at(url);
    if (page === url ? copy : await at(page)) return copy;
    any ??= copy;
  }
  return any;
}

/** @type {Promise<void> | null} */
let bringing = null;

/** Fetches anew what was kept of older builds, and forgets those. What fails is tried again when the next page is read. */
function bringUpToDate() {
  bringing ??= bringAll()
    .catch(() => {})
    .finally(() => (bringing = null));
  return bringing;
}

async function bringAll() {
  const [, ...old] = await builds();
  if (old.length === 0 || (await caches.has(NO_COPIES))) return;
  const cache = await caches.open(CACHE);
  /** @type {Map<string, Cache>} */
  const kept = new Map();
  for (const name of old) {
    const older = await caches.open(name);
    for (const { url } of await older.keys()) if (!kept.has(url)) kept.set(url, older);
  }
  // A page comes after all files, for with it this build's copies are used for all that it asks for.
  const urls = [...kept.keys()].sort((a, b) => Number(isPage(a)) - Number(isPage(b)));
  for (const url of urls) {
    if (await cache.match(url)) continue;
    const copy = await kept.get(url)?.match(url);
    const now = copy && (await refreshed(url, copy));
    // By now it may have a newer one, whose worker does this again.
    if (!(await hasOurBuild())) return;
    if (now) await cache.put(url, straight(now));
  }
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * A file as the host has it now; nothing if it is gone. What has not changed is not sent again.
 * @param {string} url @param {Response} copy
 */
async function refreshed(url, copy) {
  const headers = new Headers();
  const [tag, date] = [copy.headers.get("ETag"), copy.headers.get("Last-Modified")];
  if (tag) headers.set("If-None-Match", tag);
  else if (date) headers.set("If-Modified-Since", date);
  const response = await fetch(url, { headers, cache: "no-store" });
  if (response.status === 304) return copy;
  if (response.status === 404 || response.status === 410) return null;
  if (response.status !== 200) throw new Error(`${url}: the server answered ${response.status}`);
  return response;
}

/** A page in the place of one that cannot be had: what is wrong, and what can be read. */
async function notKept() {
  /** Each page's address and title. @type {Map<string, [string, string]>} */
  const titles = new Map();
  for (const name of await builds()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      if (!isPage(url) || titles.has(bare(url))) continue;
      const text = await (await cache.match(url))?.text();
      const title = /<title>([^<]*)<\/title>/.exec(text ?? "")?.[1];
      if (title) titles.set(bare(url), [url, title]);
    }
  }
  const links = [...titles.values()].map(([url, title]) => `<li><a href="${encodeURI(decodeURI(url))}">${title}</a></li>`);
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>This page is not kept here</title>
  </head>
  <body>
    <main>
      <h1>The book's site cannot be reached</h1>
      <p>This page was not read in this browser before, so there is no copy of it. These were:</p>
      <ul>${links.join("\n")}</ul>
      <p>Once there is a network again, the start page can keep the whole book.</p>
    </main>
  </body>
</html>
`;
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" };
  return new Response(page, { status: 503, headers });
}
