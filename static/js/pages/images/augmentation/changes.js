/** What the controls of the augmentation make of the state. */

import { withAugmentation } from "../../../state/image-spec.js";

/** @type {import("../room.js").Changes} */
export const augmentationChanges = {
  augmentation: ({ spec }, change) => (spec.base ? {} : { spec: withAugmentation(spec, change) }),
};
