/** What this browser remembers of its reader: language, colours, runs. A browser that keeps nothing still works; it only forgets. */

/**
 * @typedef {object} Memory
 * @property {(name: string) => string | null} recall
 * @property {(name: string, value: string) => void} keep
 */

const prefix = "neural-playground.";

/**
 * @param {() => Pick<Storage, "getItem" | "setItem">} storage throws where a browser forbids it
 * @returns {Memory}
 */
export function createMemory(storage) {
  return {
    recall(name) {
      try {
        return storage().getItem(prefix + name);
      } catch {
        return null;
      }
    },
    keep(name, value) {
      try {
        storage().setItem(prefix + name, value);
      } catch {
        // Forgotten; nothing else is lost.
      }
    },
  };
}

/**
 * @param {Pick<Memory, "recall">} memory
 * @param {string} name of a list; what others may have written there counts as none
 * @returns {string[]}
 */
export function recallIds(memory, name) {
  try {
    const ids = JSON.parse(memory.recall(name) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
