/** What the card of transfer learning shows. */

import { formatCount } from "../../../core/format.js";
import { memoizeLast } from "../../../core/memoize.js";
import { partsOf, unfrozenBlocks, unfrozenStops } from "../../../core/transfer.js";
import { keyOf } from "../../../state/image-datasets.js";
import { planOfState } from "../obstacle.js";
import { baseIn } from "./slice.js";
import { studyOf } from "./study-session.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

const nothing = Object.freeze(/** @type {import("../../../core/transfer.js").BaseBlock[]} */ ([]));

const split = memoizeLast(partsOf);
const stopsOf = memoizeLast(unfrozenStops);

/** @param {ImagesState} state */
function choices({ transfer: { bases } }) {
  const unique = (/** @type {number[]} */ values) => [...new Set(values)];
  return {
    widths: unique((bases ?? []).map(({ width }) => width)).map((value) => ({
      value: String(value),
      text: `${value} %`,
    })),
    sizes: unique((bases ?? []).map(({ size }) => size)).map((value) => ({
      value: String(value),
      text: `${value} × ${value}`,
    })),
  };
}

const choicesOf = memoizeLast((/** @type {ImagesState["transfer"]["bases"]} */ bases) =>
  choices(/** @type {any} */ ({ transfer: { bases } })),
);

/** @param {ImagesState} state @param {import("./slice.js").Base | undefined} base */
function stateText({ translator: { t, language }, transfer }, base) {
  if (!base) return "";
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(base.download_mb);
  const words = t(`images.base.${base.state}`, { size });
  if (transfer.failure && base.state !== "ready") return transfer.failure;
  const isNeeded = base.state === "failed" || (base.state === "missing" && transfer.isWanted);
  return isNeeded ? `${words} ${t("images.base.put", { file: base.file })}` : words;
}

/** @param {ImagesState} state */
export function transferData(state) {
  const { translator, transfer, spec, datasets } = state;
  const base = baseIn(transfer);
  const blocks = base?.blocks ?? nothing;
  const unfrozen = spec.base?.unfrozen ?? transfer.unfrozen;
  const head = spec.base ? planOfState(datasets, spec).weights : 0;
  const { parts, frozen, trained } = split(blocks, unfrozen, head);
  const place = unfrozenBlocks(blocks, unfrozen);
  const count = (/** @type {number} */ number) => formatCount(number, translator.language);
  return {
    translator,
    start: spec.base || transfer.isWanted ? "base" : "scratch",
    isOnBase: Boolean(spec.base),
    width: String(transfer.width),
    size: String(transfer.size),
    ...choicesOf(transfer.bases),
    state: base?.state ?? null,
    stateText: stateText(state, base),
    canFetch: base?.state === "missing" || base?.state === "failed",
    stops: stopsOf(blocks),
    place,
    unfrozenText: translator.t("images.base.unfrozen_of", { count: place, all: blocks.length }),
    parts,
    partsText: translator.t("images.base.parts", { frozen: count(frozen), trained: count(trained) }),
  };
}

const stepsOf = memoizeLast(
  (
    /** @type {ImagesState["spec"]} */ spec,
    /** @type {ImagesState["datasets"]} */ datasets,
    /** @type {ImagesState["data"]} */ data,
    /** @type {ImagesState["transfer"]} */ transfer,
    /** @type {ImagesState["networks"]} */ networks,
  ) => studyOf(/** @type {any} */ ({ spec, datasets, data, transfer, networks })).steps,
);

/** @param {ImagesState} state */
export function studyData({ translator, palette, spec, datasets, data, transfer, networks }) {
  const study = transfer.study?.key === keyOf(spec.dataset) ? transfer.study : null;
  const steps = stepsOf(spec, datasets, data, transfer, networks);
  const canRun = baseIn(transfer)?.state === "ready" && steps.length > 1;
  const why = steps.length > 1 ? "images.study.needs_base" : "images.study.too_few";
  return {
    translator,
    palette,
    canRun,
    isRunning: study?.isRunning ?? false,
    share: study ? study.done / Math.max(1, study.runs) : 0,
    text: study?.failure ?? (study ? translator.t("images.study.done", { done: study.done, runs: study.runs }) : ""),
    hint: canRun ? translator.t("images.study.hint") : translator.t(why),
    points: study?.points ?? null,
  };
}
