/* A draft that follows her to another phone: what she answers here is also kept by the house, and what
   she answered elsewhere comes here. Each answer carries the time at which it was typed, and the later
   one wins. Nothing here is needed: without signal the draft on this phone is the whole of it. */

import { list as outbox } from "./outbox.js";

const PAUSE_MS = 1_500; // She is still typing.
const SILENCE_MS = 30_000;

/** Note which answers changed on this phone, and when. */
export const stamp = (draft, values, now = Date.now()) => {
  for (const [name, value] of Object.entries(values)) {
    if (value !== (draft.values[name] ?? "")) draft.times[name] = now;
  }
  draft.values = values;
};

/** Take the later answers of another phone into the draft; says which. */
export const merge = (draft, fields) => {
  const later = Object.entries(fields).filter(([name, [at, value]]) =>
    at >= (draft.times[name] ?? 0) && value !== (draft.values[name] ?? ""));
  for (const [name, [at, value]] of later) {
    draft.times[name] = at;
    draft.values[name] = value;
  }
  return later.map(([name]) => name);
};

const ask = async (url, options = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const answer = await fetch(url, { ...options, redirect: "manual", cache: "no-store", signal: stop.signal });
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null; // Silence: it is asked again.
  } finally {
    clearTimeout(timer);
  }
};

/** Keep the draft in step with the house. `now()` gives it, or null while it is not to be touched;
    `take(told)` hears of another phone's answers, `over()` that another phone has published it.
    Call what is returned after each change. */
export const follow = (url, { now, take, over }) => {
  let token, ended, timer, running, known = "";

  const isSentFromHere = async (act) => (await outbox().catch(() => [])).some((each) => each.id === act);

  const look = async () => {
    const told = await ask(url);
    token = told?.token;
    if (!told?.act || !now()) return;
    if (await isSentFromHere(told.act)) ended = told.act; // This is about the next product.
    else if (now()) await take(told);
  };

  const tell = async () => {
    const draft = now();
    if (!draft || !token) return;
    const fields = Object.fromEntries(Object.entries(draft.times).map(([name, at]) => [name, [draft.values[name], at]]));
    const body = JSON.stringify({ act: draft.act, ended, fields });
    if (body === known || !Object.keys(fields).length) return;
    const told = await ask(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body });
    if (!told) token = undefined; // Maybe an old one: a new one is asked for next time.
    else if (now()?.act !== draft.act) return;
    else if (!told.act) await over();
    else {
      known = body;
      ended = undefined;
      await take(told);
    }
  };

  const once = async () => {
    if (!token) await look();
    await tell();
  };
  const goOn = () => {
    if (!navigator.onLine) return;
    running = (running ?? Promise.resolve()).then(once);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(goOn, PAUSE_MS);
  };
  const anew = () => {
    token = undefined;
    goOn();
  };
  addEventListener("online", anew);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") anew();
    else goOn();
  });
  anew();
  return soon;
};
