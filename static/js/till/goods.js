/* Goods to tap: tiles with what is left, packages of several makers, and labels that name a lot. */

import * as device from "./device.js";
import { at, blocked, choose, filled, inPlace, make, now, press, say, words } from "./page.js";
import { Shelf, isLotCode, owners, prices, rupiah } from "./sums.js";

const { cart } = now;
const tiles = new Map();

/** What this phone has sold since the house counted what is left. */
const soldSince = () => {
  const gone = new Map();
  for (const sale of now.mine.filter((each) => inPlace(each) && !each.undone && !(each.arrived < Date.parse(now.catalogue.at)))) {
    for (const line of sale.told.lines) gone.set(line.variant, (gone.get(line.variant) ?? 0) + line.quantity);
  }
  return gone;
};

const tile = (good) => {
  const row = make("li");
  const picture = make("span", "till-photo", good.name.slice(0, 1));
  picture.setAttribute("aria-hidden", "true");
  const [count, left] = [make("b", "drop"), make("span", "note")];
  const button = press("", "", () => { say(""); good.parts ? pickPackage(good) : pick(good); });
  button.className = "till-good";
  button.append(picture, make("b", "till-name", good.name), make("span", "till-price", rupiah(good.price)), left, count);
  row.append(button);
  return { row, picture, count, left };
};

/** How many are left of goods; of a package, as many as its scarcest part allows. */
const leftOf = (good, gone) => (good.parts
  ? Math.min(...good.parts.map((part) => Math.floor(leftOf(now.shelf.byId.get(part.variant), gone) / part.units)))
  : good.lots.reduce((sum, lot) => sum + lot.left, 0) - (gone.get(good.id) ?? 0));

export const redraw = () => {
  const gone = soldSince();
  const shown = new Set(now.shelf.find(at("search").value));
  for (const good of now.shelf.tiles) {
    const { row, count, left } = tiles.get(good);
    const pieces = cart.piecesOf(good);
    const rest = leftOf(good, gone);
    row.hidden = !shown.has(good);
    count.textContent = pieces || "";
    count.hidden = !pieces;
    left.textContent = rest > 0 ? filled(words.left, { n: rest }) : words.none;
    if (good.lots?.some((lot) => lot.left > 0 && lot.old.length)) left.textContent += `. ${words.old_labels}`;
  }
  at("empty").hidden = shown.size > 0;
  at("bar").hidden = !cart.pieces;
  at("pieces").textContent = filled(words.pieces, { n: cart.pieces });
  at("total").textContent = rupiah(cart.total);
};

export const stock = (fresh) => {
  now.catalogue = fresh;
  now.shelf = new Shelf(fresh);
  tiles.clear();
  for (const good of now.shelf.tiles) tiles.set(good, tile(good));
  at("goods").replaceChildren(...[...tiles.values()].map(({ row }) => row));
  redraw();
};

export const hang = async () => {
  for (const good of now.shelf.goods.filter((each) => each.photo)) {
    const source = await device.photo(good.photo).catch(() => "");
    if (!source) continue;
    const image = make("img");
    [image.src, image.alt] = [source, ""];
    tiles.get(good)?.picture.replaceChildren(image);
  }
};

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
const pick = async (good, lot) => {
  if (blocked()) return;
  const { owner, who } = lot ?? (await whose(good)) ?? {};
  if (owner === undefined) return;
  const asked = await price(good, { lot: lot?.id, owner });
  if (asked === undefined) return;
  cart.add({ good, lot: lot?.id ?? null, owner: lot ? null : owner, who, price: asked });
  redraw();
};

/** One package into the cart; of each part that several members bring, whose it is. */
const pickPackage = async (bundle) => {
  if (blocked()) return;
  const parts = [];
  for (const part of bundle.parts) {
    const said = await whose(now.shelf.byId.get(part.variant));
    if (!said) return;
    parts.push({ ...part, ...said });
  }
  cart.addPackage(bundle, parts);
  redraw();
};

/** A code that was scanned or typed; says whether it named goods. */
export const scanned = (text) => {
  const code = isLotCode(text.split("/").at(-1));
  const found = code && now.shelf.byCode.get(code);
  if (found) {
    navigator.vibrate?.(60);
    pick(found.good, found.lot);
    say(filled(words.scanned, { name: found.good.name, who: found.lot.who }), "good");
  } else say(code ? filled(words.not_here, { code }) : words.unreadable, "warning");
  return Boolean(found);
};

/** The only goods that the searched words leave, or the label that was typed. */
export const find = () => {
  const text = at("search").value.trim();
  const shown = now.shelf.find(text);
  if (isLotCode(text)) scanned(text);
  else if (shown.length === 1) shown[0].parts ? pickPackage(shown[0]) : pick(shown[0]);
  else return;
  at("search").value = "";
  redraw();
};
