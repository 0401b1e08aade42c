/** The runs of this browser, one line each: what they are called, how they ended, and what can be done with them. */

import { formatCount, formatLoss } from "../core/format.js";
import { find, make, makeSvg, setText, whenChanged } from "./elements.js";
import { showPicture } from "./pinned-picture.js";
import { createNameField } from "./run-name-field.js";

/**
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {{runId: string, name: string, status: string | null, epoch: number, valLoss: number | null, madeAt: number,
 *   isPresent: boolean, letter: string | null, pin: number | null, picture: string | null}} Row
 * @typedef {{type: "pin" | "unpin" | "open_run", runId: string} | {type: "rename_run", runId: string, name: string}
 *   | {type: "delete_runs", runIds: string[]}} RunIntent
 */

const icons = {
  pin: "M5.5 2h5l-.6 5 2.1 2.5H4L6.1 7zM8 9.5V14",
  remove: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5 5 13h6l.5-8.5M7 7v3.5M9 7v3.5",
};

/** @param {keyof typeof icons} name */
function makeIconButton(name) {
  const icon = makeSvg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  icon.append(makeSvg("path", { d: icons[name] }));
  const button = make("button", { type: "button", class: `quiet run-row__${name}` });
  button.append(icon);
  return button;
}

/** @param {HTMLElement} button @param {string} name */
function nameButton(button, name) {
  button.setAttribute("aria-label", name);
  button.title = name;
}

/**
 * @param {number} moment milliseconds since 1970
 * @param {string} language
 * @returns {string} the time of today, the day of any other
 */
function formatMoment(moment, language) {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const options = isToday
    ? { timeStyle: /** @type {const} */ ("short") }
    : { dateStyle: /** @type {const} */ ("medium") };
  return moment ? new Intl.DateTimeFormat(language, options).format(date) : "";
}

/**
 * @param {Row} row
 * @param {Translator} translator
 * @returns {string} such as "Paused · 120 epochs · test loss 0.031 · 14:05"
 */
function describe({ status, epoch, valLoss, madeAt }, { t, language }) {
  const epochs = t("runs.epochs", { count: formatCount(epoch, language), amount: epoch });
  const parts = status
    ? [t(`runs.status.${status}`), epochs, t("runs.test_loss", { val_loss: formatLoss(valLoss, language) })]
    : [];
  return [...parts, formatMoment(madeAt, language)].filter(Boolean).join(" · ");
}

/**
 * @param {string} runId
 * @param {(intent: RunIntent) => void} onIntent
 * @param {(row: Row) => void} askToDelete
 */
function makeRow(runId, onIntent, askToDelete) {
  const image = make("img", { alt: "", width: "44", height: "44" });
  const letter = make("b", { class: "pin-letter" });
  const field = createNameField((name) => onIntent({ type: "rename_run", runId, name }));
  const about = make("p", { class: "run-row__about" });
  const open = make("button", { type: "button", class: "button run-row__open" });
  const pin = makeIconButton("pin");
  const remove = makeIconButton("remove");
  const text = make("div", { class: "run-row__text" }, field.input, about);
  const element = make(
    "li",
    { class: "run-row" },
    make("span", { class: "run-row__picture" }, image, letter),
    text,
    open,
    pin,
    remove,
  );
  open.onclick = () => onIntent({ type: "open_run", runId });

  const render = whenChanged((/** @type {Row & {translator: Translator}} */ { translator, ...row }) => {
    const { t } = translator;
    const isPinned = row.pin !== null;
    field.render(row.name, t("runs.name_of", { name: row.name }));
    showPicture(image, row.picture);
    setText(letter, row.letter ?? "");
    letter.hidden = !isPinned;
    letter.style.setProperty("--pin", `var(--pin-${row.pin ?? 0})`);
    setText(about, describe(row, translator));
    setText(open, t(row.isPresent ? "runs.shown" : "runs.open"));
    open.setAttribute("aria-label", t(row.isPresent ? "runs.shown_name" : "runs.open_name", { name: row.name }));
    open.disabled = row.isPresent;
    nameButton(pin, t(isPinned ? "runs.unpin_name" : "runs.pin_name", { name: row.name }));
    pin.dataset.pinned = String(isPinned);
    pin.onclick = () => onIntent({ type: isPinned ? "unpin" : "pin", runId });
    nameButton(remove, t("runs.delete_name", { name: row.name }));
    remove.hidden = row.isPresent;
    remove.onclick = () => askToDelete(row);
    element.dataset.present = String(row.isPresent);
  });
  return { element, render };
}

/**
 * A question that is asked once before something is lost for good.
 * @param {ParentNode} root
 */
function createQuestion(root) {
  const dialog = find(root, "#runs-question", HTMLDialogElement);
  const text = find(root, "#runs-question-text", HTMLElement);
  const yes = find(root, "#runs-question-yes", HTMLButtonElement);
  find(root, "#runs-question-no", HTMLButtonElement).onclick = () => dialog.close();
  return (/** @type {string} */ question, /** @type {() => void} */ act) => {
    setText(text, question);
    yes.onclick = () => {
      dialog.close();
      act();
    };
    dialog.showModal();
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: RunIntent) => void}} options
 */
export function createRunListView(root, { onIntent }) {
  const place = find(root, "#run-rows", HTMLElement);
  const empty = find(root, "#run-list-empty", HTMLElement);
  const clear = find(root, "#clear-runs", HTMLButtonElement);
  const ask = createQuestion(root);
  /** @type {Map<string, ReturnType<typeof makeRow>>} */
  const shown = new Map();
  /** @type {Translator | null} */
  let spoken = null;

  /** @param {Row} row */
  function askToDelete({ runId, name }) {
    if (spoken)
      ask(spoken.t("runs.delete_question", { name }), () => onIntent({ type: "delete_runs", runIds: [runId] }));
  }

  const render = whenChanged((/** @type {{translator: Translator, rows: readonly Row[]}} */ { translator, rows }) => {
    spoken = translator;
    for (const { runId } of rows) {
      if (!shown.has(runId)) shown.set(runId, makeRow(runId, onIntent, askToDelete));
    }
    for (const [runId, { element }] of shown) {
      if (rows.some((row) => row.runId === runId)) continue;
      element.remove();
      shown.delete(runId);
    }
    rows.forEach((row, index) => {
      const each = shown.get(row.runId);
      if (each && place.children[index] !== each.element)
        place.insertBefore(each.element, place.children[index] ?? null);
      each?.render({ ...row, translator });
    });
    const clearable = rows.filter(({ isPresent, pin }) => !isPresent && pin === null).map(({ runId }) => runId);
    empty.hidden = rows.length > 0;
    clear.hidden = clearable.length === 0;
    const question = translator.t("runs.clear_question", { count: clearable.length });
    clear.onclick = () => ask(question, () => onIntent({ type: "delete_runs", runIds: clearable }));
  });
  return { render, destroy() {} };
}
