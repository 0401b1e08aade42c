/** How good the network is with pictures it has not learned from: which classes it takes for which, and where it errs surely. */

import { createConfusionMatrixView } from "../../../views/confusion-matrix.js";
import { createPictureQualityView } from "../../../views/images/picture-quality.js";
import { TestSession } from "./test-session.js";
import { qualityData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createQualityRoom(tools) {
  const { root, store, onIntent } = tools;
  const tests = new TestSession(tools);
  const matrix = createConfusionMatrixView(root, { onIntent });
  const quality = createPictureQualityView(root, { onIntent });
  return {
    acts: { quality_choose: ({ chosen }) => store.set({ quality: { ...store.get().quality, chosen } }) },
    follow: () => tests.follow(),
    render(state) {
      if (state.panel !== "quality") return;
      const data = qualityData(state);
      const { translator, classes, confusion, chosen, names } = data;
      matrix.render({ translator, classes, confusion, chosen, names });
      quality.render(data);
    },
  };
}
