import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { isCostReported, recordCostReported } from "../../adapters/cost/cost-notices.ts";
import { readUsage } from "../../adapters/cost/read-usage.ts";
import { decideCostAlarm } from "../../core/cost/decide-alarm.ts";
import { estimateCost } from "../../core/cost/estimate.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import { monthOf } from "../../core/cost/month.ts";
import { costExceeded } from "../../events/cost.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env: ["PROMOTION_ARN"],
  run: (_event, invocation) => watchCost(invocation),
});

const DAY = 86_400_000;

/**
 * Notifies once a month when the estimate exceeds `cost.monthlyAlarm`. Checks yesterday's month, to include each
 * month's last day. Publishes before it records: after a crash in between, the notice is sent twice instead of never.
 */
export async function watchCost({
  settings,
  ledger,
  bus,
  client,
  now,
}: Pick<Invocation<"PROMOTION_ARN">, "settings" | "ledger" | "bus" | "client" | "now">) {
  const { factory, place, env } = settings;
  const alarm = factory.cost?.monthlyAlarm;
  const month = monthOf(new Date(now.getTime() - DAY));
  if (alarm === undefined || (await isCostReported(ledger, month.name))) return { told: false };
  const asked = { factory, promotionArn: env.PROMOTION_ARN, month, now };
  const clients = {
    ec2: (region: string) => client(EC2Client, region),
    ecr: (region: string) => client(ECRClient, region),
    imageBuilder: client(ImagebuilderClient),
    promotions: client(SFNClient),
    functions: client(LambdaClient),
    metrics: client(CloudWatchClient),
  };
  const { usage, refused } = await readUsage(ledger, clients, asked);
  const prices = factory.cost?.prices ?? listPrices;
  const exceeded = decideCostAlarm(estimateCost({ month, now, buildRegion: place.region, prices, usage }), alarm);
  if (exceeded) {
    await putEvent(bus, costExceeded, exceeded);
    await recordCostReported(ledger, month.name, now);
  } else if (refused.length > 0) throw new CostUnknown(month.name, refused);
  return { told: exceeded !== undefined };
}

/** The known cost is below the threshold, but the unknown part may exceed it. */
class CostUnknown extends Error {
  override readonly name = "CostUnknown";

  constructor(month: string, refused: readonly string[]) {
    super(`Unknown whether ${month} costs more than cost.monthlyAlarm; the next run asks again: ${refused.join("; ")}`);
  }
}
