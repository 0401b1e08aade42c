/** The pictures the network learns from: which set, own ones, how they are shared out, what they look like. */

import { createDatasetCardsView } from "../../../views/images/dataset-cards.js";
import { createMissingSetView } from "../../../views/images/missing-set.js";
import { createOwnImagesView } from "../../../views/images/own-images.js";
import { createSampleGalleryView } from "../../../views/images/sample-gallery.js";
import { createSharesView } from "../../../views/images/shares.js";
import { CollectionSession } from "./collection-session.js";
import { SampleSession } from "./sample-session.js";
import { datasetCardsData, galleryData, missingData, ownImagesData, sharesData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createDataRoom(tools) {
  const { root, store, onIntent } = tools;
  const samples = new SampleSession(tools);
  const collections = new CollectionSession(tools);
  const cards = createDatasetCardsView(root, { onIntent });
  const missing = createMissingSetView(root, { onIntent });
  const own = createOwnImagesView(root, { onIntent });
  const shares = createSharesView(root, { onIntent });
  const gallery = createSampleGalleryView(root);
  queueMicrotask(() => collections.start());
  return {
    acts: {
      get_dataset: () => collections.get(store.get().spec.dataset.name),
      own_zip: ({ file }) => collections.sendZip(file),
      own_folder: ({ files }) => collections.sendFolder(files),
      own_stop: () => collections.stop(),
      own_delete: () => collections.deleteChosen(),
    },
    follow(state) {
      collections.follow(state);
      samples.follow(state);
    },
    render(state) {
      cards.render(datasetCardsData(state));
      missing.render(missingData(state));
      own.render(ownImagesData(state));
      shares.render(sharesData(state));
      gallery.render(galleryData(state));
    },
  };
}
