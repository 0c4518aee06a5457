import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { environment } from "../installed.ts";
import { FACTORY } from "../whole-aws.ts";
import type { Client, Told } from "./factory-call.ts";

/**
 * A client written in Python that runs until the test ends: it reads one call per line, and responds with one line.
 * @param script in this folder
 * @param endpoint URL without a slash at the end
 */
export function pythonClient(python: string, script: string, endpoint: string): Client {
  const program = spawn(python, [`${import.meta.dirname}/${script}`], { env: environment(endpoint, FACTORY) });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const ended = once(program, "close");
  let said = "";
  program.stderr.on("data", (text) => {
    said += text;
  });
  // A missing line means that the program has ended.
  program.stdin.on("error", () => {});
  onTestFinished(async () => {
    program.stdin.end();
    await ended;
  });

  return {
    async send(call, input) {
      program.stdin.write(`${JSON.stringify({ call, input })}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`${script} ended at ${call}: ${said}`);
      const told = JSON.parse(value) as Told | { broken: string };
      if ("broken" in told) throw new Error(`${script} could not make ${call}: ${told.broken}`);
      return told;
    },
  };
}
