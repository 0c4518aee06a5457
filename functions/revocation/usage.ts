import { EC2Client } from "@aws-sdk/client-ec2";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import { putEvent } from "../../adapters/bus.ts";
import { listAmis } from "../../adapters/promotion/ami-of.ts";
import {
  type AskedUsage,
  listAskedUsage,
  readUsage,
  recordAskedUsage,
  removeAskedUsage,
  requestUsage,
} from "../../adapters/revocation/usage.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { combinedToken } from "../../core/build/reasons.ts";
import { buildInUse } from "../../events/revocation.ts";
import type { Invocation } from "../invocation.ts";
import type { Followed } from "../repair/while-announced.ts";

/**
 * Requests EC2's usage reports of a build in every region that has it. Nothing waits for them: where EC2 refuses, the
 * caller continues.
 * @param since repeated requests with the same value get the same reports
 */
export async function askUsage(
  { image, build, amiId }: BuildRecord,
  since: string,
  invocation: Invocation,
): Promise<void> {
  const { ledger, client, now, log, settings } = invocation;
  const all = await listAmis(ledger, { build, amiId }, settings.factory.buildRegion);
  // EC2 reports on AMIs only.
  const amis = all.flatMap((one) => (isAmiId(one.amiId) ? [{ ...one, amiId: one.amiId }] : []));
  const reports = await Promise.all(
    amis.map(async (ami) => {
      try {
        return [
          {
            ...ami,
            report: await requestUsage(client(EC2Client, ami.region), ami.amiId, combinedToken([build, since])),
          },
        ];
      } catch (failure) {
        log.warn("no usage report was requested", { build, ...ami, failure: String(failure) });
        return [];
      }
    }),
  );
  if (reports.flat().length === 0) return;
  await recordAskedUsage(ledger, { image, build, askedAt: now.toISOString(), reports: reports.flat() });
}

/** Publishes who uses a revoked build, once EC2 has reported for every region. */
export async function publishUsage(invocation: Invocation): Promise<Followed> {
  const asked = await listAskedUsage(invocation.ledger);
  for (const one of asked) await publish(one, invocation);
  return { repaired: 0, open: asked.length > 0 };
}

async function publish(asked: AskedUsage, { ledger, bus, client }: Invocation): Promise<void> {
  const { image, build } = asked;
  const read = await Promise.all(
    asked.reports.map(async ({ region, report }) => ({
      region,
      ...(await readUsage(client(EC2Client, region), report)),
    })),
  );
  if (read.some(({ state }) => state === "pending")) return;
  const users = read
    .flatMap((one) => (one.state === "available" ? one.uses.map((use) => ({ region: one.region, ...use })) : []))
    .toSorted((a, b) => b.instances + b.launchTemplates - a.instances - a.launchTemplates);
  const unknown = read.flatMap((one) => (one.state === "missing" ? [{ region: one.region, why: one.why }] : []));
  await putEvent(bus, buildInUse, { image, build, users, unknown });
  await removeAskedUsage(ledger, asked);
}
