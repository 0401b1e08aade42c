/** The formats a network can be taken home in: what each is for, how far it is, how large it was. */

import { find, make, setText, whenChanged } from "../elements.js";

/**
 * @typedef {object} TakeHomeRow
 * @property {string} name of the file
 * @property {string} key of its texts
 * @property {boolean} isSlow it takes seconds to be made
 * @property {{state: "making" | "taken" | "failed", bytes: number | null, message: string | null} | null} taking
 */

/**
 * @typedef {object} TakeHomeData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {boolean} canTake there is a run
 * @property {readonly TakeHomeRow[]} rows
 */

/** @param {number} bytes @param {import("../../i18n/i18n.js").Translator} translator @returns {string} */
function sizeText(bytes, { t, language }) {
  const [unit, value] = bytes < 1_000_000 ? ["kb", bytes / 1000] : ["mb", bytes / 1_000_000];
  const amount = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(value);
  return t(`images.take.size.${unit}`, { size: amount });
}

/** @param {TakeHomeRow} row @param {import("../../i18n/i18n.js").Translator} translator @returns {string} */
function stateText({ taking, isSlow }, translator) {
  if (taking?.state === "making") return translator.t(isSlow ? "images.take.making_slowly" : "images.take.making");
  if (taking?.state === "failed") return taking.message ?? "";
  if (taking?.bytes) return translator.t("images.take.taken", { size: sizeText(taking.bytes, translator) });
  return "";
}

/** @param {TakeHomeRow} row @param {(intent: any) => void} onIntent */
function createRow({ name, key }, onIntent) {
  const title = make("span", { class: "take__name" });
  const about = make("p", { class: "take__about", id: `take-${key}-about` });
  const said = make("p", { class: "take__state", role: "status" });
  const bar = make("i", { class: "take__bar", "aria-hidden": "true" });
  const text = make("span");
  const button = make("button", { type: "button", class: "button", "aria-describedby": `take-${key}-about` }, text);
  button.onclick = () => onIntent({ type: "take_home", name });
  const item = make("li", { class: "take__row" }, make("div", {}, title, about, said, bar), button);
  return { item, title, about, said, bar, text, button };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createTakeHomeView(root, { onIntent }) {
  const list = find(root, "#take-home-list", HTMLElement);
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const rows = new Map();

  /** @param {TakeHomeRow} row @param {TakeHomeData} data */
  function renderRow(row, { translator, canTake }) {
    const { t } = translator;
    const made = rows.get(row.key) ?? createRow(row, onIntent);
    if (!rows.has(row.key)) list.append(made.item);
    rows.set(row.key, made);
    setText(made.title, t(`images.take.${row.key}`));
    setText(made.about, t(`images.take.${row.key}.about`));
    setText(made.said, stateText(row, translator));
    setText(made.text, row.name);
    made.button.setAttribute("aria-label", t("images.take.get", { name: row.name }));
    made.button.disabled = !canTake;
    made.button.setAttribute("aria-busy", String(row.taking?.state === "making"));
    made.item.dataset.state = row.taking?.state ?? "waiting";
  }

  const render = whenChanged((/** @type {TakeHomeData} */ data) => {
    for (const row of data.rows) renderRow(row, data);
  });
  return { render, destroy() {} };
}
