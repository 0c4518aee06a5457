import * as z from "zod";
import { removeCanary } from "../../adapters/share/canary.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { refuseShare, settleShare } from "./end-verification.ts";
import { canaryInput, enterCanary, findMissing } from "./in-canary.ts";

const input = canaryInput.extend({
  outcome: z.union([
    z.object({ verdict: z.literal("launched") }),
    z.object({ verdict: z.literal("refused"), missing: z.object({ piece: z.string(), fix: z.string() }) }),
    /** Step Functions' error output of a failed state: the share was neither verified nor refused. */
    z.object({ Error: z.string(), Cause: z.string().default("") }),
  ]),
});

/**
 * Removes all resources of a canary, whatever its outcome, then reports the outcome.
 * @throws NotLaunchable where it did not run, CanaryFailed where its outcome is unknown
 */
export async function endCanary({ outcome, ...asked }: z.output<typeof input>, invocation: Invocation) {
  const { image, build, channel, region, amiId, canary } = asked;
  const clients = await enterCanary(canary.account, region, invocation);
  const left = await findMissing(asked, "ec2:TerminateInstances", invocation, () => removeCanary(clients, canary.name));
  const at = { image, build, channel, region, amiId };
  if ("Error" in outcome) throw new CanaryFailed(canary.account, region, outcome);
  const missing = outcome.verdict === "refused" ? outcome.missing : left;
  if (missing) await refuseShare(at, [{ account: canary.account, proof: "launched", missing }], invocation);
  await settleShare(at, invocation);
  return { region, amiId };
}

export const handler = lambda({ input, run: endCanary });

/** A canary's outcome is unknown, because a state failed. */
class CanaryFailed extends Error {
  override readonly name = "CanaryFailed";

  constructor(
    account: string,
    region: string,
    { Error: error, Cause }: { readonly Error: string; readonly Cause: string },
  ) {
    super(
      `Unknown whether account ${account} can launch in ${region}; \`amint promote\` tries it again: ${error}: ${Cause}`,
    );
  }
}
