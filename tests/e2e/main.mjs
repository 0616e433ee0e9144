// The page of the examples in a real browser, on both services, with both ways to sign in: a line for
// each journey. `node main.mjs axum service "deep link"` runs what is on that service, with that way to
// sign in, and has these words in its name; `actix`, `browser` and other words likewise.
//
// AUTH_DEV is the program auth-dev, EXAMPLES the folder with the programs axum and actix. Pictures of
// the page go to the folder SCREENSHOTS, if there is one. CHROMIUM is a browser elsewhere.

import { callbackAtService, callbackOfPage } from "./journeys/callback.mjs";
import { cookiesOfService, noCookies } from "./journeys/cookies.mjs";
import { keys } from "./journeys/keys.mjs";
import { otherOrigin } from "./journeys/otherOrigin.mjs";
import { outage } from "./journeys/outage.mjs";
import { picturesOfPage, picturesOfService } from "./journeys/pictures.mjs";
import { renewal, renewalByAuthKit } from "./journeys/renewal.mjs";
import { signInAndOut, whoIsWho } from "./journeys/signIn.mjs";
import { launch } from "./support/chromium.mjs";
import { play, Report } from "./support/run.mjs";

for (const name of ["AUTH_DEV", "EXAMPLES"]) {
  if (!process.env[name]) {
    console.error(`${name} is not set: run \`cargo xtask e2e\``);
    process.exit(2);
  }
}

const services = ["axum", "actix"];
const onEach = (stage) => services.map((service) => ({ service, ...stage }));

const stages = [
  // It is the same page on both.
  { service: "axum", signIn: "browser", journeys: picturesOfPage },
  { service: "axum", signIn: "service", journeys: picturesOfService },
  ...onEach({
    signIn: "browser",
    journeys: {
      ...signInAndOut,
      ...whoIsWho,
      ...callbackOfPage,
      ...noCookies,
      ...renewal,
      ...renewalByAuthKit,
      ...outage,
    },
  }),
  ...onEach({
    signIn: "service",
    journeys: {
      ...signInAndOut,
      ...whoIsWho,
      ...callbackAtService,
      ...cookiesOfService,
      ...renewal,
      ...outage,
    },
  }),
  ...onEach({
    signIn: "browser",
    base: "/components/",
    journeys: { ...signInAndOut, ...callbackOfPage },
  }),
  ...onEach({
    signIn: "browser",
    isElsewhere: true,
    journeys: { ...signInAndOut, ...otherOrigin },
  }),
];
/** These wait most of the time. */
const slowStages = [
  ...onEach({ signIn: "browser", journeys: keys }),
  ...onEach({ signIn: "service", journeys: keys }),
];

const words = process.argv.slice(2);
const places = words.filter((word) => ["axum", "actix", "browser", "service"].includes(word));
const names = words.filter((word) => !places.includes(word));

/** What of a stage has been asked for. */
function wanted({ journeys, ...where }) {
  const isThere = places.every((word) => [where.service, where.signIn].includes(word));
  const isCalledSo = ([name]) => names.every((word) => name.includes(word));
  const chosen = isThere ? Object.entries(journeys).filter(isCalledSo) : [];
  return chosen.length > 0 ? [{ ...where, journeys: Object.fromEntries(chosen) }] : [];
}

const report = new Report();
const chromium = await launch();
const queue = stages.flatMap(wanted);
async function work() {
  for (let stage = queue.shift(); stage; stage = queue.shift()) await play(stage, chromium, report);
}
const slow = slowStages.flatMap(wanted).map((stage) => play(stage, chromium, report));
await Promise.all([...slow, work(), work(), work()]);
await chromium.close();
console.log(`${report.journeys} journeys, ${report.failed} failed`);
process.exit(report.failed === 0 && report.journeys > 0 ? 0 : 1);
