/** Asks which pretrained networks are there, fetches one, and waits for it. */

import { ApiError } from "../../../transport/api.js";
import { pollWhile } from "../patience.js";
import { baseIn } from "./slice.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** While one is on its way. */
const lookMs = 1000;

export class BaseSession {
  #isAsking = false;

  /** @param {Pick<import("../room.js").Tools, "api" | "store" | "wait" | "onIntent" | "isHidden">} tools */
  constructor({ api, store, wait, onIntent, isHidden }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
    this.onIntent = onIntent;
    this.isHidden = isHidden;
  }

  /** Called after each change of the state: they are asked for when somebody looks. @param {ImagesState} state */
  follow({ panel, spec, transfer }) {
    const { base } = spec;
    const isOther =
      base && (base.width !== transfer.width || base.size !== transfer.size || base.unfrozen !== transfer.unfrozen);
    // A spec that came by link or with a run.
    if (isOther && !transfer.isWanted) this.#set({ width: base.width, size: base.size, unfrozen: base.unfrozen });
    if (transfer.bases === null && (panel === "transfer" || base)) this.#look();
  }

  /** Gets the base that is chosen. */
  async fetch() {
    const { width, size } = this.store.get().transfer;
    this.#set({ failure: null });
    try {
      await this.api.fetchBase({ width, size });
    } catch (error) {
      const isAnswer = error instanceof ApiError && error.status !== 0;
      this.#set({ failure: isAnswer ? error.message : this.store.get().translator.t("notice.unreachable") });
    }
    await this.#look();
  }

  /** Until none is on its way any more. */
  async #look() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    let isAnswered = await this.#lookOnce();
    const look = async () => {
      isAnswered = await this.#lookOnce();
      return isAnswered;
    };
    const isPreparing = () => this.store.get().transfer.bases?.some(({ state }) => state === "preparing") ?? false;
    const isNeeded = () => !isAnswered || isPreparing();
    await pollWhile(look, { wait: this.wait, isHidden: this.isHidden, isNeeded, everyMs: lookMs });
    this.#isAsking = false;
  }

  /** @returns {Promise<boolean>} whether there was an answer */
  async #lookOnce() {
    const answer = await this.api.fetchBases().catch(() => null);
    if (answer) this.#take(answer.bases);
    return answer !== null;
  }

  /** @param {readonly import("./slice.js").Base[]} bases */
  #take(bases) {
    this.#set({ bases });
    const { transfer } = this.store.get();
    if (transfer.isWanted && baseIn(transfer)?.state === "ready")
      this.onIntent({ type: "change", name: "start_from", value: "base" });
  }

  /** @param {Partial<import("./slice.js").TransferSlice>} change */
  #set(change) {
    this.store.set({ transfer: { ...this.store.get().transfer, ...change } });
  }
}
