/* Words that may not stand on goods, found while she types: the patterns are the server's own
   (sellers/claims.py and food_rules.py), given in the page; tests/journeys/test_amounts.py holds
   both to the same findings. A browser too old for a pattern says nothing, and the server says it. */

const FIGURES = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" };

const spelled = (word) => {
  const figures = (word.match(/\p{N}/gu) || []).length;
  const inside = figures > 0 && figures < [...word].length - figures;
  return inside ? word.replace(/[013457]/g, (figure) => FIGURES[figure]) : word;
};

const plain = (text) =>
  (text.normalize("NFKD").toLowerCase().replace(/[\p{Cf}\p{Mn}]/gu, "").match(/[\p{L}\p{N}]+/gu) || []).map(spelled).join(" ");

const compiled = (pattern, flags) => {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
};

/* Finders made once from the page's rules. */
export const reader = (rules) => {
  const claims = rules.claims.map((rule) => ({ ...rule, pattern: compiled(rule.pattern, "g") }));
  const [risky, dry] = [rules.permits.risky, rules.permits.dry].map((pattern) => compiled(pattern));
  return {
    /* Sentences about what may not be written; goods one cannot eat may say more. */
    findings(text, isFood) {
      const found = new Map();
      for (const { kind, pattern, sentence } of claims) {
        if (!pattern || (kind !== "clause" && !isFood)) continue;
        for (const [words] of plain(text).matchAll(pattern)) {
          if (!found.has(words)) found.set(words, sentence.replace("{words}", words));
        }
      }
      return [...found.values()];
    },
    /* Whether a food of this name usually asks for BPOM MD and not for P-IRT. */
    needsMd(text) {
      const words = text.toLowerCase();
      return Boolean(risky?.test(words) && !dry?.test(words));
    },
    /* The shelf that the first known word speaks of, or nothing. */
    shelf(name) {
      const words = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").match(/[a-z]+/g) || [];
      return rules.words[words.find((word) => word in rules.words)] || "";
    },
  };
};
