import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createTranslator, languages } from "../../../static/js/i18n/i18n.js";
import { drawableDatasets } from "../../../static/js/state/datasets.js";
import { openRun } from "../../../static/js/state/run-reducer.js";
import {
  canBeDrawn,
  canPause,
  fixedPart,
  haveSameShape,
  isFinal,
  livePart,
  runsAhead,
  statusKey,
} from "../../../static/js/state/selectors.js";
import {
  withActivation,
  withBatchSize,
  withDataset,
  withLearningRate,
  withPenalty,
  withUnits,
} from "../../../static/js/state/spec.js";
import { makeAnswer, makeSpec, offered } from "../builders.js";

/** @param {Record<string, any>} change */
const makeRun = (change) => openRun(makeAnswer(change), { epoch: [] });

const told = [
  { change: { status: "queued" }, key: "status.queued" },
  { change: { status: "queued", position: 1 }, key: "status.queued_next" },
  { change: { status: "queued", position: 2 }, key: "status.queued_behind" },
  { change: { status: "paused" }, key: "status.ready" },
  { change: { status: "paused", epoch: 3 }, key: "status.paused" },
  { change: { status: "running" }, key: "status.running" },
  { change: { status: "running" }, isCreating: true, key: "status.loading" },
  { change: { status: "finished", reason_code: "epochs_reached" }, key: "status.finished" },
  { change: { status: "finished", reason_code: "early_stopped" }, key: "reason.early_stopped" },
  { change: { status: "stopped", reason_code: "idle" }, key: "reason.idle" },
  { change: { status: "failed", reason_code: "worker_lost" }, key: "reason.worker_lost" },
  { change: { status: "failed", reason_code: "diverged" }, key: "reason.diverged" },
  { change: { status: "failed" }, key: "reason.internal_error" },
  { change: { status: "stopped", reason_code: "server_restarted" }, key: "reason.server_restarted" },
  { change: { status: "stopped", reason_code: "run_deleted" }, key: "reason.run_deleted" },
  { change: { status: "queued", reason_code: "worker_lost", epoch: 120 }, key: "resumed.worker_lost" },
  { change: { status: "queued", reason_code: "server_restarted", epoch: 120 }, key: "resumed.server_restarted" },
  { change: { status: "queued", reason_code: "worker_lost", position: 2 }, key: "status.queued_behind" },
  { change: { status: "running", reason_code: "not_responding" }, key: "running.not_responding" },
  { change: { status: "running", reason_code: null, attempt: 2 }, key: "status.running" },
];

for (const { change, isCreating = false, key } of told) {
  test(`${JSON.stringify(change)}${isCreating ? " while a new run is made" : ""} is told as ${key}`, () => {
    assert.equal(statusKey({ run: makeRun(change), isCreating }), key);
  });
}

for (const language of languages) {
  const messages = JSON.parse(
    readFileSync(new URL(`../../../static/locales/${language}.json`, import.meta.url), "utf8"),
  );
  const { t } = createTranslator(language, messages);
  test(`every status has a sentence in ${language}`, () => {
    for (const { key } of told) assert.notEqual(t(key, { count: 3 }), key);
  });
}

for (const { position, sentence } of [
  { position: 4, sentence: "Waiting for a place: 3 runs are ahead of yours." },
  { position: 2, sentence: "Waiting for a place: 1 run is ahead of yours." },
  { position: 1, sentence: "You are next." },
]) {
  test(`place ${position} in line is told as "${sentence}"`, () => {
    const messages = JSON.parse(readFileSync(new URL("../../../static/locales/en.json", import.meta.url), "utf8"));
    const run = makeRun({ status: "queued", position });
    const said = createTranslator("en", messages).t(statusKey({ run, isCreating: false }), { count: runsAhead(run) });
    assert.equal(said, sentence);
  });
}

test("before there is a run, the page is loading", () =>
  assert.equal(statusKey({ run: null, isCreating: true }), "status.loading"));

for (const { status, final, pause } of [
  { status: "queued", final: false, pause: false },
  { status: "running", final: false, pause: true },
  { status: "paused", final: false, pause: false },
  { status: "finished", final: true, pause: false },
  { status: "failed", final: true, pause: false },
  { status: "stopped", final: true, pause: false },
]) {
  test(`a ${status} run ${final ? "is over" : "is not over"} and the button says ${pause ? "Pause" : "Run"}`, () => {
    assert.equal(isFinal(makeRun({ status })), final);
    assert.equal(canPause(makeRun({ status })), pause);
  });
}

test("a queued run that will train can be paused", () => {
  const { controls } = makeAnswer();
  assert.equal(canPause(makeRun({ status: "queued", controls: { ...controls, paused: false } })), true);
});

test("what can be steered live does not need a new run, everything else does", () => {
  const spec = makeSpec();
  assert.equal(fixedPart(withLearningRate(spec, 1)), fixedPart(spec));
  assert.equal(fixedPart(withPenalty(spec, { kind: "l2", rate: 0.1 })), fixedPart(spec));
  for (const other of [withBatchSize(spec, 9), withActivation(spec, "relu"), withUnits(spec, 0, 5)]) {
    assert.notEqual(fixedPart(other), fixedPart(spec));
  }
});

test("what a living run can be told is what the page knows, whatever else its spec says", () => {
  const spec = makeSpec({ regularization: { l1: 0.1, l2: 0, ...{ dropout: 0.5 } } });
  assert.deepEqual(livePart(spec), { learning_rate: 0.03, l1: 0.1, l2: 0 });
  assert.notEqual(fixedPart(spec), fixedPart(makeSpec()));
});

for (const { name, change, drawn } of [
  { name: "the default spec", change: {}, drawn: true },
  { name: "a layer that names no kind", change: { layers: [{ units: 3, activation: "relu" }] }, drawn: true },
  { name: "no hidden layer", change: { layers: [] }, drawn: true },
  {
    name: "a dropout layer",
    change: { layers: [...makeSpec().layers, { kind: "dropout", rate: 0.2 }] },
    drawn: true,
  },
  {
    name: "a dropout of the inputs",
    change: { layers: [{ kind: "dropout", rate: 0.2 }, ...makeSpec().layers] },
    drawn: false,
  },
  { name: "more than two classes", change: { dataset: { ...makeSpec().dataset, name: "blobs" } }, drawn: true },
  { name: "pictures", change: { dataset: { ...makeSpec().dataset, name: "digits" } }, drawn: false },
]) {
  test(`the page ${drawn ? "draws" : "does not draw"} ${name}`, () => {
    const spec = makeSpec(/** @type {any} */ (change));
    assert.equal(canBeDrawn(drawableDatasets(offered), spec), drawn);
  });
}

test("networks have the same shape when their inputs and units agree", () => {
  assert.ok(haveSameShape(offered, makeSpec(), withActivation(makeSpec(), "relu")));
  assert.ok(!haveSameShape(offered, makeSpec(), makeSpec({ features: ["x1", "x1x2"] })));
  assert.ok(!haveSameShape(offered, makeSpec(), withUnits(makeSpec(), 1, 3)));
  assert.ok(!haveSameShape(offered, makeSpec(), withDataset(makeSpec(), { name: "blobs" })));
  assert.ok(haveSameShape(offered, makeSpec(), withDataset(makeSpec(), { name: "moons" })));
});
