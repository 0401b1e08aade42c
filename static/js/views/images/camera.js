/** The camera, for as long as somebody looks: its light is off when the page is hidden or the reader has had enough. */

import { croppedPhoto } from "./picture-file.js";

/**
 * @typedef {object} CameraOptions
 * @property {() => import("./picture-file.js").Size} size of a photo
 * @property {(photo: import("./picture-file.js").Photo) => void} onPhoto
 * @property {(how: "on" | "off") => void} onChange
 * @property {(key: string) => void} onTrouble
 */

/** Photos a second are enough to look alive. */
const photoMs = 90;

/** @param {unknown} error @returns {string} key of a sentence */
function troubleOf(error) {
  const { name } = /** @type {Error} */ (error);
  if (name === "NotAllowedError") return "images.draw.camera.refused";
  return name === "NotFoundError" ? "images.draw.camera.none" : "images.draw.camera.failed";
}

/** @param {MediaStream | null} stream */
function switchOff(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Of a telephone's two cameras, the one that looks at the paper. */
const wanted = Object.freeze({ video: { facingMode: { ideal: "environment" } }, audio: false });

/** Photos are never mirrored, not even those of the camera above a screen: a network has learned digits as they are written. */
class Camera {
  #video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  /** @type {MediaStream | null} */
  #stream = null;
  /** Counts what was asked for: a camera that comes late is switched off at once. */
  #wish = 0;
  #isWanted = false;
  #timer = 0;

  /** @param {CameraOptions} options */
  constructor(options) {
    this.options = options;
  }

  async start() {
    this.release();
    const asked = this.#wish;
    const { onTrouble } = this.options;
    if (!navigator.mediaDevices) {
      onTrouble("images.draw.camera.insecure");
      return;
    }
    this.#isWanted = true;
    try {
      await this.#film(asked);
    } catch (error) {
      if (asked !== this.#wish) return;
      this.release();
      onTrouble(troubleOf(error));
    }
  }

  /** Switches off, also what has only been asked for. */
  stop() {
    if (!this.#isWanted) return;
    this.release();
    this.options.onChange("off");
  }

  /** As stop, but tells nobody. */
  release() {
    this.#wish += 1;
    this.#isWanted = false;
    clearInterval(this.#timer);
    switchOff(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** @param {number} asked */
  async #film(asked) {
    const found = await navigator.mediaDevices.getUserMedia(wanted);
    if (asked !== this.#wish) {
      switchOff(found);
      return;
    }
    this.#stream = found;
    this.#video.srcObject = found;
    for (const track of found.getTracks()) track.onended = () => this.stop();
    await this.#video.play();
    if (asked !== this.#wish) return;
    this.#timer = window.setInterval(() => this.#take(), photoMs);
    this.options.onChange("on");
  }

  #take() {
    const from = { width: this.#video.videoWidth, height: this.#video.videoHeight };
    const photo = croppedPhoto(this.#video, from, this.options.size());
    if (photo) this.options.onPhoto(photo);
  }
}

/** @param {CameraOptions} options */
export function createCamera(options) {
  const camera = new Camera(options);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) camera.stop();
  });
  window.addEventListener("pagehide", () => camera.stop());
  return camera;
}
