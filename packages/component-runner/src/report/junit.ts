import { writeFileSync } from "node:fs";
import { getJunitXml } from "junit-xml";
import type { DocumentResult, StepLine } from "../run/run-events.ts";

/** Writes a report for CI servers: one suite per document and stage, one test case per step. */
export function writeJunit(file: string, name: string, documents: readonly DocumentResult[]): void {
  const suites = documents.map(({ document, stage, status, why, steps, durationMs }) => ({
    name: `${document} (${stage})`,
    time: durationMs / 1000,
    testCases:
      steps.length > 0
        ? steps.map((step) => toCase(document, step))
        : [{ name: stage, classname: document, skipped: status === "not-run", systemOut: [why] }],
  }));
  writeFileSync(file, getJunitXml({ name, suites }));
}

const toCase = (
  document: string,
  { phase, step, action, status, failureMessage, fidelity, why, durationMs, tail, line }: StepLine,
) => ({
  name: `${phase}.${step}`,
  classname: document,
  time: durationMs / 1000,
  file: document,
  line,
  ...(status === "failed" && { failures: [{ message: `${document}:${line}: ${failureMessage}`, type: action }] }),
  ...((status === "skipped" || fidelity === "skipped") && { skipped: true }),
  systemOut: [...(why ? [why] : []), ...tail],
});
