/** The bar: run, pause, step, reset; the numbers; language and colours; and the sentences that say what is going on. */

import { divergingRamp } from "../../core/color.js";
import { createTranslator } from "../../i18n/i18n.js";
import { createAnnouncerView } from "../../views/announcer.js";
import { applyScheme, watchSystemScheme } from "../../views/color-scheme.js";
import { createNoticeView } from "../../views/notice.js";
import { createPageTextView } from "../../views/page-text.js";
import { createPreferencesView } from "../../views/preferences.js";
import { createRunControlsView } from "../../views/run-controls.js";
import { createRunNumbersView } from "../../views/run-numbers.js";
import { noticeData, runControlsData, runNumbersData } from "./view-data.js";

/** @param {import("../room.js").Tools} tools */
async function switchLanguage({ api, store, memory }) {
  const language = store.get().translator.language === "fr" ? "en" : "fr";
  store.set({ translator: createTranslator(language, await api.fetchMessages(language)) });
  memory.keep("language", language);
}

/** @param {import("../room.js").Tools} tools @param {string | null} scheme */
function setScheme({ root, store }, scheme) {
  const palette = applyScheme(root, scheme);
  store.set({ palette, ramp: divergingRamp(palette.diverging) });
}

/** @param {import("../room.js").Tools} tools */
function switchScheme(tools) {
  const scheme = tools.store.get().palette.scheme === "dark" ? "light" : "dark";
  tools.memory.keep("scheme", scheme);
  setScheme(tools, scheme);
}

/** @param {import("../room.js").Tools} tools */
function createActs(tools) {
  const { session, store } = tools;
  return {
    run: () => session.run(),
    pause: () => session.pause(),
    step: () => session.step(),
    reset: () => session.reset(),
    language: () => switchLanguage(tools),
    scheme: () => switchScheme(tools),
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
      preferences.render({ translator: state.translator, scheme: state.palette.scheme });
      runControls.render(runControlsData(state));
      runNumbers.render(numbers);
      notice.render(noticeData(state));
      announcer.render(numbers);
    },
  };
}
