import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DocumentOutcome } from "../language/run-document.ts";

/** Size limit of one document's console log. */
const MOST_BYTES = 16 * 2 ** 20;

/** The results folder of one document, as AWSTOE writes it (user guide, "AWSTOE log files"); its JSON's schema is not published. */
export interface ResultsFolder {
  readonly path: string;
  write(line: string): void;
  end(outcome: DocumentOutcome | undefined): void;
}

export function openResults(
  parent: string,
  { text, name, now }: { readonly text: string; readonly name: string; readonly now: Date },
): ResultsFolder {
  const executionId = randomUUID();
  const [date, time] = now.toISOString().slice(0, 19).split("T");
  const path = join(parent, `TOE_${date}_${time?.replaceAll(":", "-")}_UTC-0_${executionId}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "document.yaml"), text);
  const log = openSync(join(path, "console.log"), "w");
  let bytes = 0;
  return {
    path,
    write(line) {
      if (bytes > MOST_BYTES) return;
      bytes += line.length;
      writeSync(log, bytes > MOST_BYTES ? "(more output left out)\n" : `${line}\n`);
    },
    end(outcome) {
      closeSync(log);
      if (!outcome) return;
      const summary = {
        executionId,
        status: outcome.status.toLowerCase(),
        failedStepCount: outcome.failedSteps,
        executedStepCount: outcome.executedSteps,
        ignoredFailedStepCount: outcome.ignoredFailedSteps,
        failureMessage: outcome.failure ? `Document ${name} failed!` : "",
        logUrl: "",
      };
      const phases = Map.groupBy(outcome.steps, ({ phase }) => phase);
      const detailed = {
        ...summary,
        startTime: now.toISOString(),
        endTime: new Date(now.getTime() + Math.max(0, Date.now() - now.getTime())).toISOString(),
        documents: [
          {
            name,
            filePath: "document.yaml",
            status: summary.status,
            phases: [...phases].map(([phase, steps]) => ({
              name: phase,
              status: steps.some(({ status }) => status === "failed") ? "failed" : "success",
              steps: steps.map(({ step, action, status, inputs, outputs, failureMessage, attempts }) => ({
                name: step,
                action,
                status,
                inputs,
                outputs,
                failureMessage,
                attempts,
              })),
            })),
          },
        ],
      };
      const chaining = Object.fromEntries(
        outcome.steps.map(({ phase, step, inputs, outputs }) => [`${phase}.${step}`, { inputs, outputs }]),
      );
      writeFileSync(join(path, "detailedoutput.json"), `${JSON.stringify(detailed, null, 2)}\n`);
      writeFileSync(join(path, "chaining.json"), `${JSON.stringify(chaining, null, 2)}\n`);
      writeFileSync(join(path, "application.log"), `${JSON.stringify(summary)}\n`);
    },
  };
}
