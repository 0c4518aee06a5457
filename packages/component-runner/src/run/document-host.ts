import { createHash } from "node:crypto";
import type { Entry } from "../actions/file-scripts.ts";
import { bashScript, binaryScript } from "../actions/system-scripts.ts";
import type { Backend, System } from "../isolation/system.ts";
import { maskSecrets } from "../language/secrets.ts";
import type { StepEvent, StepHost, StepOutcome, StepRequest } from "../language/step-host.ts";
import type { InstanceAws } from "./instance-aws.ts";
import { needsKernel } from "./needs-kernel.ts";
import { carryOut, inspect } from "./run-step.ts";
import type { Fidelity } from "./step-tools.ts";

/** A system that runs documents one after the other. */
export interface Instance {
  readonly backend: Pick<Backend, "name" | "ownKernel" | "hasInit">;
  readonly system: System;
  readonly aws: InstanceAws;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Called for each restart that a step requests. */
  readonly onRestart: () => void;
}

export interface Watcher {
  onEvent(event: StepEvent): void;
  /** Complete lines without line endings; secrets are masked. */
  onLine(line: string, from: "stdout" | "stderr"): void;
  /** Called before the step ends; a step without this call is real. */
  onFidelity(fidelity: Fidelity, why: string): void;
}

/** Exit codes that restart the system within a step. */
const REBOOT_CODES = [194, 3010];

/** In characters. Longer lines are split. */
const LONGEST_LINE = 8192;

export type RunNested = (inputs: Entry, host: StepHost) => Promise<StepOutcome>;

/** The final text of a line on a terminal: programs redraw progress after a carriage return. */
const afterReturns = (line: string): string => line.replace(/\r+$/, "").replace(/^.*\r/, "");

export function documentHost(instance: Instance, watcher: Watcher, runNested: RunNested): StepHost {
  const deadlines = new Map<string, AbortSignal>();

  /** One deadline covers all rounds and restarts of an attempt. */
  function deadlineOf({ phase, name, attempt, timeoutSeconds }: StepRequest): AbortSignal {
    if (timeoutSeconds < 0) return instance.signal;
    const key = `${phase}.${name}.${attempt}`;
    const known = deadlines.get(key);
    if (known) return known;
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new Error(`The step did not end within ${timeoutSeconds} seconds.`)),
      timeoutSeconds * 1000,
    );
    timer.unref();
    const deadline = AbortSignal.any([instance.signal, controller.signal]);
    deadlines.set(key, deadline);
    return deadline;
  }

  async function restart(): Promise<void> {
    instance.signal.throwIfAborted();
    if (!instance.backend.hasInit) watcher.onFidelity("simulated", "a restart ends all processes, and nothing boots");
    await instance.system.restart();
    instance.onRestart();
  }

  const host: StepHost = {
    async run(step) {
      const why = instance.backend.ownKernel ? undefined : needsKernel(scriptOf(step));
      if (why) {
        watcher.onFidelity("skipped", `needs a kernel of its own: it ${why}`);
        return { exitCode: 0, stdout: "", stderr: "" };
      }
      const lines = lineCutter((line, from) => watcher.onLine(maskSecrets(afterReturns(line), step.secrets), from));
      const signal = deadlineOf(step);
      const outcome = await carryOut(step, {
        system: () => instance.system,
        aws: instance.aws,
        signal,
        onOutput: step.disableLogging ? () => {} : lines.add,
        restart,
        runNested: (inputs) => runNested(inputs, host),
      });
      lines.end();
      instance.signal.throwIfAborted();
      if (signal.aborted || !REBOOT_CODES.includes(outcome.exitCode)) return outcome;
      await restart();
      return { ...outcome, errorMessage: "The step asks for a restart again and again (exit status 194)." };
    },
    inspect: (question) => inspect(question, { system: () => instance.system, signal: instance.signal }),
    readParameter: (name) => instance.aws.readParameter(name),
    observe: (event) => watcher.onEvent(event),
  };
  return host;
}

function scriptOf({ action, inputs }: StepRequest): string {
  if (action === "ExecuteBash") return bashScript(inputs as Entry);
  return action === "ExecuteBinary" ? binaryScript(inputs as Entry).replaceAll("'", "") : "";
}

/** Bytes of one step's output that are shown and logged. */
const MOST_OUTPUT = 16 * 2 ** 20;

function lineCutter(onLine: Watcher["onLine"]) {
  const rest = { stdout: "", stderr: "" };
  let left = MOST_OUTPUT;
  return {
    add(text: string, from: "stdout" | "stderr"): void {
      if (left <= 0) return;
      left -= text.length;
      const lines = `${rest[from]}${text}`.split("\n");
      rest[from] = lines.pop() ?? "";
      for (const line of lines) onLine(line, from);
      if (left <= 0) onLine("(more output left out)", from);
      while (rest[from].length > LONGEST_LINE) {
        onLine(rest[from].slice(0, LONGEST_LINE), from);
        rest[from] = rest[from].slice(LONGEST_LINE);
      }
    },
    end(): void {
      for (const from of ["stdout", "stderr"] as const) if (rest[from]) onLine(rest[from], from);
    },
  };
}

/** Digest of a document's text; detects a document that executes itself. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");
