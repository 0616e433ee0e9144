// Waiting for what somebody sees on a page.

import { PATIENCE } from "../../javascript/wait.mjs";

export const shown = (locator, patience = PATIENCE) =>
  locator.first().waitFor({ state: "visible", timeout: patience });

export const gone = (locator) => locator.waitFor({ state: "hidden", timeout: PATIENCE });
