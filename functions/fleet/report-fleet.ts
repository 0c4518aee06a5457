import { EC2Client } from "@aws-sdk/client-ec2";
import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import {
  findFleetNotice,
  recordAskedFleet,
  recordFleetDone,
  recordFleetReported,
} from "../../adapters/fleet/fleet-notices.ts";
import { askReports } from "../../adapters/fleet/fleet-reports.ts";
import { readFleet } from "../../adapters/fleet/read-fleet.ts";
import { listClocks } from "../../adapters/rollout/exposures.ts";
import { saySupport, supportOfImage } from "../../core/factory/image-support.ts";
import { decideFleetNotice, noticeMonth, reportFleet } from "../../core/fleet/report-fleet.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { summarizePatched } from "../../core/rollout/patched.ts";
import { fleetReported } from "../../events/fleet.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";

/** How far back a monthly notice covers advisories. */
const MONTH_MS = 30 * 86_400_000;

/**
 * Publishes once a month, for each image, who runs which builds. Requests EC2's reports on the configured day, and
 * reads them on the days after. Publishes before it records: after a crash in between, the notice is sent twice instead
 * of never.
 */
export async function publishFleet(
  invocation: Invocation,
): Promise<{ asked?: number; told?: number; pending?: number }> {
  const { settings, ledger, bus, client, now, log } = invocation;
  const { factory } = settings;
  const month = noticeMonth(now, factory.fleet.onDay);
  const before = await findFleetNotice(ledger, month);
  const next = decideFleetNotice(before, { now, waitSeconds: factory.fleet.waitForReports });
  if (next.kind === "nothing") return {};
  const ec2 = (region: string) => client(EC2Client, region);
  const { builds, channels } = await readFleet(ledger, { factory, now, ec2 });
  if (next.kind === "ask") {
    const { count, refused } = await askReports(builds, { ec2, now });
    if (refused.length > 0) log.warn("EC2 refused usage reports of some builds", { refused });
    await recordAskedFleet(ledger, month, { askedAt: now.toISOString(), refused: [...refused] }, now);
    // No build has been launchable yet.
    if (builds.length === 0) await recordFleetDone(ledger, month, now);
    return { asked: count };
  }
  const pending = builds.flatMap(({ places }) =>
    places.filter(({ pendingSince, unread }) => pendingSince !== undefined || unread),
  ).length;
  if (next.patient && pending > 0) return { pending };
  const clocks = rolledOutChannels(factory).length > 0 ? await listClocks(ledger) : [];
  const since = new Date(now.getTime() - MONTH_MS);
  const patched = (image: string) => summarizePatched(clocks, image, since);
  const today = now.toISOString().slice(0, 10);
  const supportEnded = (image: string) => {
    const support = supportOfImage(factory, image);
    if (!support || support.until >= today) return undefined;
    return { system: support.system, on: support.until, text: saySupport(support, today) };
  };
  const reports = reportFleet(builds, channels, { month, refused: before?.refused ?? [], patched, supportEnded });
  const untold = reports.filter(({ image }) => !before?.images.has(image));
  for (const report of untold) {
    await putEvent(bus, fleetReported, report);
    await recordFleetReported(ledger, month, report.image, now);
  }
  await recordFleetDone(ledger, month, now);
  return { told: untold.length };
}

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  run: (_event, invocation) => publishFleet(invocation),
});
