/**
 * A browser opens six connections to one server, for all its tabs together: streams that stay open may take half of them,
 * so that a seventh window still loads. Tabs agree through leases in the storage they share; unlike the browser's own
 * locks, that works on every address of a school's network, not only on secure ones.
 */

const mostStreams = 3;
const leaseMs = 5000;
const prefix = "neural-playground.stream.";

/**
 * @typedef {object} StreamPlaces
 * @property {() => boolean} take a place, or keep the one that is held; to be repeated well within the lease
 * @property {() => void} giveBack
 */

/**
 * @param {object} options
 * @param {() => Pick<Storage, "getItem" | "setItem" | "removeItem">} options.storage throws where a browser forbids it
 * @param {() => number} options.now milliseconds, the same for all tabs
 * @param {string} options.owner a name that no other tab has
 * @returns {StreamPlaces}
 */
export function createStreamPlaces({ storage, now, owner }) {
  /** @type {string | null} */
  let held = null;

  /** @param {string} name @returns {string | null} who holds a place, nobody when the lease has run out */
  function holderOf(name) {
    const [holder, until] = (storage().getItem(name) ?? "").split(" ");
    const restMs = Number(until) - now();
    return restMs > 0 && restMs <= leaseMs ? holder : null;
  }

  /** @param {string} name @returns {boolean} */
  function lease(name) {
    const holder = holderOf(name);
    // Two tabs that began at the same moment may both believe that a place is theirs; the one overwritten sees it next time.
    if (holder !== owner && (holder !== null || held === name)) return false;
    storage().setItem(name, `${owner} ${now() + leaseMs}`);
    held = name;
    return true;
  }

  function take() {
    if (held !== null && lease(held)) return true;
    const lost = held;
    held = null;
    for (let number = 0; number < mostStreams; number += 1) {
      if (prefix + number !== lost && lease(prefix + number)) return true;
    }
    return false;
  }

  function giveBack() {
    if (held !== null && holderOf(held) === owner) storage().removeItem(held);
    held = null;
  }

  return { take: () => orAlone(take, true), giveBack: () => orAlone(giveBack, undefined) };
}

/**
 * Where nothing can be shared between tabs, each goes on as if it were alone.
 * @template T
 * @param {() => T} act
 * @param {T} alone
 * @returns {T}
 */
function orAlone(act, alone) {
  try {
    return act();
  } catch {
    return alone;
  }
}
