/* One till at a place: this tab among the tabs of the phone, and this phone among the phones. */

const BEAT_MS = 60_000;
const SILENCE_MS = 15_000;

/** Wait for this phone's other tabs; `told` hears that one of them is the till now. */
export const alone = async (told) => {
  if (!navigator.locks) return; // Numbers and ids are safe all the same.
  await new Promise((mine) => {
    const forEver = () => { mine(); return new Promise(() => {}); };
    navigator.locks.request("lumbung-till", { ifAvailable: true }, (lock) => {
      if (lock) return forEver();
      told();
      navigator.locks.request("lumbung-till", forEver);
      return undefined;
    });
  });
};

const ask = async (path, body, token) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const more = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": token } };
    const answer = await fetch(path, { ...more, redirect: "manual", cache: "no-store", signal: stop.signal });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.status, told: isJson ? await answer.json() : null };
  } catch {
    return { status: -1, told: null };
  } finally {
    clearTimeout(timer);
  }
};

/** Say to the house that this till is open. States: "open" (with what the house told), "taken" (by
    another phone), "out" (sign in), "closed" (not her place), "silent". */
export const beat = async (path, place, device) => {
  const door = await ask("/kirim");
  if (door.status === 0) return { state: "out" };
  if (!door.told) return { state: "silent" };
  const { status, told } = await ask(path, { place, device }, door.told.token);
  if (status === 200) return { state: "open", told };
  if (status === 409) return { state: "taken", told };
  return { state: [403, 404].includes(status) ? "closed" : "silent" };
};

export const leave = async (path, place, device) => {
  const door = await ask("/kirim");
  if (door.told) await ask(path, { place, device }, door.told.token);
};

/** Beat now, by the clock, and whenever there may be a line again. */
export const keepBeating = (once) => {
  setInterval(once, BEAT_MS);
  for (const sign of ["online", "focus", "pageshow"]) addEventListener(sign, once);
  return once();
};
