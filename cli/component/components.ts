import { readFileSync, statSync } from "node:fs";
import { Command } from "commander";
import { type DocumentOptions, noAws, runDocuments, type Source, sourceOf } from "component-runner";
import { toParameter, withDocumentOptions } from "component-runner/command";
import { documentSchema, drawFindings } from "component-runner/documents";
import { findProject, root } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { checkComponents, missing } from "../factory/check-components.ts";
import type { Finding } from "../factory/finding.ts";
import { checkDocument } from "./check-document.ts";
import { pathOf, planNamed, RUNS, refuseWindows, withRunOptions } from "./plan-documents.ts";

/** `amint components`: works with component documents, without a build. */
export const componentsCommand = (): Command =>
  new Command("components")
    .description("component documents: check them, run them for real, or print their JSON schema")
    .addCommand(checkCommand())
    .addCommand(testCommand())
    .addCommand(schemaCommand());

const schemaCommand = (): Command =>
  new Command("schema")
    .description("print the JSON schema of component documents, for editors of YAML")
    .action(() => printJson(documentSchema(), 2));

interface Options {
  readonly config?: string;
  readonly json?: true;
}

/** `amint components check`: finds what AWSTOE would reject, and what a build would fail on or ignore. */
const checkCommand = (): Command =>
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

interface TestOptions extends DocumentOptions {
  readonly image?: string;
  readonly config?: string;
  readonly os: string;
  readonly parameter: Readonly<Record<string, string>>;
}

/** `amint components test`: runs documents in a system on this machine. */
const testCommand = (): Command =>
  withDocumentOptions(
    withRunOptions(new Command("test"))
      .description(
        "run documents for real in a fresh system: build, validate, clean-up, reboot, test; exit code 1: failed, 2: incomplete",
      )
      .argument("[documents...]", "files, or documents of Amint such as amint:smoke")
      .option("--image <name>", "all documents of an image of the factory, with its instance profile's rights")
      .option("--os <name>", "the system, for documents without an image", "debian-12")
      .option("--parameter <name=value>", "a value for documents without an image (repeatable)", toParameter, {}),
  ).action(testDocuments);

async function testDocuments(documents: readonly string[], options: TestOptions, command: Command): Promise<void> {
  const { image } = options;
  if ((image === undefined) === (documents.length === 0)) {
    command.error("name documents, or an image by --image, and not both");
  }
  const source = image === undefined ? fromFiles(documents, options) : await loadImage(image, options);
  await runDocuments(source, options, { printFound, printJson }, image ?? "components");
}

function fromFiles(documents: readonly string[], { os, parameter }: TestOptions): Source {
  refuseWindows("--os", os);
  const aws = noAws(
    "the documents run without a factory: name its image by --image, so that its instance profile's rights count",
  );
  return sourceOf(
    documents.map((one) => planNamed(one, root, parameter)),
    { aws, os, runs: RUNS },
  );
}

/** Loaded on demand: the program and the schema take longer to load than a document takes to run. */
const loadImage = async (image: string, options: TestOptions): Promise<Source> =>
  (await import("./image-source.ts")).fromImage(image, options);
