/**
 * A network that works example by example on objects, as TensorFlow Playground's does: an object for each unit and each
 * connection, one example forwards and backwards at a time, the gradients of a batch added up before the weights move,
 * loss and accuracy of both shares measured after every epoch. Tanh units, a sigmoid at the end, binary cross-entropy.
 *
 * Run by Node as one side of a comparison; the lines it reads and writes are described in tests/bench/contend.py.
 */

import { createInterface } from "node:readline";

/** @typedef {{features: number[], label: number}} Example */
/** @typedef {{value: (input: number) => number, slope: (input: number) => number}} Activation */

/** @type {Activation} */
const TANH = { value: (input) => Math.tanh(input), slope: (input) => 1 - TANH.value(input) ** 2 };

/** @type {Activation} */
const SIGMOID = {
  value: (input) => 1 / (1 + Math.exp(-input)),
  slope: (input) => SIGMOID.value(input) * (1 - SIGMOID.value(input)),
};

const LEAST_PROBABILITY = 1e-7;

const CROSS_ENTROPY = {
  /** @param {number} output @param {number} label */
  value: (output, label) => {
    const probability = Math.min(Math.max(output, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
    return -(label * Math.log(probability) + (1 - label) * Math.log(1 - probability));
  },
  /** @param {number} output @param {number} label */
  slope: (output, label) => {
    const probability = Math.min(Math.max(output, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
    return (probability - label) / (probability * (1 - probability));
  },
};

/** A weight between two units. */
class Connection {
  /** @param {Unit} source @param {Unit} target @param {number} weight */
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.gradientSum = 0;
  }
}

/** A unit, what it knows of the example it is shown, and the gradients since the last update. */
class Unit {
  /** @param {Activation} activation */
  constructor(activation) {
    this.activation = activation;
    /** @type {Connection[]} */
    this.incoming = [];
    /** @type {Connection[]} */
    this.outgoing = [];
    this.bias = 0;
    this.input = 0;
    this.output = 0;
    this.outputGradient = 0;
    this.inputGradient = 0;
    this.biasGradientSum = 0;
    this.examplesSeen = 0;
  }

  answer() {
    this.input = this.bias;
    for (const connection of this.incoming) {
      this.input += connection.weight * connection.source.output;
    }
    this.output = this.activation.value(this.input);
  }

  learn() {
    this.inputGradient = this.outputGradient * this.activation.slope(this.input);
    this.biasGradientSum += this.inputGradient;
    this.examplesSeen += 1;
    for (const connection of this.incoming) {
      connection.gradientSum += this.inputGradient * connection.source.output;
    }
  }

  blame() {
    this.outputGradient = 0;
    for (const connection of this.outgoing) {
      this.outputGradient += connection.weight * connection.target.inputGradient;
    }
  }

  /** @param {number} learningRate */
  move(learningRate) {
    const rate = learningRate / this.examplesSeen;
    this.bias -= rate * this.biasGradientSum;
    this.biasGradientSum = 0;
    this.examplesSeen = 0;
    for (const connection of this.incoming) {
      connection.weight -= rate * connection.gradientSum;
      connection.gradientSum = 0;
    }
  }
}

/** Layers of units, the first of which holds the example. */
class Network {
  /** @param {number[]} unitCounts @param {() => number} random */
  constructor(unitCounts, random) {
    const last = unitCounts.length - 1;
    this.layers = unitCounts.map((count, index) =>
      Array.from({ length: count }, () => new Unit(index === last ? SIGMOID : TANH)),
    );
    this.output = this.layers[last][0];
    for (let index = 1; index <= last; index++) {
      this.#connect(this.layers[index - 1], this.layers[index], random);
    }
  }

  /** Glorot uniform. @param {Unit[]} sources @param {Unit[]} targets @param {() => number} random */
  #connect(sources, targets, random) {
    const limit = Math.sqrt(6 / (sources.length + targets.length));
    for (const target of targets) {
      for (const source of sources) {
        const connection = new Connection(source, target, limit * (2 * random() - 1));
        source.outgoing.push(connection);
        target.incoming.push(connection);
      }
    }
  }

  /** @param {number[]} features */
  forward(features) {
    const [inputs] = this.layers;
    for (let place = 0; place < inputs.length; place++) {
      inputs[place].output = features[place];
    }
    for (let index = 1; index < this.layers.length; index++) {
      for (const unit of this.layers[index]) {
        unit.answer();
      }
    }
    return this.output.output;
  }

  /** @param {number} label */
  backward(label) {
    this.output.outputGradient = CROSS_ENTROPY.slope(this.output.output, label);
    for (let index = this.layers.length - 1; index >= 1; index--) {
      for (const unit of this.layers[index]) {
        unit.learn();
      }
      if (index > 1) {
        for (const unit of this.layers[index - 1]) {
          unit.blame();
        }
      }
    }
  }

  /** @param {number} learningRate */
  update(learningRate) {
    for (let index = 1; index < this.layers.length; index++) {
      for (const unit of this.layers[index]) {
        unit.move(learningRate);
      }
    }
  }
}

/** Repeatable numbers from 0 to 1: a linear congruential generator. @param {number} seed */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {Example[]} examples @param {() => number} random */
function shuffle(examples, random) {
  for (let last = examples.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const example = examples[last];
    examples[last] = examples[other];
    examples[other] = example;
  }
}

/** @param {Network} network @param {Example[]} examples */
function measure(network, examples) {
  let loss = 0;
  let right = 0;
  for (const { features, label } of examples) {
    const output = network.forward(features);
    loss += CROSS_ENTROPY.value(output, label);
    right += output > 0.5 === label > 0.5 ? 1 : 0;
  }
  return { loss: loss / examples.length, accuracy: right / examples.length };
}

/** A run of one network, as a request describes it. */
class Runner {
  /** @param {{units: number[], learning_rate: number, batch_size: number, train: Example[], val: Example[]}} request */
  constructor(request) {
    this.random = seededRandom(1);
    this.network = new Network(request.units, this.random);
    this.request = request;
    this.train = [...request.train];
    this.measured = this.measure();
  }

  measure() {
    return { train: measure(this.network, this.train), val: measure(this.network, this.request.val) };
  }

  runEpoch() {
    const { batch_size: batchSize, learning_rate: learningRate } = this.request;
    shuffle(this.train, this.random);
    this.train.forEach((example, place) => {
      this.network.forward(example.features);
      this.network.backward(example.label);
      if ((place + 1) % batchSize === 0 || place + 1 === this.train.length) {
        this.network.update(learningRate);
      }
    });
    this.measured = this.measure();
  }
}

/** @type {Runner | undefined} */
let runner;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const begun = performance.now();
  if (request.units) {
    runner = new Runner(request);
  }
  for (let epoch = 0; epoch < (request.epochs ?? 0); epoch++) {
    runner?.runEpoch();
  }
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(`${JSON.stringify({ seconds, loss: runner?.measured.train.loss })}\n`);
}
