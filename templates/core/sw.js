/* The service worker: keeps the shell and her own pages readable without signal, and sends the outbox
   where the browser wakes it for that. Pages work the same without it, only not without signal.

   Pages come from the network first. The house marks those that may be kept (Lumbung-Keep) and says
   whose they are (Lumbung-Person); what is another's is taken out before a page is kept, and all is
   wiped as soon as a page comes for somebody else or for nobody. */

import { flush } from "{{ static_url('js/outbox.js') }}";

const VERSION = "{{ version }}";
const SHELL = `shell-${VERSION}`;
const FILES = [{% for name in files %}"{{ static_url(name) }}", {% endfor %}];
const NO_SIGNAL = "{{ url_for('phone.no_signal') }}";
const PATIENCE_MS = 8_000; // After that a kept page is better than none; the new one is kept for later.
const PAGES_MAX = 60;
const PHOTOS = "{{ url_for('media.picture', name='photo/') }}";
const PHOTOS_MAX = 100, PHOTOS_OF_A_PAGE = 40, PHOTO_BYTES_MAX = 60_000; // Six megabytes at most.

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil((async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll(FILES);
    await shell.put(NO_SIGNAL, await fetch(NO_SIGNAL, { credentials: "omit" }));
    await takeAlong(shell);
  })());
});

/** What else she had loaded (a till's scripts) comes along in its present version, if it can be had. */
const takeAlong = async (shell) => {
  for (const name of (await caches.keys()).filter((each) => each.startsWith("shell-") && each !== SHELL)) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const path = new URL(url).pathname.replace(/^\/static\/[^/]+/, `/static/${VERSION}`);
      if (path.startsWith("/static/") && !(await shell.match(path))) await shell.add(path).catch(() => {});
    }
  }
};

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
  }
  await clients.claim();
})()));

addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(flush().then((line) => {
  if (line === "silent") throw new Error("no signal yet"); // The browser wakes us again.
})));

/* A page that was open before this worker asks to be kept, too. */
addEventListener("message", (event) => event.waitUntil((async () => {
  const url = new URL(event.data?.keep ?? "", location.href);
  if (!event.data?.keep || url.origin !== location.origin) return;
  const asked = new Request(url);
  if (!(await findKept(url.href))) await note(asked, await fetch(asked)).catch(() => {});
  event.ports[0]?.postMessage("done");
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fixed(request, url));
  else if (url.pathname.startsWith(PHOTOS)) event.respondWith(findKept(request.url).then((kept) => kept ?? fetch(request)));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

/** A file of ours; a page that was kept under an older version gets the present file of that name. */
const fixed = async (request, url) => {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(url.pathname);
  if (kept) return kept;
  const present = () => shell.match(url.pathname.replace(/^\/static\/[^/]+/, `/static/${VERSION}`));
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(url.pathname, answer.clone());
    return answer.ok ? answer : (await present()) ?? answer;
  } catch (error) {
    return (await present()) ?? Promise.reject(error);
  }
};

const named = async (kinds) => (await caches.keys()).filter((name) => kinds.test(name));
const ofPages = () => named(/^pages-/);
const ofHers = () => named(/^(pages|photos)-/);

const page = async (event) => {
  const { request } = event;
  const fresh = fetch(request).then((answer) => {
    event.waitUntil(note(request, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const kept = await findKept(request.url);
  if (!kept) return fresh.catch(noSignal);
  const later = new Promise((done) => setTimeout(done, PATIENCE_MS, kept));
  return Promise.race([fresh.catch(() => kept), later]);
};

const findKept = async (url) => {
  for (const name of await ofHers()) {
    const kept = await (await caches.open(name)).match(url);
    if (kept) return kept;
  }
  return undefined;
};

const note = async ({ url, headers: asked }, answer) => {
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const person = answer.headers.get("Lumbung-Person") ?? "";
  const own = `pages-${person}`, ownPhotos = `photos-${person}`;
  for (const name of await ofHers()) if (name !== own && name !== ownPhotos) await caches.delete(name);
  if (!answer.headers.has("Lumbung-Keep")) return;
  const kind = asked.get("Accept")?.includes("image/avif") ? "avif" : "webp";
  const [small, photos] = withSmallPhotos(await answer.text(), kind);
  const html = small
    .replace(/<!--private-->[^]*?<!--\/private-->/g, "")
    .replaceAll("hidden data-when-kept", "data-when-kept")
    .replace("hidden data-kept-at", `data-kept-at="${Date.now()}"`);
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  headers["Content-Security-Policy"] = answer.headers.get("Content-Security-Policy");
  const kept = await caches.open(own);
  await kept.delete(url); // The newest comes last.
  await kept.put(url, new Response(html, { headers }));
  for (const old of (await kept.keys()).slice(0, -PAGES_MAX)) await kept.delete(old);
  await notePhotos(photos, own, ownPhotos);
};

/** The page with the smallest copy of each photo, and their addresses; ours, wherever else they lie. */
const withSmallPhotos = (html, kind) => {
  const first = new RegExp(`/photo/(\\w+/\\d+\\.${kind}) `); // A srcset begins with the smallest.
  const photos = new Set();
  const small = html.replace(/<picture>[^]*?<\/picture>/g, (picture) => {
    const name = picture.match(first)?.[1];
    if (!name) return picture;
    photos.add(PHOTOS + name);
    return picture.replace(/<source[^>]*>/g, "").replace(/ src="[^"]*"/, ` src="${PHOTOS}${name}"`);
  });
  return [small, [...photos].slice(0, PHOTOS_OF_A_PAGE)];
};

/** Keep them beside the page, one after the other, unless she has left meanwhile. */
const notePhotos = async (addresses, own, ownPhotos) => {
  for (const address of addresses) {
    if (await findKept(address)) continue;
    const answer = await fetch(address, { credentials: "omit" });
    const photo = answer.ok && await answer.blob();
    if (!(await caches.has(own))) return;
    if (photo && photo.size <= PHOTO_BYTES_MAX) await (await caches.open(ownPhotos)).put(address, new Response(photo));
  }
  if (!(await caches.has(ownPhotos))) return;
  const kept = await caches.open(ownPhotos);
  const all = await kept.keys();
  const others = all.filter(({ url }) => !addresses.includes(new URL(url).pathname));
  for (const old of others.slice(0, Math.max(0, all.length - PHOTOS_MAX))) await kept.delete(old);
};

/** The page that says so, with the ways to what can be read all the same. */
const noSignal = async () => {
  const said = await (await caches.open(SHELL)).match(NO_SIGNAL);
  const links = [];
  for (const name of await ofPages()) {
    const kept = await caches.open(name);
    for (const request of await kept.keys()) {
      const title = (await (await kept.match(request)).text()).match(/<title>([^<]*) · Lumbung<\/title>/)?.[1];
      if (title) links.push(`<li><a class="button button--secondary" href="${new URL(request.url).pathname}">${title}</a></li>`);
    }
  }
  const html = (await said.text()).replace("<!--kept-->", links.reverse().join(""));
  return new Response(html, { status: 503, headers: said.headers });
};
