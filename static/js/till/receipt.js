/* The receipt of a sale: on paper of 58 or 80 mm, as a QR code, and as a text for WhatsApp. */

import { rupiah } from "./sums.js";

const line = (text, className) => {
  const row = document.createElement("p");
  row.textContent = text;
  if (className) row.className = className;
  return row;
};

const pair = (label, amount) => {
  const row = document.createElement("p");
  const [left, right] = [document.createElement("span"), document.createElement("span")];
  [left.textContent, right.textContent] = [label, amount];
  row.append(left, right);
  row.className = "pair";
  return row;
};

const at = (sale) => new Intl.DateTimeFormat("id-ID", { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Jakarta" }).format(sale.at);

const paid = (sale, words) => [
  sale.cash && [words.cash, sale.tendered || sale.cash],
  sale.tendered > sale.cash && [words.change, sale.tendered - sale.cash],
  sale.qris && [words.qris, sale.qris],
].filter(Boolean);

/** Lay the receipt into `paper` (print styles show nothing else) and print it. */
export const print = async (paper, sale, { place, link, words, width }) => {
  paper.replaceChildren(line(place, "place"), line(`${sale.number} · ${at(sale)}`));
  for (const each of sale.lines) {
    paper.append(line(each.name, "name"), line(each.who, "who"), pair(`${each.quantity} × ${rupiah(each.listed - each.discount)}`, rupiah(each.quantity * (each.listed - each.discount))));
  }
  paper.append(pair(words.total, rupiah(sale.total)));
  for (const [label, amount] of paid(sale, words)) paper.append(pair(label, rupiah(amount)));
  if (sale.undone) paper.append(line(words.undone, "place"));
  paper.append(await drawn(link + sale.code), line(words.thanks));
  paper.dataset.width = width;
  globalThis.print();
};

/** A QR code of a text, as a drawing. */
export const drawn = async (text) => {
  const { qrcode } = await import("../../vendor/qrcode/qrcode.js");
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const [size, quiet] = [code.getModuleCount(), 4];
  let path = "";
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
  }
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`);
  svg.setAttribute("class", "qr");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
};

/** The same as a message; whom it goes to is chosen in WhatsApp. */
export const whatsapp = (sale, { place, link, words }) => {
  const rows = sale.lines.map((each) => `${each.quantity} × ${each.name}: ${rupiah(each.quantity * (each.listed - each.discount))}`);
  const text = [place, `${sale.number}, ${at(sale)}`, ...rows, `${words.total}: ${rupiah(sale.total)}`, link + sale.code].join("\n");
  return `https://wa.me/?text=${encodeURIComponent(text)}`;
};
