/** The frames of a run that the page keeps, and scrubbing through them without asking the server. */

import { atLive, travelBy, travelTo } from "../../state/time-machine.js";
import { createTimeMachineView } from "../../views/time-machine.js";
import { createFrameKeeper } from "./frame-keeper.js";
import { timeMachineData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createTimeMachineRoom({ root, store, onIntent }) {
  const view = createTimeMachineView(root, { onIntent });
  const frames = createFrameKeeper(store);
  /** @param {(machine: import("./slice.js").TimeMachineSlice) => import("./slice.js").TimeMachineSlice} travel */
  const go = (travel) => store.set({ timeMachine: travel(store.get().timeMachine) });
  return {
    acts: {
      time_travel: ({ epoch }) => go((machine) => (epoch === null ? atLive(machine) : travelTo(machine, epoch))),
      time_step: ({ by }) => go((machine) => travelBy(machine, by)),
    },
    follow: () => frames.follow(),
    render: (state) => view.render(timeMachineData(state)),
  };
}
