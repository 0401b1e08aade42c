import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, createApi } from "../../../static/js/transport/api.js";

/** A server in a table: address to answer. @param {Record<string, () => Response>} answers */
function makeApi(answers) {
  /** @type {{address: string, options: any}[]} */
  const asked = [];
  const fetch = async (/** @type {any} */ address, /** @type {any} */ options) => {
    asked.push({ address, options });
    const answer = answers[new URL(address).pathname];
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  };
  return { asked, api: createApi({ baseUrl: "http://school.test/play/", fetch }) };
}

/** @param {unknown} body @param {ResponseInit} [init] */
const json = (body, init) => () => new Response(JSON.stringify(body), init);

test("a run is created with its spec, whether it waits, and its speed", async () => {
  const { api, asked } = makeApi({ "/play/api/runs": json({ run_id: "r1" }, { status: 202 }) });
  assert.deepEqual(await api.createRun({ seed: 1 }, { paused: true, speed: null }), { run_id: "r1" });
  assert.equal(asked[0].options.method, "POST");
  assert.deepEqual(JSON.parse(asked[0].options.body), { spec: { seed: 1 }, paused: true, speed: null });
});

test("a refusal brings the server's sentence and all problems", async () => {
  const problem = { field: "layers[1].units", message: "units must be 1 to 64", expected: "1 to 64", received: 500 };
  const error = { code: "invalid_spec", message: "The spec cannot be used.", problems: [problem] };
  const { api } = makeApi({ "/play/api/runs": json({ error }, { status: 422 }) });
  await assert.rejects(api.createRun({}, { paused: true, speed: 1 }), (/** @type {ApiError} */ refused) => {
    assert.ok(refused instanceof ApiError);
    assert.deepEqual(
      [refused.code, refused.status, refused.message],
      ["invalid_spec", 422, "The spec cannot be used."],
    );
    assert.deepEqual(refused.problems, [problem]);
    return true;
  });
});

test("a full server says when to come back", async () => {
  const { api } = makeApi({
    "/play/api/runs/r1": json(
      { error: { code: "full", message: "Full." } },
      { status: 503, headers: { "Retry-After": "10" } },
    ),
  });
  await assert.rejects(api.fetchRun("r1"), { retryAfterS: 10, status: 503 });
});

test("an answer of something else than our server is still an error with a sentence", async () => {
  const { api } = makeApi({
    "/play/api/spec": () => new Response("<h1>Proxy</h1>", { status: 502, statusText: "Bad Gateway" }),
  });
  await assert.rejects(api.fetchSpec(), { code: "unexpected_answer", message: "502 Bad Gateway" });
});

test("a server that cannot be reached has status 0", async () => {
  await assert.rejects(makeApi({}).api.fetchDatasets(), { code: "unreachable", status: 0 });
});

test("all shards of a model arrive as one block, in the order of the manifest", async () => {
  const bytes =
    (/** @type {number[]} */ ...values) =>
    () =>
      new Response(new Uint8Array(values));
  const { api } = makeApi({
    "/play/api/runs/r1/model/model.json": json({ weightsManifest: [{ paths: ["a.bin", "b.bin"] }] }),
    "/play/api/runs/r1/model/a.bin": bytes(1, 2),
    "/play/api/runs/r1/model/b.bin": bytes(3),
    "/play/api/runs/r1/model/probe.json": json({ tolerance: 1e-4 }),
  });
  const files = await api.fetchModelFiles("r1", new AbortController().signal);
  assert.deepEqual([...new Uint8Array(files.weights)], [1, 2, 3]);
  assert.equal(files.probe.tolerance, 1e-4);
});

test("addresses stay below the folder the product is mounted at, and ids are encoded", () => {
  const { api } = makeApi({});
  assert.equal(api.eventsUrl("r/1", "g-4", { waits: true }), "http://school.test/play/api/runs/r%2F1/events?after=g-4");
  assert.equal(api.eventsUrl("r1", null, { waits: true }), "http://school.test/play/api/runs/r1/events");
  assert.equal(
    api.eventsUrl("r1", "g-4", { waits: false }),
    "http://school.test/play/api/runs/r1/events?after=g-4&wait=0",
  );
  assert.equal(api.exportUrl("r1"), "http://school.test/play/api/runs/r1/exports/tfjs.zip");
});
