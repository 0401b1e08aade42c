/** The bar: run, pause, step, reset; the numbers; language and colours; and the sentences that say what is going on. */

import { createAnnouncerView } from "../../../views/announcer.js";
import { createNoticeView } from "../../../views/notice.js";
import { createPageTextView } from "../../../views/page-text.js";
import { createPreferencesView } from "../../../views/preferences.js";
import { createRunControlsView } from "../../../views/run-controls.js";
import { createRunNumbersView } from "../../../views/run-numbers.js";
import { createReaderActs } from "../../reader-acts.js";
import { imageControlsData, imageNoticeData, imageNumbersData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createBarRoom(tools) {
  const { root, store, session, now } = tools;
  const pageText = createPageTextView(root);
  const runControls = createRunControlsView(root, tools);
  const runNumbers = createRunNumbersView(root);
  const notice = createNoticeView(root, tools);
  const preferences = createPreferencesView(root, tools);
  const announcer = createAnnouncerView(root, { now });
  return {
    acts: {
      run: () => session.run(),
      pause: () => session.pause(),
      step: () => session.step(),
      reset: () => session.reset(),
      dismiss: () => store.set({ trouble: null, dismissed: store.get().run?.runId ?? null }),
      ...createReaderActs(tools),
    },
    render(state) {
      const numbers = imageNumbersData(state);
      pageText.render({ translator: state.translator });
      preferences.render({ translator: state.translator, palette: state.palette });
      runControls.render(imageControlsData(state));
      runNumbers.render(numbers);
      notice.render(imageNoticeData(state));
      announcer.render(numbers);
    },
  };
}
