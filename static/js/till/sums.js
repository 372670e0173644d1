/* The till's arithmetic and its reading of labels: no page, no storage, no clock. */

const SIGNS = "123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The same check as cooperatives/lot_codes.py: a misread label never names another lot. */
export const isLotCode = (said) => {
  const code = said.toUpperCase().replace(/[\s-]/g, "");
  const found = code.match(/^L([1-9A-HJKMNP-TV-Z]{4,12})([1-9A-HJKMNP-TV-Z])$/);
  if (!found) return "";
  const total = [...found[1]].reverse().reduce((sum, sign, place) => sum + (place + 2) * SIGNS.indexOf(sign), 0);
  return SIGNS[(SIGNS.length - (total % SIGNS.length)) % SIGNS.length] === found[2] ? code : "";
};

/** The same check as sellers/inviters.py: the code that a buyer says of whoever invited her. */
export const isInvite = (said) => {
  const found = said.toUpperCase().replace(/[\s-]/g, "").match(/^([A-Z]{2,10})([0-9]{2})$/);
  if (!found) return "";
  const rest = [...found[1]].reduce((sum, letter) => (sum * 27 + letter.charCodeAt(0) - 64) % 97, 0);
  return rest === Number(found[2]) ? found[0] : "";
};

/** What stands in a catalogue, ready to be looked up. */
export class Shelf {
  constructor(catalogue) {
    this.goods = catalogue.goods;
    this.packages = catalogue.packages;
    this.byId = new Map(this.goods.map((good) => [good.id, good]));
    this.byCode = new Map(this.goods.flatMap((good) => good.lots.map((lot) => [lot.code, { good, lot }])));
  }

  /** Everything to tap: packages whose parts are all here, then goods. */
  get tiles() {
    return [...this.packages.filter(({ parts }) => parts.every((part) => this.byId.has(part.variant))), ...this.goods];
  }

  find(words) {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const said = (good) => `${good.name} ${(good.lots ?? []).map((lot) => lot.who).join(" ")}`.toLowerCase();
    return this.tiles.filter((good) => parts.every((part) => said(good).includes(part)));
  }
}

/** Whose goods of this kind stand here; where none is on record, whose ever did. */
export const owners = (good) => {
  const there = good.lots.filter((lot) => lot.left > 0);
  const found = new Map();
  for (const lot of there.length ? there : good.lots) {
    const known = found.get(lot.owner) ?? { owner: lot.owner, who: lot.who, left: 0, until: lot.until };
    found.set(lot.owner, { ...known, left: known.left + Math.max(0, lot.left) });
  }
  return [...found.values()];
};

/** Lots that a piece may be of: the scanned one, or all of its owner. */
const meant = (good, { lot, owner }) => good.lots.filter((one) => (lot ? one.id === lot : !owner || one.owner === owner));

/** Prices it may be sold for: today's, and those that a label may still say. */
export const prices = (good, which = {}) => {
  const there = meant(good, which).filter((one) => which.lot || one.left > 0);
  return [...new Set([good.price, ...there.flatMap((one) => one.old)])];
};

/** The most that may be let off one piece: what the terms of each of its lots allow. */
export const mostOff = (good, which, price) => Math.floor((price * Math.min(...meant(good, which).map((one) => one.off))) / 10000);

/** The cart. A line is one kind of goods of one owner (or one label) at one price. */
export class Cart {
  lines = [];
  invite = "";

  add({ good, lot = null, owner = null, who = "", price }, quantity = 1) {
    const same = (line) => line.variant === good.id && line.lot === lot && line.owner === owner && line.listed === price;
    const line = this.lines.find(same);
    if (line) line.quantity += quantity;
    else this.lines.push({ variant: good.id, name: good.name, who, quantity, listed: price, discount: 0, most: mostOff(good, { lot, owner }, price), lot, owner });
    this.lines = this.lines.filter((each) => each.quantity > 0);
  }

  /** A package is one line, so its parts are always whole; `parts` say whose each is. */
  addPackage({ id, name, price }, parts) {
    const owners = parts.map((part) => part.owner).join();
    const line = this.lines.find((each) => each.package === id && each.owners === owners);
    const who = [...new Set(parts.map((part) => part.who))].join(", ");
    if (line) line.quantity += 1;
    else this.lines.push({ package: id, name, who, owners, parts, quantity: 1, listed: price, discount: 0, most: 0 });
  }

  /** How many of a tile are in the cart. */
  piecesOf({ id, parts }) {
    return this.lines.filter((line) => (parts ? line.package : line.variant) === id).reduce((sum, line) => sum + line.quantity, 0);
  }

  get pieces() {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  get total() {
    return this.lines.reduce((sum, line) => sum + line.quantity * (line.listed - line.discount), 0);
  }

  clear() {
    this.lines = [];
    this.invite = "";
  }
}

/** How a total is paid: cash first, the rest by QRIS where it is said so. What is missing and what goes
    back are both told, and never both at once. */
export const paying = (total, { cash = 0, byQris = false } = {}) => {
  const missing = Math.max(0, total - cash);
  return { cash: Math.min(cash, total), qris: byQris ? missing : 0, tendered: cash, missing: byQris ? 0 : missing, change: Math.max(0, cash - total) };
};

/** A sale as the house is told of it (docs/till.md); a package is told as its goods. */
const told = (line) => (line.parts ?? [line]).map(({ variant, units = 1, price = line.listed - line.discount, lot, owner }) => ({
  variant, quantity: units * line.quantity, price, discount: line.discount,
  ...(lot ? { lot } : {}), ...(owner ? { owner } : {}), ...(line.package ? { package: line.package } : {}),
}));
export const content = ({ lines, invite, ...sale }) => ({ ...sale, ...(invite ? { invite } : {}), lines: lines.flatMap(told) });

const grouped = new Intl.NumberFormat("id-ID");
export const rupiah = (amount) => `Rp\u00a0${grouped.format(amount)}`;
