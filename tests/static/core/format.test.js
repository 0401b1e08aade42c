import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatCount,
  formatLoss,
  formatRate,
  formatShare,
  formatSigned,
  formatTiny,
} from "../../../static/js/core/format.js";

/** Thin and unbreakable spaces as the plain one, so that the table can be read. @param {string} text */
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ");

for (const { shown, expected } of [
  { shown: formatLoss(0.01834, "en"), expected: "0.018" },
  { shown: formatLoss(0.01834, "fr"), expected: "0,018" },
  { shown: formatLoss(0, "en"), expected: "0.000" },
  { shown: formatLoss(0.00004, "en"), expected: "4e-5" },
  { shown: formatLoss(null, "en"), expected: "–" },
  { shown: formatLoss(Number.NaN, "en"), expected: "–" },
  { shown: formatTiny(4.21e-8, "en"), expected: "4.2e-8" },
  { shown: formatTiny(4.21e-8, "fr"), expected: "4,2e-8" },
  { shown: formatCount(1284, "en"), expected: "1,284" },
  { shown: formatCount(1284, "fr"), expected: "1 284" },
  { shown: formatShare(0.992, "en"), expected: "99.2%" },
  { shown: formatShare(0.992, "fr"), expected: "99,2 %" },
  { shown: formatShare(0.5, "en", 0), expected: "50%" },
  { shown: formatShare(null, "en"), expected: "–" },
  { shown: formatRate(0.00001, "en"), expected: "0.00001" },
  { shown: formatRate(0.03, "fr"), expected: "0,03" },
  { shown: formatRate(10, "en"), expected: "10" },
  { shown: formatSigned(-0.5, "en"), expected: "−0.50" },
  { shown: formatSigned(2, "fr"), expected: "2,00" },
]) {
  test(`"${plain(expected)}" is what people read`, () => assert.equal(plain(shown), expected));
}
