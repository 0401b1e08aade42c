/**
 * Everything the page explains: each topic has a sentence ("help.<id>") and what to look for ("help.<id>.see") in every
 * language. A control or picture asks for its topic with `data-help="<id>"`.
 */

/**
 * @typedef {object} Topic
 * @property {string} id
 * @property {string} name key of the text that names it on the page
 */

/** @typedef {{name: string, topics: readonly Topic[]}} TopicGroup */

/** @param {Record<string, string>} named topics and the keys of their names @returns {readonly Topic[]} */
const topics = (named) => Object.entries(named).map(([id, name]) => ({ id, name }));

/** @type {readonly TopicGroup[]} */
export const topicGroups = Object.freeze([
  {
    name: "training",
    topics: topics({
      run: "run.run",
      step: "run.step",
      reset: "run.reset",
      "new-start": "control.new_start",
      speed: "control.speed",
      epoch: "number.epoch",
      "training-loss": "number.loss",
      "test-loss": "number.val_loss",
      "test-accuracy": "number.val_accuracy",
    }),
  },
  {
    name: "learning",
    topics: topics({
      "learning-rate": "control.learning_rate",
      optimizer: "control.optimizer",
      activation: "control.activation",
      regularization: "control.regularization",
      "regularization-rate": "control.regularization_rate",
      "batch-size": "control.batch_size",
      loss: "setting.loss",
      momentum: "setting.momentum",
      nesterov: "setting.nesterov",
      schedule: "setting.schedule",
      clipping: "setting.clipping",
      epochs: "help.epochs.name",
      "early-stopping": "unusual.early_stopping",
      seed: "help.seed.name",
    }),
  },
  {
    name: "data",
    topics: topics({
      problem: "control.problem",
      dataset: "control.dataset",
      "train-fraction": "control.train_fraction",
      noise: "control.noise",
      "samples-count": "control.samples",
      classes: "control.classes",
      formula: "formula.label",
      points: "points.add",
      "new-sample": "control.new_sample",
      "download-data": "data.download",
    }),
  },
  {
    name: "network",
    topics: topics({
      features: "network.features",
      layers: "help.layers.name",
      units: "help.units.name",
      connections: "help.connections.name",
      bias: "help.bias.name",
      tile: "help.tile.name",
      dropout: "help.dropout.name",
      normalization: "help.normalization.name",
    }),
  },
  {
    name: "output",
    topics: topics({
      output: "card.output",
      "time-machine": "time.label",
      "show-test-data": "output.show_test_data",
      discretize: "output.discretize",
      badge: "help.badge.name",
      download: "output.download",
    }),
  },
  {
    name: "curve",
    topics: topics({
      plot: "help.plot.name",
      "log-scale": "plot.log",
      "log-epochs": "plot.log_epochs",
      smoothing: "plot.smoothing",
      pin: "runs.pin",
    }),
  },
  {
    name: "closer",
    topics: topics({
      quality: "panel.quality",
      confusion: "quality.confusion",
      "classes-found": "quality.classes",
      scatter: "quality.scatter",
      inside: "panel.layers",
      gradients: "layers.watch",
      runs: "panel.runs",
      code: "panel.code",
    }),
  },
  {
    name: "page",
    topics: topics({ examples: "help.examples.name", share: "help.share.name", colours: "help.colours.name" }),
  },
]);

/** @type {ReadonlyMap<string, Topic>} */
const byId = new Map(topicGroups.flatMap((group) => group.topics.map((topic) => [topic.id, topic])));

/**
 * @param {string} id
 * @returns {Topic | undefined}
 */
export function topicOf(id) {
  return byId.get(id);
}

/** Words of the glossary, in the order of their importance for a beginner; each has "word.<name>" and "word.<name>.means". */
export const glossary = Object.freeze([
  "sample",
  "class",
  "feature",
  "unit",
  "weight",
  "bias",
  "layer",
  "activation",
  "loss",
  "gradient",
  "learning_rate",
  "optimizer",
  "batch",
  "epoch",
  "training_data",
  "test_data",
  "overfitting",
  "regularization",
  "softmax",
  "seed",
  "setting",
]);

/**
 * @param {string} text
 * @returns {string} without capitals and accents, so that "epoque" finds "Époque"
 */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * @param {string} wanted typed by the reader
 * @param {readonly string[]} texts of one entry
 * @returns {boolean} every word that was typed occurs
 */
export function answers(wanted, texts) {
  const whole = plain(texts.join(" "));
  return plain(wanted)
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
