/** Samples as a file for a spreadsheet: comma-separated values as RFC 4180 has them. */

/** @typedef {{features: number[][], labels: number[]}} Samples */

/**
 * @param {string | number} field
 * @returns {string} quoted where a comma, a quote or a line break would be misread; a text that a spreadsheet would run as a
 *   formula stays a text by an apostrophe before it, a number stays a number
 */
function csvField(field) {
  const text = typeof field === "string" && /^[=+\-@\t\r\n]/.test(field) ? `'${field}` : String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {readonly (readonly (string | number)[])[]} rows
 * @returns {string} numbers with a dot, whatever the reader's language: so any program reads them alike
 */
export function csvOf(rows) {
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

/** @param {Samples} samples @param {string} split */
function rowsOf({ features, labels }, split) {
  return features.map((inputs, index) => [...inputs, labels[index], split]);
}

/**
 * @param {{train: Samples, val: Samples}} samples
 * @returns {string} x1, x2 (on a line: x), label, and whether a sample is for training or for testing
 */
export function samplesCsv({ train, val }) {
  const inputs = (train.features[0] ?? val.features[0] ?? []).length === 1 ? ["x"] : ["x1", "x2"];
  return csvOf([[...inputs, "label", "split"], ...rowsOf(train, "training"), ...rowsOf(val, "test")]);
}

/**
 * @param {{name: string, seed: number}} dataset
 * @returns {string}
 */
export function csvName({ name, seed }) {
  return `${name}-sample-${seed}.csv`;
}
