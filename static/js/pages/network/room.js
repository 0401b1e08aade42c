/** The network as a drawing, and the card of the unit that is pointed at. */

import { createNetworkDiagramView } from "../../views/network-diagram.js";
import { createUnitCardView } from "../../views/unit-card.js";
import { controlOf, withEdit } from "./editing.js";
import { networkDiagramData, unitCardData } from "./view-data.js";

/** @param {{layer: number, unit: number} | null} one @param {{layer: number, unit: number}} other */
function samePlace(one, other) {
  return one !== null && one.layer === other.layer && one.unit === other.unit;
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createNetworkRoom({ root, store, session, onIntent, now }) {
  /** @type {{layer: number, unit: number} | null} unit whose numbers are being changed */
  let held = null;
  const networkDiagram = createNetworkDiagramView(root, { onIntent, now });
  const unitCard = createUnitCardView(root, { onIntent, now });
  return {
    acts: {
      point: ({ focus, feature }) => store.set({ pointed: focus, feature }),
      pin_unit({ focus, isByKeyboard }) {
        const isLetGo = samePlace(store.get().pinned, focus) && !isByKeyboard;
        if (isByKeyboard) unitCard.focusNumbers(focus);
        store.set({ pinned: isLetGo ? null : focus });
      },
      hold_unit({ focus }) {
        held = focus;
      },
      leave_unit({ focus }) {
        held = null;
        store.set({ pinned: null });
        networkDiagram.focusUnit(focus);
      },
      edit_number(edit) {
        session.edit(controlOf(store.get().spec, edit));
        store.set(withEdit(store.get(), edit));
      },
    },
    render(state) {
      networkDiagram.render(networkDiagramData(state));
      unitCard.render(unitCardData(state, held));
    },
  };
}
