/** Pinned runs side by side, and the settings in which they differ. */

import { formatCount, formatLoss, formatShare } from "../core/format.js";
import { changedNames, find, make, setText, whenChanged } from "./elements.js";
import { showPicture } from "./pinned-picture.js";
import { createNameField } from "./run-name-field.js";

/**
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {{runId: string, name: string, status: string | null, epoch: number, loss: number | null, valLoss: number | null,
 *   valAccuracy: number | null, weightsCount: number | null, isPresent: boolean, letter: string | null, pin: number | null,
 *   picture: string | null}} Pin
 */

/**
 * @typedef {object} RunComparisonData
 * @property {Translator} translator
 * @property {readonly Pin[]} pins
 * @property {readonly {letter: string | null, name: string}[]} compared columns of the table; without a letter: the present run
 * @property {readonly {label: string, cells: {text: string, isOther: boolean}[]}[]} differences
 * @property {boolean} isFull a fifth run was to be pinned
 */

/**
 * @typedef {{type: "unpin" | "open_run", runId: string} | {type: "rename_run", runId: string, name: string}} PinIntent
 */

/** Numbers of a card: the key of their name, and how they are written. @type {[string, (pin: Pin, language: string) => string][]} */
const numbers = [
  ["number.epoch", ({ epoch }, language) => formatCount(epoch, language)],
  ["number.loss", ({ loss }, language) => formatLoss(loss, language)],
  ["number.val_loss", ({ valLoss }, language) => formatLoss(valLoss, language)],
  ["number.val_accuracy", ({ valAccuracy }, language) => formatShare(valAccuracy, language)],
  ["runs.weights", ({ weightsCount }, language) => (weightsCount === null ? "–" : formatCount(weightsCount, language))],
];

/**
 * @param {string} runId
 * @param {(intent: PinIntent) => void} onIntent
 */
function makeCard(runId, onIntent) {
  const letter = make("b", { class: "pin-letter" });
  const field = createNameField((name) => onIntent({ type: "rename_run", runId, name }));
  const image = make("img", { alt: "", width: "144", height: "144" });
  const open = make("button", { type: "button", class: "pin-card__picture" }, image, letter);
  const names = numbers.map(() => make("dt"));
  const values = numbers.map(() => make("dd"));
  const list = make("dl", { class: "pin-card__numbers" }, ...names.flatMap((name, index) => [name, values[index]]));
  const unpin = make("button", { type: "button", class: "button" });
  open.onclick = () => onIntent({ type: "open_run", runId });
  unpin.onclick = () => onIntent({ type: "unpin", runId });
  const element = make("li", { class: "pin-card" }, field.input, open, list, unpin);

  /** @param {Pin} pin @param {Translator} translator */
  function render(pin, { t, language }) {
    element.style.setProperty("--pin", `var(--pin-${pin.pin ?? 0})`);
    element.dataset.present = String(pin.isPresent);
    setText(letter, pin.letter ?? "");
    field.render(pin.name, t("runs.name_of", { name: pin.name }));
    showPicture(image, pin.picture);
    open.disabled = pin.isPresent;
    open.setAttribute("aria-label", t(pin.isPresent ? "runs.shown_name" : "runs.open_name", { name: pin.name }));
    numbers.forEach(([key, write], index) => {
      setText(names[index], t(key));
      setText(values[index], write(pin, language));
    });
    setText(unpin, t("runs.unpin_short"));
    unpin.setAttribute("aria-label", t("runs.unpin_name", { name: pin.name }));
  }
  return { element, render };
}

/** @param {{letter: string | null, name: string}} run @param {Translator} translator */
function makeColumnHead({ letter, name }, { t }) {
  const head = make("th", { scope: "col", title: name });
  if (letter === null) head.append(t("runs.present"));
  else head.append(make("b", { class: "pin-letter" }, letter), make("span", { class: "spoken" }, name));
  if (letter !== null) head.style.setProperty("--pin", `var(--pin-${letter.charCodeAt(0) - "A".charCodeAt(0)})`);
  return head;
}

/** @param {{label: string, cells: {text: string, isOther: boolean}[]}} row */
function makeRow({ label, cells }) {
  const values = cells.map(({ text, isOther }) => make("td", {}, isOther ? make("mark", {}, text) : text));
  return make("tr", {}, make("th", { scope: "row" }, label), ...values);
}

class RunComparison {
  /** @type {Map<string, ReturnType<typeof makeCard>>} */
  #cards = new Map();

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: PinIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.place = find(root, "#pins", HTMLElement);
    this.empty = find(root, "#comparison-empty", HTMLElement);
    this.full = find(root, "#pins-full", HTMLElement);
    this.differences = find(root, "#differences", HTMLElement);
    this.table = find(root, "#differences-table", HTMLTableElement);
    this.alike = find(root, "#no-difference", HTMLElement);
  }

  /** @param {RunComparisonData} data @param {RunComparisonData | null} before */
  render(data, before) {
    const changed = changedNames(data, before);
    this.full.hidden = !data.isFull;
    this.empty.hidden = data.pins.length > 0;
    if (changed.has("pins", "translator")) this.#renderCards(data);
    if (changed.has("compared", "differences", "translator")) this.#renderTable(data);
  }

  /** @param {RunComparisonData} data */
  #renderCards({ pins, translator }) {
    for (const [runId, { element }] of this.#cards) {
      if (pins.some((pin) => pin.runId === runId)) continue;
      element.remove();
      this.#cards.delete(runId);
    }
    pins.forEach((pin, index) => {
      const card = this.#cards.get(pin.runId) ?? makeCard(pin.runId, this.onIntent);
      this.#cards.set(pin.runId, card);
      const there = this.place.children[index] ?? null;
      if (there !== card.element) this.place.insertBefore(card.element, there);
      card.render(pin, translator);
    });
  }

  /** @param {RunComparisonData} data */
  #renderTable({ compared, differences, translator }) {
    this.differences.hidden = compared.length < 2;
    this.alike.hidden = differences.length > 0;
    this.table.hidden = differences.length === 0;
    const corner = make("th", { scope: "col" }, translator.t("runs.setting"));
    const heads = compared.map((run) => makeColumnHead(run, translator));
    this.table.tHead?.replaceChildren(make("tr", {}, corner, ...heads));
    this.table.tBodies[0].replaceChildren(...differences.map(makeRow));
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: PinIntent) => void}} options
 */
export function createRunComparisonView(root, options) {
  const view = new RunComparison(root, options);
  const render = whenChanged((/** @type {RunComparisonData} */ data, before) => view.render(data, before));
  return { render, destroy() {} };
}
