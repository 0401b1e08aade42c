/** The same answer, as the same object, while the question stays the same. */

/**
 * @template {unknown[]} Arguments
 * @template Answer
 * @param {(...given: Arguments) => Answer} compute
 * @returns {(...given: Arguments) => Answer} remembers the last answer only
 */
export function memoizeLast(compute) {
  /** @type {Arguments | null} */
  let asked = null;
  /** @type {Answer} */
  let answer;
  return (...given) => {
    if (asked === null || given.some((value, index) => value !== asked?.[index])) {
      answer = compute(...given);
      asked = given;
    }
    return answer;
  };
}
