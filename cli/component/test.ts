import { spawn } from "node:child_process";
import { once } from "node:events";
import { Command, Option } from "commander";
import {
  countCached,
  type DocumentResult,
  drawEvent,
  drawTable,
  type ImageRun,
  noAws,
  type RunEvent,
  type RunOptions,
  resultOf,
  runImage,
  type Source,
  type System,
  sayCached,
  withRun,
  writeJunit,
} from "component-runner";
import { root } from "../../stacks/blueprint/project.ts";
import { printFound, printJson, say } from "../command/print.ts";
import { planNamed, refuseWindows } from "./plan-documents.ts";
import { RUNS, toParameter, withRunOptions } from "./run-options.ts";

interface TestOptions extends RunOptions {
  readonly image?: string;
  readonly config?: string;
  readonly os: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly phase?: readonly string[];
  readonly shellOnFailure?: true;
  readonly keep?: true;
  readonly junit?: string;
}

const PHASES = ["build", "validate", "test"];

/** `amint components test`: runs documents in a system on this machine. */
export const testCommand = (): Command =>
  withRunOptions(new Command("test"))
    .description(
      "run documents for real in a fresh system: build, validate, clean-up, reboot, test; exit code 1: failed, 2: incomplete",
    )
    .argument("[documents...]", "files, or documents of Amint such as amint:smoke")
    .option("--image <name>", "all documents of an image of the factory, with its instance profile's rights")
    .option("--os <name>", "the system, for documents without an image", "debian-12")
    .option("--parameter <name=value>", "a value for documents without an image (repeatable)", toParameter, {})
    .addOption(new Option("--phase <phases...>", "run these only").choices(PHASES))
    .option("--shell-on-failure", "open a shell in the system where a document failed")
    .option("--keep", "leave the last system running until Ctrl-C")
    .option("--junit <file>", "write a JUnit report")
    .action(testDocuments);

async function testDocuments(documents: readonly string[], options: TestOptions, command: Command): Promise<void> {
  const { image, json } = options;
  if ((image === undefined) === (documents.length === 0)) {
    command.error("name documents, or an image by --image, and not both");
  }
  const report = json ? reportJson : reportLines;
  const source = image === undefined ? fromFiles(documents, options) : await loadImage(image, options);
  await withRun(options, source, report, async (run) => {
    const { documents: ran } = await runImage({
      ...run,
      ...source,
      phases: options.phase ?? PHASES,
      cache: options.cache,
      keepGoing: options.keepGoing ?? false,
      report,
      ...hooks(options, run.signal),
    });
    await source.awsReady;
    end(ran, options, run.results);
  });
}

export const reportLines = (event: RunEvent): void => {
  if (drawEvent(event).length > 0) printFound(event, drawEvent);
};

/** JSON lists what ended; output lines are only in the results folder. */
export const reportJson = (event: RunEvent): void => {
  if (event.type === "step" || event.type === "system" || event.type === "stage") printJson(event);
};

function fromFiles(documents: readonly string[], { os, parameter }: TestOptions): Source {
  refuseWindows("--os", os);
  const planned = documents.map((one) => planNamed(one, root, parameter));
  const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
  const place = { region: "eu-west-1", accountId: "111122223333" };
  return {
    planned,
    aws: noAws(
      "the documents run without a factory: name its image by --image, so that its instance profile's rights count",
    ),
    awsReady: Promise.resolve(),
    runs: RUNS,
    workingDirectory: "/var/tmp",
    os,
    architecture,
    ...place,
    close: async () => {},
  };
}

/** Loaded on demand: the program and the schema take longer to load than a document takes to run. */
const loadImage = async (image: string, options: TestOptions): Promise<Source> =>
  (await import("./image-source.ts")).fromImage(image, options);

function hooks({ shellOnFailure, keep }: TestOptions, signal: AbortSignal): Pick<ImageRun, "onFailure" | "atEnd"> {
  return {
    ...(shellOnFailure && {
      async onFailure(system: System) {
        const [program = "", ...args] = enterOf(system);
        say`A shell in the system; "exit" ends it.`;
        await once(spawn(program, args, { stdio: "inherit" }), "close");
      },
    }),
    ...(keep && {
      async atEnd(system: System) {
        say`The system continues until Ctrl-C. A shell in it: sudo ${enterOf(system).join(" ")}`;
        await once(signal, "abort");
      },
    }),
  };
}

function enterOf({ enter }: System): readonly string[] {
  if (!enter) throw new Error("This backend's systems cannot be entered.");
  return enter;
}

function end(documents: readonly DocumentResult[], { junit, json, image }: TestOptions, results: string): void {
  const result = resultOf(documents);
  if (junit !== undefined) writeJunit(junit, image ?? "components", documents);
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
