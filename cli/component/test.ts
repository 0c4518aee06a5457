import { Command } from "commander";
import { type DocumentOptions, noAws, runDocuments, type Source, sourceOf } from "component-runner";
import { toParameter, withDocumentOptions } from "component-runner/command";
import { root } from "../../stacks/blueprint/project.ts";
import { printFound, printJson } from "../command/print.ts";
import { planNamed, refuseWindows } from "./plan-documents.ts";
import { RUNS, withRunOptions } from "./run-options.ts";

interface TestOptions extends DocumentOptions {
  readonly image?: string;
  readonly config?: string;
  readonly os: string;
  readonly parameter: Readonly<Record<string, string>>;
}

/** `amint components test`: runs documents in a system on this machine. */
export const testCommand = (): Command =>
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
