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

/**
 * Photos are never mirrored, not even those of the camera above a screen: a network has learned digits as they are written.
 * @param {CameraOptions} options
 */
export function createCamera({ size, onPhoto, onChange, onTrouble }) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true });
  /** @type {MediaStream | null} */
  let stream = null;
  /** Counts what was asked for: a camera that comes late is switched off at once. */
  let wish = 0;
  let isWanted = false;
  let timer = 0;

  /** Switches off, also what has only been asked for, and tells nobody. */
  function release() {
    wish += 1;
    isWanted = false;
    clearInterval(timer);
    switchOff(stream);
    stream = null;
    video.srcObject = null;
  }

  function stop() {
    release();
    onChange("off");
  }

  function stopHidden() {
    if (isWanted) stop();
  }

  function take() {
    const from = { width: video.videoWidth, height: video.videoHeight };
    const photo = croppedPhoto(video, from, size());
    if (photo) onPhoto(photo);
  }

  /** @param {number} asked */
  async function film(asked) {
    const found = await navigator.mediaDevices.getUserMedia(wanted);
    if (asked !== wish) {
      switchOff(found);
      return;
    }
    stream = found;
    video.srcObject = found;
    for (const track of found.getTracks()) track.onended = stop;
    await video.play();
    if (asked !== wish) return;
    timer = window.setInterval(take, photoMs);
    onChange("on");
  }

  async function start() {
    release();
    const asked = wish;
    if (!navigator.mediaDevices) {
      onTrouble("images.draw.camera.insecure");
      return;
    }
    isWanted = true;
    try {
      await film(asked);
    } catch (error) {
      if (asked !== wish) return;
      release();
      onTrouble(troubleOf(error));
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stopHidden();
  });
  window.addEventListener("pagehide", stopHidden);
  return { start, stop, release };
}
