/** The bar: run, pause, step, reset; the numbers; language and colours; and the sentences that say what is going on. */

import { divergingRamp } from "../../core/color.js";
import { createTranslator } from "../../i18n/i18n.js";
import { atLive } from "../../state/time-machine.js";
import { createAnnouncerView } from "../../views/announcer.js";
import { applyScheme, watchSystemScheme } from "../../views/color-scheme.js";
import { createNoticeView } from "../../views/notice.js";
import { createPageTextView } from "../../views/page-text.js";
import { createPreferencesView } from "../../views/preferences.js";
import { createRunControlsView } from "../../views/run-controls.js";
import { createRunNumbersView } from "../../views/run-numbers.js";
import { spokenSettings } from "./spoken-settings.js";
import { noticeData, runControlsData, runNumbersData } from "./view-data.js";

/** @param {import("../room.js").Tools} tools */
async function switchLanguage({ api, store, memory }) {
  const language = store.get().translator.language === "fr" ? "en" : "fr";
  // Without the server the texts stay as they are; the page says already that it is away.
  const messages = await api.fetchMessages(language).catch(() => null);
  if (messages === null) return;
  store.set({ translator: createTranslator(language, messages) });
  memory.keep("language", language);
}

/** @param {import("../room.js").Tools} tools @param {string | null} scheme @param {string} [name] of the palette */
function setScheme({ root, store }, scheme, name = store.get().palette.name) {
  const palette = applyScheme(root, scheme, name);
  store.set({ palette, ramp: divergingRamp(palette.diverging) });
}

/** @param {import("../room.js").Tools} tools */
function switchScheme(tools) {
  const scheme = tools.store.get().palette.scheme === "dark" ? "light" : "dark";
  tools.memory.keep("scheme", scheme);
  setScheme(tools, scheme);
}

/** @param {import("../room.js").Tools} tools @param {string} name */
function choosePalette(tools, name) {
  tools.memory.keep("palette", name);
  setScheme(tools, tools.memory.recall("scheme"), name);
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room["acts"]}
 */
function createActs(tools) {
  const { session, store } = tools;
  /** What makes a run go on also shows where it goes. @param {() => void} act */
  const live = (act) => () => {
    store.set({ timeMachine: atLive(store.get().timeMachine) });
    act();
  };
  return {
    run: live(() => session.run()),
    pause: () => session.pause(),
    step: live(() => session.step()),
    reset: live(() => session.reset()),
    language: () => switchLanguage(tools),
    scheme: () => switchScheme(tools),
    palette: ({ name }) => choosePalette(tools, name),
    dismiss: () => store.set({ trouble: null, dismissed: store.get().run?.runId ?? null }),
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createBarRoom(tools) {
  const { root, now, memory } = tools;
  const pageText = createPageTextView(root);
  const runControls = createRunControlsView(root, tools);
  const runNumbers = createRunNumbersView(root);
  const notice = createNoticeView(root, tools);
  const preferences = createPreferencesView(root, tools);
  const announcer = createAnnouncerView(root, { now });
  watchSystemScheme(() => setScheme(tools, memory.recall("scheme")));
  return {
    acts: createActs(tools),
    render(state) {
      const numbers = runNumbersData(state);
      pageText.render({ translator: state.translator });
      preferences.render({ translator: state.translator, palette: state.palette });
      runControls.render(runControlsData(state));
      runNumbers.render(numbers);
      notice.render(noticeData(state));
      announcer.render({ ...numbers, settings: spokenSettings(state) });
    },
  };
}
