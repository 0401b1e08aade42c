/** What the network answers where one points: a line of text, a bar per class, and a voice for the keyboard. */

import { nearestSample } from "../core/curve.js";
import { formatShare, formatSigned } from "../core/format.js";
import { answersAt, likeliest, sharesOf } from "../core/reading.js";
import { createClassSharesView } from "./class-shares.js";
import { find, setText } from "./elements.js";

/**
 * @typedef {import("./output-picture.js").OutputPictureData} OutputPictureData
 * @typedef {{x1: number, x2: number}} Inputs
 */

/**
 * @param {OutputPictureData} data
 * @param {number[]} answers
 * @param {Inputs} at
 * @returns {{text: string, spoken: string, shares: number[] | null}}
 */
function read(data, answers, at) {
  const { translator, kind, paint, unitName } = data;
  const { t, language } = translator;
  const write = (/** @type {number} */ value) => formatSigned(value, language);
  const numbers = { x: write(at.x1), x1: write(at.x1), x2: write(at.x2), value: write(answers[0]) };
  if (kind === "curve") return readCurve(data, numbers, at);
  if (paint.classes === null || unitName !== "") {
    return { text: t("output.reading", numbers), spoken: t("output.spoken", numbers), shares: null };
  }
  const shares = sharesOf(answers);
  const winner = likeliest(shares);
  const named = { ...numbers, class: winner, share: formatShare(shares[winner], language, 0) };
  return { text: t("output.reading_class", named), spoken: t("output.spoken_class", named), shares };
}

/** @param {OutputPictureData} data @param {Record<string, string>} numbers @param {Inputs} at */
function readCurve({ translator, curve, samples }, numbers, at) {
  const { t, language } = translator;
  const sample = curve?.residualsTo && samples ? nearestSample(samples.train, at.x1) : null;
  const label = sample ? formatSigned(sample.label, language) : "";
  const text = sample ? t("curve.reading_sample", { ...numbers, label }) : t("curve.reading", numbers);
  return { text, spoken: sample ? text : t("curve.spoken", numbers), shares: null };
}

class OutputReading {
  /** @type {OutputPictureData | null} */
  #shown = null;
  /** @type {Inputs | null} */
  #pointed = null;

  /** @param {ParentNode} root */
  constructor(root) {
    this.line = find(root, "#readout", HTMLElement);
    this.voice = find(root, "#readout-spoken", HTMLElement);
    this.shares = createClassSharesView(root);
    this.line.removeAttribute("data-i18n");
  }

  /** @param {OutputPictureData} data */
  render(data) {
    this.#shown = data;
    this.#draw(false);
  }

  /** @param {Inputs | null} inputs @param {import("./crosshair.js").Means} means */
  point(inputs, means) {
    this.#pointed = inputs;
    this.#draw(means === "keys");
  }

  /** @param {boolean} isSpoken only what the reader did is told, not every picture of a training network */
  #draw(isSpoken) {
    const data = this.#shown;
    if (!data) return;
    const { translator, kind, grids, size, curve, paint, laying } = data;
    const domain = curve?.domain ?? [-1, 1];
    const answers = this.#pointed && answersAt({ kind, grids, size, domain }, this.#pointed);
    const invitation = translator.t(laying === null ? "output.point" : "points.hint");
    const nothing = { text: invitation, spoken: "", shares: null };
    const { text, spoken, shares } = answers && this.#pointed ? read(data, answers, this.#pointed) : nothing;
    setText(this.line, text);
    this.shares.render({ translator, paint, shares });
    if (isSpoken) setText(this.voice, spoken);
  }
}

/** @param {ParentNode} root */
export function createOutputReading(root) {
  return new OutputReading(root);
}
