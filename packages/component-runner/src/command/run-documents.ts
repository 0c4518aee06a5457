import { spawn } from "node:child_process";
import { once } from "node:events";
import type { System } from "../isolation/system.ts";
import { countCached, drawEvent, drawTable, resultOf, sayCached } from "../report/draw-run.ts";
import { writeJunit } from "../report/junit.ts";
import { type RunOptions, type Source, withRun } from "../run/open-run.ts";
import type { PlannedDocument } from "../run/plan-documents.ts";
import type { DocumentResult, RunEvent } from "../run/run-events.ts";
import { type ImageRun, runImage } from "../run/run-image.ts";
import type { Printing } from "./print.ts";
import { PHASES } from "./run-options.ts";

/** Options of commands that run documents. */
export interface DocumentOptions extends RunOptions {
  readonly phase?: readonly string[];
  readonly shellOnFailure?: true;
  readonly keep?: true;
  readonly junit?: string;
}

/** Documents on their own, without an image of which they are part. */
export const sourceOf = (
  planned: readonly PlannedDocument[],
  more: Pick<Source, "aws" | "os" | "runs"> & Partial<Source>,
): Source => ({
  planned,
  awsReady: Promise.resolve(),
  workingDirectory: "/var/tmp",
  architecture: process.arch === "arm64" ? "arm64" : "x86_64",
  region: "eu-west-1",
  accountId: "111122223333",
  close: async () => {},
  ...more,
});

/** Prints a run's events. JSON lists what ended; output lines are only in the results folder. */
export const reportTo =
  ({ printFound, printJson }: Printing, json: boolean) =>
  (event: RunEvent): void => {
    if (!json && drawEvent(event).length > 0) printFound(event, drawEvent);
    if (json && (event.type === "step" || event.type === "system" || event.type === "stage")) printJson(event);
  };

/** Runs documents, prints what happens, and sets the exit code. @param name of the JUnit report */
export async function runDocuments(
  source: Source,
  options: DocumentOptions,
  printing: Printing,
  name: string,
): Promise<void> {
  const report = reportTo(printing, options.json ?? false);
  await withRun(options, source, report, async (run) => {
    const { documents } = await runImage({
      ...run,
      ...source,
      phases: options.phase ?? PHASES,
      cache: options.cache,
      keepGoing: options.keepGoing ?? false,
      report,
      ...whatIsOpened(options, run.signal, printing),
    });
    await source.awsReady;
    if (options.junit !== undefined) writeJunit(options.junit, name, documents);
    end(documents, run.results, options, printing);
  });
}

function whatIsOpened(
  { shellOnFailure, keep }: DocumentOptions,
  signal: AbortSignal,
  { printFound }: Printing,
): Pick<ImageRun, "onFailure" | "atEnd"> {
  return {
    ...(shellOnFailure && {
      async onFailure(system: System) {
        const [program = "", ...args] = enterOf(system);
        printFound(undefined, () => 'A shell in the system; "exit" ends it.');
        await once(spawn(program, args, { stdio: "inherit" }), "close");
      },
    }),
    ...(keep && {
      async atEnd(system: System) {
        const enter = enterOf(system).join(" ");
        printFound(enter, (words) => `The system continues until Ctrl-C. A shell in it: sudo ${words}`);
        await once(signal, "abort");
      },
    }),
  };
}

function enterOf({ enter }: System): readonly string[] {
  if (!enter) throw new Error("This backend's systems cannot be entered.");
  return enter;
}

function end(
  documents: readonly DocumentResult[],
  results: string,
  { json }: DocumentOptions,
  { printFound, printJson }: Printing,
): void {
  const result = resultOf(documents);
  const cached = countCached(documents);
  if (json)
    printJson({ type: "summary", result, cached, documents: documents.map(({ steps, ...one }) => one), results });
  else
    printFound({ documents, result, results }, (all) => [
      "",
      ...drawTable(all.documents),
      "",
      `Result: ${all.result}. ${sayCached(all.documents)}Logs: ${all.results}`,
    ]);
  process.exitCode = { passed: 0, failed: 1, incomplete: 2 }[result];
}
