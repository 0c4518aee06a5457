import * as z from "zod";
import { removeCanary } from "../../adapters/share/canary.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { refuseShare, settleShare } from "./end-verification.ts";
import { canaryInput, enterCanary, findMissing } from "./in-canary.ts";

const input = canaryInput.extend({
  outcome: z.union([
    z.object({ verdict: z.literal("launched") }),
    z.object({ verdict: z.literal("refused"), missing: z.object({ piece: z.string(), fix: z.string() }) }),
    /** Step Functions' account of a state that failed: nothing is known of the share. */
    z.object({ Error: z.string(), Cause: z.string().default("") }),
  ]),
});

/**
 * Removes all of a canary, whatever became of it, and then says what did.
 * @throws NotLaunchable where it did not run, CanaryFailed where that was not found out
 */
export async function endCanary({ outcome, ...asked }: z.output<typeof input>, step: Step) {
  const { image, build, channel, region, amiId, canary } = asked;
  const clients = await enterCanary(canary.account, region, step);
  const left = await findMissing(asked, "ec2:TerminateInstances", step, () => removeCanary(clients, canary.name));
  const at = { image, build, channel, region, amiId };
  if ("Error" in outcome) throw new CanaryFailed(canary.account, region, outcome);
  const missing = outcome.verdict === "refused" ? outcome.missing : left;
  if (missing) await refuseShare(at, [{ account: canary.account, proof: "launched", missing }], step);
  await settleShare(at, step);
  return { region, amiId };
}

export const handler = lambda({ input, run: endCanary });

/** A canary was launched, or not, and nobody could look. */
class CanaryFailed extends Error {
  override readonly name = "CanaryFailed";

  constructor(
    account: string,
    region: string,
    { Error: error, Cause }: { readonly Error: string; readonly Cause: string },
  ) {
    super(`It could not be found out whether account ${account} can launch in ${region}: ${error}: ${Cause}`);
  }
}
