// A service that receives events.

import { once } from "node:events";
import { createServer } from "node:http";

/** It has a secret, and gives its events in the order in which they come. */
export async function startReceiver() {
  const events = [];
  const waiting = [];
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(200).end();
    const event = { body, signature: request.headers["workos-signature"] };
    const next = waiting.shift();
    next ? next(event) : events.push(event);
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  return {
    url: `http://127.0.0.1:${receiver.address().port}/webhook`,
    secret: "whsec_clients",
    next: async () => events.shift() ?? (await new Promise((resolve) => waiting.push(resolve))),
  };
}
