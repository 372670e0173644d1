/* /akun/kiriman: what this phone still keeps, why, and what she can do about it. */

import { again, exported, flush, imported, remove, watch } from "./outbox.js";
import { said } from "./unsent.js";

const room = document.querySelector("[data-sendings]");
const find = (name) => room.querySelector(`[data-${name}]`);
const rows = find("rows"), row = find("row").content.firstElementChild;
const menders = JSON.parse(room.dataset.menders);
const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
const KINDS = { waiting: "wait", done: "good", refused: "wrong", conflict: "warning", update: "warning" };

const drawn = (act, line) => {
  const item = row.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("state").className = `badge badge--${KINDS[act.state] ?? "wait"}`;
  part("state").textContent = room.dataset[act.state] ?? act.state;
  part("label").textContent = act.label || room.dataset.form;
  part("said").textContent = said(act, line);
  part("made").textContent = room.dataset.made.replace("{when}", when.format(new Date(act.at)));
  if (act.state === "done") {
    part("choices").remove();
    return item;
  }
  part("again").hidden = act.state === "waiting";
  const mender = act.state === "refused" && menders[act.kind];
  part("mend").hidden = !mender;
  if (mender) part("mend").href = `${mender}?perbaiki=${act.id}`;
  part("again").addEventListener("click", () => again(act.id));
  part("remove").addEventListener("click", () => {
    part("choices").hidden = true;
    part("sure").hidden = false;
    part("never").focus();
  });
  part("never").addEventListener("click", () => remove(act.id));
  part("keep").addEventListener("click", () => {
    part("sure").hidden = true;
    part("choices").hidden = false;
    part("remove").focus();
  });
  return item;
};

/* What has not changed keeps its row: a question she is being asked must not vanish under her finger. */
let before = new Map();
watch((acts, line) => {
  const now = new Map();
  const unsent = acts.filter((act) => act.state !== "done");
  const sent = acts.filter((act) => act.state === "done").reverse();
  for (const act of [...unsent, ...sent]) {
    const key = JSON.stringify([act, act.state === "waiting" && line]);
    now.set(key, before.get(key) ?? drawn(act, line));
  }
  before = now;
  const items = [...now.values()];
  if (items.length !== rows.children.length || items.some((item, n) => item !== rows.children[n])) {
    rows.replaceChildren(...items);
  }
  find("none").hidden = Boolean(unsent.length);
  find("some").hidden = !unsent.length;
});
room.hidden = false;

find("send").addEventListener("click", () => flush());
find("save").addEventListener("click", async () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await exported()], { type: "application/json" }));
  link.download = "kiriman-lumbung.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
find("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  let count = null;
  try {
    count = await imported(await file.text());
  } catch { /* It is no file of ours. */ }
  find("read").textContent = count === null ? room.dataset.foreign : room.dataset.taken.replace("{n}", count);
  event.target.value = "";
});
