/* Amounts and weights as people type them, read on the phone like core/money.py and
   sellers/grams.py read them; tests/journeys/test_amounts.py holds both to the same cases.
   Also says an amount back while it is typed. */

const TIMES = { rb: 1e3, ribu: 1e3, k: 1e3, jt: 1e6, juta: 1e6 };
const AMOUNT = new RegExp(
  "^(?:(?:rp|idr)\\.?\\s*)?(?:(\\d+)(?:[.,](\\d{1,2}))?\\s*(rb|ribu|k|jt|juta)" +
    "|(?:(\\d+)|([1-9]\\d{0,2}(?:\\.\\d{3})+)(?:,00)?|([1-9]\\d{0,2}(?:,\\d{3})+)(?:\\.00)?)(?:[.,][-–—]{1,2})?)" +
    "(?:\\s*rupiah)?$",
  "i",
);
const WEIGHT = /^(?:(\d{1,6})(?:[.,](\d{1,3}))?|([1-9])\/([248]))\s*(g|gr|gram|ons|kg|kilo|kilogram)?$/i;
const GRAMS = { k: 1e3, o: 100, g: 1 };
const digits = new Intl.NumberFormat("id-ID");

export const rupiah = (amount) => `Rp\u00a0${digits.format(amount)}`;

/* Whole rupiah, or null where it cannot be read. */
export const parseRupiah = (typed) => {
  const found = typed.length > 40 ? null : AMOUNT.exec(typed.trim());
  if (!found) return null;
  const [, count, part = "", unit, plain, dots, commas] = found;
  const amount = unit
    ? Math.floor((Number(count + part.padEnd(2, "0")) * TIMES[unit.toLowerCase()]) / 100)
    : Number((plain || dots || commas).replace(/[.,]/g, ""));
  return amount <= 1e9 ? amount : null;
};

/* Whole grams, or null. */
export const parseGrams = (typed) => {
  const found = typed.length > 20 ? null : WEIGHT.exec(typed.trim());
  if (!found) return null;
  const [, count, part, one, of, unit] = found;
  const times = GRAMS[(unit || "g")[0].toLowerCase()];
  if (times === 1 && (part || of)) return null;
  const grams = of ? (one * times) / of : (Number(count + (part || "").padEnd(3, "0")) * times) / 1e3;
  return Number.isInteger(grams) && grams >= 1 && grams <= 1e5 ? grams : null;
};

/* Pieces, or null. */
export const parseCount = (typed) => {
  const plain = typed.trim().replace(/\./g, "");
  return /^\d{1,9}$/.test(plain) && Number(plain) <= 1e4 ? Number(plain) : null;
};

for (const input of document.querySelectorAll("[data-rupiah]")) {
  const echo = document.getElementById(`${input.id}-echo`);
  const say = () => {
    const amount = parseRupiah(input.value);
    echo.textContent = amount === null ? "" : rupiah(amount);
  };
  input.addEventListener("input", say);
  say();
}
