/** What the data card shows. */

import { formatCount, formatShare } from "../../../core/format.js";
import { memoizeLast } from "../../../core/memoize.js";
import { placeAmong } from "../../../core/rates.js";
import { isReady, keyOf, ownImages } from "../../../state/image-datasets.js";
import { classNamesOf } from "../class-names.js";
import { lacksData } from "../obstacle.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../views/images/dataset-cards.js").DatasetCard} DatasetCard
 */

/** @param {ImagesState} state @returns {ImagesState["data"]["collections"][number] | undefined} the own images that are chosen */
export function chosenCollection({ spec, data }) {
  return data.collections.find(({ collection }) => `own:${collection}` === keyOf(spec.dataset));
}

/** @param {ImagesState} state */
export const chosenEntry = ({ datasets, spec }) => datasets.find(({ name }) => name === spec.dataset.name);

const cardsOf = memoizeLast(
  (
    /** @type {ImagesState["datasets"]} */ datasets,
    /** @type {ImagesState["data"]["collections"]} */ collections,
    /** @type {ImagesState["data"]["thumbnails"]} */ thumbnails,
    /** @type {ImagesState["translator"]} */ { t, orElse, language },
  ) => {
    const count = (/** @type {number} */ number) => formatCount(number, language);
    const ready = datasets.filter(({ name }) => name !== ownImages);
    /** @type {DatasetCard[]} */
    const sets = ready.map((entry) => ({
      key: entry.name,
      title: orElse(`dataset.${entry.name}`, entry.title),
      about: isReady(entry)
        ? t("images.set.about", {
            count: count(entry.limits?.samples?.[1] ?? entry.samples),
            shape: (entry.shape ?? []).join("×"),
          })
        : t("images.set.missing"),
      pictures: thumbnails[entry.name] ?? null,
    }));
    const own = collections.map(({ collection, classes, shape, state }) => ({
      key: `own:${collection}`,
      title: classes.map(({ name }) => name).join(", ") || t("images.own.title"),
      about:
        state === "ready"
          ? t("images.set.about", {
              count: count(classes.reduce((sum, each) => sum + each.count, 0)),
              shape: (shape ?? []).join("×"),
            })
          : t(`images.own.state.${state}`),
      pictures: thumbnails[`own:${collection}`] ?? null,
    }));
    const canAdd = datasets.length > ready.length;
    const add = { key: "own", title: t("images.own.add"), about: t("images.own.add.about"), pictures: null };
    return [...sets, ...own, ...(canAdd ? [add] : [])];
  },
);

/** @param {ImagesState} state */
export function datasetCardsData({ datasets, data, translator, spec, palette }) {
  const chosen = data.isAdding ? "own" : keyOf(spec.dataset);
  return { cards: cardsOf(datasets, data.collections, data.thumbnails, translator), chosen, palette };
}

const noRefusal = Object.freeze({ text: "", detail: "" });

/**
 * What is wrong in the reader's language, where that is known; the server's own sentence has the names and the numbers.
 * @param {import("./slice.js").Refusal | null} refusal
 * @param {ImagesState["translator"]} translator
 */
function tell(refusal, { orElse }) {
  if (refusal === null) return noRefusal;
  const text = orElse(`images.refusal.${refusal.code}`, "");
  return text ? { text, detail: refusal.message } : { text: refusal.message, detail: "" };
}

/** The very same for the same refusal. */
const ownRefusal = memoizeLast(tell);

/** @param {ImagesState} state what stands where a set is missing */
export function missingData(state) {
  const { translator, data } = state;
  const { t, language } = translator;
  const entry = chosenEntry(state);
  const isHidden = data.isAdding || entry === undefined || entry.name === ownImages || isReady(entry);
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(entry?.download_mb ?? 0);
  return {
    isHidden,
    ...(entry?.message
      ? tell({ code: entry.code ?? "", message: entry.message }, translator)
      : { text: t(entry?.state === "preparing" ? "images.get.preparing" : "images.get.about"), detail: "" }),
    button: entry?.download_mb ? t("images.get", { size }) : t("images.get.plain"),
    isBusy: entry?.state === "preparing",
    progress: entry?.progress ?? null,
  };
}

/** @param {ImagesState} state */
export function ownImagesData(state) {
  const { data, translator } = state;
  const { t, language } = translator;
  const own = chosenCollection(state);
  const preparing = data.collections.find((each) => each.state === "preparing");
  const at = own?.expires ? new Date(own.expires) : null;
  const day = at && new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(at);
  return {
    translator,
    isAdding: data.isAdding,
    isShown: data.isAdding || (own !== undefined && !own.isForeign),
    isBusy: data.sending !== null || preparing !== undefined,
    isSending: data.sending !== null,
    state: stateText(data, preparing, t),
    progress: data.sending?.share ?? preparing?.progress ?? null,
    refusal: ownRefusal(data.refusal, translator),
    expires: own && day ? t("images.own.expires", { day }) : "",
    canDelete: own !== undefined && !own.isForeign,
    problems: own?.problems ?? null,
  };
}

/**
 * @param {ImagesState["data"]} data
 * @param {ImagesState["data"]["collections"][number] | undefined} preparing
 * @param {ImagesState["translator"]["t"]} t
 */
function stateText({ sending }, preparing, t) {
  if (sending) return t(`images.own.${sending.phase}`);
  return preparing ? (preparing.message ?? t("images.own.state.preparing")) : "";
}

/** Good numbers of samples. */
const goodCounts = Object.freeze([
  20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 50_000, 60_000, 70_000,
]);

/** @param {ImagesState} state @returns {number} all samples there are */
function mostSamples(state) {
  const own = chosenCollection(state);
  if (own) return own.classes.reduce((sum, { count }) => sum + count, 0);
  const entry = chosenEntry(state);
  const given = entry?.given;
  return given ? given.train + given.test : (entry?.limits?.samples?.[1] ?? state.spec.dataset.samples);
}

const stepsOf = memoizeLast((/** @type {number} */ most) => [...goodCounts.filter((count) => count < most), most]);

/** @param {ImagesState} state */
export function sharesData(state) {
  const { translator, spec, offer } = state;
  const { t, language } = translator;
  const { samples, train_fraction: share, split = "share" } = spec.dataset;
  const steps = stepsOf(mostSamples(state));
  const given = chosenCollection(state)?.given ?? chosenEntry(state)?.given ?? null;
  const train = Math.round(samples * share);
  const write = (/** @type {number} */ count) => formatCount(count, language);
  return {
    sampleSteps: steps,
    samplesPlace: placeAmong(steps, samples),
    samples: write(samples),
    fractionLimits: offer.trainFraction,
    fraction: share,
    fractionText: formatShare(share, language, 0),
    hasGiven: given !== null && given.train > 0 && given.test > 0,
    isGiven: split === "given",
    counts: t("images.shares", { train: write(train), test: write(samples - train) }),
  };
}

/** Rows of the gallery: a class with its samples. */
const rowsOf = memoizeLast(
  (
    /** @type {ImagesState["samples"]} */ samples,
    /** @type {any} */ own,
    /** @type {ImagesState["translator"]} */ { language },
    /** @type {readonly string[]} */ names,
  ) => {
    if (!samples) return [];
    const { train } = samples;
    const counted = new Map((own?.classes ?? []).map((/** @type {any} */ each) => [each.name, each.count]));
    const places = train.classNames.map((_name, label) =>
      train.labels.flatMap((each, place) => (each === label ? [place] : [])),
    );
    const numbers = train.classNames.map((name, label) => counted.get(name) ?? places[label].length);
    const most = Math.max(1, ...numbers);
    return train.classNames.map((name, label) => ({
      name: names[label] ?? name,
      places: places[label],
      share: numbers[label] / most,
      count: formatCount(numbers[label], language),
    }));
  },
);

/** @param {ImagesState} state */
export function galleryData(state) {
  const { samples, translator, data } = state;
  return {
    translator,
    rows: rowsOf(samples, chosenCollection(state), translator, classNamesOf(state)),
    pictures: samples?.train ?? null,
    isCounted: chosenCollection(state) !== undefined,
    isHidden: data.isAdding || (samples === null && lacksData(state)),
  };
}
