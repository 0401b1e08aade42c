/** Texts in the reader's language: flat keys, {named} places, two plural forms. */

export const languages = Object.freeze(["en", "fr"]);

/**
 * @typedef {object} Translator
 * @property {string} language
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 * @property {(key: string, fallback: string) => string} orElse the text, or another when the key is unknown
 */

/**
 * @param {readonly string[]} wanted languages of the reader, best first, such as "fr-CA"
 * @param {string | null} chosen what the reader picked here before
 * @returns {string} one of languages
 */
export function chooseLanguage(wanted, chosen) {
  const candidates = [chosen ?? "", ...wanted].map((tag) => tag.toLowerCase().split("-")[0]);
  return candidates.find((language) => languages.includes(language)) ?? languages[0];
}

/**
 * @param {string} text with places such as {count}
 * @param {Record<string, string | number>} params
 * @returns {string}
 */
function fillIn(text, params) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in params ? String(params[name]) : place));
}

/**
 * French sets a narrow space before some signs, at which a line must not break. The texts are written with plain spaces.
 * @param {string} text
 * @returns {string}
 */
function withFrenchSpaces(text) {
  return text.replace(/ ([:;?!»%])/g, "\u202f$1").replace(/« /g, "«\u202f");
}

/** What the texts of a language go through before they are shown. @type {Record<string, (text: string) => string>} */
const typography = { fr: withFrenchSpaces };

/**
 * @param {string} language
 * @param {Record<string, string>} texts
 * @returns {Translator}
 */
export function createTranslator(language, texts) {
  const set = typography[language] ?? ((text) => text);
  /** @type {Record<string, string>} */
  const messages = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, set(text)]));
  const plural = new Intl.PluralRules(language);
  /** @param {string} key @param {Record<string, string | number>} [params] */
  const t = (key, params = {}) => {
    const form = "count" in params ? `.${plural.select(Number(params.amount ?? params.count))}` : "";
    const text = messages[key + form] ?? messages[`${key}.other`] ?? messages[key] ?? key;
    return fillIn(text, params);
  };
  /** @param {string} key @param {string} fallback */
  const orElse = (key, fallback) => messages[key] ?? fallback;
  return { language, t, orElse };
}
