import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { NotConfigured } from "./pages/NotConfigured";
import { ServiceAuthProvider } from "./service/ServiceAuth";
import { readSettings, type Settings } from "./settings";
import "./style.css";

const settings = readSettings(import.meta.env, window.location.origin);

const page = Array.isArray(settings) ? (
  <NotConfigured mistakes={settings} />
) : (
  await withSession(
    settings,
    <ServiceAuthProvider>
      <App settings={settings} />
    </ServiceAuthProvider>,
  )
);

/** A build for `service` has no AuthKit in it: Vite writes the variable's value in place of its name. */
async function withSession(settings: Settings, app: ReactNode) {
  if (import.meta.env.VITE_SIGN_IN !== "service" && settings.signIn === "browser") {
    const { BrowserSession } = await import("./session/BrowserSession");
    return <BrowserSession settings={settings}>{app}</BrowserSession>;
  }
  const { ServiceSession } = await import("./session/ServiceSession");
  return <ServiceSession>{app}</ServiceSession>;
}

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no element with the id `root`");
}
createRoot(root).render(<StrictMode>{page}</StrictMode>);
