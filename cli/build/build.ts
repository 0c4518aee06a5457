import { appendFileSync } from "node:fs";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Command, Option } from "commander";
import type { Blueprint } from "embedded-aws/deploy";
import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { BuildOutcome } from "../../core/promotion/decide-progress.ts";
import type { BuildArn } from "../../events/ids.ts";
import { factoryNow, startWait } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson, styled } from "../command/print.ts";
import { toReason, toTimeout, toWanted } from "../command/wait-options.ts";
import { withRunOptions } from "../component/plan-documents.ts";
import { duration } from "../promotion/draw-execution.ts";
import { buildHere, type HereOptions } from "./build-here.ts";
import { toWantedDisk } from "./disk-image.ts";
import { type Followed, followRequest } from "./follow-request.ts";
import type { Reading } from "./read-situation.ts";
import { type RequestAnswer, requestBuild } from "./request-build.ts";

interface Options {
  readonly note?: string;
  readonly reason?: string;
  readonly urgent?: true;
  readonly wait?: true;
  readonly until?: string;
  readonly timeout?: number;
  readonly json?: true;
  readonly outputs?: string;
}

/** `amint build <image>`: requests a build from the deployed factory, in the account of the current credentials. */
export const buildCommand = (): Command =>
  withHereOptions(new Command("build"))
    .description(
      "request a build of an image now, and wait for it if --wait is given (exit codes: docs/ci.md); with --here: build it on this machine",
    )
    .argument("<image>", "an image of factory.config.ts")
    .option(
      "--note <text>",
      "on whose behalf, such as a pipeline's run; the requester is the IAM identity of the credentials",
    )
    .option("--reason <text>", "why; recorded with the build, and part of its notices", toReason)
    .option(
      "--urgent",
      "promote and roll it out by the urgent times of its channels, and mark its notices; for approvers, with --reason",
    )
    .option("--wait", "wait until the build ends; Ctrl-C ends the waiting, not the build")
    .addOption(
      new Option(
        "--until <place>",
        "wait until it is `available`, or until this channel points at it (the first one)",
      ).implies({ wait: true }),
    )
    .addOption(
      new Option("--timeout <duration>", "the longest time to wait (3h, plus the soaks on the way)")
        .argParser(toTimeout)
        .implies({ wait: true }),
    )
    .option("--outputs <file>", "add build=<arn> and outcome=<outcome> to this file, for CI systems")
    .action((image: string, options: Options & HereOptions & { readonly here?: true }, command: Command) => {
      if (options.here) return buildHere(image, options);
      const alone = ["in", "root", "results", "diskImage", "signingKey"] as const;
      const used = alone.find((name) => options[name] !== undefined);
      if (used) command.error(`${optionName(used)} needs --here`);
      if (options.urgent && options.reason === undefined) command.error("--urgent needs --reason");
      return build(image, options);
    });

const optionName = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Options of builds on this machine; `--json` is one of them. */
const withHereOptions = (command: Command): Command =>
  withRunOptions(
    command
      .addOption(
        new Option(
          "--here",
          "build and test it for real on this machine, without AWS; the result is not an AMI",
        ).conflicts(["note", "reason", "urgent", "wait", "until", "timeout", "outputs"]),
      )
      .option(
        "--disk-image <file>",
        "with --here: write the image as a disk that boots by UEFI, .raw or .qcow2, with a signed manifest",
        toWantedDisk,
      )
      .option(
        "--signing-key <file>",
        "private key in PEM that signs the manifest; default: your own key, created on first use",
      ),
  );

async function build(image: string, options: Options): Promise<void> {
  const factory = await loadFactory();
  const wanted = toWanted(image, requireImage(factory, image), options.until, options.timeout);
  const blueprint = await readBlueprint();
  const report = newReport(options);
  const { note, reason, urgent } = options;
  const asked = { ...(note && { note }), ...(reason && { reason }), ...(urgent && { urgent }) };
  const answer = await requestBuild(blueprint, { image, ...asked });
  if (!options.wait || answer.decision === "suppressed") return report.end(toEnding(image, answer));
  const { token, build, decision } = answer;
  report.progress(decision === "waits" ? sayWait(answer) : `${image} was requested`, build, await factoryNow());
  const followed = { image, token, build, channels: wanted.channels };
  await report.end(await wait(connect(factory.name, blueprint), followed, wanted.timeoutSeconds, report));
}

/** The outcome of a request without `--wait`. */
function toEnding(image: string, answer: RequestAnswer): Ending {
  const { decision, build, reason = "" } = answer;
  if (decision === "suppressed") return { image, outcome: "refused", reason };
  if (decision === "waits") return { image, outcome: "waits", reason: sayWait(answer) };
  return { image, outcome: "started", reason: build ?? "it is being started", build };
}

const sayWait = ({ reason = "it is kept", until }: RequestAnswer): string =>
  `waits: ${reason}${until ? `, until ${sayTime(until)}` : ""}`;

const connect = (factory: string, blueprint: Blueprint): Reading => ({
  factory,
  ledger: openLedger(blueprint),
  imageBuilder: new ImagebuilderClient(patient(blueprint.buildRegion)),
  promotions: new SFNClient(patient(blueprint.buildRegion)),
  parameters: (region) => new SSMClient(patient(region)),
});

async function wait(reading: Reading, followed: Followed, timeoutSeconds: number, report: Report): Promise<Ending> {
  const { image } = followed;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const { timeout, pass } = startWait(timeoutSeconds);
  let build: BuildArn | undefined = followed.build;
  try {
    const end = await followRequest(reading, followed, {
      signal: AbortSignal.any([interrupted.signal, timeout]),
      pass,
      async onChange(found) {
        build = found.build;
        report.progress(found.text, build, await factoryNow());
      },
    });
    return { image, ...end };
  } catch (error) {
    const stays = `the ${build ? "build" : "request"} continues: amint why ${image}${build ? ` ${buildVersion(build)}` : ""}`;
    if (interrupted.signal.aborted)
      return { image, build, outcome: "interrupted", reason: `stopped waiting, ${stays}` };
    if (timeout.aborted) return { image, build, outcome: "timeout", reason: `not in time, ${stays}` };
    throw new CannotFollow(stays, error);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** AWS refuses the calls by which the build is followed. */
class CannotFollow extends Error {
  override readonly name = "CannotFollow";

  constructor(stays: string, cause: unknown) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`The build cannot be followed: ${why}\nThe request is kept, ${stays}`, { cause });
  }
}

/** How `amint build` ended. */
export interface Ending {
  readonly image: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly build?: BuildArn | undefined;
}

export interface Report {
  /** @param now in the factory's time */
  progress(text: string, build: BuildArn | undefined, now?: Date): void;
  /** Prints the outcome, and sets the exit code. */
  end(ending: Ending): Promise<void>;
}

/**
 * Prints a line for each change and one for the end; with `json`, each as a JSON object.
 * @param outputs a file to which `build=` and `outcome=` are added, as CI systems read them
 */
export function newReport({ json, outputs }: { json?: true | undefined; outputs?: string | undefined }): Report {
  const begun = performance.now();
  const took = () => duration(Math.max(1000, Math.round(performance.now() - begun)));
  return {
    progress(text, build, now = new Date()) {
      if (json) printJson({ type: "progress", time: now.toISOString(), build, text });
      else printFound(text, (line) => `${styled("dim", took().padStart(7))}  ${line}`);
    },
    async end({ image, outcome, reason, build }) {
      if (json) printJson({ type: "outcome", image, outcome, reason, build });
      else printFound(reason, (why) => `${subject(image, build)}: ${colour(outcome)}: ${why}`);
      if (outputs) appendFileSync(outputs, `build=${build ?? ""}\noutcome=${outcome}\n`);
      process.exitCode = exitCodes[outcome];
    },
  };
}

const subject = (image: string, build: BuildArn | undefined): string =>
  build ? `${image} ${buildVersion(build)}` : image;

function colour(outcome: Outcome): string {
  const good = exitCodes[outcome] === 0;
  const isOpen = outcome === "timeout" || outcome === "interrupted";
  return styled(good ? "green" : isOpen ? "yellow" : "red", outcome);
}

/**
 * How `amint build` can end: with the build's own outcome, or `refused` (the request never starts one), `timeout` or
 * `interrupted` (the command stops waiting, the build continues). Without `--wait`: `started`, `waits` or `refused`.
 */
export type Outcome = BuildOutcome | "refused" | "timeout" | "interrupted" | "started" | "waits";

/** The exit code of each; 1 if the request failed. 124 is that of timeout(1), 130 that of Ctrl-C. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  succeeded: 0,
  started: 0,
  waits: 0,
  failed: 2,
  rejected: 3,
  "promotion-failed": 4,
  superseded: 5,
  cancelled: 6,
  refused: 7,
  timeout: 124,
  interrupted: 130,
};
