/** What the page's state keeps of this room. */

import { noTime } from "../../state/time-machine.js";

/** @typedef {import("../../state/time-machine.js").TimeMachine} TimeMachineSlice */

export const timeMachineAtFirst = noTime;
