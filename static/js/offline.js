/** Starts the page that people take home. The server puts it, with all its modules, into one file (server/take_home). */

import { startOffline } from "./pages/offline/offline.js";

startOffline(document.documentElement);
