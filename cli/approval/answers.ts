import { Command } from "commander";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import type { BuildArn } from "../../events/ids.ts";
import { findAsked } from "../build/find-asked.ts";
import { callUrl, UrlRefused } from "../command/call-url.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { toReason } from "../command/wait-options.ts";

/** `amint approve <build>`: approves a build for the channel that it waits for, as the caller's IAM identity. */
export const approveCommand = (): Command =>
  answerCommand(
    "approve",
    "approve a build for the channel that it waits for; the approver and the reason are recorded",
  ).action(answerApproval("approved"));

/** `amint reject <build>`: rejects a build for the channel that it waits for, as the caller's IAM identity. */
export const rejectCommand = (): Command =>
  answerCommand(
    "reject",
    "reject a build for the channel that it waits for; the approver and the reason are recorded",
  ).action(answerApproval("rejected"));

interface Options {
  readonly reason: string;
  readonly channel?: string;
  readonly json?: true;
}

/** The arguments and options of `approve` and `reject`. */
export const answerCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .requiredOption("--reason <text>", "why; recorded with the answer and part of its notice", toReason)
    .option("--channel <name>", "the channel to answer for (the one that the build waits for)");

/** @throws NotABuild, and what sendAnswer throws */
export const answerApproval =
  (verdict: "approved" | "rejected") =>
  async (what: readonly string[], { reason, channel, json }: Options): Promise<void> => {
    const factory = await loadFactory();
    const blueprint = await readBlueprint();
    const states = await readImageStates(openLedger(blueprint), Object.keys(factory.images), ["builds"]);
    const { image, build } = findAsked(what.join(" "), states);
    if (!build) throw new NotABuild(image, states.get(image)?.builds.map((one) => buildVersion(one.build)) ?? []);
    if (channel !== undefined) requireChannel(factory, image, channel);
    const text = await sendAnswer(blueprint, { build: build.build, verdict, reason, ...(channel && { channel }) });
    if (json) printJson({ image, build: build.build, verdict, text });
    else say`${text}`;
  };

/** The argument is an image; approvers must name the build that they reviewed. */
class NotABuild extends Error {
  override readonly name = "NotABuild";

  constructor(image: string, builds: readonly string[]) {
    const newest = builds.slice(-3).map((version) => `"${image} ${version}"`);
    super(`"${image}" is an image. Name one of its builds: ${newest.join(", ") || "it has none yet"}.`);
  }
}

interface GivenAnswer {
  readonly build: BuildArn;
  readonly channel?: string;
  readonly verdict: "approved" | "rejected";
  readonly reason: string;
}

/** The response of `functions/approval/answer-approval.ts`. */
const outcome = z.object({ outcome: z.enum(["counted", "refused"]).optional(), text: z.string() });

/**
 * Sends an answer to the function's URL.
 * @returns the outcome, for the terminal
 * @throws AnswerRefused with the function's reason, or IAM's
 */
export async function sendAnswer(blueprint: Blueprint, given: GivenAnswer): Promise<string> {
  const { status, text, content } = await callUrl(blueprint, "answer-approval", given).catch((cause: unknown) => {
    throw cause instanceof UrlRefused ? new AnswerRefused(cause.message, { cause }) : cause;
  });
  const read = outcome.safeParse(content);
  if (!read.success) throw new AnswerRefused(`HTTP ${status}: ${text}`);
  if (read.data.outcome !== "counted") throw new AnswerRefused(read.data.text);
  return read.data.text;
}

/** The answer was rejected, or could not be sent. */
class AnswerRefused extends Error {
  override readonly name = "AnswerRefused";

  constructor(reason: string, options?: ErrorOptions) {
    super(`The answer was not recorded: ${reason}`, options);
  }
}
