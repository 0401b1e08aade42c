/** What the drawing of the network makes of the page's state. */

import { hiddenLayers, withHiddenLayers } from "../../state/hidden-layers.js";
import * as change from "../../state/spec.js";
import { nothingInFocus } from "../page-state.js";

/** @param {import("../page-state.js").RunSpec} spec @param {number} layer */
function withoutLayer(spec, layer) {
  return withHiddenLayers(
    spec,
    hiddenLayers(spec).filter((_each, index) => index !== layer),
  );
}

/** @type {import("../room.js").Changes} */
export const networkChanges = {
  toggle_feature: ({ spec }, { name }) => ({ spec: change.toggleFeature(spec, name), ...nothingInFocus }),
  set_units: ({ spec }, { layer, units }) => ({ spec: change.withUnits(spec, layer, units), ...nothingInFocus }),
  set_hidden_layer: ({ spec }, { layer, change: wanted }) => ({
    spec: change.withHiddenLayer(spec, layer, wanted),
    ...("units" in wanted ? nothingInFocus : {}),
  }),
  drop_layer: ({ spec }, { layer }) => ({ spec: withoutLayer(spec, layer), ...nothingInFocus }),
  set_layers: ({ spec, activation }, intent) => ({
    spec: intent.change > 0 ? change.addLayer(spec, activation) : change.removeLayer(spec),
    ...nothingInFocus,
  }),
};
