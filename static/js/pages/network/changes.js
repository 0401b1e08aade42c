/** What the drawing of the network makes of the page's state. */

import { hiddenLayers, withHiddenLayers } from "../../state/hidden-layers.js";
import * as change from "../../state/spec.js";

/** Another network has other units: nothing stays pointed at. */
const nobody = Object.freeze({ pointed: null, pinned: null });

/** @param {import("../page-state.js").RunSpec} spec @param {number} layer */
function withoutLayer(spec, layer) {
  return withHiddenLayers(
    spec,
    hiddenLayers(spec).filter((_each, index) => index !== layer),
  );
}

/** @type {import("../room.js").Changes} */
export const networkChanges = {
  toggle_feature: ({ spec }, { name }) => ({ spec: change.toggleFeature(spec, name), ...nobody }),
  set_units: ({ spec }, { layer, units }) => ({ spec: change.withUnits(spec, layer, units), ...nobody }),
  set_hidden_layer: ({ spec }, { layer, change: wanted }) => ({
    spec: change.withHiddenLayer(spec, layer, wanted),
    ...("units" in wanted ? nobody : {}),
  }),
  drop_layer: ({ spec }, { layer }) => ({ spec: withoutLayer(spec, layer), ...nobody }),
  set_layers: ({ spec, activation }, intent) => ({
    spec: intent.change > 0 ? change.addLayer(spec, activation) : change.removeLayer(spec),
    ...nobody,
  }),
};
