/** How training pictures are changed, and what they look like then. */

import { createAugmentationView } from "../../../views/images/augmentation.js";
import { AugmentationSession } from "./session.js";
import { augmentationData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createAugmentationRoom(tools) {
  const session = new AugmentationSession(tools);
  const view = createAugmentationView(tools.root, tools);
  return {
    follow: (state) => session.follow(state),
    render: (state) => view.render(augmentationData(state)),
  };
}
