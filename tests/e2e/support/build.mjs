// The page, built as for production.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CLIENT_ID } from "./authDev.mjs";

const SPA = fileURLToPath(new URL("../../../examples/spa", import.meta.url));
const VITE = join(SPA, "node_modules/vite/bin/vite.js");

/** Builds it into a folder; without a value, a variable is empty, whatever a file `.env` says. */
export async function buildPage(folder, { signIn, base, workosUrl, serviceUrl = "" }) {
  const env = {
    PATH: process.env.PATH,
    VITE_SIGN_IN: signIn,
    VITE_SERVICE_URL: serviceUrl,
    VITE_WORKOS_API_URL: workosUrl,
    VITE_WORKOS_CLIENT_ID: signIn === "browser" ? CLIENT_ID : "",
    VITE_WORKOS_REDIRECT_URI: "",
  };
  const args = [VITE, "build", "--base", base, "--outDir", folder, "--emptyOutDir"];
  await promisify(execFile)(process.execPath, [...args, "--logLevel", "error"], { cwd: SPA, env });
}
