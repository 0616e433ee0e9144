// Flows of a client, one after the other, and a line for each.

import { readFileSync } from "node:fs";
import { inTime } from "../../javascript/wait.mjs";

const FLOW_PATIENCE = 30_000;

/** Ends the process. */
export async function run(client, flows) {
  const description = new URL(`node_modules/${client}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(description, "utf8"));
  let failed = false;
  for (const [name, flow] of Object.entries(flows)) {
    let verdict = "ok";
    try {
      await inTime(flow(), FLOW_PATIENCE);
    } catch (error) {
      failed = true;
      verdict = `FAILED: ${String(error?.message ?? error)
        .replace(/\s+/g, " ")
        .slice(0, 500)}`;
    }
    console.log(`client ${client} ${version}: ${name}: ${verdict}`);
  }
  process.exit(failed ? 1 : 0);
}
