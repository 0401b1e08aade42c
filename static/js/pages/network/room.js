/** The network as a drawing, and the card of the unit that is pointed at. */

import { createNetworkDiagramView } from "../../views/network-diagram.js";
import { createUnitCardView } from "../../views/unit-card.js";
import { networkDiagramData, unitCardData } from "./view-data.js";

/** @param {{layer: number, unit: number} | null} one @param {{layer: number, unit: number}} other */
function samePlace(one, other) {
  return one !== null && one.layer === other.layer && one.unit === other.unit;
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createNetworkRoom({ root, store, onIntent, now }) {
  const networkDiagram = createNetworkDiagramView(root, { onIntent, now });
  const unitCard = createUnitCardView(root);
  return {
    acts: {
      point: ({ focus, feature }) => store.set({ pointed: focus, feature }),
      pin: ({ focus }) => store.set({ pinned: samePlace(store.get().pinned, focus) ? null : focus }),
    },
    render(state) {
      networkDiagram.render(networkDiagramData(state));
      unitCard.render(unitCardData(state));
    },
  };
}
