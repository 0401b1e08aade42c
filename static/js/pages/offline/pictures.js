/** A network that looks at pictures: the drawing card of the image page, with the network that is in this page. */

import { ImageNetwork } from "../../inference/image-network.js";
import { createStore } from "../../state/store.js";
import { createDrawRoom } from "../images/draw/room.js";
import { drawAtFirst } from "../images/draw/slice.js";

/** @param {import("./offline.js").Contents} contents @returns {any} the data set as the server lists it */
function datasetOf({ spec, shape, classes }) {
  return { name: spec.dataset.name, kind: "image", shape, classes: classes.length, class_names: classes };
}

/** @param {import("./offline.js").Asked} asked @param {ImageNetwork} network @returns {any} all of the image page's state that the card reads */
function stateOf({ contents, translator, check }, network) {
  const { spec, runId, epoch } = contents;
  const model = { runId, epoch: Math.max(1, epoch), version: 1, info: network.info(), failure: null, check };
  return {
    translator,
    datasets: [datasetOf(contents)],
    spec,
    samples: null,
    run: { runId, spec },
    model,
    draw: drawAtFirst,
  };
}

/**
 * @param {import("./offline.js").Asked} asked
 * @returns {import("./offline.js").Part}
 */
export function openPictures(asked) {
  const network = new ImageNetwork(asked.tf, asked.model, asked.contents.model);
  const store = createStore(stateOf(asked, network));
  const tools = {
    root: asked.root,
    store,
    network: {
      follow() {},
      ask: async (/** @type {string} */ _lane, /** @type {string} */ _name, /** @type {Uint8Array} */ picture) =>
        network.predict(picture),
    },
    now: () => performance.now(),
    onIntent: (/** @type {any} */ intent) => room.acts?.[intent.type]?.(intent),
  };
  const room = createDrawRoom(/** @type {any} */ (tools));
  let isDrawn = false;
  store.subscribe((state) => {
    room.follow?.(state);
    if (isDrawn) return;
    isDrawn = true;
    requestAnimationFrame(() => {
      isDrawn = false;
      room.render?.(store.get());
    });
  });
  store.set({});
  return { say: (translator) => store.set({ translator }), recolor() {} };
}
