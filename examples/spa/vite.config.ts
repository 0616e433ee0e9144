import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";
import { contentSecurityPolicy } from "./contentSecurityPolicy.ts";

export default defineConfig(({ mode }) => {
  const environment = loadEnv(mode, import.meta.dirname);
  const isSignedInByService = environment.VITE_SIGN_IN === "service";
  const server = {
    port: 5173,
    strictPort: true,
    // The cookie is that of the page's own origin.
    ...(isSignedInByService && {
      proxy: {
        "^/(auth|loggedInUser|isAdmin|me|posts)([/?]|$)":
          environment.VITE_SERVICE_URL || "http://localhost:3000",
      },
    }),
  };
  return {
    plugins: [react(), contentSecurityPolicy(environment)],
    server,
    preview: server,
    build: { assetsInlineLimit: 0 },
    test: { include: ["src/**/*.test.ts"], reporters: ["verbose"] },
  };
});
