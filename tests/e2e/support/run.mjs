// Journeys, one after the other, and a line for each.

import { stripVTControlCharacters } from "node:util";
import { inTime } from "../../javascript/wait.mjs";
import { Stage } from "./stage.mjs";
import { Visitor } from "./visitor.mjs";

/** Beyond all the waiting that a journey does. */
const JOURNEY_PATIENCE = 120_000;

export class Report {
  journeys = 0;
  failed = 0;

  tell(stage, journey, why) {
    this.journeys += 1;
    if (why) this.failed += 1;
    const [line, ...details] = String(why ?? "").split("\n");
    console.log(`e2e ${stage.name}: ${journey}: ${why ? `FAILED: ${line}` : "ok"}`);
    for (const detail of details) console.log(`    ${detail}`);
  }
}

/** Sets a stage, has the journeys take place on it, and looks at what they have left behind. */
export async function play({ journeys, ...where }, chromium, report) {
  const stage = new Stage(where);
  try {
    await stage.start();
    for (const [name, journey] of Object.entries(journeys)) {
      stage.watch.journey = name;
      report.tell(stage, name, await travel(stage, chromium, journey));
    }
    review(stage, report);
  } catch (error) {
    report.tell(stage, "the stage", error.stack);
  } finally {
    await stage.stop();
  }
}

/** Why a journey has failed, if it has. */
async function travel(stage, chromium, journey) {
  const visitors = [];
  const visit = async () => {
    const visitor = await Visitor.arrive(stage, chromium);
    visitors.push(visitor);
    return visitor;
  };
  let why = null;
  try {
    await inTime(journey({ stage, visit, authDev: stage.authDev }), JOURNEY_PATIENCE);
    for (const visitor of visitors) await stage.watch.look(visitor);
  } catch (error) {
    const seen = await Promise.all(visitors.map((visitor) => visitor.describe()));
    why = stripVTControlCharacters([error.stack, ...seen].join("\n"));
  }
  await Promise.all(visitors.map(({ context }) => context.close()));
  await stage.authDev.heal();
  return why;
}

/** What holds for all that has happened. */
function review(stage, report) {
  const { watch } = stage;
  const isBlind = !watch.hasSeenEnough || Object.values(stage.logs).includes("");
  const blind = isBlind ? ["there was nothing to look at"] : [];
  const verdict = (found) => (found.length > 0 ? found.join("\n") : null);
  const secretsAreKept = "all: no token or code in an address, the console, a page or a log";
  report.tell(stage, secretsAreKept, verdict([...blind, ...watch.leaks(stage.logs)]));
  report.tell(
    stage,
    "all: no error in the console, nothing that the policy blocks",
    verdict(watch.errors),
  );
  report.tell(stage, "all: nobody else's servers are asked", verdict(watch.strangers));
}
