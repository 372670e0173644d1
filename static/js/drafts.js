/* Drafts on this phone: kept per person as she types, written to the disk at once, so that a closed
   tab or an empty battery loses nothing. Another person on the same phone has other keys. */

const STORE = "drafts";

const opened = new Promise((done, failed) => {
  const asked = indexedDB.open("lumbung-drafts", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
opened.catch(() => {}); // Whoever asks hears of it.

const act = async (mode, deed) => {
  const database = await opened;
  return new Promise((done, failed) => {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const asked = deed(transaction.objectStore(STORE));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
};

export const recall = (key) => act("readonly", (store) => store.get(key));
export const keep = (key, draft) => act("readwrite", (store) => store.put(draft, key));
export const forget = (key) => act("readwrite", (store) => store.delete(key));
