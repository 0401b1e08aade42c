import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../../static/js/state/store.js";

test("listeners hear of every change until they leave", () => {
  const store = createStore({ epoch: 0, name: "a" });
  /** @type {number[]} */
  const heard = [];
  const leave = store.subscribe(({ epoch }) => heard.push(epoch));
  store.set({ epoch: 1 });
  store.set({ epoch: 2 });
  leave();
  store.set({ epoch: 3 });
  assert.deepEqual(heard, [1, 2]);
  assert.deepEqual(store.get(), { epoch: 3, name: "a" });
});
