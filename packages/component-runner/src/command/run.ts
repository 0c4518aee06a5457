import { Command } from "commander";
import { instanceAws, noAws } from "../run/instance-aws.ts";
import { type PlannedDocument, planDocument } from "../run/plan-documents.ts";
import { printFound, printJson } from "./print.ts";
import { type DocumentOptions, runDocuments, sourceOf } from "./run-documents.ts";
import { PHASES, toParameter, withDocumentOptions, withRunOptions } from "./run-options.ts";

interface FileOptions extends DocumentOptions {
  readonly os: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly aws?: true;
}

/** `component-runner run`: Image Builder's build stage. */
export const runCommand = (): Command =>
  filesCommand("run", ["build", "validate"]).description(
    "run the build stage of documents in a fresh system; exit code 1: failed, 2: incomplete",
  );

/** `component-runner test`: both stages. */
export const testCommand = (): Command =>
  filesCommand("test", PHASES).description(
    "build and test documents as Image Builder does: build, validate, clean-up, then test in a fresh system that boots from the image; exit code 1: failed, 2: incomplete",
  );

function filesCommand(name: string, phases: readonly string[]): Command {
  const command = withRunOptions(new Command(name), ".component-runner")
    .argument("<documents...>", "files, run in this order")
    .option("--os <name>", "the system", "debian-12")
    .option("--parameter <name=value>", "a parameter's value (repeatable)", toParameter, {})
    .option("--aws", "steps call AWS with this shell's credentials and region; without it, steps that call AWS fail")
    .option("--json", "print a JSON object per step, and the result as the last one");
  return withDocumentOptions(command, phases).action((files: readonly string[], options: FileOptions) =>
    runFiles(files, { phase: phases, ...options }),
  );
}

async function runFiles(files: readonly string[], options: FileOptions & { phase: readonly string[] }): Promise<void> {
  const { os, parameter: parameters, phase } = options;
  const planned = files.map((file) => planDocument({ title: file, path: file, parameters }));
  if (!planned.some((one) => hasPhase(one, phase))) throw new NothingToRun(files, phase);
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const aws = options.aws ? instanceAws(async () => ({})) : noAws("this run has no AWS: give it yours by --aws");
  const source = sourceOf(planned, { aws, os, runs: ".component-runner", ...(region && { region }) });
  await runDocuments(source, options, { printFound, printJson }, "components");
}

const hasPhase = (planned: PlannedDocument, phases: readonly string[]): boolean =>
  planned.kind === "document" && planned.document.phases.some(({ name }) => phases.includes(name));

/** A run in which no step is carried out would pass. */
class NothingToRun extends Error {
  override readonly name = "NothingToRun";
  readonly code = "NothingToRun";
  readonly exitCode = 64;

  constructor(files: readonly string[], phases: readonly string[]) {
    super(`${files.join(", ")}: no phase ${phases.join(", ")}, so no step would run; choose others by --phase`);
  }
}
