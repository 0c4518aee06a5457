import { listAmis } from "../../../adapters/ledger/ami-of.ts";
import type { BuildRecord } from "../../../adapters/ledger/builds.ts";
import { recordAskedUsage } from "../../../adapters/ledger/usage.ts";
import { requestUsage } from "../../../adapters/usage-reports.ts";
import { combinedToken } from "../../../core/trigger-token.ts";
import type { AmiStep } from "../channels/channel-step.ts";

/**
 * Has EC2 find out who uses a build, in every region that has it. Nothing waits for that: where EC2 cannot be asked,
 * what is being done goes on all the same.
 * @param since who asks again for the same reason is given the same reports
 */
export async function askUsage({ image, build, amiId }: BuildRecord, since: string, step: AmiStep): Promise<void> {
  const { ledger, clients, now, log, settings } = step;
  const amis = await listAmis(ledger, { build, amiId }, settings.factory.buildRegion);
  const reports = await Promise.all(
    amis.map(async (ami) => {
      try {
        return [
          { ...ami, report: await requestUsage(clients.ec2(ami.region), ami.amiId, combinedToken([build, since])) },
        ];
      } catch (failure) {
        log.warn("nobody will know who uses it", { build, ...ami, failure: String(failure) });
        return [];
      }
    }),
  );
  if (reports.flat().length === 0) return;
  await recordAskedUsage(ledger, { image, build, askedAt: now.toISOString(), reports: reports.flat() });
}
