// Whether the page is cross-origin isolated, how it comes to be so on a host that sends no headers for it, and what to
// say of it. Only pages whose zones need it are isolated: an isolated page refuses the sandboxed frames of others.

import { serviceWorker, site } from "./site.js";

/** How long the service worker may take to take a note, in milliseconds. */
const NOTE_LIMIT = 3000;

/** Set while a reload is tried, so that it is tried once. */
const TRIED = `kata-isolation ${location.pathname}`;

/**
 * Isolates this page, if it is not: the service worker notes it, and the page is loaded again. Resolves with what to say,
 * in words; while the page is being loaded again, never.
 *
 * @returns {Promise<string>}
 */
export async function isolate() {
  if (crossOriginIsolated) {
    forgetTry();
    return "SharedArrayBuffer" in globalThis
      ? "isolated, and memory is shared"
      : "isolated, but this browser has no shared memory: all goes by messages";
  }
  const why = await loadIsolated().catch((error) => (error instanceof Error ? error.message : String(error)));
  return `not isolated, so all goes by messages: ${why}`;
}

/** @returns {Promise<string>} why that is no use */
async function loadIsolated() {
  if (site.mode === "serve") return "something between here and cargo kata serve takes the headers away";
  const worker = await serviceWorker();
  await noted(worker);
  if (!mayTry()) return "this browser keeps the page as it is. Close the tab and open the page anew";
  // Whoever is busy with the page already is not interrupted.
  if (navigator.userActivation?.hasBeenActive) return "reload the page, and it will be";
  location.reload();
  return new Promise(() => {});
}

/** @param {ServiceWorker} worker */
function noted(worker) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const clock = setTimeout(() => reject(new Error("the service worker does not answer; reload the page")), NOTE_LIMIT);
    port1.onmessage = () => {
      clearTimeout(clock);
      port1.close();
      resolve(null);
    };
    worker.postMessage({ type: "isolate", url: location.href }, [port2]);
  });
}

/** Whether no reload was tried before. Where nothing can be kept, none is. */
function mayTry() {
  try {
    const tried = sessionStorage.getItem(TRIED) !== null;
    sessionStorage.setItem(TRIED, "");
    return !tried;
  } catch {
    return false;
  }
}

function forgetTry() {
  try {
    sessionStorage.removeItem(TRIED);
  } catch {
    // Then none was kept.
  }
}
