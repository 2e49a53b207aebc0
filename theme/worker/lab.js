// The lab, as far as a service worker can play it. On a static site nobody can run the lab's server, so the worker answers
// below `<scope>lab/` with the same paths and the same faults. tools/lab is the original.
"use strict";

/** The server's limits. A play lasts no longer than MAX_MS, whatever it waits for. */
const MAX_BYTES = 1024 * 1024;
const MAX_MS = 30_000;
const MAX_OPEN = 256;
const MAX_IDS = 4096;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * What is played here. In Chromium 156, Firefox 153 and WebKitGTK 2.50.6 (November 2026) a page sees what the server
 * would show it, but for this: after a short body WebKitGTK reports no error (here: one, as in the others), and Firefox
 * asks ten times before it believes a reset (here: once).
 */
const PLAYS = [
  "ok",
  "delay",
  "status",
  "silence",
  "stall",
  "drip",
  "short",
  "torn",
  "garbled",
  "redirect",
  "redirect-loop",
  "reset",
];

/** Why the rest is not. */
const NEEDS_SERVER = new Map([
  ["refused", "a service worker cannot refuse a connection: the browser never opens one"],
  ["second-origin", "a service worker answers for its own origin only"],
  ["bridge", "a service worker answers for its own origin only"],
]);
/** None of them tells a worker that a client gave up before the headers: of these there is nothing true to report. */
const UNWATCHED = ["silence", "delay"];
const UNWATCHED_WHY = `a service worker is not told when a client gives up on ${UNWATCHED.join(" or ")}`;

/** @typedef {"finished" | "closed_by_client" | "ended_by_lab"} End */
/** @typedef {Record<"requests" | "open" | End, number>} Counts */

/** What is wrong with a request, in words for the person who wrote it. */
class BadParameter extends Error {}

/**
 * The counters of each id, the oldest first; null where a client could have left unnoticed. They last as long as the
 * browser lets this worker live, which may be half a minute after the last request.
 * @type {Map<string, Counts | null>}
 */
const seen = new Map();
let open = 0;

/** @returns {Counts} */
const noCounts = () => ({ requests: 0, open: 0, finished: 0, closed_by_client: 0, ended_by_lab: 0 });

/** The counters that a request goes into. @param {string | null} id @param {boolean} watched */
function countsOf(id, watched) {
  if (id === null) return noCounts();
  const known = seen.get(id);
  if (known === undefined && seen.size === MAX_IDS) seen.delete(/** @type {string} */ (seen.keys().next().value));
  const counts = watched && known !== null ? (known ?? noCounts()) : null;
  seen.set(id, counts);
  return counts ?? noCounts();
}

/** One request while it is played: from its arrival until one of the three ends, whichever comes first. */
class Play {
  /** @type {Counts} */ #counts;
  /** @type {(end: End) => void} */ #tell = () => {};
  #ended = false;
  /** Resolves with the end. @type {Promise<End>} */ over = new Promise((resolve) => (this.#tell = resolve));

  /** @param {Counts} counts */
  constructor(counts) {
    this.#counts = counts;
    this.#counts.requests += 1;
    this.#counts.open += 1;
    open += 1;
    const clock = setTimeout(() => this.end("ended_by_lab"), MAX_MS);
    this.over.then(() => clearTimeout(clock));
  }

  /** @param {End} end */
  end(end) {
    if (this.#ended) return;
    this.#ended = true;
    this.#counts.open -= 1;
    this.#counts[end] += 1;
    open -= 1;
    this.#tell(end);
  }

  /**
   * Resolves after `ms` milliseconds, or never if the play is over before.
   * @param {number} ms @returns {Promise<void>}
   */
  wait(ms) {
    return new Promise((resolve) => {
      const clock = setTimeout(resolve, ms);
      this.over.then(() => clearTimeout(clock));
    });
  }

  /** No answer. When the time is up the connection breaks, as it does with the server. */
  silence() {
    return this.over.then(() => Response.error());
  }

  /**
   * A body out of pieces, each made when the reader has taken what there was. If making one throws, or if the play is
   * over before the last one, the reader's end breaks.
   * @param {AsyncGenerator<Uint8Array, void>} pieces @returns {ReadableStream<Uint8Array>}
   */
  body(pieces) {
    return new ReadableStream(
      {
        start: (body) => void this.over.then((end) => end === "finished" || body.error(new TypeError("time is up"))),
        pull: async (body) => {
          try {
            const { done, value } = await pieces.next();
            if (!done) return body.enqueue(value);
            body.close();
          } catch (error) {
            body.error(error);
          }
          this.end("finished");
        },
        cancel: () => this.end("closed_by_client"),
      },
      // Nothing is made ahead: an error throws away what has not been read yet.
      { highWaterMark: 0 },
    );
  }
}

/** @param {FetchEvent} event @param {URL} url @returns {Promise<Response>} */
async function answerFromLab(event, url) {
  const [name = "", ...rest] = url.href.slice(labBase.length + 1).split(/[?#]/)[0]?.split("/") ?? [];
  const id = url.searchParams.get("id");
  try {
    if (id !== null && !/^.{1,128}$/s.test(id)) throw new BadParameter("id: expected 1 to 128 characters");
    if (!METHODS.includes(event.request.method)) return text(405, "The lab does not know this method.");
    const why = NEEDS_SERVER.get(name);
    if (why) return needsServer(why);
    if (name === "status" ? rest.length !== 1 : rest.length > 0) return text(404, "The lab does not play this.");
    if (name === "") return text(200, "This is the lab, played by a service worker. /lab/info says what it plays.");
    if (name === "info") return json(200, { kind: "service-worker", plays: PLAYS, refused: null, second: null });
    if (name === "seen") {
      if (id === null) throw new BadParameter("id: expected the id to report on, got nothing");
      const counts = seen.get(id);
      return counts === null ? needsServer(UNWATCHED_WHY) : json(200, counts ?? noCounts());
    }
    const begin = prepare(name, url, rest[0]);
    if (!begin) return text(404, "The lab does not play this.");
    if (open >= MAX_OPEN) return text(503, "All places in the lab are taken. Try again in a moment.");
    const play = new Play(countsOf(id, !UNWATCHED.includes(name)));
    // The browser may stop a worker that looks idle. This one is not, until the play is over.
    event.waitUntil(play.over);
    return await begin(play);
  } catch (error) {
    if (error instanceof BadParameter) return text(400, error.message);
    throw error;
  }
}

/**
 * Reads the parameters of a fault, before anything is counted, and returns what plays it.
 * @param {string} name @param {URL} url @param {string} [code] the path's second part
 * @returns {((play: Play) => Response | Promise<Response>) | null}
 */
function prepare(name, url, code) {
  /** @type {(parameter: string, least: number, most: number, otherwise?: number) => number} */
  const number = (parameter, ...range) => numberOf(parameter, url.searchParams.get(parameter), ...range);
  switch (name) {
    case "ok": {
      const bytes = number("bytes", 0, MAX_BYTES, 2);
      return (play) => finish(play, answer(200, filler(0, bytes), bytes));
    }
    case "delay": {
      const [ms, bytes] = [number("ms", 0, MAX_MS), number("bytes", 0, MAX_BYTES, 2)];
      return async (play) => {
        const inTime = await Promise.race([play.wait(ms).then(() => true), play.over]);
        return inTime === true ? finish(play, answer(200, filler(0, bytes), bytes)) : play.silence();
      };
    }
    case "status": {
      const status = numberOf("status", code ?? null, 200, 599);
      return (play) => finish(play, text(status, `status ${status}`));
    }
    case "silence":
      return (play) => play.silence();
    case "stall": {
      const bytes = number("bytes", 0, MAX_BYTES);
      return (play) => answer(200, play.body(part(bytes, () => new Promise(() => {}))), bytes + 1);
    }
    case "drip": {
      const [every, bytes] = [number("every_ms", 0, MAX_MS), number("bytes", 0, MAX_BYTES)];
      return (play) => answer(200, play.body(drip(play, every, bytes)), bytes);
    }
    case "short": {
      const promise = number("promise", 1, MAX_BYTES);
      const send = number("send", 0, promise - 1);
      const hangUp = () => Promise.reject(new TypeError(`${send} of ${promise} bytes, and then the lab hung up`));
      return (play) => answer(200, play.body(part(send, hangUp)), promise);
    }
    case "torn": {
      const bytes = number("bytes", 0, MAX_BYTES);
      const hangUp = () => Promise.reject(new TypeError(`${bytes} bytes, and then the lab hung up`));
      return (play) => answer(200, play.body(part(bytes, hangUp)), null);
    }
    case "garbled": {
      const bytes = number("bytes", 0, MAX_BYTES);
      // No browser unpacks the answer of a service worker. So this is what is left when one has tried.
      const giveUp = () => Promise.reject(new TypeError(`${bytes} bytes, and then no gzip`));
      return (play) => {
        const response = answer(200, play.body(part(bytes, giveUp)), packed(bytes));
        response.headers.set("Content-Encoding", "gzip");
        return response;
      };
    }
    case "redirect": {
      const to = url.searchParams.get("to") ?? "";
      if (!/^[a-z-]+$/.test(to)) {
        throw new BadParameter(`to: expected the name of an endpoint, such as ok, got ${JSON.stringify(to)}`);
      }
      return (play) => finish(play, Response.redirect(`${labBase}/${to}${url.search}`, 302));
    }
    case "redirect-loop": {
      const hop = number("hop", 0, 2 ** 32 - 1, 0);
      url.searchParams.set("hop", String((hop + 1) % (2 ** 32 - 1)));
      return (play) => finish(play, Response.redirect(url.href, 302));
    }
    case "reset":
      return (play) => finish(play, Response.error());
    default:
      return null;
  }
}

/** @param {number} bytes @param {() => Promise<void>} then what comes instead of the rest */
async function* part(bytes, then) {
  if (bytes > 0) yield filler(0, bytes);
  await then();
}

/** @param {Play} play @param {number} every milliseconds @param {number} bytes */
async function* drip(play, every, bytes) {
  const start = performance.now();
  // Each byte has its own moment, so that the pace does not drift; what a late timer missed is made up for.
  for (let sent = 0; sent < bytes; ) {
    if (every > 0) await play.wait(start + (sent + 1) * every - performance.now());
    const due = every > 0 ? Math.min(bytes, Math.floor((performance.now() - start) / every)) : bytes;
    // The client may ask for the counters as soon as it has the last byte.
    if (due === bytes) play.end("finished");
    if (due > sent) yield filler(sent, due);
    sent = due;
  }
}

/** The length of the server's garbled gzip: a header, stored blocks, one byte. @param {number} bytes */
const packed = (bytes) => 10 + 5 * Math.ceil(bytes / 65535) + bytes + 1;

/** @param {Play} play @param {Response} response */
const finish = (play, response) => (play.end("finished"), response);

/** The server's filler, from one position to another: digits, over and over. @param {number} from @param {number} to */
const filler = (from, to) => Uint8Array.from({ length: to - from }, (_, at) => 48 + ((from + at) % 10));

/**
 * @param {number} status @param {string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>} body
 * @param {number | null} promise what Content-Length says, if anything @param {string} type
 */
function answer(status, body, promise, type = "text/plain; charset=utf-8") {
  const headers = new Headers({
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
  });
  if (BODILESS.includes(status)) return new Response(null, { status, headers });
  headers.set("Content-Type", type);
  if (promise !== null) headers.set("Content-Length", String(promise));
  return new Response(body, { status, headers });
}

/** @param {number} status @param {string} words @param {string} [type] */
function text(status, words, type) {
  const body = new TextEncoder().encode(`${words}\n`);
  return answer(status, body, body.length, type);
}
/** @param {number} status @param {object} value */
const json = (status, value) => text(status, JSON.stringify(value), "application/json");
/** @param {string} why */
const needsServer = (why) => json(501, { needs: "local server", why });

/**
 * A whole number within a range.
 * @param {string} name @param {string | null} raw @param {number} least @param {number} most
 * @param {number} [otherwise] if it is not there
 */
function numberOf(name, raw, least, most, otherwise) {
  if (raw === null && otherwise !== undefined) return otherwise;
  const value = raw !== null && /^[0-9]+$/.test(raw) ? Number(raw) : NaN;
  if (value >= least && value <= most) return value;
  const got = raw === null ? "nothing" : JSON.stringify(raw);
  throw new BadParameter(`${name}: expected a whole number from ${least} to ${most}, got ${got}`);
}
