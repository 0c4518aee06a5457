import { appendFile } from "node:fs/promises";
import { styleText } from "node:util";
import { buildVersion } from "../../core/build-arn.ts";
import type { BuildArn } from "../../events/ids.ts";
import { duration } from "../local/draw-execution.ts";
import { exitCodes, type Outcome } from "./exit-codes.ts";

/** How `amint build` ended. */
export interface Ending {
  readonly image: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly build?: BuildArn | undefined;
}

export interface Report {
  progress(text: string, build: BuildArn | undefined): void;
  /** Says how it ended, and sets the exit code. */
  end(ending: Ending): Promise<void>;
}

/**
 * Tells people, or, with `json`, programs: a line for each change, and one for the end.
 * @param outputs a file to which `build=` and `outcome=` are added, as CI systems read them
 */
export function newReport({ json, outputs }: { json?: true | undefined; outputs?: string | undefined }): Report {
  const begun = performance.now();
  const took = () => duration(Math.max(1000, Math.round(performance.now() - begun)));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  return {
    progress(text, build) {
      if (json) print(JSON.stringify({ type: "progress", time: new Date().toISOString(), build, text }));
      else print(`${styleText("dim", took().padStart(7), { stream: process.stdout })}  ${text}`);
    },
    async end({ image, outcome, reason, build }) {
      if (json) print(JSON.stringify({ type: "outcome", image, outcome, reason, build }));
      else print(`${subject(image, build)}: ${colour(outcome)}: ${reason}`);
      if (outputs) await appendFile(outputs, `build=${build ?? ""}\noutcome=${outcome}\n`);
      process.exitCode = exitCodes[outcome];
    },
  };
}

const subject = (image: string, build: BuildArn | undefined): string =>
  build ? `${image} ${buildVersion(build)}` : image;

function colour(outcome: Outcome): string {
  const good = exitCodes[outcome] === 0;
  const nobodyKnows = outcome === "timeout" || outcome === "interrupted";
  return styleText(good ? "green" : nobodyKnows ? "yellow" : "red", outcome, { stream: process.stdout });
}
