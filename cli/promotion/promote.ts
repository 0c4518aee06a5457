import { Command } from "commander";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { askFunction, whoAsks } from "../command/ask-function.ts";
import { callUrl, UrlRefused } from "../command/call-url.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { requireBuild } from "../command/require-build.ts";
import { toReason } from "../command/wait-options.ts";

const answer = z.object({
  build: buildArn,
  attempt: z.int(),
  /** When this attempt was requested before. */
  since: z.iso.datetime().optional(),
});

/** `attempt` is absent where the gate has not decided yet. */
const urgentAnswer = answer.partial({ attempt: true });

const refusal = z.object({ text: z.string() });

/** `amint promote <build>`: retries a failed promotion after its cause is fixed, or makes one urgent. */
export const promoteCommand = (): Command =>
  new Command("promote")
    .description("run a build's failed promotion again: gate, copies, then channels in order")
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .option(
      "--urgent",
      "promote and roll it out by the urgent times of its channels, also while it waits; for approvers, with --reason",
    )
    .option("--reason <text>", "why; kept with the promotion", toReason)
    .action(promote);

interface Options {
  readonly urgent?: true;
  readonly reason?: string;
  readonly json?: true;
}

async function promote(
  what: readonly string[],
  { urgent, reason, json }: Options,
  command: Pick<Command, "error">,
): Promise<void> {
  if (urgent && reason === undefined) command.error("--urgent needs --reason");
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const states = await readImageStates(openLedger(blueprint), Object.keys(factory.images), ["builds"]);
  const { image, build } = requireBuild(what, states);
  const request = { image, build, reason: reason ?? "no reason given" };
  const { attempt, since } = urgent
    ? await promoteUrgently(blueprint, { ...request, urgent })
    : await askFunction(blueprint, "promote-build", { ...request, by: await whoAsks(blueprint) }, answer);
  if (json) return printJson({ image, build, attempt, since });
  const named = `${image} ${buildVersion(build)}`;
  const progress = `\`amint why "${named}"\` shows its progress`;
  if (attempt === undefined)
    say`${named} ${since ? `has been urgent since ${since}` : "becomes urgent at its gate"}; ${progress}`;
  else {
    const how = urgent ? " as an urgent build" : "";
    const state = since ? `has been promoted again${how} since ${since}` : `is being promoted again${how}`;
    say`${named} ${state} (attempt ${attempt}); ${progress}`;
  }
}

/**
 * By the function's URL, which tells it the caller's IAM identity.
 * @throws NotUrgent with the function's reason, or IAM's
 */
async function promoteUrgently(
  blueprint: Blueprint,
  request: { readonly image: string; readonly build: BuildArn; readonly reason: string; readonly urgent: true },
): Promise<z.output<typeof urgentAnswer>> {
  const { status, text, content } = await callUrl(blueprint, "promote-build", request).catch((cause: unknown) => {
    throw cause instanceof UrlRefused ? new NotUrgent(request.build, cause.message, { cause }) : cause;
  });
  const read = urgentAnswer.safeParse(content);
  if (status === 200 && read.success) return read.data;
  throw new NotUrgent(request.build, refusal.safeParse(content).data?.text ?? `HTTP ${status}: ${text}`);
}

/** The build was not made urgent. */
class NotUrgent extends Error {
  override readonly name = "NotUrgent";

  constructor(build: BuildArn, reason: string, options?: ErrorOptions) {
    super(`${build} was not made urgent: ${reason}`, options);
  }
}
