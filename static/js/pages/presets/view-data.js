/** What the gallery of examples and the note of the chosen one show. */

import { memoizeLast } from "../../core/memoize.js";
import { classRampsOf } from "../output/paint.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {PageState["translator"]} Translator
 */

/** @param {Translator} translator @param {{name: string, verdict: string}} preset */
function textsOf({ t }, { name, verdict }) {
  return {
    name,
    verdict,
    verdictText: t(`presets.${verdict}`),
    title: t(`preset.${name}.title`),
    text: t(`preset.${name}.text`),
    look: t(`preset.${name}.look`),
    next: t(`preset.${name}.next`),
  };
}

const groupsOf = memoizeLast((/** @type {PageState["presets"]["list"]} */ list, /** @type {Translator} */ translator) =>
  ["works", "fails"].map((verdict) => ({
    verdict,
    title: translator.t(`presets.group.${verdict}`),
    cards: (list ?? []).filter((preset) => preset.verdict === verdict).map((preset) => textsOf(translator, preset)),
  })),
);

/** @param {PageState} state */
export function presetGalleryData({ translator, presets, palette, ramp }) {
  const message = presets.hasFailed ? "presets.failed" : presets.list === null ? "presets.loading" : null;
  return {
    translator,
    groups: groupsOf(presets.list, translator),
    pictures: presets.pictures,
    message: message ? translator.t(message) : "",
    ramp,
    classRamps: classRampsOf(palette),
    palette,
  };
}

const noteOf = memoizeLast(
  (
    /** @type {string | null} */ chosen,
    /** @type {PageState["presets"]["list"]} */ list,
    /** @type {Translator} */ translator,
  ) => {
    const preset = list?.find(({ name }) => name === chosen);
    return preset ? textsOf(translator, preset) : null;
  },
);

/** @param {PageState} state */
export function presetNoteData({ translator, presets }) {
  return { translator, note: noteOf(presets.chosen, presets.list, translator) };
}

/** @param {PageState} state */
export function firstExampleData({ translator, presets, run, isCreating }) {
  const isUntouched = run?.status === "paused" && run.epoch === 0 && !isCreating;
  return {
    label: translator.t("presets.first"),
    isOffered: presets.isNewcomer && presets.chosen === null && isUntouched,
  };
}
