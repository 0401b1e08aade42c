/** The layers of a network, one row each: what it does, what comes out of it, how many weights it has, and what does not fit. */

import { fillSelect, find, make, makeSvg, setText, whenChanged } from "../elements.js";

/**
 * @typedef {object} LayerField
 * @property {string} name
 * @property {string} label
 * @property {any} value
 * @property {{minimum: number, maximum: number, step: number}} limits
 * @property {readonly {value: string, text: string}[]} choices none: the number is typed
 */

/**
 * @typedef {object} LayerRow
 * @property {string} kind
 * @property {string} title
 * @property {readonly LayerField[]} fields
 * @property {string} shape of what comes out
 * @property {string} weights
 * @property {string} problem empty when there is none
 */

/**
 * @typedef {{type: "add_layer", kind: string}
 *   | {type: "remove_layer", place: number}
 *   | {type: "move_layer", from: number, to: number}
 *   | {type: "change_layer", place: number, field: string, value: unknown}} LayerIntent
 */

/** @typedef {{translator: import("../../i18n/i18n.js").Translator, rows: readonly LayerRow[], base: unknown}} LayerListData */

/** @param {string} path */
function icon(path) {
  const drawing = makeSvg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  drawing.append(makeSvg("path", { d: path }));
  return drawing;
}

const arrows = Object.freeze({ up: "m4 9.5 4-4 4 4", down: "m4 6.5 4 4 4-4", remove: "m4.5 4.5 7 7M11.5 4.5l-7 7" });

/** One row; its fields are made for the kind of its layer and then only filled. */
class RowView {
  /** @param {number} place @param {string} kind @param {(intent: LayerIntent) => void} onIntent */
  constructor(place, kind, onIntent) {
    this.place = place;
    this.kind = kind;
    this.onIntent = onIntent;
    /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
    this.controls = new Map();
    this.number = make("span", { class: "layer-row__number", "aria-hidden": "true" }, String(place + 1));
    this.title = make("strong", { class: "layer-row__title" });
    this.fields = make("span", { class: "layer-row__fields" });
    this.shape = make("span", { class: "layer-row__shape" });
    this.weights = make("span", { class: "layer-row__weights" });
    this.problem = make("span", { class: "layer-row__problem", role: "status" });
    this.up = this.#button("up", () => onIntent({ type: "move_layer", from: place, to: place - 1 }));
    this.down = this.#button("down", () => onIntent({ type: "move_layer", from: place, to: place + 1 }));
    this.remove = this.#button("remove", () => onIntent({ type: "remove_layer", place }));
    const buttons = make("span", { class: "layer-row__buttons" }, this.up, this.down, this.remove);
    const parts = [this.number, this.title, this.fields, this.shape, this.weights, buttons, this.problem];
    this.element = make("li", { class: "layer-row", "data-kind": kind }, ...parts);
  }

  /** @param {"up" | "down" | "remove"} act @param {() => void} onPress */
  #button(act, onPress) {
    const button = make("button", { type: "button", class: "layer-row__button" }, icon(arrows[act]));
    button.onclick = onPress;
    return button;
  }

  /** @param {LayerRow} row @param {number} count of layers @param {LayerListData["translator"]} translator */
  render(row, count, { t }) {
    const layer = this.place + 1;
    setText(this.title, row.title);
    setText(this.shape, row.shape);
    setText(this.weights, row.weights);
    setText(this.problem, row.problem);
    this.problem.hidden = row.problem === "";
    this.element.dataset.isImpossible = String(row.problem !== "");
    this.up.disabled = this.place === 0;
    this.down.disabled = this.place === count - 1;
    this.up.setAttribute("aria-label", t("images.layer.up", { layer }));
    this.down.setAttribute("aria-label", t("images.layer.down", { layer }));
    this.remove.setAttribute("aria-label", t("images.layer.remove", { layer }));
    this.shape.title = t("images.layer.shape");
    this.weights.title = t("images.layer.weights");
    for (const field of row.fields) this.#renderField(field, t("images.layer.field", { field: field.label, layer }));
  }

  /** @param {LayerField} field @param {string} name */
  #renderField(field, name) {
    const control = this.controls.get(field.name) ?? this.#makeField(field);
    control.setAttribute("aria-label", name);
    control.title = field.label;
    if (control instanceof HTMLSelectElement) fillSelect(control, field.choices, String(field.value));
    else if (document.activeElement !== control) control.value = String(field.value);
  }

  /** @param {LayerField} field */
  #makeField({ name, label, limits, choices }) {
    const isTyped = choices.length === 0;
    const { minimum, maximum } = limits;
    const range = { min: String(minimum), max: String(maximum), step: Number.isInteger(limits.step) ? "1" : "any" };
    const control = isTyped
      ? make("input", { type: "number", class: "number-field", inputmode: "decimal", ...range })
      : make("select", {});
    control.onchange = () => {
      const value = isTyped || !Number.isNaN(Number(control.value)) ? Number(control.value) : control.value;
      const inside = typeof value === "number" ? Math.min(maximum, Math.max(minimum, value)) : value;
      const whole = isTyped && Number.isInteger(limits.step) ? Math.round(Number(inside)) : inside;
      control.value = String(whole);
      this.onIntent({ type: "change_layer", place: this.place, field: name, value: whole });
    };
    this.controls.set(name, control);
    this.fields.append(
      make("label", { class: `layer-row__field layer-row__field--${name}` }, make("span", {}, label), control),
    );
    return control;
  }
}

/**
 * Rows are made anew when layers move: whoever moves or removes one with the keys stays where it was.
 * @param {(intent: LayerIntent) => void} onIntent
 */
function createRowFocus(onIntent) {
  /** @type {{place: number, act: "up" | "down" | "remove"} | null} */
  let wish = null;
  return {
    onIntent(/** @type {LayerIntent} */ intent) {
      if (intent.type === "move_layer") wish = { place: intent.to, act: intent.to < intent.from ? "up" : "down" };
      if (intent.type === "remove_layer") wish = { place: intent.place, act: "remove" };
      onIntent(intent);
    },
    /** @param {readonly RowView[]} views @param {HTMLButtonElement} add */
    settle(views, add) {
      if (wish === null) return;
      const view = views[Math.min(wish.place, views.length - 1)];
      const button = view?.[wish.act];
      (button?.disabled ? view.remove : (button ?? add)).focus();
      wish = null;
    },
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: LayerIntent) => void}} options
 */
export function createLayerListView(root, { onIntent }) {
  const list = find(root, "#layer-list", HTMLElement);
  const total = find(root, "#weights-total", HTMLElement);
  const problem = find(root, "#builder-problem", HTMLElement);
  const kind = find(root, "#new-layer", HTMLSelectElement);
  const add = find(root, "#add-layer", HTMLButtonElement);
  add.onclick = () => {
    onIntent({ type: "add_layer", kind: kind.value });
    list.scrollTop = list.scrollHeight;
  };
  /** @type {RowView[]} */
  let views = [];
  /** @type {any} */
  let language = null;
  const focus = createRowFocus(onIntent);

  const render = whenChanged((/** @type {LayerListData} */ { translator, rows }) => {
    const isSame = views.length === rows.length && views.every((view, place) => view.kind === rows[place].kind);
    if (!isSame || language !== translator) {
      views = rows.map((row, place) => new RowView(place, row.kind, focus.onIntent));
      list.replaceChildren(...views.map(({ element }) => element));
      language = translator;
    }
    rows.forEach((row, place) => {
      views[place].render(row, rows.length, translator);
    });
    focus.settle(views, add);
  });

  const renderHead = whenChanged(
    (
      /** @type {{translator: import("../../i18n/i18n.js").Translator, total: string, problem: string, kinds: readonly string[], isFull: boolean}} */ data,
    ) => {
      const { t } = data.translator;
      setText(total, data.total);
      setText(problem, data.problem);
      const choices = data.kinds.map((value) => ({ value, text: t(`images.layer.${value}`) }));
      fillSelect(kind, choices, kind.value || data.kinds[0]);
      add.disabled = data.isFull;
    },
  );
  return { render, renderHead, destroy() {} };
}
