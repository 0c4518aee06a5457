import { EC2Client } from "@aws-sdk/client-ec2";
import { putEvent } from "../../../adapters/bus.ts";
import { type AskedUsage, listAskedUsage, removeAskedUsage } from "../../../adapters/ledger/usage.ts";
import { readUsage } from "../../../adapters/usage-reports.ts";
import { buildInUse } from "../../../events/build-in-use.ts";
import type { Followed } from "../repair/while-announced.ts";
import type { Step } from "../step.ts";

/** Tells people who uses what they revoked, once EC2 has found out for every region. */
export async function tellUsage(step: Step): Promise<Followed> {
  const asked = await listAskedUsage(step.ledger);
  for (const one of asked) await tell(one, step);
  return { repaired: 0, open: asked.length > 0 };
}

async function tell(asked: AskedUsage, { ledger, bus, client }: Step): Promise<void> {
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
