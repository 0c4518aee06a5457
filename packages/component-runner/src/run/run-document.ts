import { type DocumentOutcome, runDocument } from "../language/run-document.ts";
import type { StepEvent } from "../language/step-host.ts";
import { digestOf, documentHost, type Instance, type Watcher } from "./document-host.ts";
import { nestedDocument } from "./nested-document.ts";
import type { PlannedDocument } from "./plan-documents.ts";
import { openResults } from "./results.ts";
import type { DocumentResult, RunEvent, Stage, StepLine } from "./run-events.ts";

/** Phases of each Image Builder stage (user guide, "Use the AWSTOE component document framework"). */
export const phasesOf: Readonly<Record<Stage, readonly string[]>> = { build: ["build", "validate"], test: ["test"] };

const TAIL_LINES = 20;

interface Settings {
  readonly stage: Stage;
  /** The subset of the stage's phases to run. */
  readonly phases: readonly string[];
  /** Folder for the results. */
  readonly results: string;
  readonly report: (event: RunEvent) => void;
}

/** Runs one document's phases of a stage in a system. */
export async function runOne(
  planned: Extract<PlannedDocument, { kind: "document" }>,
  instance: Instance,
  { stage, phases, results, report }: Settings,
): Promise<DocumentResult> {
  const { title, text, document, later } = planned;
  const parameters = { ...planned.parameters, ...(await later?.values()) };
  const began = performance.now();
  const folder = openResults(results, { text, name: title, now: new Date() });
  const steps: StepLine[] = [];
  let current = newStep(0);
  const watcher: Watcher = {
    onEvent(event: StepEvent) {
      if (event.kind === "started") {
        current = newStep(event.line);
        const { phase, step, action } = event;
        folder.write(`--- ${phase}.${step} (${action})`);
        return report({ type: "started", phase, step, action });
      }
      const { line, began: start, lastError, tail, fidelity, why } = current;
      const { phase, step, action, status, failureMessage, exitCode, attempts } = event;
      const durationMs = Math.round(performance.now() - start);
      const ended = {
        document: title,
        line,
        fidelity,
        why,
        durationMs,
        lastError,
        tail,
        phase,
        step,
        action,
        status,
        failureMessage,
        exitCode,
        attempts,
      };
      steps.push(ended);
      report({ type: "step", ...ended });
    },
    onLine(line, from) {
      folder.write(line);
      current.tail.push(line);
      if (from === "stderr" && line.trim()) current.lastError = line.trim();
      if (current.tail.length > TAIL_LINES) current.tail.shift();
      current.lines++;
      if (current.lines <= MOST_LINES) report({ type: "output", line, from });
      if (current.lines === MOST_LINES) report({ type: "output", line: "(more output is only in console.log)", from });
    },
    onFidelity(fidelity, why) {
      current.fidelity = fidelity;
      current.why = why;
    },
  };
  const host = documentHost(instance, watcher, nestedDocument(instance, [digestOf(text)]));
  let outcome: DocumentOutcome | undefined;
  try {
    outcome = await runDocument(document, { phases, parameters, host });
  } finally {
    folder.end(outcome);
  }
  const skipped = steps.some(({ fidelity }) => fidelity === "skipped");
  return {
    document: title,
    stage,
    status: outcome.failure ? "failed" : skipped ? "incomplete" : "success",
    why: outcome.failure ? `${outcome.failure.phase}.${outcome.failure.step}: ${outcome.failure.errorMessage}` : "",
    steps,
    durationMs: Math.round(performance.now() - began),
  };
}

/** Lines of one step's output at the terminal. */
const MOST_LINES = 2000;

const newStep = (line: number) => ({
  line,
  lines: 0,
  began: performance.now(),
  lastError: "",
  tail: [] as string[],
  fidelity: "real" as StepLine["fidelity"],
  why: "",
});
