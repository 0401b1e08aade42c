/** What the network answers, drawn over all inputs, and whether the picture can be trusted. */

import { createOutputPictureView } from "../../views/output-picture.js";
import { createSelfCheckView } from "../../views/self-check-badge.js";
import { outputPictureData, selfCheckData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createOutputRoom({ root, store, api, pictures, onIntent }) {
  const outputPicture = createOutputPictureView(root, { onIntent });
  const selfCheck = createSelfCheckView(root);
  return {
    acts: { display: ({ name, value }) => store.set({ display: { ...store.get().display, [name]: value } }) },
    follow: () => pictures.follow(),
    render(state) {
      outputPicture.render(outputPictureData(state));
      selfCheck.render(selfCheckData(state, api.exportUrl));
    },
  };
}
