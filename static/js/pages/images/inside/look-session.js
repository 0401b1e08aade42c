/** Keeps the feature maps of the picture that is looked at, and the kernels, as new as the network. */

import { isOfRun } from "../is-of-run.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** So many small kernels are shown. */
const mostKernels = 64;

/** The eye follows no faster. */
const restMs = 90;

export class LookSession {
  /** @type {{picture: Uint8Array | null, version: number}} */
  #looked = { picture: null, version: -1 };
  #isLooking = false;
  #kernelOf = "";
  #firstOf = "";

  /** @param {Pick<import("../room.js").Tools, "store" | "network" | "wait">} tools */
  constructor({ store, network, wait }) {
    this.store = store;
    this.network = network;
    this.wait = wait;
  }

  /** @param {Partial<ImagesState["inside"]>} change */
  #set(change) {
    this.store.set({ inside: { ...this.store.get().inside, ...change } });
  }

  /** Called after each change of the state. */
  follow() {
    const { panel, model } = this.store.get();
    if (panel !== "inside" || !model?.info) return;
    this.#look();
    this.#fetchKernel();
    this.#fetchFirst();
  }

  async #look() {
    const { draw, model } = this.store.get();
    const { picture } = draw;
    if (this.#isLooking || !model?.info || picture === null || !isOfRun(this.store.get())) return;
    if (picture === this.#looked.picture && model.version === this.#looked.version) return;
    if (model.info.shape.reduce((product, side) => product * side, 1) !== picture.length) return;
    this.#looked = { picture, version: model.version };
    this.#isLooking = true;
    const maps = await this.network.ask("now", "look", picture);
    if (maps) this.#set({ look: { picture, version: model.version, maps } });
    await this.wait(restMs);
    this.#isLooking = false;
    this.follow();
  }

  /** Of the map that is pointed at. */
  async #fetchKernel() {
    const { inside, model } = this.store.get();
    const { pointed } = inside;
    if (!pointed || !model?.info?.layers[pointed.layer]?.kernel) return;
    const { layer, unit } = pointed;
    const { version } = model;
    const key = [model.runId, layer, unit, version].join();
    if (key === this.#kernelOf) return;
    this.#kernelOf = key;
    const found = await this.network.ask("now", "kernels", layer, [unit]);
    if (found) this.#set({ kernel: { layer, unit, version, ...found[0] } });
  }

  /** Of the first convolution, all of them. */
  async #fetchFirst() {
    const { model } = this.store.get();
    const layer = model?.info?.layers.findIndex(({ kernel }) => kernel !== null) ?? -1;
    if (!model?.info || layer < 0) return;
    const { version } = model;
    const key = [model.runId, layer, version].join();
    if (key === this.#firstOf) return;
    this.#firstOf = key;
    const units = Math.min(mostKernels, model.info.layers[layer].shape[2]);
    const wanted = Array.from({ length: units }, (_unused, unit) => unit);
    const kernels = await this.network.ask("slice", "kernels", layer, wanted);
    if (kernels) this.#set({ firstKernels: { layer, version, kernels } });
  }
}
