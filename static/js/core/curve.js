/** A network's answer over a line, as a plot: where things stand, what each unit adds, where the answer bends. */

/**
 * @typedef {object} CurveLayout in pixels of the style sheet, from the upper left corner
 * @property {number} left of the plot
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {number} stripTop of the strip of residuals below
 * @property {number} stripBottom
 */

/**
 * @param {number} width
 * @param {number} height
 * @returns {CurveLayout}
 */
export function curveLayout(width, height) {
  const strip = Math.min(64, Math.max(40, height * 0.18));
  const stripBottom = height - 5;
  const stripTop = stripBottom - strip;
  return { left: 38, right: width - 8, top: 8, bottom: stripTop - 26, stripTop, stripBottom };
}

/**
 * @param {readonly [number, number]} from a range of numbers
 * @param {readonly [number, number]} to where its ends stand
 * @returns {(value: number) => number}
 */
export function placing([low, high], [start, end]) {
  return (value) => start + ((value - low) / (high - low)) * (end - start);
}

/**
 * @param {ArrayLike<number>} values at even places from low to high, both included
 * @param {readonly [number, number]} domain
 * @param {number} x
 * @returns {number | null} between two places: on the line from one to the other; null outside the domain
 */
export function valueOn(values, [low, high], x) {
  const place = ((x - low) / (high - low)) * (values.length - 1);
  if (!(place >= 0 && place <= values.length - 1)) return null;
  const before = Math.min(Math.floor(place), values.length - 2);
  return values[before] + (values[before + 1] - values[before]) * (place - before);
}

/**
 * Round numbers to write at an axis.
 * @param {readonly [number, number]} range
 * @param {number} count about how many
 * @returns {number[]}
 */
export function ticksOf([low, high], count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_unused, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * @param {readonly ArrayLike<number>[]} columns numbers to show
 * @returns {[number, number]} a little more than all of them need
 */
export function rangeOf(columns) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (let index = 0; index < column.length; index += 1) {
      if (!Number.isFinite(column[index])) continue;
      low = Math.min(low, column[index]);
      high = Math.max(high, column[index]);
    }
  }
  if (low > high) return [-1, 1];
  const space = (high - low || 2) * 0.12;
  return [low - space, high + space];
}

/**
 * What each unit of the last hidden layer adds to the answer: its own answer times its weight.
 * @param {readonly Float32Array[]} answers of each unit
 * @param {ArrayLike<number>} kernel weights of the output unit, one per unit
 * @returns {Float32Array[]}
 */
export function contributions(answers, kernel) {
  return answers.map((values, unit) => values.map((value) => value * kernel[unit]));
}

/**
 * Where units that are cut off at 0 begin or cease to answer: the bends of a network of ReLU units.
 * @param {readonly ArrayLike<number>[]} answers of each unit, never below 0
 * @returns {number[]} places from 0 to 1
 */
export function kinksOf(answers) {
  return answers.flatMap((values) => {
    const places = [];
    for (let index = 1; index < values.length; index += 1) {
      if (values[index - 1] > 0 !== values[index] > 0) places.push((index - 0.5) / (values.length - 1));
    }
    return places;
  });
}

/**
 * @param {{features: number[][], labels: number[]}} samples
 * @param {ArrayLike<number>} values the answer over the domain
 * @param {readonly [number, number]} domain
 * @returns {{x: number, residual: number}[]} sample minus answer
 */
export function residualsOf({ features, labels }, values, domain) {
  return features.flatMap(([x], index) => {
    const answer = valueOn(values, domain, x);
    return answer === null ? [] : [{ x, residual: labels[index] - answer }];
  });
}

/**
 * How much the strip of residuals shows: halved again and again while everything still fits, so that it seldom changes.
 * @param {readonly {residual: number}[]} residuals
 * @param {number} widest
 * @returns {number} from 0 to each edge of the strip
 */
export function stripScale(residuals, widest) {
  const largest = residuals.reduce((most, { residual }) => Math.max(most, Math.abs(residual)), 0);
  let scale = widest;
  for (let halvings = 0; halvings < 6 && largest * 2.2 < scale; halvings += 1) scale /= 2;
  return scale;
}

/**
 * Numbers as colours: over a line their height says how large they are, so even a small one shows its sign.
 * @param {readonly number[]} labels
 * @param {number} largest magnitude of all
 * @returns {number[]} -1 to 1, never near 0
 */
export function tintsOf(labels, largest) {
  return labels.map((label) => (label < 0 ? -1 : 1) * (0.55 + 0.45 * Math.min(1, Math.abs(label) / (largest || 1))));
}

/**
 * @param {{features: number[][], labels: number[]}} samples
 * @param {number} x
 * @returns {{x: number, label: number} | null} the sample next to x
 */
export function nearestSample({ features, labels }, x) {
  let nearest = -1;
  features.forEach(([each], index) => {
    if (nearest < 0 || Math.abs(each - x) < Math.abs(features[nearest][0] - x)) nearest = index;
  });
  return nearest < 0 ? null : { x: features[nearest][0], label: labels[nearest] };
}
