import assert from "node:assert/strict";
import { test } from "node:test";
import { appendColumns, thinColumns } from "../../../static/js/core/thinning.js";

/** @param {number} from @param {number} to */
function columns(from, to) {
  const epoch = Array.from({ length: to - from + 1 }, (_unused, index) => from + index);
  return { epoch, loss: epoch.map((each) => 1 / each) };
}

test("a short history is left as it is", () => {
  const short = columns(1, 100);
  assert.equal(thinColumns(short, 100), short);
});

for (const rows of [101, 250, 1_000, 99_999]) {
  test(`${rows} rows are thinned to about a hundred, with the first and the last`, () => {
    const { epoch } = thinColumns(columns(1, rows), 100);
    assert.ok(epoch.length <= 102 && epoch.length >= 50, `${epoch.length}`);
    assert.equal(epoch[0], 1);
    assert.equal(epoch.at(-1), rows);
  });
}

test("a long run is thinned evenly, however the rows arrived", () => {
  let history = columns(1, 1);
  for (let from = 2; from < 5_000; from += 7)
    history = /** @type {any} */ (thinColumns(appendColumns(history, columns(from, from + 6)), 200));
  const gaps = history.epoch.slice(2, -1).map((epoch, index) => epoch - history.epoch[index + 1]);
  assert.ok(Math.max(...gaps) <= 2 * Math.min(...gaps), `${Math.min(...gaps)} to ${Math.max(...gaps)}`);
});

test("all columns stay of one length", () => {
  const { epoch, loss } = thinColumns(columns(1, 777), 100);
  assert.equal(epoch.length, loss.length);
});

test("rows that are already there are not added twice", () => {
  assert.deepEqual(appendColumns(columns(1, 5), columns(3, 7)), columns(1, 7));
  const known = columns(1, 5);
  assert.equal(appendColumns(known, columns(2, 5)), known);
});

test("the first rows of an empty history bring its columns", () => {
  assert.deepEqual(appendColumns({ epoch: [] }, columns(1, 3)), columns(1, 3));
});

test("a column that the new rows lack has holes there", () => {
  assert.deepEqual(appendColumns(columns(1, 2), { epoch: [3] }).loss, [1, 0.5, null]);
});
