/** What goes on inside this very network for the picture that is looked at. */

import { createFeatureMapsView } from "../../../views/images/feature-maps.js";
import { createKernelReadingView } from "../../../views/images/kernel-reading.js";
import { createOcclusionView } from "../../../views/images/occlusion-card.js";
import { createPictureMapView } from "../../../views/images/picture-map.js";
import { createOcclusionWork, MapWork } from "./long-work.js";
import { LookSession } from "./look-session.js";
import { mapData, mapsData, occlusionData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createInsideRoom(tools) {
  const { root, store, onIntent } = tools;
  const looks = new LookSession(tools);
  const occlusion = createOcclusionWork(tools);
  const map = new MapWork(tools);
  const maps = createFeatureMapsView(root, { onIntent });
  const reading = createKernelReadingView(root);
  const occlusionCard = createOcclusionView(root, { onIntent });
  const pictureMap = createPictureMapView(root, { onIntent });
  let runId = "";

  /** What was found out about another network or another picture is gone. */
  function forgetOld() {
    const { model, draw, inside } = store.get();
    if (inside.occlusion && inside.occlusion.picture !== draw.picture) occlusion.forget();
    if ((model?.runId ?? runId) === runId) return;
    runId = model?.runId ?? "";
    store.set({ inside: { ...store.get().inside, look: null, pointed: null, kernel: null, firstKernels: null } });
    occlusion.forget();
    map.forget();
  }

  return {
    acts: {
      inside_point: ({ pointed }) => store.set({ inside: { ...store.get().inside, pointed } }),
      inside_hide: () => occlusion.start(),
      inside_map: ({ kind }) => map.start(kind),
    },
    follow() {
      forgetOld();
      looks.follow();
    },
    render(state) {
      if (state.panel !== "inside") return;
      const data = mapsData(state);
      maps.render(data);
      reading.render(data);
      occlusionCard.render(occlusionData(state));
      pictureMap.render(mapData(state));
    },
  };
}
