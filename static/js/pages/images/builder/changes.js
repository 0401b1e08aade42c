/** What the builder's intents make of the state. */

import { withNetwork } from "../../../state/image-networks.js";
import { withAddedLayer, withChangedLayer, withMovedLayer, withoutLayer } from "../../../state/image-spec.js";

/** A network that is changed by hand is none of the ready-made ones any more. @param {any} spec */
const byHand = (spec) => ({ spec, networkName: null });

/** @type {import("../room.js").Changes} */
export const builderChanges = {
  network(state, name) {
    const network = state.networks.find((each) => each.name === name);
    if (!network) return {};
    const spec = withNetwork(state.spec, network, { start: state.book.start, datasets: state.datasets });
    return { spec, networkName: name };
  },
  add_layer: ({ spec }, { kind, place }) => byHand(withAddedLayer(spec, place ?? spec.layers.length, kind)),
  remove_layer: ({ spec }, { place }) => byHand(withoutLayer(spec, place)),
  move_layer: ({ spec }, { from, to }) => byHand(withMovedLayer(spec, from, to)),
  change_layer: ({ spec }, { place, field, value }) => byHand(withChangedLayer(spec, place, { [field]: value })),
};
