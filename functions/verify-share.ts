import * as z from "zod";
import { requireAmi } from "../adapters/ledger/ami-of.ts";
import { forgetVerified, recordVerification } from "../adapters/ledger/verifications.ts";
import { artifactInChannel } from "../core/container-image.ts";
import { isAmiId } from "../core/require-ami.ts";
import { lambda } from "./lib/lambda.ts";
import { channelStateInput, regionStateInput } from "./lib/promotion-input.ts";
import { NotLaunchableYet, refuseShare, settleShare } from "./lib/share/end-verification.ts";
import { toCanary } from "./lib/share/name-canary.ts";
import { pullAsConsumers } from "./lib/share/pull-as-consumer.ts";
import { readVerificationPlan } from "./lib/share/read-verification-plan.ts";
import { verifyAsConsumers } from "./lib/share/verify-as-consumer.ts";
import type { Step } from "./lib/step.ts";

const input = channelStateInput.extend(regionStateInput.shape).extend({ triesLeft: z.int() });

/**
 * Tries, in the accounts that are to be asked, whether they can launch what was shared with them: permissions and keys.
 * @returns the canary to launch, where there is one
 * @throws NotLaunchableYet while a later try may find it otherwise, NotLaunchable at last; ConsumersNotKnown
 */
export async function verifyShare({ triesLeft, ...at }: z.output<typeof input>, step: Step) {
  const { ledger, settings, now } = step;
  const { image, build, channel, region } = at;
  await forgetVerified(ledger, at);
  const plan = await readVerificationPlan(at, step);
  const { factory, place } = settings;
  const amiId = artifactInChannel(await requireAmi(ledger, at, place.region), factory.name, at);
  const verdicts = isAmiId(amiId)
    ? await verifyAsConsumers(plan.accounts, { region, amiId, ...plan.launch }, step)
    : await pullAsConsumers(plan.accounts, amiId, step);
  for (const { account, proof, missing } of verdicts) {
    if (missing) continue;
    await recordVerification(ledger, build, { channel, region, account, amiId, proof, at: now.toISOString() });
  }
  const refused = verdicts.flatMap(({ missing, ...rest }) => (missing ? [{ ...rest, missing }] : []));
  // What was shared a moment ago, or deployed, does not show everywhere at once.
  if (refused.length > 0 && triesLeft > 0) throw new NotLaunchableYet(region, refused);
  if (refused.length > 0) await refuseShare({ ...at, amiId }, refused, step);
  // Nothing is launched of a container image: what its pull takes has been tried.
  if (plan.canary && isAmiId(amiId)) {
    return { region, amiId, canary: toCanary({ ...at, amiId }, plan.canary, step) };
  }
  await settleShare({ image, build, channel, region, amiId }, step);
  return { region, amiId };
}

export const handler = lambda({
  input,
  run: verifyShare,
});
