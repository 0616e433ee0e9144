// A page on a host of its own, as on Netlify: files, and the one page for every other path.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const MEDIA_TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** It is the same for every name of this machine, and so of more than one origin. */
export async function servePage(folder, port) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const name = extname(path) ? path : "/index.html";
    try {
      const content = await readFile(join(folder, name));
      response.writeHead(200, { "content-type": MEDIA_TYPES[extname(name)] }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
