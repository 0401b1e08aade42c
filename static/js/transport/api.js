/** Questions to the server and their answers. */

/** @typedef {{field: string, message: string, code?: string, expected?: string, received?: unknown, position?: number}} Problem position: character of a formula */

/** What the server said when it refused, or that it could not be reached. */
export class ApiError extends Error {
  /**
   * @param {string} message safe to show
   * @param {{code: string, status: number, problems?: Problem[], retryAfterS?: number | null}} details status 0: not reached
   */
  constructor(message, { code, status, problems = [], retryAfterS = null }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.problems = problems;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * @typedef {object} ModelFiles
 * @property {any} model model.json
 * @property {ArrayBuffer} weights all shards, one after the other
 * @property {any} probe probe.json
 */

/**
 * @param {Response} response not ok
 * @returns {Promise<ApiError>}
 */
async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const error = body?.error ?? {};
  const retryAfterS = Number(response.headers.get("Retry-After")) || null;
  return new ApiError(error.message ?? `${response.status} ${response.statusText}`, {
    code: error.code ?? "unexpected_answer",
    status: response.status,
    problems: error.problems,
    retryAfterS,
  });
}

/**
 * @param {ArrayBuffer[]} parts
 * @returns {ArrayBuffer}
 */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return bytes.buffer;
}

/**
 * @typedef {object} Requests
 * @property {(path: string) => string} address
 * @property {(path: string, options?: RequestInit) => Promise<Response>} ask throws ApiError
 * @property {(path: string, options?: RequestInit) => Promise<any>} read JSON
 * @property {(path: string, body: unknown) => Promise<any>} post JSON, both ways
 */

/**
 * @param {{baseUrl: string, fetch: typeof globalThis.fetch}} surroundings baseUrl: where the product is mounted, ends with "/"
 * @returns {Requests}
 */
export function createRequests({ baseUrl, fetch }) {
  const address = (/** @type {string} */ path) => new URL(path, baseUrl).href;

  /** @param {string} path @param {RequestInit} [options] */
  async function ask(path, options) {
    const response = await fetch(address(path), options).catch((cause) => {
      throw new ApiError(String(cause?.message ?? cause), { code: "unreachable", status: 0 });
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  /** @param {string} path @param {unknown} body */
  async function post(path, body) {
    const headers = { "Content-Type": "application/json" };
    return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  }
  return { address, ask, post, read: async (path, options) => (await ask(path, options)).json() };
}

/**
 * @param {Requests} requests
 * @param {string} folder of the model
 * @param {AbortSignal} signal given up when another run is shown
 * @returns {Promise<ModelFiles>}
 */
async function fetchModel({ ask, read }, folder, signal) {
  const model = await read(`${folder}/model.json`, { signal });
  const paths = model.weightsManifest.flatMap((/** @type {{paths: string[]}} */ group) => group.paths);
  const shards = paths.map(async (/** @type {string} */ path) =>
    (await ask(`${folder}/${path}`, { signal })).arrayBuffer(),
  );
  const [probe, ...weights] = await Promise.all([read(`${folder}/probe.json`, { signal }), ...shards]);
  return { model, weights: joined(weights), probe };
}

/**
 * @param {{baseUrl: string, fetch: typeof globalThis.fetch}} surroundings baseUrl: where the product is mounted, ends with "/"
 */
export function createApi(surroundings) {
  const requests = createRequests(surroundings);
  const { address, ask, read, post } = requests;
  const runPath = (/** @type {string} */ runId) => `api/runs/${encodeURIComponent(runId)}`;
  return {
    fetchSpec: () => read("api/spec"),
    /** @returns {Promise<{problems: string[]}>} parts of the server that are in trouble */
    fetchHealth: () => read("healthz"),
    fetchDatasets: () => read("api/datasets"),
    /** @param {unknown} dataset @param {readonly string[]} features */
    previewDataset: (dataset, features) => post("api/datasets/preview", { dataset, features }),
    /** @param {unknown} spec @param {{paused: boolean, speed: number | null}} how */
    createRun: (spec, { paused, speed }) => post("api/runs", { spec, paused, speed }),
    /** @param {string} runId */
    fetchRun: (runId) => read(runPath(runId)),
    /** @param {string} runId */
    fetchHistory: (runId) => read(`${runPath(runId)}/history`),
    /** @param {string} runId @param {Record<string, unknown>} control */
    sendControl: (runId, control) => post(`${runPath(runId)}/controls`, control),
    /** @param {string} runId */
    deleteRun: async (runId) => void (await ask(runPath(runId), { method: "DELETE", keepalive: true })),
    /** @param {string} runId @param {AbortSignal} signal */
    fetchModelFiles: (runId, signal) => fetchModel(requests, `${runPath(runId)}/model`, signal),
    /** @param {import("../state/spec.js").RunSpec} spec @param {number | null} epochs */
    fetchScript: (spec, epochs) => post("api/scripts", { spec, epochs }),
    /** @param {string} language @returns {Promise<Record<string, string>>} */
    fetchMessages: (language) => read(`static/locales/${language}.json`),
    /** @returns {Promise<import("../state/presets.js").Preset[]>} */
    fetchPresets: () => read("static/presets/presets.json"),
    /** @returns {Promise<Record<string, import("../state/presets.js").PictureFile>>} by name of the preset */
    fetchPresetPictures: () => read("static/presets/pictures.json"),
    /** @param {string} runId @param {string | null} after @param {{waits: boolean}} how without waiting the answer ends with what is new */
    eventsUrl(runId, after, { waits }) {
      const asked = new URLSearchParams({ ...(after ? { after } : {}), ...(waits ? {} : { wait: "0" }) }).toString();
      return address(`${runPath(runId)}/events${asked ? `?${asked}` : ""}`);
    },
    /** @param {string} path within the product */
    addressOf: (path) => address(path),
    /** @param {string} runId */
    exportUrl: (runId) => address(`${runPath(runId)}/exports/tfjs.zip`),
    /** @param {string} runId @param {string} name of a file to take home @returns {Promise<Blob>} some take seconds to be made */
    fetchExport: async (runId, name) => (await ask(`${runPath(runId)}/exports/${name}`)).blob(),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */
