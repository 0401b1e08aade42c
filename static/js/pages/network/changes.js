/** What the drawing of the network makes of the page's state. */

import * as change from "../../state/spec.js";

/** Another network has other units: nothing stays pointed at. */
const nobody = Object.freeze({ pointed: null, pinned: null });

/** @type {import("../room.js").Changes} */
export const networkChanges = {
  toggle_feature: ({ spec }, { name }) => ({ spec: change.toggleFeature(spec, name), ...nobody }),
  set_units: ({ spec }, { layer, units }) => ({ spec: change.withUnits(spec, layer, units), ...nobody }),
  set_layers: ({ spec, activation }, intent) => ({
    spec: intent.change > 0 ? change.addLayer(spec, activation) : change.removeLayer(spec),
    ...nobody,
  }),
};
