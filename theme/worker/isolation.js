// Isolation: a page that needs it asks to be cross-origin isolated, for hosts which do not send the headers. It has them from
// its next load on, and no other page does: an opaque origin has no service worker, so a sandboxed frame comes without the
// headers, and an isolated page refuses it.
"use strict";

/** Where it is noted which pages are isolated. Each asks again after each build. */
const NOTES = `kata-isolated ${scope.href} `;
const NOTES_OF_THIS_BUILD = NOTES + BUILD;

/** Deletes what was noted in other builds. */
async function forgetOldNotes() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(NOTES) && name !== NOTES_OF_THIS_BUILD);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What stands for a page among the notes: an address that has no file. @param {URL} url */
const noteOf = (url) => `${scope.href}-/isolated?${encodeURIComponent(url.pathname)}`;

/**
 * Isolates a page of this book from its next load on.
 * @param {string} address
 */
async function noteIsolated(address) {
  const url = new URL(address);
  if (!url.href.startsWith(scope.href)) return;
  const cache = await caches.open(NOTES_OF_THIS_BUILD);
  await cache.put(noteOf(url), new Response());
}

/** @param {URL} url */
async function isNotedIsolated(url) {
  const cache = await caches.open(NOTES_OF_THIS_BUILD);
  return (await cache.match(noteOf(url))) !== undefined;
}

/**
 * The same answer with the headers that isolation takes, if it is such a page, or the script of a worker that such a
 * page starts: that must ask for isolation itself.
 * @param {Promise<Response>} answered @param {FetchEvent} event @param {URL} url
 */
async function isolate(answered, event, url) {
  const { mode, destination, referrer } = event.request;
  const isPage = mode === "navigate";
  // No other file waits for anything here.
  if (!isPage && destination !== "worker") return answered;
  const page = isPage ? url.href : ((await worker.clients.get(event.clientId))?.url ?? referrer);
  const [response, isIsolated] = await Promise.all([answered, URL.canParse(page) && isNotedIsolated(new URL(page))]);
  // An opaque answer (a redirect that the browser will follow) has nothing that could be changed.
  if (!isIsolated || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  return new Response(BODILESS.includes(response.status) ? null : response.body, { status: response.status, headers });
}
