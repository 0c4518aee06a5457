import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { environment } from "../installed.ts";
import { FACTORY } from "../whole-aws.ts";
import { type Client, type FactoryCall, failureOf, type Told, withAnswers } from "./factory-call.ts";

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

interface Calls {
  readonly title: string;
  readonly calls: readonly FactoryCall[];
  readonly pass: (minutes: number) => Promise<void>;
  /** Whether the client shows errors under the SDK's names. */
  readonly ofSdk: boolean;
}

/** Makes all calls in order through one client, and tells what went otherwise than it should. */
export async function failures(client: Client, { title, calls, pass, ofSdk }: Calls): Promise<string[]> {
  const said: Record<string, unknown> = {};
  const wrong: string[] = [];
  const unknown = new Set<string>();
  const made = { answered: 0, refused: 0 };
  for (const step of calls) {
    if (step.after !== undefined) await pass(step.after);
    try {
      const told = await client.send(step.call, withAnswers(step.input ?? {}, said) as object);
      if ("unknown" in told) unknown.add(step.call);
      else made[step.refused ? "refused" : "answered"]++;
      if ("answer" in told && step.as !== undefined) said[step.as] = told.answer;
      const failure = failureOf(step, told, ofSdk);
      if (failure !== undefined) wrong.push(failure);
    } catch (cause) {
      wrong.push(`${step.call}: ${(cause as Error).message}`);
    }
  }
  const lacks = unknown.size > 0 ? `; it is older than ${[...unknown].join(", ")}` : "";
  console.log(`${title}: ${made.answered} calls answered, ${made.refused} refused as AWS refuses them${lacks}`);
  return wrong;
}
