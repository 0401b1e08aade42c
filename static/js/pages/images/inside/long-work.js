/** Work of seconds, in pieces, so that a drawing never waits: where the network looks, and the map of its pictures. */

import { hiddenPictures, occlusionMap, patchPlaces } from "../../../core/occlusion.js";
import { likeliest, sharesOf } from "../../../core/picture-errors.js";
import { createPieces } from "../quality/test-session.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("./slice.js").Occlusion} Occlusion
 * @typedef {import("./slice.js").PictureMap} PictureMap
 */

/** A map of neighbours compares each picture with each other. */
const mostOnMap = 500;
const iterations = 500;

/** @param {Pick<import("../room.js").Tools, "store" | "network" | "now">} tools */
export function createOcclusionWork({ store, network, now }) {
  const pieces = createPieces(now);
  let newest = 0;
  const set = (/** @type {Occlusion | null} */ occlusion) =>
    store.set({ inside: { ...store.get().inside, occlusion } });

  /** @param {Uint8Array} picture @param {number} mine @returns {Promise<void>} */
  async function work(picture, mine) {
    const { model } = store.get();
    const whole = await network.ask("slice", "predict", picture);
    if (!model?.info || whole === null) return;
    const [height, width, channels] = model.info.shape;
    const shape = { height, width, channels };
    const { outputs } = model.info;
    const all = sharesOf(whole, outputs);
    const winner = likeliest(all);
    const places = patchPlaces(shape);
    const falls = new Float32Array(places.length);
    for (let done = 0; done < places.length; ) {
      const end = Math.min(places.length, done + pieces.count());
      const hidden = hiddenPictures(picture, shape, places.slice(done, end));
      const answers = await pieces.measure(() => network.ask("slice", "predict", hidden));
      if (answers === null || mine !== newest) return;
      for (let place = done; place < end; place += 1)
        falls[place] = all[winner] - sharesOf(answers, outputs, place - done)[winner];
      done = end;
      const map = done === places.length ? occlusionMap(shape, places, falls) : null;
      set({ picture, winner, share: all[winner], done: done / places.length, map });
    }
  }

  return {
    start() {
      const { picture } = store.get().draw;
      newest += 1;
      if (picture) work(picture, newest);
    },
    /** Another picture or network: what was found is not true any more. */
    forget() {
      newest += 1;
      if (store.get().inside.occlusion !== null) set(null);
    },
  };
}

/** @param {Pick<import("../room.js").Tools, "store" | "network" | "now">} tools */
export function createMapWork({ store, network, now }) {
  const pieces = createPieces(now);
  let newest = 0;
  const set = (/** @type {PictureMap | null} */ map) => store.set({ inside: { ...store.get().inside, map } });

  /** What the network makes of each picture. @param {NonNullable<ImagesState["quality"]["tested"]>} tested @param {(done: number) => boolean} tell */
  async function describeAll({ pictures, size, labels }, tell) {
    const rows = Math.min(mostOnMap, labels.length);
    let points = new Float32Array(0);
    let columns = 0;
    for (let done = 0; done < rows; ) {
      const end = Math.min(rows, done + pieces.count());
      const piece = pictures.slice(done * size, end * size);
      const found = await pieces.measure(() => network.ask("slice", "describe", piece));
      if (found === null) return null;
      columns = found.columns;
      if (points.length === 0) points = new Float32Array(rows * columns);
      points.set(found.values, done * columns);
      done = end;
      if (!tell(done / rows)) return null;
    }
    return { points, columns };
  }

  /** @param {Float32Array} points @param {number} columns @param {(done: number, mapped: import("../../../inference/image-service.js").Mapped) => boolean} tell */
  async function gather(points, columns, tell) {
    let mapped = await network.compute("gather", points, columns);
    while (mapped && mapped.iterations < iterations) {
      mapped = await network.compute("gatherOn", 5);
      if (!mapped || !tell(mapped.iterations / iterations, mapped)) return;
    }
  }

  /** @param {"spread" | "gather"} kind @param {number} mine */
  async function work(kind, mine) {
    const { quality, model } = store.get();
    const { tested } = quality;
    if (tested === null || model === null) return;
    const map = { kind, epoch: model.epoch, key: tested.key, places: null, shares: null };
    const isMine = () => mine === newest;
    const described = await describeAll(tested, (done) => {
      if (isMine()) set({ ...map, done: done / 2 });
      return isMine();
    });
    if (described === null || !isMine()) return;
    const { points, columns } = described;
    if (kind === "spread") {
      const mapped = await network.compute("spread", points, columns);
      if (mapped && isMine()) set({ ...map, done: 1, places: mapped.places, shares: mapped.shares });
      return;
    }
    await gather(points, columns, (done, { places }) => {
      if (isMine()) set({ ...map, done: 0.5 + done / 2, places });
      return isMine();
    });
  }

  return {
    /** @param {"spread" | "gather"} kind */
    start(kind) {
      newest += 1;
      work(kind, newest);
    },
    forget() {
      newest += 1;
      if (store.get().inside.map !== null) set(null);
    },
  };
}
