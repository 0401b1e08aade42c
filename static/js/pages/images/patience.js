/** Questions to a server that may fail: asked again, ever more rarely, for as long as somebody waits for the answer. */

const [firstMs, longestMs] = [1000, 60_000];

/** Between two looks at a server that does not answer. */
const longestPollMs = 15_000;

/**
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @param {object} how
 * @param {(delayMs: number) => Promise<void>} how.wait
 * @param {() => boolean} how.isWanted
 * @param {(error: any) => void} [how.onFailure]
 * @returns {Promise<Answer | null>} null once nobody waits any more
 */
export async function askPatiently(ask, { wait, isWanted, onFailure = () => undefined }) {
  for (let delayMs = firstMs; isWanted(); delayMs = Math.min(2 * delayMs, longestMs)) {
    try {
      const answer = await ask();
      return isWanted() ? answer : null;
    } catch (error) {
      if (isWanted()) onFailure(error);
    }
    await wait(delayMs);
  }
  return null;
}

/**
 * Looks again and again while it is needed; rests while nobody looks at the page.
 * @param {() => Promise<boolean>} look whether there was an answer
 * @param {object} how
 * @param {(delayMs: number) => Promise<void>} how.wait
 * @param {() => boolean} how.isNeeded
 * @param {() => boolean} [how.isHidden]
 * @param {number} how.everyMs
 */
export async function pollWhile(look, { wait, isNeeded, isHidden = () => false, everyMs }) {
  for (let delayMs = everyMs; isNeeded(); ) {
    await wait(delayMs);
    if (isHidden() || !isNeeded()) continue;
    delayMs = (await look()) ? everyMs : Math.min(2 * delayMs, longestPollMs);
  }
}
