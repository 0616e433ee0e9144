// Where journeys take place: WorkOS's stand-in, a service and a page, of its own for each way to sign in.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, Program } from "../../javascript/program.mjs";
import { API_KEY, AuthDev, CLIENT_ID } from "./authDev.mjs";
import { buildPage } from "./build.mjs";
import { servePage } from "./pageServer.mjs";
import { Watch } from "./watch.mjs";

export const COOKIE_PASSWORD = "a password of at least 32 characters, for cookies";

export class Stage {
  /**
   * `signIn` is who keeps the session, `browser` or `service`; with `isElsewhere` the page is on an
   * origin of its own.
   */
  constructor({ service, signIn, base = "/", isElsewhere = false }) {
    const where = isElsewhere ? ", page elsewhere" : base === "/" ? "" : `, ${base}`;
    Object.assign(this, {
      service,
      signIn,
      base,
      isElsewhere,
      name: `${service}, ${signIn}${where}`,
    });
    this.isByService = signIn === "service";
    this.watch = new Watch([API_KEY, COOKIE_PASSWORD]);
  }

  async start() {
    this.folder = mkdtempSync(join(tmpdir(), "auth-e2e-"));
    const [workosPort, servicePort, pagePort] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
    ]);
    /** As browsers know it. */
    this.serviceUrl = `http://localhost:${servicePort}`;
    this.origin = this.isElsewhere ? `http://localhost:${pagePort}` : this.serviceUrl;
    /** The page's first address, with a slash at the end. */
    this.url = this.origin + this.base;
    const redirectUri = `${this.origin}${this.isByService ? "/auth/" : this.base}callback`;
    const [folder, pageFolder] = ["work", "page"].map((name) => join(this.folder, name));
    mkdirSync(folder);
    const workosUrl = `http://localhost:${workosPort}`;
    const { base, signIn } = this;
    const serviceUrl = this.isElsewhere ? this.serviceUrl : "";
    [this.authDev] = await Promise.all([
      AuthDev.start({ port: workosPort, folder, places: [this.url], redirectUris: [redirectUri] }),
      buildPage(pageFolder, { signIn, base, workosUrl, serviceUrl }),
    ]);
    if (this.isElsewhere) this.pageServer = await servePage(pageFolder, pagePort);
    this.program = await Program.start(join(process.env.EXAMPLES, this.service), {
      folder,
      env: {
        PORT: String(servicePort),
        WORKOS_CLIENT_ID: CLIENT_ID,
        ADMIN_DOMAIN: "example.com",
        WORKOS_API_URL: workosUrl,
        PAGE_DIR: pageFolder,
        PAGE_BASE: base,
        ...(this.isElsewhere && { PAGE_ORIGIN: this.origin }),
        ...(this.isByService && {
          WORKOS_API_KEY: API_KEY,
          WORKOS_REDIRECT_URI: redirectUri,
          WORKOS_COOKIE_PASSWORD: COOKIE_PASSWORD,
        }),
      },
      ready: "Stop it with",
    });
    this.startedAt = Date.now();
  }

  async stop() {
    this.pageServer?.close();
    await Promise.all([this.program?.stop(), this.authDev?.program.stop()]);
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the two servers have told whoever runs them. */
  get logs() {
    const { program, authDev } = this;
    return { [this.service]: program.output + program.log, "auth-dev": authDev.program.log };
  }
}
