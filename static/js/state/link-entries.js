/** The hash of an address as a list of names and values; written so that a person can read it and a chat does not cut it. */

/** @typedef {[name: string, value: string]} Entry */

/** Signs that are safe in a hash and easier to read as they are. */
const readable = /%(2C|3A|3B|2B|5E|2F)/gi;

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} hash such as "#noise=10&layers=8:relu"
 * @returns {Entry[]} of everything that has a name and a value; of a name that is repeated the last one
 */
export function entriesOf(hash) {
  const pairs = hash.replace(/^#/, "").split("&");
  const named = pairs.filter((pair) => pair.indexOf("=") > 0);
  const entries = named.map((pair) => {
    const middle = pair.indexOf("=");
    return /** @type {Entry} */ ([decoded(pair.slice(0, middle)), decoded(pair.slice(middle + 1))]);
  });
  return [...new Map(entries)];
}

/**
 * @param {readonly Entry[]} entries
 * @returns {string} "#" and the entries, or "" for none
 */
export function hashOf(entries) {
  const write = (/** @type {string} */ text) =>
    encodeURIComponent(text)
      .replace(readable, decodeURIComponent)
      .replace(/[()!'*~]/g, (sign) => (sign === "*" ? sign : `%${sign.charCodeAt(0).toString(16).toUpperCase()}`));
  return entries.length ? `#${entries.map(([name, value]) => `${write(name)}=${write(value)}`).join("&")}` : "";
}

/**
 * @param {string} text
 * @returns {boolean | undefined} undefined when it says neither
 */
export function readSwitch(text) {
  return text === "true" ? true : text === "false" ? false : undefined;
}
