/** All rooms of the image page, fed from one state. */

import { joinRooms } from "../join-rooms.js";
import { createAugmentationRoom } from "./augmentation/room.js";
import { createBarRoom } from "./bar/room.js";
import { createBuilderRoom } from "./builder/room.js";
import { createDataRoom } from "./data/room.js";
import { createDrawRoom } from "./draw/room.js";
import { createInsideRoom } from "./inside/room.js";
import { createPanelsRoom } from "./panels/room.js";
import { createQualityRoom } from "./quality/room.js";
import { createTakeHomeRoom } from "./take-home/room.js";
import { createTrainingRoom } from "./training/room.js";
import { createTransferRoom } from "./transfer/room.js";

const makers = [
  createBarRoom,
  createDataRoom,
  createAugmentationRoom,
  createBuilderRoom,
  createTrainingRoom,
  createDrawRoom,
  createQualityRoom,
  createInsideRoom,
  createTransferRoom,
  createTakeHomeRoom,
  createPanelsRoom,
];

/** @param {import("./room.js").Tools} tools */
export function createRooms(tools) {
  return joinRooms(makers, tools);
}
