/** The bar: run, pause, step, reset; the numbers; language and colours; and the sentences that say what is going on. */

import { atLive } from "../../state/time-machine.js";
import { createAnnouncerView } from "../../views/announcer.js";
import { createNoticeView } from "../../views/notice.js";
import { createPageTextView } from "../../views/page-text.js";
import { createPreferencesView } from "../../views/preferences.js";
import { createRunControlsView } from "../../views/run-controls.js";
import { createRunNumbersView } from "../../views/run-numbers.js";
import { createReaderActs } from "../reader-acts.js";
import { spokenSettings } from "./spoken-settings.js";
import { noticeData, runControlsData, runNumbersData } from "./view-data.js";

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
    ...createReaderActs(tools),
    dismiss: () => store.set({ trouble: null, dismissed: store.get().run?.runId ?? null }),
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createBarRoom(tools) {
  const { root, now } = tools;
  const pageText = createPageTextView(root);
  const runControls = createRunControlsView(root, tools);
  const runNumbers = createRunNumbersView(root);
  const notice = createNoticeView(root, tools);
  const preferences = createPreferencesView(root, tools);
  const announcer = createAnnouncerView(root, { now });
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
