/** Reading the curve without a mouse, and going to the moment that is read: keys, fingers, pointers. */

/**
 * @typedef {object} CursorOptions
 * @property {HTMLElement} place
 * @property {() => any} getPlot of uPlot; null while there is none
 * @property {() => readonly (number | null)[]} getEpochs
 * @property {(epoch: number) => void} onTravel
 */

/** @type {Record<string, (row: number, last: number) => number>} */
const moves = {
  ArrowRight: (row) => row + 1,
  ArrowUp: (row) => row + 1,
  ArrowLeft: (row) => row - 1,
  ArrowDown: (row) => row - 1,
  PageUp: (row, last) => row + Math.ceil(last / 10),
  PageDown: (row, last) => row - Math.ceil(last / 10),
  Home: () => 0,
  End: (_row, last) => last,
};

/** A finger that moved less than this meant the place, not the way. */
const tapPx = 8;

export class PlotCursor {
  /** Where a finger or the mouse went down. */
  #pressedAt = 0;
  #isTouch = false;
  /** @type {number | null} the epoch that a drag has come to */
  #travelled = null;
  #isDragging = false;

  /** @param {CursorOptions} options */
  constructor({ place, getPlot, getEpochs, onTravel }) {
    this.getPlot = getPlot;
    this.getEpochs = getEpochs;
    this.onTravel = onTravel;
    place.onkeydown = (key) => this.#press(key);
    place.onpointerdown = (pointer) => this.#begin(pointer);
    place.onpointermove = (pointer) => this.#move(pointer);
    place.onpointerup = (pointer) => this.#end(pointer);
    place.onfocus = () => {
      const isUnread = (getPlot()?.cursor.idx ?? null) === null;
      if (isUnread && place.matches(":focus-visible")) this.#putAt(getEpochs().length - 1);
    };
    place.onblur = () => getPlot()?.setCursor({ left: -10, top: -10 });
  }

  /** @param {number} row */
  #putAt(row) {
    const plot = this.getPlot();
    const epoch = this.getEpochs()[row];
    if (plot && epoch !== undefined) plot.setCursor({ left: plot.valToPos(epoch, "x"), top: 1 });
  }

  /** @param {PointerEvent} pointer */
  #putUnder({ clientX }) {
    const plot = this.getPlot();
    if (plot) plot.setCursor({ left: clientX - plot.over.getBoundingClientRect().left, top: 1 });
  }

  #travel() {
    const epoch = this.getEpochs()[this.getPlot()?.cursor.idx ?? -1];
    if (typeof epoch !== "number" || epoch === this.#travelled) return;
    this.#travelled = epoch;
    this.onTravel(epoch);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const last = this.getEpochs().length - 1;
    const isTravel = event.key === "Enter" || event.key === " ";
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : null;
    if (last < 0 || (!isTravel && !move)) return;
    event.preventDefault();
    this.#travelled = null;
    if (move) this.#putAt(Math.min(Math.max(move(this.getPlot()?.cursor.idx ?? last, last), 0), last));
    else this.#travel();
  }

  /** @param {PointerEvent} pointer */
  #begin(pointer) {
    const box = this.getPlot()?.over.getBoundingClientRect();
    if (!box || pointer.button !== 0 || pointer.clientX < box.left || pointer.clientY > box.bottom) return;
    this.#isTouch = pointer.pointerType === "touch";
    this.#isDragging = true;
    this.#pressedAt = pointer.clientX;
    this.#travelled = null;
    this.#putUnder(pointer);
    if (!this.#isTouch) this.#travel();
  }

  /** @param {PointerEvent} pointer */
  #move(pointer) {
    if (!this.#isDragging) return;
    if (pointer.pointerType !== "touch" && !(pointer.buttons & 1)) {
      this.#isDragging = false;
      return;
    }
    this.#putUnder(pointer);
    if (!this.#isTouch) this.#travel();
  }

  /** A finger reads while it moves; only a tap goes to the moment. @param {PointerEvent} pointer */
  #end(pointer) {
    if (this.#isDragging && this.#isTouch && Math.abs(pointer.clientX - this.#pressedAt) < tapPx) this.#travel();
    this.#isDragging = false;
  }
}
