/* Photos on their way from this phone: shrunk, kept here until the house has them, sent in pieces.

   Pages use it; it touches no page. Each person has a database of her own, so nobody sends what
   somebody else photographed on this phone. A photo keeps its id for ever and the house takes each id
   once, so two tabs, a killed tab or a lost answer never make two photos. docs/pictures.md tells the
   whole conversation. */

import { me, newId, remove as unsend, send } from "./outbox.js";

export const BYTES_MAX = 150_000;
const SIDES = [1280, 1024, 800, 640];
const QUALITIES = [.82, .72, .6, .48, .36];
const SIDE_MIN = 200, RATIO_MAX = 3; // The house asks for these, too: she hears it at once.
const PIECE_MAX = 16_384, PIECE_MIN = 2_048;
const SILENCE_MS = 60_000;
const QUICK_MS = 600; // A network that answers so fast may send all in one go.
const RECEIPT_MS = 86_400_000;
const AGAIN_MS = [2_000, 5_000, 15_000, 60_000];
const MARK = "lumbung-photos"; // Says to every page of this phone that something waits.

/** Why a file is no photo for us: "unreadable", "heic", "small", "long" or "full". */
export class Unfit extends Error {}

/* Shrinking. Drawing anew leaves place, time and camera behind and turns the photo upright. */

const opened = async (file) => {
  const url = URL.createObjectURL(file);
  const image = new Image();
  try {
    image.src = url;
    await image.decode();
    return image;
  } catch {
    const head = new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer());
    throw new Unfit(/^ftyp(hei|hev|mif|msf)/.test(head) ? "heic" : "unreadable");
  } finally {
    URL.revokeObjectURL(url);
  }
};

const drawn = (image, side) => {
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // A JPEG has nothing to see through.
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const packed = (canvas, type, quality) => new Promise((done) => canvas.toBlob(done, type, quality));

/** A clean copy of at most 1280 pixels a side and 150 KB; throws Unfit. */
export const shrink = async (file) => {
  const image = await opened(file);
  const [short, long] = [image.naturalWidth, image.naturalHeight].sort((one, other) => one - other);
  if (short < SIDE_MIN) throw new Unfit("small");
  if (long > short * RATIO_MAX) throw new Unfit("long");
  for (const side of SIDES) {
    const canvas = drawn(image, side);
    for (const quality of QUALITIES) {
      let blob = await packed(canvas, "image/webp", quality);
      if (blob?.type !== "image/webp") blob = await packed(canvas, "image/jpeg", quality);
      if (blob && blob.size <= BYTES_MAX) return blob;
    }
  }
  throw new Unfit("unreadable");
};

/* Keeping. */

const inStore = async (mode, work, person = me()) => {
  const database = await new Promise((done, fail) => {
    const asked = indexedDB.open(`lumbung-photos-${person}`, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  try {
    return await new Promise((done, fail) => {
      const step = database.transaction("photos", mode, { durability: "strict" });
      const asked = work(step.objectStore("photos"));
      step.oncomplete = () => done(asked?.result);
      step.onabort = () => fail(step.error ?? asked?.error);
    });
  } finally {
    database.close();
  }
};

/** Her photos on this phone, the oldest first. `state` is kept, sent, arrived or refused. */
export const list = async () => {
  if (!me()) return [];
  const photos = await inStore("readonly", (store) => store.getAll());
  return photos.sort((one, other) => one.kept - other.kept);
};

/** Change what is known of a photo, unless she took it back meanwhile. */
const note = async (photo, facts) => {
  Object.assign(photo, facts);
  await inStore("readwrite", (store) => {
    const asked = store.get(photo.id);
    asked.onsuccess = () => asked.result && store.put({ ...asked.result, ...facts });
  });
  await changed();
};

const sum = async (bytes) => {
  if (!globalThis.crypto?.subtle) return null; // Only where the page came over an open line.
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...found));
};

/** Keep a photo until the house has it, and send it as soon as there is a line. `act` says what shows it,
    { kind, version, content, label }, and goes by the outbox; `of` is for the page. Throws Unfit("full")
    and keeps nothing. */
export const keep = async (id, blob, { act = null, of = "" } = {}) => {
  const bytes = await blob.arrayBuffer();
  const photo = {
    id, bytes, type: blob.type, size: blob.size, sha256: await sum(bytes), kept: Date.now(),
    state: "kept", got: 0, begun: false, of, act: act && { id: newId(), ...act },
  };
  try {
    await inStore("readwrite", (store) => store.put(photo));
    localStorage.setItem(MARK, "yes");
  } catch {
    throw new Unfit("full");
  }
  navigator.storage?.persist?.().catch(() => {});
  await changed();
  flush();
};

/** She took it back: neither the photo nor what waits for it is sent. */
export const remove = async (id) => {
  const photo = await inStore("readonly", (store) => store.get(id));
  await inStore("readwrite", (store) => store.delete(id));
  if (photo?.actId) await unsend(photo.actId);
  await changed();
};

/* Whoever watches is told of each change, in all tabs. The line: "", "sending", "silent" (no signal),
   "out" (she has to sign in) or "other" (somebody else is signed in now). */
const watchers = new Set();
const tabs = globalThis.BroadcastChannel && new BroadcastChannel(MARK);
let line = "";
const tellHere = async () => {
  const photos = await list();
  for (const tell of watchers) {
    try {
      tell(photos, line);
    } catch (error) {
      reportError(error); // A page that stumbles stops no photo.
    }
  }
};
const changed = async () => {
  tabs?.postMessage(0);
  await tellHere();
};
if (tabs) tabs.onmessage = () => tellHere();
export const watch = (tell) => {
  watchers.add(tell);
  list().then((photos) => tell(photos, line), () => {});
  return () => watchers.delete(tell);
};

/* Sending. */

class Line extends Error {} // Why nothing more can be sent now: "silent", "out" or "other".

const ask = async (method, path, headers = {}, body = null) => {
  let answer;
  try {
    answer = await fetch(path, {
      method, headers, body, redirect: "manual", cache: "no-store",
      signal: AbortSignal.timeout?.(SILENCE_MS),
    });
    if (answer.type === "opaqueredirect") throw new Line("out");
    const isTold = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.status, headers: answer.headers, told: isTold && method !== "HEAD" ? await answer.json() : {} };
  } catch (error) {
    throw error instanceof Line ? error : new Line("silent");
  }
};

let token = "", isQuick = false;
const tus = (method, path, headers = {}, body = null) => ask(method, `/unggah${path}`, {
  "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers,
}, body);
const offset = (answer) => Number(answer.headers.get("Upload-Offset"));

/** Tell the house of a photo, or ask how far it is. Returns where to go on, or null if it is over. */
const begin = async (photo) => {
  if (photo.begun) {
    const known = await tus("HEAD", `/${photo.id}`);
    if (known.status === 200) return offset(known);
  }
  const said = { id: photo.id, filetype: photo.type, ...(photo.sha256 && { sha256: photo.sha256 }) };
  const pairs = Object.entries(said).map(([name, value]) => `${name} ${btoa(value)}`);
  const answer = await tus("POST", "", { "Upload-Length": String(photo.size), "Upload-Metadata": pairs.join() });
  if (answer.status === 410) return remove(photo.id), null; // Taken back on another page.
  if (answer.status === 429) return note(photo, { sentence: answer.told.sentence }), null;
  if ([409, 413, 422].includes(answer.status)) {
    return note(photo, { state: "refused", sentence: answer.told.sentence, bytes: null }), null;
  }
  if (answer.status !== 201) throw new Line("silent");
  await note(photo, { begun: true, sentence: "" });
  if (answer.told.direct && isQuick && await past(photo, answer.told.direct)) return photo.size;
  return offset(answer);
};

/** All in one go into the bucket, where there is one; whatever fails there comes in pieces. */
const past = async (photo, { url, headers }) => {
  try {
    const put = await fetch(url, { method: "PUT", headers, body: photo.bytes, signal: AbortSignal.timeout?.(SILENCE_MS) });
    return put.ok && (await tus("POST", `/${photo.id}/sampai`)).status === 204;
  } catch {
    return false;
  }
};

/** Piece by piece from where the house is. Pieces get smaller where the line is cut, and grow again. */
const sendPieces = async (photo, start) => {
  let at = start, damaged = 0;
  while (at < photo.size) {
    const piece = photo.bytes.slice(at, at + (photo.piece ?? PIECE_MAX));
    const checksum = await sum(piece);
    let answer;
    try {
      answer = await tus("PATCH", `/${photo.id}`, {
        "Upload-Offset": String(at),
        "Content-Type": "application/offset+octet-stream",
        ...(checksum && { "Upload-Checksum": `sha256 ${checksum}` }),
      }, piece);
    } catch (error) {
      await note(photo, { piece: Math.max(PIECE_MIN, (photo.piece ?? PIECE_MAX) / 2) });
      throw error;
    }
    if (answer.status === 204) at = offset(answer);
    else if (answer.status === 409) at = offset(await tus("HEAD", `/${photo.id}`));
    else if (answer.status !== 460 || ++damaged > 5) throw new Line("silent");
    failures = 0;
    await note(photo, { got: at, piece: Math.min(PIECE_MAX, (photo.piece ?? PIECE_MAX) * 2) });
  }
};

/** What became of it: drawn, refused in words, or to be sent anew. */
const settle = async (photo) => {
  const { status, told } = await tus("GET", `/${photo.id}`);
  if (status === 410 || told.state === "dropped") return remove(photo.id);
  if (status !== 200) throw new Line("silent");
  if (told.state === "arrived") return note(photo, { state: "arrived", bytes: null, sent: Date.parse(told.at) });
  if (told.state === "refused") return note(photo, { state: "refused", bytes: null, sentence: told.sentence });
  if (told.state === "coming") return note(photo, { state: "kept", got: told.offset });
  return null;
};

const sendOne = async (photo) => {
  if (photo.act) {
    const { id, kind, version, content, label } = photo.act;
    await send(kind, version, content, { label, id });
    await note(photo, { act: null, actId: id });
  }
  if (photo.state === "kept") {
    const start = await begin(photo);
    if (start === null) return;
    await sendPieces(photo, start);
    await note(photo, { state: "sent", got: photo.size, sent: Date.now() });
  }
  await settle(photo);
};

const isOpen = (photo) => photo.state === "kept" || photo.state === "sent";

const sendAll = async () => {
  const since = performance.now();
  const door = await ask("GET", "/kirim");
  if (door.status !== 200) throw new Line("silent");
  if (door.told.person !== me()) throw new Line("other");
  isQuick = performance.now() - since < QUICK_MS && !navigator.connection?.saveData;
  token = door.told.token;
  for (const photo of (await list()).filter(isOpen)) await sendOne(photo);
};

/** Receipts go after a day; without anything open no page needs to ask any more. */
const tidy = async () => {
  const photos = await list();
  const old = photos.filter((photo) => !isOpen(photo) && photo.kept < Date.now() - RECEIPT_MS);
  if (old.length) await inStore("readwrite", (store) => { for (const { id } of old) store.delete(id); });
  const open = photos.filter(isOpen);
  if (!open.length) localStorage.removeItem(MARK);
  return open.length;
};

const alone = (work) => navigator.locks
  ? navigator.locks.request(MARK, { ifAvailable: true }, (lock) => (lock ? work() : null))
  : work();

let running, timer, failures = 0;

/** Send what waits. Call it whenever there may be a line; it calls itself while something waits. */
export const flush = () => (running ??= (async () => {
  clearTimeout(timer);
  let open = 0;
  try {
    open = me() ? await tidy() : 0;
    if (!open) return;
    line = "sending";
    await tellHere();
    await alone(sendAll);
    line = "";
    open = await tidy();
  } catch (error) {
    line = error instanceof Line ? error.message : "silent";
  } finally {
    running = undefined;
  }
  await tellHere();
  if (open && line !== "out" && line !== "other") {
    timer = setTimeout(flush, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
  }
})());

for (const sign of ["online", "focus", "pageshow"]) {
  addEventListener(sign, () => {
    failures = 0;
    flush();
  });
}
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
flush();
