/** The slider that scrubs through the moments of a run: nothing moves but what it shows. */

import { formatCount } from "../core/format.js";
import { changedNames, find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} TimeMachineData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number} first epoch that is kept
 * @property {number} last epoch that is kept
 * @property {number} shown epoch
 * @property {number} newest epoch of the run
 * @property {boolean} isLive
 * @property {boolean} hasPast there is somewhere to go
 */

/** @typedef {{type: "time_travel", epoch: number | null} | {type: "time_step", by: -1 | 1}} TimeIntent epoch null: live */

class TimeMachineView {
  /** @type {number | null} end of the slider while it is held: the range must not grow under the finger */
  #heldEnd = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: TimeIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.box = find(root, "#time-machine", HTMLElement);
    this.slider = find(root, "#time-slider", HTMLInputElement);
    this.chip = find(root, "#time-chip", HTMLElement);
    this.spoken = find(root, "#time-spoken", HTMLElement);
    this.back = find(root, "#time-back", HTMLButtonElement);
    this.forward = find(root, "#time-forward", HTMLButtonElement);
    this.live = find(root, "#time-live", HTMLButtonElement);
    this.back.onclick = () => onIntent({ type: "time_step", by: -1 });
    this.forward.onclick = () => onIntent({ type: "time_step", by: 1 });
    this.live.onclick = () => onIntent({ type: "time_travel", epoch: null });
    this.slider.oninput = () => this.#travel();
    this.slider.onpointerdown = () => {
      this.#heldEnd = Number(this.slider.max);
    };
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      this.slider.addEventListener(name, () => {
        this.#heldEnd = null;
      });
    }
  }

  /** @param {TimeMachineData} data @param {TimeMachineData | null} before */
  render(data, before) {
    const changed = changedNames(data, before);
    this.#renderSlider(data);
    this.#renderTexts(data);
    if (changed.has("isLive", "hasPast", "shown", "first")) this.#renderButtons(data);
    const isSettled = !changed.has("isLive") && (data.isLive || !changed.has("shown"));
    if (before && !isSettled) this.#speak(data);
  }

  #travel() {
    const position = Number(this.slider.value);
    this.onIntent({ type: "time_travel", epoch: position >= Number(this.slider.max) ? null : position });
  }

  /** Sixty times a second: only what is another than before is written. @param {TimeMachineData} data */
  #renderSlider({ translator: { t, language }, first, last, shown, isLive, hasPast }) {
    const { slider } = this;
    const end = this.#heldEnd ?? Math.max(last, first + 1);
    const position = isLive ? end : Math.min(shown, end);
    if (Number(slider.min) !== first) slider.min = String(first);
    if (Number(slider.max) !== end) slider.max = String(end);
    if (slider.disabled === hasPast) slider.disabled = !hasPast;
    if (Number(slider.value) !== position) slider.value = String(position);
    const filled = `${((position - first) / (end - first)) * 100}%`;
    if (slider.style.getPropertyValue("--filled") !== filled) slider.style.setProperty("--filled", filled);
    const text = isLive ? t("time.value_live") : t("time.epoch", { epoch: formatCount(shown, language) });
    if (slider.getAttribute("aria-valuetext") !== text) slider.setAttribute("aria-valuetext", text);
  }

  /** @param {TimeMachineData} data */
  #renderTexts({ translator: { t, language }, shown, newest, isLive }) {
    const numbers = () => ({ epoch: formatCount(shown, language), newest: formatCount(newest, language) });
    setText(this.chip, isLive ? t("time.value_live") : t("time.showing", numbers()));
  }

  /** @param {TimeMachineData} data */
  #renderButtons({ isLive, hasPast, shown, first }) {
    this.box.dataset.live = String(isLive);
    this.live.setAttribute("aria-pressed", String(isLive));
    this.back.setAttribute("aria-disabled", String(!hasPast || (!isLive && shown <= first)));
    this.forward.setAttribute("aria-disabled", String(isLive));
  }

  /** @param {TimeMachineData} data */
  #speak({ translator: { t, language }, shown, isLive }) {
    setText(this.spoken, isLive ? t("time.spoken_live") : t("time.spoken", { epoch: formatCount(shown, language) }));
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: TimeIntent) => void}} options
 */
export function createTimeMachineView(root, options) {
  const view = new TimeMachineView(root, options);
  const render = whenChanged((/** @type {TimeMachineData} */ data, before) => view.render(data, before));
  return { render, destroy() {} };
}
