/* The outbox: what she did, kept on this phone until the house has said what became of it.

   Pages and the service worker use it; it touches no page. Each person has a database of her own, so
   nobody sends or sees what somebody else did on this phone. An act keeps its id for ever, and the
   house does each id once: sending twice, from two tabs or from two phones, harms nothing. */

const ACTS_AT_ONCE = 50;
const CHARACTERS_AT_ONCE = 60_000; // Fifteen seconds of a thin line; the house takes four times that.
const SILENCE_MS = 90_000;
const RECEIPTS_KEPT = 30;
const AGAIN_MS = [5_000, 15_000, 60_000]; // While a page is open; signs of a line come too.
const UNREADABLE = new Set([413, 422]);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose page this is: 0 where nobody is signed in, and in the service worker. */
export const me = () => Number(globalThis.document?.querySelector("meta[name=person]")?.content ?? 0);

/** Whom she helps on this page, if anybody: what she does then is done for that woman. */
const helped = () => Number(globalThis.document?.querySelector("meta[name=helping]")?.content) || undefined;

/** An id for one intent; make it once and keep it. */
export const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (d) =>
  (d ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (d / 4)))).toString(16));

const open = (person) => new Promise((done, fail) => {
  const asked = indexedDB.open(`lumbung-${person}`, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("acts", { keyPath: "id" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

/** One transaction; what it promises is on the disk. Fails whole where the phone is full. */
const inStore = async (person, mode, work) => {
  const database = await open(person);
  try {
    return await new Promise((done, fail) => {
      const step = database.transaction("acts", mode, { durability: "strict" });
      const asked = work(step.objectStore("acts"));
      step.oncomplete = () => done(asked?.result);
      step.onabort = () => fail(step.error ?? asked?.error);
    });
  } finally {
    database.close();
  }
};

const isUnsent = (act) => act.state !== "done";

/** All her acts on this phone, the oldest first; those that were done are receipts. */
export const list = async (person = me()) => {
  if (!person) return [];
  const acts = await inStore(person, "readonly", (store) => store.getAll());
  return acts.sort((one, other) => one.kept - other.kept);
};

/** How many have not arrived, or need her. */
export const waiting = async () => (await list()).filter(isUnsent).length;

/* Whoever watches is told of each change, in all tabs. The line: "", "sending", "silent" (no
   signal), "out" (she has to sign in) or "other" (somebody else is signed in now). */
const watchers = new Set();
const tabs = globalThis.BroadcastChannel && new BroadcastChannel("lumbung-outbox");
let line = "";
export const watch = (tell) => {
  watchers.add(tell);
  list().then((acts) => tell(acts, line), () => {});
  return () => watchers.delete(tell);
};
const tellHere = async () => {
  const acts = await list();
  for (const tell of watchers) tell(acts, line);
};
const changed = async (person) => {
  if (globalThis.document) await mirror(person);
  tabs?.postMessage(person);
  await tellHere();
};
if (tabs) tabs.onmessage = () => tellHere();

/* A second copy of what is unsent, for browsers that throw IndexedDB away when the phone is full. */
const place = (person) => `lumbung-outbox-${person}`;
const mirror = async (person, without) => {
  try {
    const unsent = (await list(person)).filter((act) => isUnsent(act) && act.id !== without);
    if (unsent.length) localStorage.setItem(place(person), JSON.stringify(unsent));
    else localStorage.removeItem(place(person));
  } catch { /* It is the second copy: the first one stands. */ }
};

/** Put back what the browser threw away; says how many. */
export const restore = async (person = me()) => {
  let copy = [];
  try {
    copy = JSON.parse(localStorage.getItem(place(person)) ?? "[]");
  } catch { /* No copy. */ }
  if (!copy.length) return 0;
  const known = new Set((await list(person)).map((act) => act.id));
  const lost = copy.filter((act) => !known.has(act.id));
  if (lost.length) await inStore(person, "readwrite", (store) => { for (const act of lost) store.put(act); });
  return lost.length;
};

/** Keep an act, and send it as soon as there is a line. Fails, keeping nothing, where the phone is
    full. `replaces` names a refused act that this one corrects. */
export const send = async (kind, version, content, { label = "", id = newId(), replaces } = {}) => {
  const person = me();
  if (!person) throw new Error("nobody is signed in");
  const now = new Date();
  const act = { id, kind, version, at: now.toISOString(), by: person, for: helped(), content, label, state: "waiting", kept: now.getTime() };
  await inStore(person, "readwrite", (store) => {
    if (replaces) store.delete(replaces);
    return store.put(act);
  });
  await changed(person);
  navigator.storage?.persist?.().catch(() => {}); // Asked where there is something to lose.
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {});
  flush();
  return act;
};

/** Her decision about what did not arrive: once more, or never. */
export const again = async (id) => {
  const person = me();
  await inStore(person, "readwrite", (store) => {
    const asked = store.get(id);
    asked.onsuccess = () => asked.result && store.put({ ...asked.result, state: "waiting", sentence: "" });
  });
  await changed(person);
  return flush();
};
export const remove = async (id) => {
  const person = me();
  await mirror(person, id); // First, or another tab would put it back.
  await inStore(person, "readwrite", (store) => store.delete(id));
  await changed(person);
};

/** Take the receipts away, for whoever comes next on this phone. */
export const forgetReceipts = async () => {
  const receipts = (await list()).filter((act) => !isUnsent(act));
  await inStore(me(), "readwrite", (store) => { for (const { id } of receipts) store.delete(id); });
};

/* The way out when nothing else works: a file, and the same person's other phone. */
export const exported = async () =>
  JSON.stringify({ lumbung: "outbox", person: me(), acts: (await list()).filter(isUnsent) });
export const imported = async (text) => {
  const told = JSON.parse(text);
  if (told.lumbung !== "outbox" || told.person !== me() || !Array.isArray(told.acts)) return null;
  const known = new Set((await list()).map((act) => act.id));
  const fresh = told.acts.filter((act) => UUID.test(act.id) && act.by === me() && !known.has(act.id));
  await inStore(me(), "readwrite", (store) => { for (const act of fresh) store.put({ ...act, state: "waiting" }); });
  await changed(me());
  flush();
  return fresh.length;
};

const ask = async (path, options = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const answer = await fetch(path, { ...options, redirect: "manual", cache: "no-store", signal: stop.signal });
    return { status: answer.status, told: answer.status === 200 ? await answer.json() : null };
  } catch {
    return { status: -1, told: null }; // Silence, or an answer cut in the middle.
  } finally {
    clearTimeout(timer);
  }
};

const next = (acts, tried, most) => {
  let room = CHARACTERS_AT_ONCE;
  return acts
    .filter((act) => act.state === "waiting" && !tried.has(act.id))
    .slice(0, most)
    .filter((act, place) => (room -= JSON.stringify(act).length) > 0 || place === 0);
};

/** Write down what became of each act: the receipt takes the place of the act, in one step. */
const note = async (person, answers) => {
  const now = Date.now();
  await inStore(person, "readwrite", (store) => {
    for (const { id, state, answer, sentence } of answers) {
      const asked = store.get(id);
      asked.onsuccess = () => {
        const act = asked.result;
        if (!act) return;
        if (state === "done") store.put({ ...act, state, answer, sentence, content: null, sent: now });
        else if (["refused", "conflict", "update"].includes(state)) store.put({ ...act, state, sentence });
      };
    }
  });
  const receipts = (await list(person)).filter((act) => !isUnsent(act)).slice(0, -RECEIPTS_KEPT);
  if (receipts.length) await inStore(person, "readwrite", (store) => { for (const { id } of receipts) store.delete(id); });
  await changed(person);
};

/** Send everything once; returns how the line is. `person` is 0 in the service worker, which sends
    for whoever is signed in. */
const sendAll = async (person) => {
  const tried = new Set();
  let door, most = ACTS_AT_ONCE;
  for (;;) {
    let batch = person ? next(await list(person), tried, most) : null;
    if (batch && !batch.length) return "";
    door ??= await ask("/kirim");
    if (door.status === 0) return "out"; // Led to the sign-in.
    if (!door.told) return "silent";
    if (person && door.told.person !== person) return "other";
    person = door.told.person;
    batch ??= next(await list(person), tried, most);
    if (!batch.length) return "";
    const acts = batch.map(({ id, kind, version, at, by, for: behalf, content }) => ({ id, kind, version, at, by, for: behalf, content }));
    const answer = await ask("/kirim", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": door.told.token },
      body: JSON.stringify({ acts }),
    });
    if (answer.status === 0) return "out";
    if (UNREADABLE.has(answer.status) && most > 1) {
      most = 1; // One of them is no act: it must not hold up the others.
      continue;
    }
    if (!answer.told && !UNREADABLE.has(answer.status)) return "silent";
    await note(person, answer.told?.answers ?? [{ id: batch[0].id, state: "refused", sentence: "" }]);
    for (const act of batch) tried.add(act.id);
  }
};

/** One sender on the phone where the browser can see to that; without it, twice harms nothing. */
const alone = (work) => navigator.locks
  ? navigator.locks.request("lumbung-outbox", { ifAvailable: true }, (lock) => (lock ? work() : "sending"))
  : work();

const hasWaiting = async () => (await list()).some((act) => act.state === "waiting");
let running, timer, failures = 0;

/** Send what waits. Call it whenever there may be a line; it calls itself while something waits. */
export const flush = () => (running ??= (async () => {
  clearTimeout(timer);
  try {
    if (globalThis.document && !(await hasWaiting())) return "";
    line = "sending";
    await tellHere();
    line = await alone(() => sendAll(me()));
  } catch {
    line = "silent";
  } finally {
    running = undefined;
  }
  failures = line === "silent" ? Math.min(failures + 1, AGAIN_MS.length) : 0;
  await tellHere();
  if (globalThis.document && ["", "sending", "silent"].includes(line) && (await hasWaiting())) {
    timer = setTimeout(flush, AGAIN_MS[line ? Math.max(failures - 1, 0) : AGAIN_MS.length - 1]);
  }
  return line;
})());
