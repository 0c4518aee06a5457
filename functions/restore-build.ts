import { EC2Client } from "@aws-sdk/client-ec2";
import * as z from "zod";
import { disableAmi } from "../adapters/ami-state.ts";
import { putEvent } from "../adapters/bus.ts";
import {
  claimRestoration,
  findRevocation,
  listWithdrawals,
  type Revocation,
  removeRevocation,
} from "../adapters/ledger/revocations.ts";
import { imageOf } from "../core/build-arn.ts";
import { entities } from "../core/launch-permission.ts";
import { buildRestored } from "../events/build-revoked.ts";
import { type BuildArn, buildArn } from "../events/ids.ts";
import type { AmiStep } from "./lib/channels/channel-step.ts";
import { giveBack } from "./lib/channels/give-back.ts";
import { lambda } from "./lib/lambda.ts";
import { perRegion } from "./lib/step.ts";

const input = z.object({
  build: buildArn,
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  request: z.string().min(1).max(100),
});

/** Puts a revoked build back: its AMIs are enabled and shared as they were. Channels stay where they are. */
export async function restoreBuild({ build, by, reason, request }: z.output<typeof input>, step: AmiStep) {
  const { ledger, settings, bus, clients } = step;
  const image = imageOf(settings.factory, build);
  const revoked = await findRevocation(ledger, build);
  if (!image || !revoked || !(await claimRestoration(ledger, build, request))) throw new NotRevoked(build);
  const saved = await listWithdrawals(ledger, build, revoked);
  const failed = await giveBack(saved, step);
  if (failed.length > 0) throw new RestoredInPart(build, failed);
  if (!(await removeRevocation(ledger, build, request))) {
    const now = await findRevocation(ledger, build);
    // Whoever else is restoring it ends it; whoever revoked it anew may have been overtaken by this.
    if (now && !now.restoring) {
      await Promise.all(saved.map(({ region, amiId }) => disableAmi(clients.ec2(region), amiId)));
    }
    throw new NotRestored(build, now);
  }
  const shared = saved.map(({ region, amiId }) => ({ region, amiId }));
  await putEvent(bus, buildRestored, { image, build, by, reason, shared });
  return { image, build, shared, sharedWith: [...new Set(saved.flatMap(({ permission }) => entities(permission)))] };
}

export const handler = lambda({
  input,
  clients: () => ({ ec2: perRegion((region) => new EC2Client({ region })) }),
  run: restoreBuild,
});

class NotRevoked extends Error {
  override readonly name = "NotRevoked";
  readonly code = "NOT_REVOKED";

  constructor(build: BuildArn) {
    super(
      `${build} is not revoked, so there is nothing to restore; \`amint channels <image>\` shows where builds are.`,
    );
  }
}

/** Restoring can be asked for again, and goes on; until it ends the build counts as revoked. */
class RestoredInPart extends Error {
  override readonly name = "RestoredInPart";
  readonly code = "RESTORED_IN_PART";

  constructor(build: BuildArn, failed: readonly string[]) {
    super(`${build} still counts as revoked; ask again. What could not be put back: ${failed.join("; ")}`);
  }
}

class NotRestored extends Error {
  override readonly name = "NotRestored";
  readonly code = "NOT_RESTORED";

  constructor(build: BuildArn, now: Revocation | undefined) {
    const what = now?.restoring === "" ? "revoked anew; its AMIs are disabled" : "restored by somebody else";
    super(`While ${build} was being restored, it was ${what}.`);
  }
}
