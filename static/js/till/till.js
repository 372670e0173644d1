/* The till: photos to tap, labels to scan, money and change. Every sale is on this phone before its
   receipt is shown, and is sent by the outbox when there is a line (docs/till.md). */

import { flush, list, newId } from "../outbox.js";
import { openCart } from "./basket.js";
import * as device from "./device.js";
import { find, hang, redraw, scanned, stock } from "./goods.js";
import { alone, beat, keepBeating, leave } from "./lease.js";
import { at, block, now, place, root, say, sheet, words } from "./page.js";
import { openPay, post } from "./pay.js";
import { offerCamera, watchKeys } from "./scan.js";
import { drawAll } from "./today.js";

export { sellLabel } from "./pay.js";

const files = JSON.parse(root.dataset.files);

/** The house, whenever it can be heard. */
const ask = async () => {
  const { state, told: fresh } = await beat(root.dataset.open, place().id, now.own.id);
  if (state === "taken" && fresh?.sentence) words.taken = fresh.sentence;
  block("taken", state === "taken");
  block("closed", state === "closed");
  at("line").textContent = ["open", "silent", "out"].includes(state) ? words[state] : "";
  if (state !== "open") return;
  await device.signed(fresh.sign, fresh.last);
  now.own = await device.device(newId);
  block("unsigned", false);
  if (!now.cart.pieces && !document.querySelector("dialog[open]")) {
    await device.keepCatalogue(fresh.catalogue);
    stock(fresh.catalogue);
    hang();
  }
  flush();
};

/** Everything that the till needs without signal, through the service worker that keeps it. */
const keepFiles = async () => {
  const worker = await navigator.serviceWorker?.ready;
  if (!worker || !navigator.onLine) return;
  for (const file of files.all) await fetch(file).catch(() => {});
  await new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    worker.active.postMessage({ keep: location.href }, [port2]);
  });
};

const listen = () => {
  at("search").addEventListener("input", redraw);
  at("find").addEventListener("submit", (event) => { event.preventDefault(); find(); });
  at("cart").addEventListener("click", openCart);
  for (const button of [at("pay"), sheet("cart").querySelector("[data-pay]")]) button.addEventListener("click", openPay);
  for (const button of document.querySelectorAll("dialog [data-shut]")) button.addEventListener("click", () => button.closest("dialog").close());
  at("close").addEventListener("click", async () => { await leave(root.dataset.close, place().id, now.own.id); location.assign(root.dataset.home); });
  watchKeys(scanned);
  offerCamera(root, files, scanned, () => say(words.no_camera, "warning"));
};

const begin = async () => {
  now.own = await device.device(newId);
  const kept = await device.catalogueOf(place().id);
  stock(kept && kept.at > now.catalogue.at ? kept : now.catalogue);
  block("unsigned", !now.own.sign);
  listen();
  await alone(() => block("tab", true));
  block("tab", false);
  await drawAll();
  const known = new Set((await list()).map((act) => act.id));
  for (const sale of now.mine.filter((each) => each.state === "noting" && !known.has(each.id))) await post(sale);
  await keepBeating(ask);
  root.dataset.ready = "yes";
  await hang();
  await keepFiles();
  root.dataset.kept = "yes";
};
begin();
