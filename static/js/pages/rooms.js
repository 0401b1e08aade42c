/** All rooms of the page, fed from one state. */

import { createBarRoom } from "./bar/room.js";
import { createCodeRoom } from "./code/room.js";
import { createControlsRoom } from "./controls/room.js";
import { createDataRoom } from "./data/room.js";
import { createHelpRoom } from "./help/room.js";
import { joinRooms } from "./join-rooms.js";
import { createLayersRoom } from "./layers/room.js";
import { createNetworkRoom } from "./network/room.js";
import { createOutputRoom } from "./output/room.js";
import { createPanelsRoom } from "./panels/room.js";
import { createPlotRoom } from "./plot/room.js";
import { createPresetsRoom } from "./presets/room.js";
import { createQualityRoom } from "./quality/room.js";
import { createRunsRoom } from "./runs/room.js";
import { createSharingRoom } from "./sharing/room.js";
import { createTimeMachineRoom } from "./time-machine/room.js";

const makers = [
  createBarRoom,
  createControlsRoom,
  createDataRoom,
  createNetworkRoom,
  createTimeMachineRoom,
  createOutputRoom,
  createPlotRoom,
  createPanelsRoom,
  createQualityRoom,
  createLayersRoom,
  createRunsRoom,
  createCodeRoom,
  createSharingRoom,
  createPresetsRoom,
  createHelpRoom,
];

/** @param {import("./room.js").Tools} tools */
export function createRooms(tools) {
  return joinRooms(makers, tools);
}
