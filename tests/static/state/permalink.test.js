import assert from "node:assert/strict";
import { test } from "node:test";
import { runIdOf, withRunId } from "../../../static/js/state/permalink.js";

for (const { hash, runId } of [
  { hash: "#run=abc", runId: "abc" },
  { hash: "#lesson=2&run=abc", runId: "abc" },
  { hash: "", runId: null },
  { hash: "#other", runId: null },
]) {
  test(`"${hash}" shows ${runId ?? "no run"}`, () => assert.equal(runIdOf(hash), runId));
}

test("the run in the address is replaced, the rest stays", () => {
  assert.equal(withRunId("#lesson=2&run=old", "new"), "#lesson=2&run=new");
  assert.equal(runIdOf(withRunId("", "a b&c")), "a b&c");
});
