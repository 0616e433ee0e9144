// Servers that are programs of their own.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { PATIENCE, until } from "./wait.mjs";

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

export class Program {
  /** Starts a program with this environment only, and waits until a line of its output begins so. */
  static async start(path, { args = [], env, folder, ready }) {
    const program = new Program(spawn(path, args, { cwd: folder, env }));
    const isReady = () => program.isOver || program.output.includes(`\n${ready}`);
    await until(`${path}: "${ready}"`, isReady, PATIENCE);
    if (program.isOver) throw new Error(`${path} has ended: ${program.output}${program.log}`);
    return program;
  }

  constructor(child) {
    this.child = child;
    this.output = "\n";
    this.log = "";
    this.isOver = false;
    running.add(child);
    child.stdout.setEncoding("utf8").on("data", (text) => (this.output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
    child.on("error", (error) => this.#end(error.message));
    child.on("exit", () => this.#end(""));
  }

  #end(why) {
    this.log += why;
    this.isOver = true;
    running.delete(this.child);
  }

  async stop() {
    if (this.isOver) return;
    const over = once(this.child, "exit");
    this.child.kill();
    await over;
  }
}

/** Below those that systems give to outgoing connections, which could take it before its server does. */
export async function freePort() {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 32_000), "127.0.0.1");
    const isFree = await Promise.race([
      once(server, "listening").then(() => true),
      new Promise((resolve) => server.once("error", () => resolve(false))),
    ]);
    if (!isFree) continue;
    const { port } = server.address();
    server.close();
    await once(server, "close");
    return port;
  }
}
