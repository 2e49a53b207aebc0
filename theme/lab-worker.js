// The book's service worker: classic scripts, because every engine with service workers can register those. It does three
// things, each in a file of its own below worker/:
//
//   lab.js        answers as the lab's server would.
//   copies.js     keeps what was read, for when there is no network.
//   isolation.js  gives a page that asks for it the headers that isolate it.
"use strict";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = new URL(worker.registration.scope);
const labBase = new URL("lab", scope).href;

/** Put in by the site's build. With it this file changes, and so the browser looks for the other files again. */
const BUILD = "__KATA_BUILD__";

/** The statuses of answers that have no body. */
const BODILESS = [204, 205, 304];

importScripts("worker/lab.js", "worker/copies.js", "worker/isolation.js");

worker.addEventListener("install", () => void worker.skipWaiting());

worker.addEventListener("activate", (event) => {
  // The claim must not be waited for. In Firefox 153 it ends only when a kata's worker that is just starting has its
  // script; the script comes through here, but only once activation is over: a circle, in which runs, and then the
  // site's pages, hang.
  void worker.clients.claim();
  event.waitUntil(forgetOldNotes());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.href.startsWith(`${labBase}/`)) event.respondWith(answerFromLab(event, url));
  else if (isOfTheBook(request, url)) event.respondWith(isolate(readBook(event, url), event, url));
});

worker.addEventListener("message", (event) => {
  const { data, ports } = event;
  if (data?.type === "keep" && Array.isArray(data.urls)) event.waitUntil(keepAll(data.urls, String(data.build)));
  if (data?.type === "isolate") event.waitUntil(noteIsolated(String(data.url)).then(() => ports[0]?.postMessage(null)));
});
