// Waiting for what should come by itself.

import { setTimeout as delay } from "node:timers/promises";

/** How long anything may take before it counts as missing. */
export const PATIENCE = 15_000;

/** Asks until the answer is true, and gives it. */
export async function until(what, isSo, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await isSo();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s`);
    await delay(50);
  }
}

/** Until the machine's clock shows a time, in milliseconds since 1970. */
export async function untilTime(time) {
  while (Date.now() < time) await delay(time - Date.now());
}

/** What comes of it, or an error if that takes too long. */
export function inTime(result, patience) {
  const late = new Promise((_, reject) => {
    const why = `not over within ${patience / 1000} s`;
    setTimeout(() => reject(new Error(why)), patience).unref();
  });
  return Promise.race([result, late]);
}
