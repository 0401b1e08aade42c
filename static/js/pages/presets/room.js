/** Settings worth seeing, good and bad, with a word on what to look at. */

import { pictureOf, specOfPreset } from "../../state/presets.js";
import { createPresetGalleryView } from "../../views/preset-gallery.js";
import { createFirstExampleView, createPresetNoteView } from "../../views/preset-note.js";
import { controlsOf } from "../page-state.js";
import { firstExampleData, presetGalleryData, presetNoteData } from "./view-data.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../room.js").Tools} Tools
 */

/** Remembered once something was trained in this browser. */
const trained = "trained";

/** @param {Pick<Tools, "api" | "store">} tools @returns {() => Promise<void>} fetches the examples, once */
function createShelf({ api, store }) {
  /** @type {Promise<void> | null} */
  let fetching = null;
  const put = (/** @type {Partial<PageState["presets"]>} */ change) =>
    store.set({ presets: { ...store.get().presets, ...change } });

  async function load() {
    const [list, files] = await Promise.all([api.fetchPresets(), api.fetchPresetPictures()]);
    const pictures = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, pictureOf(file)]));
    put({ list, pictures, hasFailed: false });
  }

  return () => {
    fetching ??= load().catch(() => {
      fetching = null;
      put({ hasFailed: true });
    });
    return fetching;
  };
}

/**
 * The page takes the example's settings as they are, with nothing pressed.
 * @param {PageState} state
 * @param {string} name
 * @returns {Partial<PageState> | null} null when there is no such example
 */
export function withPreset(state, name) {
  const preset = state.presets.list?.find((each) => each.name === name);
  if (!preset) return null;
  const { book, panel, presets, sharing } = state;
  return {
    ...controlsOf(specOfPreset(preset, book.start)),
    speed: preset.speed ?? 60,
    panel: preset.panel ?? panel,
    presets: { ...presets, chosen: name },
    // What was said of a link is past once its settings are.
    sharing: { ...sharing, problems: [], isPlaygrounds: false },
    dialog: null,
  };
}

/**
 * @param {Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createPresetsRoom({ root, store, api, session, memory, onIntent }) {
  const gallery = createPresetGalleryView(root, { onIntent });
  const note = createPresetNoteView(root, { onIntent });
  const firstExample = createFirstExampleView(root, { onIntent });
  const load = createShelf({ api, store });
  const setChosen = (/** @type {string | null} */ chosen) => store.set({ presets: { ...store.get().presets, chosen } });
  let isNewcomer = memory.recall(trained) === null;
  store.set({ presets: { ...store.get().presets, isNewcomer } });
  return {
    acts: {
      async preset({ name }) {
        await load();
        const change = withPreset(store.get(), name);
        if (!change) return;
        store.set(change);
        await session.begin({ paused: true });
      },
      dismiss_preset_note: () => setChosen(null),
    },
    follow({ run, dialog, presets }) {
      if (dialog === "presets" && presets.list === null && !presets.hasFailed) load();
      if (!isNewcomer || !run || run.epoch === 0) return;
      isNewcomer = false;
      memory.keep(trained, "yes");
      store.set({ presets: { ...store.get().presets, isNewcomer } });
    },
    render(state) {
      if (state.dialog === "presets") gallery.render(presetGalleryData(state));
      note.render(presetNoteData(state));
      firstExample.render(firstExampleData(state));
    },
  };
}
