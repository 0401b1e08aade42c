/** What the network says to the picture it sees: the class, the probability of each, and the picture itself. */

import { formatShare } from "../../core/format.js";
import { likeliest } from "../../core/picture-errors.js";
import { find, setText, whenChanged } from "../elements.js";
import { fillAnswerBar, makeAnswerBar } from "./answer-bar.js";
import { drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {object} PictureAnswerData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {readonly string[]} names of the classes
 * @property {Uint8Array | null} picture that the network sees; null for a blank sheet
 * @property {readonly number[]} shape
 * @property {readonly number[] | null} shares of the classes; null while there is no answer
 * @property {number | null} label true class, when it is known
 * @property {string} sentence key of what is said beside the answer, or instead of it
 */

/** So many bars have room; of more classes the likeliest are shown. */
const mostBars = 12;

/** A screen reader is told when the hand has come to rest. */
const restMs = 900;

/** @param {PictureAnswerData} data @returns {number[]} classes that have a bar, in their order unless there are too many */
function barsOf({ names, shares }) {
  const classes = names.map((_name, index) => index);
  if (classes.length <= mostBars) return classes;
  return classes.sort((one, other) => (shares?.[other] ?? 0) - (shares?.[one] ?? 0)).slice(0, mostBars);
}

/** @param {PictureAnswerData} data @returns {string} */
function answerText({ translator: { t, language }, names, shares }) {
  if (shares === null) return "";
  const best = likeliest(shares);
  return t("images.answer.says", { name: names[best] ?? String(best), share: formatShare(shares[best], language, 0) });
}

/** @param {HTMLElement} voice */
function createVoice(voice) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {string} */ text) => {
    clearTimeout(timer);
    timer = setTimeout(() => setText(voice, text), restMs);
  };
}

/**
 * @param {ParentNode} root
 */
export function createPictureAnswerView(root) {
  const says = find(root, "#draw-answer", HTMLElement);
  const bars = find(root, "#draw-bars", HTMLElement);
  const sentence = find(root, "#draw-sentence", HTMLElement);
  const seen = find(root, "#draw-seen", HTMLCanvasElement);
  const say = createVoice(find(root, "#draw-voice", HTMLElement));
  let builtFor = "";
  /** @type {HTMLElement[]} */
  let rows = [];

  /** @param {PictureAnswerData} data */
  function fillBars(data) {
    const { names, shares, label, translator } = data;
    const classes = barsOf(data);
    const key = classes.map((index) => names[index]).join("\n");
    if (key !== builtFor) {
      rows = classes.map((index) => makeAnswerBar(names[index]));
      bars.replaceChildren(...rows);
    }
    builtFor = key;
    const best = shares ? likeliest(shares) : -1;
    rows.forEach((bar, place) => {
      const index = classes[place];
      const share = shares?.[index] ?? 0;
      fillAnswerBar(bar, share, shares ? formatShare(share, translator.language, 0) : "");
      bar.dataset.share = shares ? share.toFixed(6) : "";
      bar.toggleAttribute("data-best", index === best);
      bar.toggleAttribute("data-true", index === label);
    });
  }

  const render = whenChanged((/** @type {PictureAnswerData} */ data, before) => {
    const { picture, shape, translator } = data;
    const text = answerText(data);
    setText(says, text);
    says.dataset.empty = String(text === "");
    setText(sentence, translator.t(data.sentence, truthOf(data)));
    fillBars(data);
    say(text || translator.t(data.sentence, truthOf(data)));
    if (picture && picture !== before?.picture) drawPicture(seen, picture, shape);
    seen.dataset.empty = String(picture === null);
  });
  return { render, destroy() {} };
}

/** @param {PictureAnswerData} data @returns {Record<string, string>} */
function truthOf({ names, label }) {
  return label === null ? {} : { truth: names[label] ?? String(label) };
}
