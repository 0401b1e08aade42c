/** The network: ready-made ones, its blocks, its layers. */

import { createBlockBarView } from "../../../views/images/block-bar.js";
import { createLayerListView } from "../../../views/images/layer-list.js";
import { createNetworkLadderView } from "../../../views/images/network-ladder.js";
import { blocksData, builderHeadData, ladderData, layerListData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createBuilderRoom({ root, onIntent }) {
  const ladder = createNetworkLadderView(root, { onIntent });
  const blocks = createBlockBarView(root);
  const layers = createLayerListView(root, { onIntent });
  return {
    render(state) {
      ladder.render(ladderData(state));
      blocks.render(blocksData(state));
      layers.render(layerListData(state));
      layers.renderHead(builderHeadData(state));
    },
  };
}
