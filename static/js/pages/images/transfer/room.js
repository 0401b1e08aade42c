/** Start from a network that has seen millions of pictures: what of it is frozen, and how much it is worth. */

import { createStudyView } from "../../../views/images/study.js";
import { createTransferView } from "../../../views/images/transfer.js";
import { BaseSession } from "./base-session.js";
import { StudySession } from "./study-session.js";
import { studyData, transferData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createTransferRoom(tools) {
  const { root, onIntent } = tools;
  const bases = new BaseSession(tools);
  const study = new StudySession(tools);
  tools.onLeave(() => study.leave());
  const transfer = createTransferView(root, { onIntent });
  const curve = createStudyView(root, { onIntent });
  return {
    acts: {
      base_fetch: () => bases.fetch(),
      study_run: () => study.run(),
      study_stop: () => study.stop(),
    },
    follow: (state) => bases.follow(state),
    render(state) {
      if (state.panel !== "transfer") return;
      transfer.render(transferData(state));
      curve.render(studyData(state));
    },
  };
}
