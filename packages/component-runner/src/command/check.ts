import { readFileSync, statSync } from "node:fs";
import { Command } from "commander";
import { drawFindings, type Finding, findFaults } from "../language/find-faults.ts";
import { printFound, printJson } from "./print.ts";

/** `component-runner check`: what AWSTOE would reject, and what a build would fail on or ignore. */
export const checkCommand = (): Command =>
  new Command("check")
    .description("check documents; exit code 1: faults found")
    .argument("<documents...>", "files")
    .option("--json", "print JSON")
    .action((documents: readonly string[], { json }: { readonly json?: true }) => {
      const findings = documents.flatMap(checkFile);
      if (json) printJson({ findings });
      else printFound(findings, drawFindings);
      if (findings.some(({ warning }) => !warning)) process.exitCode = 1;
    });

function checkFile(file: string): readonly Finding[] {
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!isFile) return [{ where: file, what: "the file does not exist", fix: "name a file of a document" }];
  const { findings } = findFaults(file, readFileSync(file, "utf8"));
  return findings.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}
