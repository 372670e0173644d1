/* What this phone keeps as a till: its sign and running number, the day's catalogue, photos, and the
   sales it made. All of it is on the disk before anybody is told that a sale is made. */

const DAYS_KEPT = 3;

const open = () => new Promise((done, fail) => {
  const asked = indexedDB.open("lumbung-till", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("facts");
    asked.result.createObjectStore("photos");
    asked.result.createObjectStore("sales", { keyPath: "id" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

/** One transaction on one store; what it promises is on the disk. */
const within = async (name, mode, work) => {
  const database = await open();
  try {
    return await new Promise((done, fail) => {
      const step = database.transaction(name, mode, { durability: "strict" });
      let answer;
      work(step.objectStore(name), (value) => (answer = value));
      step.oncomplete = () => done(answer);
      step.onabort = () => fail(step.error);
    });
  } finally {
    database.close();
  }
};
const read = (name, key) => within(name, "readonly", (store, answer) => {
  store.get(key).onsuccess = (event) => answer(event.target.result);
});
const write = (name, value, key) => within(name, "readwrite", (store) => store.put(value, key));

/** Change what one key holds, with nobody between reading and writing. */
const change = (key, how) => within("facts", "readwrite", (store, answer) => {
  store.get(key).onsuccess = (event) => {
    const next = how(event.target.result);
    store.put(next, key);
    answer(next);
  };
});

/** Who this phone is as a till; the id is made once. */
export const device = (newId) => change("device", (known) => known ?? { id: newId(), sign: "", last: 0 });

/** The house has given it a sign, and knows numbers that it may have forgotten. */
export const signed = (sign, last) => change("device", (known) => ({ ...known, sign, last: Math.max(known.last, last) }));

/** The next number, used up whether or not a sale comes of it: a gap harms nothing, a twin does. Should
    the phone have emptied its storage under us, `own` still knows who this till is. */
export const nextNumber = async (own) => {
  const known = await change("device", (before) => ({ ...own, ...before, last: Math.max(own.last, before?.last ?? 0) + 1 }));
  own.last = known.last;
  return `${known.sign}-${known.last}`;
};

export const keepCatalogue = (catalogue) => write("facts", catalogue, `catalogue-${catalogue.place.id}`);
export const catalogueOf = (placeId) => read("facts", `catalogue-${placeId}`);

/** Sales of the last days, the newest first; older ones are let go. */
export const sales = async () => {
  const all = await within("sales", "readonly", (store, answer) => {
    store.getAll().onsuccess = (event) => answer(event.target.result);
  });
  const since = Date.now() - DAYS_KEPT * 86_400_000;
  const old = all.filter((sale) => sale.at < since && sale.state !== "noting");
  if (old.length) await within("sales", "readwrite", (store) => { for (const { id } of old) store.delete(id); });
  return all.filter((sale) => sale.at >= since || sale.state === "noting").sort((one, other) => other.at - one.at);
};
export const keepSale = (sale) => write("sales", sale);
export const changeSale = (id, more) => within("sales", "readwrite", (store) => {
  store.get(id).onsuccess = (event) => event.target.result && store.put({ ...event.target.result, ...more });
});

/** A small photo from this phone, fetched once while there is signal. */
export const photo = async (url) => {
  const kept = await read("photos", url);
  if (kept) return URL.createObjectURL(kept);
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return "";
  const blob = await answer.blob();
  await write("photos", blob, url).catch(() => {}); // A full phone sells without photos.
  return URL.createObjectURL(blob);
};

export const setting = (key) => read("facts", `setting-${key}`);
export const set = (key, value) => write("facts", value, `setting-${key}`);
