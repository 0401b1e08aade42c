import assert from "node:assert/strict";
import test from "node:test";

import { labelReach } from "../../../static/js/core/label-reach.js";

test("labels within -1 and 1 keep the usual scale", () => {
  assert.equal(labelReach([]), 1);
  assert.equal(labelReach([0.2, -1, 0.7]), 1);
});

for (const [label, reach] of [
  [1.2, 1.5],
  [-3, 3],
  [12.3, 15],
  [99, 100],
  [1000, 1000],
]) {
  test(`a scale for labels up to ${label} reaches to ${reach}`, () => assert.equal(labelReach([0, label]), reach));
}
