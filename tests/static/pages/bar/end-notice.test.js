import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeData } from "../../../../static/js/pages/bar/view-data.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { makeAnswer, makeSpec } from "../../builders.js";

const translator = /** @type {any} */ ({
  language: "en",
  t: (/** @type {string} */ key, /** @type {any} */ params) => [key, ...Object.values(params ?? {})].join(" "),
});

/** @param {Record<string, any>} answer @param {Record<string, any>} [state] */
const noticeOf = (answer, state = {}) =>
  noticeData(
    /** @type {any} */ ({
      run: openRun(makeAnswer(answer), { epoch: [] }),
      trouble: null,
      problems: [],
      dismissed: null,
      isWaiting: false,
      isCreating: false,
      translator,
      ...state,
    }),
  ).notice;

const finished = { status: "finished", epoch: 1200, reason_code: "epochs_reached" };
const stopping = { metric: "val_loss", patience: 20, restore_best: true };

test("a finished run says how far it came and offers the same start", () => {
  const notice = noticeOf(finished);
  assert.equal(notice?.text, "notice.finished 1,200");
  assert.deepEqual([notice?.act?.intent, notice?.isGood], ["reset", true]);
});

for (const { restore_best, key } of [
  { restore_best: true, key: "notice.early_stopped" },
  { restore_best: false, key: "notice.early_stopped.as_is" },
]) {
  test(`a run that stopped early says what it waited for (best weights: ${restore_best})`, () => {
    const spec = makeSpec({ early_stopping: { ...stopping, restore_best } });
    const notice = noticeOf({ ...finished, reason_code: "early_stopped", spec });
    assert.equal(notice?.text, `${key} 1,200 20 metric.val_loss`);
  });
}

test("a diverged run offers a lower rate and is no good news", () => {
  const notice = noticeOf({ status: "failed", reason_code: "diverged" });
  assert.deepEqual([notice?.act?.intent, notice?.isGood], ["calmer", false]);
});

test("a notice that was closed stays closed, and none is shown while a new run is made", () => {
  assert.equal(noticeOf(finished, { dismissed: "r1" }), null);
  assert.equal(noticeOf(finished, { isCreating: true }), null);
});
