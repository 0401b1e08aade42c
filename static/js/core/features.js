/** The inputs a pupil may feed to the network: their formula, how they are written, and the scale of their picture. */

/**
 * @typedef {object} Feature
 * @property {string} name the key used in a spec
 * @property {string} label how it is written in a diagram
 * @property {(x1: number, x2: number) => number} formula value at a place of the plane
 * @property {number} largest greatest absolute value on the plot domain, used to colour its picture
 */

/** @type {readonly Feature[]} */
export const features = Object.freeze([
  { name: "x1", label: "x₁", formula: (x1) => x1, largest: 6 },
  { name: "x2", label: "x₂", formula: (_x1, x2) => x2, largest: 6 },
  { name: "x1_squared", label: "x₁²", formula: (x1) => x1 * x1, largest: 36 },
  { name: "x2_squared", label: "x₂²", formula: (_x1, x2) => x2 * x2, largest: 36 },
  { name: "x1x2", label: "x₁x₂", formula: (x1, x2) => x1 * x2, largest: 36 },
  { name: "sin_x1", label: "sin x₁", formula: (x1) => Math.sin(x1), largest: 1 },
  { name: "sin_x2", label: "sin x₂", formula: (_x1, x2) => Math.sin(x2), largest: 1 },
]);

/** The features that a line has: all others need a second number. */
export const lineFeatures = Object.freeze(["x1", "x1_squared", "sin_x1"]);

/** @type {ReadonlyMap<string, Feature>} */
const featureByName = new Map(features.map((feature) => [feature.name, feature]));

/**
 * @param {string} name key of a feature
 * @returns {Feature}
 * @throws {Error} when the page does not know that feature
 */
export function getFeature(name) {
  const feature = featureByName.get(name);
  if (!feature) {
    throw new Error(`Unknown feature "${name}": expected one of ${[...featureByName.keys()].join(", ")}.`);
  }
  return feature;
}
