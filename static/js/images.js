/** Starts the image page: an entry of its own, so that the playground loads none of it. */

import { startImages } from "./pages/images/images.js";

await startImages();
