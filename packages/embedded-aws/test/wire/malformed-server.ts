import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { freePort } from "../free-port.ts";
import type { Message } from "./malformed-messages.ts";

export interface Answer {
  readonly status: number;
  /** REST services that answer JSON say it in a header. */
  readonly errorType?: string | undefined;
  readonly body: string;
}

/** The process's memory after a garbage collection, in bytes. */
interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** `embedded-aws` in a separate process. */
export interface ServerProcess {
  readonly pid: number | undefined;
  send(message: Message): Promise<Answer>;
  /** Sends bytes on a new socket. @returns the status of the first response, 0 without one */
  sendBytes(bytes: string): Promise<Answer>;
  /** Sends bytes and leaves the socket open, with the newest hundred others; status 0. */
  sendUnfinished(bytes: string): Promise<Answer>;
  memory(): Promise<Memory>;
  /** What it wrote to its standard error. */
  complaints(): string;
  /** Undefined while it is alive. */
  ended(): number | string | undefined;
  close(): Promise<void>;
}

const CLI = new URL("../../main.ts", import.meta.url).pathname;
const REPORTER = new URL("./fixtures/malformed-memory.mjs", import.meta.url).href;

export async function startProcess(): Promise<ServerProcess> {
  const port = await freePort();
  const child = fork(CLI, ["--port", String(port)], {
    execArgv: ["--expose-gc", "--import", REPORTER],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let complaints = "";
  child.stderr?.on("data", (data) => (complaints += data));
  await new Promise<void>((resolve, reject) => {
    let greeting = "";
    child.once("exit", () => reject(new Error(`amint local start ended: ${complaints}`)));
    child.stdout?.on("data", (data) => {
      greeting += data;
      if (greeting.includes(`listens on http://127.0.0.1:${port}`)) resolve();
    });
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const unfinished: Socket[] = [];
  return {
    pid: child.pid,
    send: (message) => send(agent, port, message),
    sendBytes: (bytes) => sendBytes(port, bytes),
    async sendUnfinished(bytes) {
      const socket = connect(port, "127.0.0.1").on("error", () => {});
      unfinished.push(socket);
      if (unfinished.length > 100) unfinished.shift()?.destroy();
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      return { status: 0, body: "" };
    },
    async memory() {
      const reply = once(child, "message");
      child.send("memory");
      return (await reply)[0] as Memory;
    },
    complaints: () => complaints,
    ended: () => child.exitCode ?? child.signalCode ?? undefined,
    async close() {
      agent.destroy();
      for (const socket of unfinished) socket.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function send(agent: Agent, port: number, { method, path, query, headers, body }: Message): Promise<Answer> {
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  const sent = request({
    agent,
    port,
    host: "127.0.0.1",
    method,
    path: search === "" ? path : `${path}?${search}`,
    headers: { ...headers, "content-length": body.length },
  });
  sent.end(body);
  const [response] = await once(sent, "response");
  const errorType = response.headers["x-amzn-errortype"];
  return { status: response.statusCode ?? 0, errorType, body: await text(response) };
}

async function sendBytes(port: number, bytes: string): Promise<Answer> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let body = "";
  socket.setEncoding("latin1").on("data", (part) => (body += part));
  // A server that responds before it has read everything resets the connection; its response arrived before that.
  socket.on("error", () => {});
  socket.end(Buffer.from(bytes, "latin1"));
  await new Promise((resolve) => socket.once("close", resolve));
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(body)?.[1] ?? 0), body };
}
