import { readFileSync, statSync } from "node:fs";
import { Command } from "commander";
import { drawFindings } from "component-runner/documents";
import { findProject, root } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { checkComponents, missing } from "../factory/check-components.ts";
import type { Finding } from "../factory/finding.ts";
import { checkDocument } from "./check-document.ts";
import { pathOf } from "./plan-documents.ts";

interface Options {
  readonly config?: string;
  readonly json?: true;
}

/** `amint components check`: finds what AWSTOE would reject, and what a build would fail on or ignore. */
export const checkCommand = (): Command =>
  new Command("check")
    .description("check component documents; exit code 1: faults found")
    .argument(
      "[documents...]",
      "files, or documents of Amint such as amint:smoke; left out: those of the factory's images",
    )
    .action(async (documents: readonly string[], { config, json }: Options) => {
      const findings = documents.length > 0 ? documents.flatMap(checkNamed) : await checkFactory(config);
      if (json) printJson({ findings });
      else printFound(findings, drawFindings);
      if (findings.some(({ warning }) => !warning)) process.exitCode = 1;
    });

function checkNamed(document: string): Finding[] {
  const file = pathOf(document, root);
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!isFile) return [{ where: document, ...missing(document, { project: process.cwd(), program: root }) }];
  return checkDocument(document, readFileSync(file, "utf8"), []);
}

async function checkFactory(config: string | undefined): Promise<Finding[]> {
  return checkComponents(await loadFactory(config), { project: findProject(config).root, program: root });
}
