/** Long columns made shorter without losing their beginning, their end or their holes. */

/** @typedef {Record<string, (number | null)[]>} Columns all of one length; one of them is "epoch" */

/**
 * @param {number} first epoch
 * @param {number} last epoch
 * @param {number} limit rows, about
 * @returns {number} epochs of one stretch: a power of two, so that rows thinned twice are those thinned once
 */
export function stretchOf(first, last, limit) {
  return 2 ** Math.max(0, Math.ceil(Math.log2((last - first + 1) / limit)));
}

/**
 * One row for each stretch of epochs, all stretches equally long; the newest row always stays.
 * @param {Columns} columns epochs ascending
 * @param {number} limit rows, about
 * @returns {Columns} the same object when it fits already
 */
export function thinColumns(columns, limit) {
  const { epoch } = columns;
  if (epoch.length <= limit) return columns;
  const stretch = stretchOf(epoch[0] ?? 0, epoch.at(-1) ?? 0, limit);
  const numberOf = (/** @type {number} */ row) => Math.floor((epoch[row] ?? 0) / stretch);
  const keep = (/** @type {unknown} */ _value, /** @type {number} */ row) =>
    row === 0 || row === epoch.length - 1 || numberOf(row) !== numberOf(row - 1);
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.filter(keep)]));
}

/**
 * Rows appended in order; rows the columns already have are left out, so that a replay changes nothing.
 * @param {Columns} columns
 * @param {Columns} newer
 * @returns {Columns}
 */
export function appendColumns(columns, newer) {
  const last = columns.epoch.at(-1) ?? -Infinity;
  const first = newer.epoch.findIndex((epoch) => epoch !== null && epoch > last);
  if (first === -1) return columns;
  const names = Object.keys(columns.epoch.length ? columns : newer);
  const blank = new Array(newer.epoch.length - first).fill(null);
  return Object.fromEntries(
    names.map((name) => [name, [...(columns[name] ?? []), ...(newer[name]?.slice(first) ?? blank)]]),
  );
}
