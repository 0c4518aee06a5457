import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { paginateGetExecutionHistory, type SFNClient } from "@aws-sdk/client-sfn";
import type { SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { findApproval } from "../../adapters/approval/approvals.ts";
import { readBuild } from "../../adapters/build/builds.ts";
import { readImage } from "../../adapters/build/image-builder.ts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listPromoted } from "../../adapters/promotion/promoted-builds.ts";
import { isUndone } from "../../adapters/promotion/promotion.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { channelParameter, promotionName } from "../../core/names.ts";
import type { BuildSituation, ChannelSituation } from "../../core/promotion/decide-progress.ts";
import type { BuildArn } from "../../events/ids.ts";

/** The clients that a build is followed with. */
export interface Reading {
  readonly factory: string;
  readonly ledger: Ledger;
  readonly imageBuilder: ImagebuilderClient;
  readonly promotions: SFNClient;
  readonly parameters: (region: string) => SSMClient;
}

/** How many of a channel's later builds are searched for an earlier one. */
const MOST_LATER = 20;

/** @param channels those that the build must go through, in order; none if it only has to become available */
export async function readSituation(
  reading: Reading,
  { image, build }: { image: string; build: BuildArn },
  channels: readonly string[],
): Promise<BuildSituation> {
  const { ledger } = reading;
  const { status, failure, startedAt } = await readBuild(ledger, image, build);
  const gate = status === "available" ? await findGate(ledger, build) : undefined;
  const undone = status === "available" && (await isUndone(ledger, build));
  const why = undone ? await findPromotionFailure(reading.promotions, reading.factory, build) : undefined;
  const channelsNow: ChannelSituation[] = [];
  for (const name of channels) {
    if (gate && gate.verdict !== "rejected")
      channelsNow.push(await readChannel(reading, { image, build, startedAt }, name));
    else channelsNow.push({ name, state: "ahead" });
  }
  const imageStatus = status === "building" ? (await readImage(reading.imageBuilder, build)).status : undefined;
  const revoked = await findRevocation(ledger, build);
  return {
    status,
    failure,
    gate,
    undone: why,
    channels: channelsNow,
    ...(imageStatus && { imageStatus }),
    ...(revoked && { revoked: revoked.reason }),
  };
}

async function readChannel(
  reading: Reading,
  { image, build, startedAt }: { image: string; build: BuildArn; startedAt: string },
  name: string,
): Promise<ChannelSituation> {
  const holder = await findChannel(reading.ledger, image, name);
  if (holder?.build === build) {
    return { name, state: (await isPublished(reading, image, name, holder)) ? "published" : "moving" };
  }
  if (!holder || holder.startedAt <= startedAt) {
    const asked = await findApproval(reading.ledger, { build, channel: name });
    if (!asked) return { name, state: "ahead" };
    const { approvers, decided } = asked;
    const { verdict, reason } = decided ?? {};
    return { name, state: "ahead", approval: { approvers, ...(verdict && { verdict }), ...(reason && { reason }) } };
  }
  const before = await listPromoted(reading.ledger, holder.build, name, MOST_LATER);
  return { name, state: before.includes(build) ? "left" : "taken", by: holder.build };
}

/** The ledger is written first, but consumers follow the parameters. */
async function isPublished(
  { factory, parameters }: Reading,
  image: string,
  channel: string,
  { amis }: ChannelRecord,
): Promise<boolean> {
  const name = channelParameter(factory, image, channel);
  for (const [region, ami] of Object.entries(amis)) {
    if ((await readParameter(parameters(region), name)) !== ami) return false;
  }
  return true;
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not valid JSON");
    return z.NEVER;
  }
});

const failure = json.pipe(z.object({ Error: z.string(), Cause: z.string().default("") }));

/** A function's failure, as Step Functions passes it on. */
const cause = json.pipe(z.object({ errorMessage: z.string() }));

/** The error of the state that failed, for which the promotion was undone. */
async function findPromotionFailure(client: SFNClient, factory: string, build: BuildArn): Promise<string> {
  const place = build.split(":").slice(3, 5).join(":");
  const partition = build.split(":")[1];
  const machine = promotionName(factory);
  const executionArn = `arn:${partition}:states:${place}:execution:${machine}:${promotionExecutionName(build)}`;
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn, reverseOrder: true })) {
    const entered = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === "UndoPromotion");
    const found = failure.safeParse(entered?.stateEnteredEventDetails?.input);
    if (found.success)
      return `${found.data.Error}: ${cause.safeParse(found.data.Cause).data?.errorMessage ?? found.data.Cause}`;
  }
  return `see the execution ${executionArn}`;
}
