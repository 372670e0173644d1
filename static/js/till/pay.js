/* Paying, and the sale itself: on this phone's disk before its receipt is shown. */

import { newId, send } from "../outbox.js";
import * as device from "./device.js";
import { redraw } from "./goods.js";
import { filled, make, now, place, say, sheet, words } from "./page.js";
import { drawn, print, whatsapp } from "./receipt.js";
import { Cart, content, isInvite, paying, rupiah } from "./sums.js";
import { drawToday } from "./today.js";

const { cart } = now;
const pay = sheet("pay");
let cash = 0, byQris = false;

const drawQris = async () => {
  const { text, name } = now.catalogue.qris ?? {};
  const picture = pay.querySelector("[data-qris-picture]");
  if (!text || picture.dataset.shown === text) return;
  picture.dataset.shown = text;
  picture.replaceChildren(await drawn(text), make("b", "", name));
};
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
export const openPay = () => {
  sheet("cart").close();
  [cash, byQris] = [0, false];
  pay.querySelector("[data-tendered]").value = "";
  drawPay();
  pay.showModal();
};

const randomCode = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replaceAll("+", "-").replaceAll("/", "_");

/** Hand a noted sale to the outbox; its id is its act's, so twice is once. */
export const post = async (sale) => {
  await send("till.sale", 1, sale.told, { id: sale.id, label: `${sale.number} ${rupiah(sale.total)}` });
  await device.changeSale(sale.id, { state: "kept" });
};

/** Make the sale of these lines: noted on the disk, handed to the outbox, and only then told. */
const sell = async (lines, total, { cash: taken, qris, tendered }, invite = "") => {
  const number = await device.nextNumber(now.own);
  const [id, code] = [newId(), randomCode()];
  const paid = { cash: taken, qris, tendered };
  const told = content({ place: place().id, device: now.own.id, number, code, language: document.documentElement.lang, lines, invite, ...paid });
  const sale = { id, number, code, at: Date.now(), place: place().id, lines, total, ...paid, told, state: "noting", undone: "" };
  await device.keepSale(sale);
  now.mine.unshift(sale);
  await post(sale);
  drawToday();
  redraw();
  return sale;
};

/** Sell one piece with this label, paid exactly in cash: what a scan and three taps come to. */
export const sellLabel = (code) => {
  const { good, lot } = now.shelf.byCode.get(code);
  const one = new Cart();
  one.add({ good, lot: lot.id, who: lot.who, price: good.price });
  return sell(one.lines, one.total, paying(one.total, { cash: one.total }));
};

let busy = false;
const finish = async () => {
  if (busy) return;
  busy = true;
  try {
    const sale = await sell(cart.lines, cart.total, paying(cart.total, { cash, byQris }), isInvite(cart.invite));
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

for (const button of pay.querySelectorAll("[data-note]")) {
  button.addEventListener("click", () => setCash(button.dataset.note === "exact" ? cart.total : cash + Number(button.dataset.note)));
}
pay.querySelector("[data-tendered]").addEventListener("input", (event) => setCash(Number(event.target.value), true));
pay.querySelector("[data-by-qris]").addEventListener("click", () => { byQris = !byQris; drawPay(); });
pay.querySelector("[data-done]").addEventListener("click", finish);

/** After the sale: change, and the receipt in three ways. */
export const showDone = (sale) => {
  const about = { place: place().name, link: now.catalogue.link, words };
  const done = sheet("done");
  done.querySelector("[data-number]").textContent = sale.number;
  done.querySelector("[data-sum]").textContent = rupiah(sale.total);
  const change = Math.max(0, sale.tendered - sale.cash);
  done.querySelector("[data-change]").textContent = change ? filled(words.give_back, { amount: rupiah(change) }) : words.no_change;
  done.querySelector("[data-code]").replaceChildren();
  done.querySelector("[data-whatsapp]").href = whatsapp(sale, about);
  done.onclick = async (event) => {
    const width = event.target.closest("[data-receipt]")?.dataset.receipt;
    if (width) await print(document.querySelector("[data-paper]"), sale, { ...about, width });
    if (event.target.closest("[data-qr]")) done.querySelector("[data-code]").replaceChildren(await drawn(about.link + sale.code), make("p", "note", words.later));
  };
  done.showModal();
};
