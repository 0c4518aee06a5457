import { EC2Client } from "@aws-sdk/client-ec2";
import { listAmis } from "../../../adapters/ledger/ami-of.ts";
import type { BuildRecord } from "../../../adapters/ledger/builds.ts";
import { recordAskedUsage } from "../../../adapters/ledger/usage.ts";
import { requestUsage } from "../../../adapters/usage-reports.ts";
import { isAmiId } from "../../../core/require-ami.ts";
import { combinedToken } from "../../../core/trigger-token.ts";
import type { Step } from "../step.ts";

/**
 * Has EC2 find out who uses a build, in every region that has it. Nothing waits for that: where EC2 cannot be asked,
 * what is being done goes on all the same.
 * @param since who asks again for the same reason is given the same reports
 */
export async function askUsage({ image, build, amiId }: BuildRecord, since: string, step: Step): Promise<void> {
  const { ledger, client, now, log, settings } = step;
  const all = await listAmis(ledger, { build, amiId }, settings.factory.buildRegion);
  // EC2 knows of AMIs only.
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
        log.warn("nobody will know who uses it", { build, ...ami, failure: String(failure) });
        return [];
      }
    }),
  );
  if (reports.flat().length === 0) return;
  await recordAskedUsage(ledger, { image, build, askedAt: now.toISOString(), reports: reports.flat() });
}
