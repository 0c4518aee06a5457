import { addImage } from "embedded-aws/seeds";
import { ec2State, type Image } from "embedded-aws/state";
import { openApproval, recordSettled } from "../../../adapters/approval/approvals.ts";
import { recordOutcome, recordStart } from "../../../adapters/build/builds.ts";
import { findChannel } from "../../../adapters/channel/channels.ts";
import { recordGate } from "../../../adapters/evidence/evidence.ts";
import { recordFailedPromotion } from "../../../adapters/promotion/failed-promotions.ts";
import { recordCopy } from "../../../adapters/promotion/promotion.ts";
import { recordHold, removeHold } from "../../../adapters/retirement/retirements.ts";
import { buildVersion } from "../../../core/build/build-arn.ts";
import { type AmiId, type BuildArn, parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import { moveBack } from "../../../functions/channel/move-back.ts";
import { moveChannel } from "../../../functions/channel/move-channel.ts";
import { restoreBuild } from "../../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../../functions/share/share-image.ts";
import { listBuilt } from "../../world/built.ts";
import { ACCOUNT, CHANNEL, CONSUMERS, DAY, HOME, REGIONS } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import type { Life, Made } from "./life.ts";
import { isThere } from "./truth.ts";

/** A build becomes available, passes its gate, and enters its channel. */
export async function publish(world: HistoryWorld, life: Life, image: Made["image"], nth: number): Promise<void> {
  const { aws, ledger, clock } = world;
  const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${ACCOUNT}:image/histories-${image}/1.0.0/${nth}`);
  const parent = image === "app" ? (await findChannel(ledger, "base", CHANNEL))?.build : undefined;
  const images = REGIONS.map((region) => {
    const added = { name: `${image}-${nth}`, architecture: "x86_64" as const, source: undefined, devices: [] };
    const one = addImage(aws, { account: ACCOUNT, region }, added);
    aws.state(ec2State, ACCOUNT, region).tags.set(one.id, new Map([["amint:factory", "histories"]]));
    return one;
  });
  const amis: Record<string, AmiId> = {};
  for (const { id, region } of images) amis[region] = parseAmiId(id);
  listBuilt(aws, build, amis);
  const startedAt = new Date(clock.now()).toISOString();
  const triggers = [{ kind: "manual" as const, requestedBy: "ada" }];
  await recordStart(ledger, { image, build, startedAt, triggers, ...(parent && { parentBuild: parent }) });
  await recordOutcome(
    ledger,
    { image, build },
    { status: "available", endedAt: startedAt, amiId: amis[HOME] as AmiId },
  );
  for (const region of REGIONS.filter((one) => one !== HOME)) {
    await recordCopy(ledger, build, { region, copy: build, amiId: amis[region] as AmiId });
  }
  await recordGate(ledger, build, { verdict: "passed", reasons: [], decidedAt: startedAt });
  const made: Made = { image, build, version: `${image} ${buildVersion(build)}`, startedAt, parent, amis, images };
  life.made.push(made);
  await enter(world, made);
}

/** @throws if it was revoked, or is being removed */
export async function enter(world: HistoryWorld, { image, build }: Made): Promise<void> {
  const subject = { image, build, channel: CHANNEL };
  for (const region of REGIONS) await world.through(shareImage({ ...subject, region }, world.step()));
  await world.through(moveChannel(subject, world.step()));
}

export const goBack = (world: HistoryWorld, { image }: Made, request: string): Promise<unknown> =>
  world.through(moveBack({ image, channel: CHANNEL, by: "ada", reason: "slow", request }, world.step()));

export async function hold(world: HistoryWorld, life: Life, { image, build }: Made, days: number): Promise<void> {
  const now = world.clock.now();
  if (days === 0) {
    await removeHold(world.ledger, build);
    life.held.delete(build);
    return;
  }
  const until = new Date(now + days * DAY).toISOString().slice(0, 10);
  const at = new Date(now).toISOString();
  await recordHold(world.ledger, { image, build, until, by: "ada", reason: "the auditors look at it", at });
  life.held.set(build, Date.parse(until) + DAY);
}

export async function revoke(world: HistoryWorld, life: Life, { build }: Made): Promise<void> {
  if (!life.revoked.has(build)) life.revoked.set(build, world.clock.now());
  world.promoting.delete(build);
  await world.through(revokeOne({ build, by: "ada", reason: "bad" }, world.step()));
}

export async function restore(world: HistoryWorld, life: Life, build: BuildArn, request: string): Promise<void> {
  await world.through(restoreBuild({ build, by: "ada", reason: "wanted", request, goesOn: false }, world.step()));
  life.revoked.delete(build);
}

export async function fail(world: HistoryWorld, life: Life, { image, build }: Made): Promise<void> {
  const at = new Date(world.clock.now()).toISOString();
  const how = { error: "States.TaskFailed", cause: "the canary did not start", left: [], told: true };
  await recordFailedPromotion(world.ledger, { image, build, at, ...how });
  life.failed.set(build, world.clock.now());
}

/** @returns what answers it */
export async function ask(
  { ledger, clock }: HistoryWorld,
  life: Life,
  { image, build }: Made,
  days: number,
): Promise<() => Promise<void>> {
  const requestedAt = new Date(clock.now()).toISOString();
  const expiresAt = new Date(clock.now() + days * DAY).toISOString();
  const whom = { token: "token", approvers: ["ada"], required: 1 };
  await openApproval(ledger, { image, build, channel: CHANNEL, requestedAt, expiresAt, ...whom });
  life.asked.add(build);
  return async () => {
    await recordSettled(ledger, { build, channel: CHANNEL });
    life.asked.delete(build);
  };
}

export async function shareByHand(world: HistoryWorld, image: Image | undefined, who: number): Promise<void> {
  const LaunchPermission = { Add: [{ UserId: CONSUMERS[who] }] };
  if (image) await world.as(ACCOUNT, image.region, "ModifyImageAttribute", { ImageId: image.id, LaunchPermission });
}

export async function protect(world: HistoryWorld, image: Image | undefined, WithCooldown: boolean): Promise<void> {
  if (!image || !isThere(world, image)) return;
  const asked = { ImageId: image.id, WithCooldown };
  await world.as(ACCOUNT, image.region, "EnableImageDeregistrationProtection", asked);
}
