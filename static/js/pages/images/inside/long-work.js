/** Work of seconds, in pieces, so that a drawing never waits: where the network looks, and the map of its pictures. */

import { hiddenPictures, occlusionMap, patchPlaces } from "../../../core/occlusion.js";
import { likeliest, sharesOf } from "../../../core/picture-errors.js";
import { isOfRun } from "../is-of-run.js";
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
      if (picture && isOfRun(store.get())) work(picture, newest);
    },
    /** Another picture or network: what was found is not true any more. */
    forget() {
      newest += 1;
      if (store.get().inside.occlusion !== null) set(null);
    },
  };
}

/** Describes test pictures by the network and lays them on a plane. */
export class MapWork {
  #newest = 0;

  /** @param {Pick<import("../room.js").Tools, "store" | "network" | "now">} tools */
  constructor({ store, network, now }) {
    this.store = store;
    this.network = network;
    this.pieces = createPieces(now);
  }

  /** @param {PictureMap | null} map */
  #set(map) {
    this.store.set({ inside: { ...this.store.get().inside, map } });
  }

  /** @param {"spread" | "gather"} kind */
  start(kind) {
    this.#newest += 1;
    this.#work(kind, this.#newest);
  }

  forget() {
    this.#newest += 1;
    if (this.store.get().inside.map !== null) this.#set(null);
  }

  /** @param {"spread" | "gather"} kind @param {number} mine */
  async #work(kind, mine) {
    const { quality, model } = this.store.get();
    const { tested } = quality;
    if (tested === null || model === null) return;
    const map = { kind, epoch: model.epoch, key: tested.key, places: null, shares: null };
    /** @param {Partial<PictureMap> & {done: number}} change @returns {boolean} whether anybody still waits for it */
    const tell = (change) => {
      if (mine === this.#newest) this.#set({ ...map, ...change });
      return mine === this.#newest;
    };
    const described = await this.#describeAll(tested, (done) => tell({ done: done / 2 }));
    if (described === null) return;
    if (kind === "gather") await this.#gather(described, tell);
    else {
      const mapped = await this.network.compute("spread", described.points, described.columns);
      if (mapped) tell({ done: 1, places: mapped.places, shares: mapped.shares });
    }
  }

  /** What the network makes of each picture. @param {NonNullable<ImagesState["quality"]["tested"]>} tested @param {(done: number) => boolean} tell */
  async #describeAll({ pictures, size, labels }, tell) {
    const rows = Math.min(mostOnMap, labels.length);
    let points = new Float32Array(0);
    let columns = 0;
    for (let done = 0; done < rows; ) {
      const end = Math.min(rows, done + this.pieces.count());
      const piece = pictures.slice(done * size, end * size);
      const found = await this.pieces.measure(() => this.network.ask("slice", "describe", piece));
      if (found === null) return null;
      columns = found.columns;
      if (points.length === 0) points = new Float32Array(rows * columns);
      points.set(found.values, done * columns);
      done = end;
      if (!tell(done / rows)) return null;
    }
    return { points, columns };
  }

  /** @param {{points: Float32Array, columns: number}} described @param {(change: {done: number, places: Float32Array}) => boolean} tell */
  async #gather({ points, columns }, tell) {
    let mapped = await this.network.compute("gather", points, columns);
    while (mapped && mapped.iterations < iterations) {
      mapped = await this.network.compute("gatherOn", 5);
      if (!mapped || !tell({ done: 0.5 + mapped.iterations / iterations / 2, places: mapped.places })) return;
    }
  }
}
