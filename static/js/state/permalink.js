/** The address of the page: which run it shows. */

/**
 * @param {string} hash such as "#run=abc"
 * @returns {string | null}
 */
export function runIdOf(hash) {
  return new URLSearchParams(hash.replace(/^#/, "")).get("run");
}

/**
 * @param {string} hash
 * @param {string} runId
 * @returns {string} the hash with that run, other entries kept
 */
export function withRunId(hash, runId) {
  const entries = new URLSearchParams(hash.replace(/^#/, ""));
  entries.set("run", runId);
  return `#${entries}`;
}
