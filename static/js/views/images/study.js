/** Accuracy against the number of examples: two curves, the same numbers as a table, and the button that makes them. */

import { formatShare } from "../../core/format.js";
import { find, make, makeSvg, setText, whenChanged } from "../elements.js";

/** @typedef {{examples: number, scratch: number | null, base: number | null}} Point */

/**
 * @typedef {object} StudyData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {boolean} canRun
 * @property {boolean} isRunning
 * @property {number} share of the runs that are done
 * @property {string} text
 * @property {string} hint
 * @property {readonly Point[] | null} points
 */

const [width, height] = [420, 210];
const edge = { left: 44, right: 12, top: 12, bottom: 34 };
const kinds = /** @type {const} */ (["scratch", "base"]);

/** Each step doubles the examples, so the steps are equally wide. @param {number} place @param {number} count */
const across = (place, count) => edge.left + ((width - edge.left - edge.right) * place) / Math.max(1, count - 1);

/** @param {number} share */
const up = (share) => edge.top + (height - edge.top - edge.bottom) * (1 - share);

/** @param {readonly Point[]} points @param {import("../../i18n/i18n.js").Translator} translator */
function drawAxes(points, { t, language }) {
  const lines = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const line = makeSvg("line", {
      x1: `${edge.left}`,
      x2: `${width - edge.right}`,
      y1: `${up(share)}`,
      y2: `${up(share)}`,
    });
    const text = makeSvg("text", { x: `${edge.left - 6}`, y: `${up(share) + 4}`, "text-anchor": "end" });
    text.textContent = formatShare(share, language, 0);
    return [line, text];
  });
  const places = points.map(({ examples }, place) => {
    const text = makeSvg("text", {
      x: `${across(place, points.length)}`,
      y: `${height - edge.bottom + 16}`,
      "text-anchor": "middle",
    });
    text.textContent = String(examples);
    return text;
  });
  const title = makeSvg("text", { x: `${(width + edge.left) / 2}`, y: `${height - 3}`, "text-anchor": "middle" });
  title.textContent = t("images.study.axis");
  return [...lines, ...places, title];
}

/** @param {readonly Point[]} points @param {"scratch" | "base"} kind */
function drawCurve(points, kind) {
  const known = points.flatMap((point, place) => {
    const share = point[kind];
    return share === null ? [] : [[across(place, points.length), up(share)]];
  });
  const group = makeSvg("g", { class: `study__curve study__curve--${kind}` });
  group.append(makeSvg("polyline", { points: known.map((point) => point.join()).join(" ") }));
  for (const [x, y] of known)
    group.append(
      kind === "base"
        ? makeSvg("circle", { cx: `${x}`, cy: `${y}`, r: "4.5" })
        : makeSvg("rect", { x: `${x - 4}`, y: `${y - 4}`, width: "8", height: "8" }),
    );
  return group;
}

/** @param {readonly Point[]} points @param {import("../../i18n/i18n.js").Translator} translator */
function rows(points, { t, language }) {
  const written = (/** @type {number | null} */ share) => (share === null ? "–" : formatShare(share, language, 0));
  const head = ["images.study.axis", "images.start.scratch", "images.start.base"].map((key) =>
    make("th", { scope: "col" }, t(key)),
  );
  const body = points.map(({ examples, scratch, base }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, String(examples)),
      make("td", {}, written(scratch)),
      make("td", {}, written(base)),
    ),
  );
  return [make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)];
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "study_run" | "study_stop"}) => void}} options
 */
export function createStudyView(root, { onIntent }) {
  const card = find(root, "#study", HTMLElement);
  const button = find(card, "#study-run", HTMLButtonElement);
  const [hint, text] = ["#study-hint", "#study-text"].map((id) => find(card, id, HTMLElement));
  const bar = find(card, "#study-progress", HTMLProgressElement);
  const picture = find(card, "#study-picture", SVGElement);
  const table = find(card, "#study-table", HTMLTableElement);
  const result = find(card, "#study-result", HTMLElement);
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  let isRunning = false;
  button.onclick = () => onIntent({ type: isRunning ? "study_stop" : "study_run" });

  const render = whenChanged((/** @type {StudyData} */ data) => {
    const { translator, points } = data;
    isRunning = data.isRunning;
    setText(button, translator.t(isRunning ? "images.study.stop" : "images.study.run"));
    button.disabled = !isRunning && !data.canRun;
    setText(hint, data.hint);
    setText(text, data.text);
    bar.hidden = !isRunning;
    bar.value = data.share;
    result.hidden = points === null;
    if (points === null) return;
    picture.replaceChildren(...drawAxes(points, translator), ...kinds.map((kind) => drawCurve(points, kind)));
    table.replaceChildren(...rows(points, translator));
  });
  return { render, destroy() {} };
}
