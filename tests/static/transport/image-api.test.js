import assert from "node:assert/strict";
import { test } from "node:test";
import { createImageApi } from "../../../static/js/transport/image-api.js";
import { upload } from "../../../static/js/transport/upload.js";

/** A request that the test answers. */
class FakeRequest {
  status = 0;
  statusText = "";
  responseText = "";
  upload = {};
  /** @type {string[]} */
  said = [];
  open(/** @type {string} */ method, /** @type {string} */ url) {
    this.said.push(`${method} ${url}`);
  }
  setRequestHeader(/** @type {string} */ name, /** @type {string} */ value) {
    this.said.push(`${name}: ${value}`);
  }
  send() {
    this.said.push("send");
  }
  abort() {
    /** @type {any} */ (this).onabort();
  }
}

function openUpload() {
  const request = /** @type {any} */ (new FakeRequest());
  /** @type {number[]} */
  const shares = [];
  const body = new Blob(["zip"]);
  const onProgress = (/** @type {number} */ share) => void shares.push(share);
  const sent = upload("http://x/api/images", { body, type: "application/zip", onProgress, makeRequest: () => request });
  return { request, shares, sent };
}

test("pictures come as bytes with their labels and the names of the classes", async () => {
  /** @type {any[]} */
  const asked = [];
  const answer = { shape: [1, 2, 1], total: 9, start: 0, labels: [3], class_names: ["a"], pictures: btoa("\x00\xff") };
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {any} */ options) => {
      asked.push([url, JSON.parse(options.body).count]);
      return new Response(JSON.stringify(answer));
    }
  );
  const api = createImageApi({ baseUrl: "http://x/", fetch });
  const question = /** @type {const} */ ({ dataset: {}, augmentation: null, share: "train", start: 0, count: 1 });
  const { pictures, classNames, labels } = await api.fetchPictures(question);
  assert.deepEqual([[...pictures], classNames, labels], [[0, 255], ["a"], [3]]);
  assert.deepEqual(asked, [["http://x/api/datasets/pictures", 1]]);
});

test("a file is sent with its type, and tells how much of it has arrived", async () => {
  const { request, shares, sent } = openUpload();
  request.upload.onprogress({ loaded: 1, total: 4 });
  Object.assign(request, { status: 202, responseText: '{"collection": "c1"}' });
  request.onload();
  assert.deepEqual(await sent.answer, { collection: "c1" });
  assert.deepEqual(request.said, ["POST http://x/api/images", "Content-Type: application/zip", "send"]);
  assert.deepEqual(shares, [0.25]);
});

test("a refusal is the server's, a cut line and a stop say what they are", async () => {
  const refused = openUpload();
  const error = { code: "too_large", message: "This file is too large." };
  Object.assign(refused.request, { status: 413, responseText: JSON.stringify({ error }) });
  refused.request.onload();
  await assert.rejects(refused.sent.answer, { code: "too_large", status: 413, message: "This file is too large." });
  const cut = openUpload();
  cut.request.onerror();
  await assert.rejects(cut.sent.answer, { code: "unreachable", status: 0 });
  const stopped = openUpload();
  stopped.sent.abort();
  await assert.rejects(stopped.sent.answer, { code: "aborted" });
});
