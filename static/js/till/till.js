/* The till: photos to tap, labels to scan, money and change. Every sale is on this phone before its
   receipt is shown, and is sent by the outbox when there is a line (docs/till.md). */

import { flush, list, newId, send, watch } from "../outbox.js";
import * as device from "./device.js";
import { alone, beat, keepBeating, leave } from "./lease.js";
import { drawn, print, whatsapp } from "./receipt.js";
import { watchCamera, watchKeys } from "./scan.js";
import { Cart, Shelf, content, isInvite, isLotCode, owners, paying, prices, rupiah } from "./sums.js";

const root = document.querySelector("[data-till]");
const words = JSON.parse(root.dataset.words);
const files = JSON.parse(root.dataset.files);
const at = (name) => root.querySelector(`[data-${name}]`);
const sheet = (name) => document.querySelector(`dialog[data-sheet=${name}]`);
const make = (tag, className = "", text = "") => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};
const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);

let catalogue = JSON.parse(root.dataset.catalogue);
let shelf = new Shelf(catalogue);
let own; // This phone as a till.
let mine = []; // Its sales of the last days.
const cart = new Cart();
const place = () => catalogue.place;
const inPlace = (sale) => sale.place === place().id;
const isToday = (sale) => new Date(sale.at).toDateString() === new Date().toDateString();

/* What stands in the way of selling: another tab, another phone, no right, or no sign yet. */
const blocks = new Set();
const blocked = () => ["tab", "taken", "closed", "unsigned"].find((each) => blocks.has(each));
const block = (why, isSo) => {
  blocks[isSo ? "add" : "delete"](why);
  const first = blocked();
  at("blocked").hidden = !first;
  at("blocked-words").textContent = first ? words[first] : "";
  at("work").hidden = Boolean(first);
};
const say = (text, kind = "info") => {
  at("said").textContent = text;
  at("said").className = text ? `notice notice--${kind}` : "";
};

/* Goods as tiles. */
const tiles = new Map();
const soldSince = () => {
  const gone = new Map();
  for (const sale of mine.filter((each) => inPlace(each) && !each.undone && !(each.arrived < Date.parse(catalogue.at)))) {
    for (const line of sale.lines) gone.set(line.variant, (gone.get(line.variant) ?? 0) + line.quantity);
  }
  return gone;
};
const tile = (good) => {
  const row = make("li");
  const button = make("button", "till-good");
  button.type = "button";
  const picture = make("span", "till-photo", good.name.slice(0, 1));
  picture.setAttribute("aria-hidden", "true");
  const [count, left] = [make("b", "drop"), make("span", "note")];
  button.append(picture, make("b", "till-name", good.name), make("span", "till-price", rupiah(good.price)), left, count);
  button.addEventListener("click", () => { say(""); pick(good); });
  row.append(button);
  return { row, picture, count, left };
};
const redraw = () => {
  const gone = soldSince();
  const shown = new Set(shelf.find(at("search").value));
  for (const good of shelf.goods) {
    const { row, count, left } = tiles.get(good.id);
    const pieces = cart.lines.filter((line) => line.variant === good.id).reduce((sum, line) => sum + line.quantity, 0);
    const rest = good.lots.reduce((sum, lot) => sum + lot.left, 0) - (gone.get(good.id) ?? 0);
    row.hidden = !shown.has(good);
    count.textContent = pieces || "";
    count.hidden = !pieces;
    left.textContent = rest > 0 ? filled(words.left, { n: rest }) : words.none;
  }
  at("empty").hidden = shown.size > 0;
  at("bar").hidden = !cart.pieces;
  at("pieces").textContent = filled(words.pieces, { n: cart.pieces });
  at("total").textContent = rupiah(cart.total);
};
const stock = (fresh) => {
  catalogue = fresh;
  shelf = new Shelf(fresh);
  at("goods").replaceChildren(...shelf.goods.map((good) => {
    tiles.set(good.id, tile(good));
    return tiles.get(good.id).row;
  }));
  redraw();
};
const hang = async () => {
  for (const good of shelf.goods.filter((each) => each.photo)) {
    const source = await device.photo(good.photo).catch(() => "");
    if (!source) continue;
    const image = make("img");
    [image.src, image.alt] = [source, ""];
    tiles.get(good.id)?.picture.replaceChildren(image);
  }
};

/* A question with a few answers; nothing where she turns away. */
const choose = (title, options) => new Promise((done) => {
  const ask = sheet("ask");
  ask.querySelector("h2").textContent = title;
  ask.querySelector("[data-options]").replaceChildren(...options.map(({ label, note, value }) => {
    const button = make("button", "button button--secondary button--broad");
    button.type = "button";
    button.append(make("b", "", label), make("span", "note", note ?? ""));
    button.addEventListener("click", () => { done(value); ask.close(); });
    return button;
  }));
  ask.addEventListener("close", () => done(undefined), { once: true });
  ask.showModal();
});
const whose = (good) => {
  const found = owners(good);
  if (found.length < 2) return found[0] ?? { owner: null, who: "" };
  return choose(filled(words.whose, { name: good.name }), found.map((one) => ({ label: one.who, note: one.left ? filled(words.left, { n: one.left }) : words.none, value: one })));
};
const price = (good, meant) => {
  const found = prices(good, meant);
  if (found.length < 2) return good.price;
  return choose(filled(words.which_price, { name: good.name }), found.map((one, turn) => ({ label: rupiah(one), note: turn ? words.label_price : words.listed_price, value: one })));
};

/** One piece into the cart: by its photo, or by the label of its lot. */
export const pick = async (good, lot) => {
  if (blocked()) return;
  const { owner, who } = lot ?? (await whose(good)) ?? {};
  if (owner === undefined) return;
  const asked = await price(good, { lot: lot?.id, owner });
  if (asked === undefined) return;
  cart.add({ good, lot: lot?.id ?? null, owner: lot ? null : owner, who, price: asked });
  redraw();
};
const scanned = (text) => {
  const code = isLotCode(text.split("/").at(-1));
  const found = code && shelf.byCode.get(code);
  if (found) {
    navigator.vibrate?.(60);
    pick(found.good, found.lot);
    say(filled(words.scanned, { name: found.good.name, who: found.lot.who }), "good");
  } else say(code ? filled(words.not_here, { code }) : words.unreadable, "warning");
  return Boolean(found);
};

/* The cart in its sheet. */
const drawCart = () => {
  const rows = cart.lines.map((line) => {
    const row = make("li", "till-line");
    const amount = make("b", "", rupiah(line.quantity * (line.listed - line.discount)));
    const step = (by, word, sign) => {
      const button = make("button", "button button--secondary", sign);
      button.type = "button";
      button.setAttribute("aria-label", `${word} ${line.name}`);
      button.addEventListener("click", () => {
        line.quantity += by;
        cart.lines = cart.lines.filter((each) => each.quantity > 0);
        drawCart();
      });
      return button;
    };
    const off = make("input");
    const { most } = line;
    Object.assign(off, { type: "number", min: 0, max: most, value: line.discount || "", placeholder: "0", inputMode: "numeric" });
    off.addEventListener("change", () => {
      line.discount = Math.max(0, Math.min(most, Math.floor(Number(off.value)) || 0));
      drawCart();
    });
    const label = make("label", "till-off", filled(words.off, { most: rupiah(most) }));
    label.append(off);
    const name = make("p");
    name.append(make("b", "", line.name), make("span", "note", line.who));
    const many = make("p", "row");
    many.append(step(-1, words.less, "−"), make("b", "", String(line.quantity)), step(1, words.more, "+"), amount);
    row.append(name, many, label);
    return row;
  });
  sheet("cart").querySelector("[data-lines]").replaceChildren(...rows);
  sheet("cart").querySelector("[data-sum]").textContent = rupiah(cart.total);
  sheet("cart").querySelector("[data-invite]").value = cart.invite;
  if (!cart.lines.length) sheet("cart").close();
  redraw();
};

/* Paying. */
const drawQris = async () => {
  const { text, name } = catalogue.qris ?? {};
  const place = pay.querySelector("[data-qris-picture]");
  if (!text || place.dataset.shown === text) return;
  place.dataset.shown = text;
  place.replaceChildren(await drawn(text), make("b", "", name));
};
let cash = 0, byQris = false;
const pay = sheet("pay");
const drawPay = () => {
  const told = paying(cart.total, { cash, byQris });
  pay.querySelector("[data-sum]").textContent = rupiah(cart.total);
  pay.querySelector("[data-change]").textContent = told.missing
    ? filled(words.missing, { amount: rupiah(told.missing) })
    : told.change ? filled(words.change_is, { amount: rupiah(told.change) }) : words.exact;
  const button = pay.querySelector("[data-by-qris]");
  button.setAttribute("aria-pressed", byQris);
  button.querySelector("span").textContent = cash && cash < cart.total ? words.rest_by_qris : words.by_qris;
  pay.querySelector("[data-qris]").hidden = !told.qris;
  pay.querySelector("[data-qris-words]").textContent = filled(words.ask_qris, { amount: rupiah(told.qris) });
  if (told.qris) drawQris();
  pay.querySelector("[data-done]").disabled = Boolean(told.missing);
  pay.querySelector("[data-done]").textContent = told.qris ? words.done_qris : words.done;
};
const setCash = (amount, isTyped) => {
  cash = Math.max(0, Math.floor(amount) || 0);
  if (!isTyped) pay.querySelector("[data-tendered]").value = cash || "";
  drawPay();
};
const openPay = () => {
  [cash, byQris] = [0, false];
  pay.querySelector("[data-tendered]").value = "";
  drawPay();
  pay.showModal();
};

const randomCode = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replaceAll("+", "-").replaceAll("/", "_");

/** Hand a noted sale to the outbox; its id is its act's, so twice is once. */
const post = async (sale) => {
  await send("till.sale", 1, sale.told, { id: sale.id, label: `${sale.number} ${rupiah(sale.total)}` });
  await device.changeSale(sale.id, { state: "kept" });
};

/** Make the sale of these lines: noted on the disk, handed to the outbox, and only then told. */
export const sell = async (lines, { total, cash: taken, qris, tendered, invite }) => {
  const number = await device.nextNumber();
  const [id, code] = [newId(), randomCode()];
  const told = content({ place: place().id, device: own.id, number, code, language: document.documentElement.lang, lines, cash: taken, qris, tendered, invite });
  const sale = { id, number, code, at: Date.now(), place: place().id, lines, total, cash: taken, qris, tendered, told, state: "noting", undone: "" };
  await device.keepSale(sale);
  mine.unshift(sale);
  await post(sale);
  drawToday();
  redraw();
  return sale;
};

/** Sell one piece with this label, paid exactly in cash: what a scan and three taps come to. */
export const sellLabel = (code) => {
  const { good, lot } = shelf.byCode.get(code);
  const one = new Cart();
  one.add({ good, lot: lot.id, who: lot.who, price: good.price });
  return sell(one.lines, { ...paying(one.total, { cash: one.total }), total: one.total });
};

let busy = false;
const finish = async () => {
  if (busy) return;
  busy = true;
  try {
    const told = paying(cart.total, { cash, byQris });
    const sale = await sell(cart.lines, { ...told, total: cart.total, invite: isInvite(cart.invite) });
    cart.clear();
    pay.close();
    redraw();
    showDone(sale);
  } catch {
    say(words.full, "wrong");
    pay.close();
  } finally {
    busy = false;
  }
};

/* After the sale: change, and the receipt in three ways. */
const about = () => ({ place: place().name, link: catalogue.link, words });
const showDone = (sale) => {
  const done = sheet("done");
  done.querySelector("[data-number]").textContent = sale.number;
  done.querySelector("[data-sum]").textContent = rupiah(sale.total);
  const change = Math.max(0, sale.tendered - sale.cash);
  done.querySelector("[data-change]").textContent = change ? filled(words.give_back, { amount: rupiah(change) }) : words.no_change;
  done.querySelector("[data-code]").replaceChildren();
  done.querySelector("[data-whatsapp]").href = whatsapp(sale, about());
  done.onclick = async (event) => {
    const width = event.target.closest("[data-print]")?.dataset.print;
    if (width) await print(document.querySelector("[data-paper]"), sale, { ...about(), width });
    if (event.target.closest("[data-qr]")) done.querySelector("[data-code]").replaceChildren(await drawn(catalogue.link + sale.code), make("p", "note", words.later));
  };
  done.showModal();
};

/* Today's sales of this phone. */
const REASONS = ["mistyped", "brought", "unpaid"];
const undo = async (sale) => {
  const why = await choose(filled(words.why_undo, { number: sale.number }), REASONS.map((value) => ({ label: words[value], value })));
  if (!why) return;
  await device.changeSale(sale.id, { undone: why });
  await send("till.undo", 1, { sale: sale.id, why }, { label: filled(words.undo_of, { number: sale.number }) });
  await drawAll();
};
const stateOf = (sale) => (sale.undone ? words.undone : sale.trouble || (sale.arrived ? words.arrived : words.kept));
const drawToday = () => {
  const today = mine.filter((sale) => inPlace(sale) && isToday(sale));
  const stand = today.filter((sale) => !sale.undone);
  const sum = (name) => rupiah(stand.reduce((all, sale) => all + sale[name], 0));
  at("sums").textContent = filled(words.sums, { n: stand.length, cash: sum("cash"), qris: sum("qris") });
  at("today").replaceChildren(...today.slice(0, 50).map((sale) => {
    const row = make("li");
    const open = make("button", "button button--secondary", words.receipt);
    open.type = "button";
    open.addEventListener("click", () => showDone(sale));
    const words_of = make("span");
    words_of.append(make("b", "whole", sale.number), make("span", "note", `${rupiah(sale.total)} · ${stateOf(sale)}`));
    row.append(words_of, open);
    if (!sale.undone) {
      const back = make("button", "button button--quiet", words.undo);
      back.type = "button";
      back.setAttribute("aria-label", `${words.undo} ${sale.number}`);
      back.addEventListener("click", () => undo(sale));
      row.append(back);
    }
    return row;
  }));
};
const drawAll = async () => {
  mine = await device.sales();
  drawToday();
  redraw();
};

/* What became of each sale; the house's word about a promise that broke is shown at once. */
const told = new Map();
watch(async (acts) => {
  let isNew = false;
  for (const act of acts.filter((each) => each.kind === "till.sale" && each.state !== "waiting" && told.get(each.id) !== each.state)) {
    told.set(act.id, act.state);
    isNew = true;
    const trouble = act.state === "done" ? "" : act.sentence || words.refused;
    await device.changeSale(act.id, { arrived: act.state === "done" ? act.sent : 0, trouble });
    if (act.answer?.sentence) say(act.answer.sentence, "warning");
  }
  if (isNew) await drawAll();
});

/* The house, whenever it can be heard. */
const ask = async () => {
  const { state, told: fresh } = await beat(root.dataset.open, place().id, own.id);
  block("taken", state === "taken");
  block("closed", state === "closed");
  at("line").textContent = ["open", "silent", "out"].includes(state) ? words[state] : "";
  if (state !== "open") return;
  await device.signed(fresh.sign, fresh.last);
  own = await device.device(newId);
  block("unsigned", false);
  if (!cart.pieces && !document.querySelector("dialog[open]")) {
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
  at("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("search").value.trim();
    const shown = shelf.find(text);
    if (isLotCode(text)) scanned(text);
    else if (shown.length === 1) pick(shown[0]);
    else return;
    at("search").value = "";
    redraw();
  });
  at("pay").addEventListener("click", openPay);
  at("cart").addEventListener("click", () => { drawCart(); sheet("cart").showModal(); });
  for (const button of document.querySelectorAll("dialog [data-shut]")) button.addEventListener("click", () => button.closest("dialog").close());
  sheet("cart").querySelector("[data-pay]").addEventListener("click", () => { sheet("cart").close(); openPay(); });
  sheet("cart").querySelector("[data-invite]").addEventListener("change", ({ target }) => {
    cart.invite = target.value;
    sheet("cart").querySelector("[data-invite-wrong]").textContent = cart.invite && !isInvite(cart.invite) ? words.strange : "";
  });
  for (const button of pay.querySelectorAll("[data-note]")) {
    button.addEventListener("click", () => setCash(button.dataset.note === "exact" ? cart.total : cash + Number(button.dataset.note)));
  }
  pay.querySelector("[data-tendered]").addEventListener("input", (event) => setCash(Number(event.target.value), true));
  pay.querySelector("[data-by-qris]").addEventListener("click", () => { byQris = !byQris; drawPay(); });
  pay.querySelector("[data-done]").addEventListener("click", finish);
  at("close").addEventListener("click", async () => { await leave(root.dataset.close, place().id, own.id); location.assign(root.dataset.home); });
  watchKeys(scanned);
  let shut;
  const camera = at("camera");
  at("scan").addEventListener("click", async () => {
    if (shut) return;
    camera.hidden = false;
    try {
      shut = await watchCamera(camera.querySelector("video"), files, scanned);
    } catch {
      camera.hidden = true;
      say(words.no_camera, "warning");
    }
  });
  at("camera-off").addEventListener("click", () => { shut?.(); shut = undefined; camera.hidden = true; });
};

const begin = async () => {
  own = await device.device(newId);
  const kept = await device.catalogueOf(place().id);
  stock(kept && kept.at > catalogue.at ? kept : catalogue);
  block("unsigned", !own.sign);
  listen();
  await alone(() => block("tab", true));
  block("tab", false);
  await drawAll();
  const known = new Set((await list()).map((act) => act.id));
  for (const sale of mine.filter((each) => each.state === "noting" && !known.has(each.id))) await post(sale);
  await keepBeating(ask);
  root.dataset.ready = "yes";
  await hang();
  await keepFiles();
  root.dataset.kept = "yes";
};
begin();
