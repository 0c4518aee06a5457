import { FULL, ORGANIZATION, recordDriftCheck, removeDriftCheck } from "../../adapters/repair/drift-checks.ts";
import { listDrift } from "../../adapters/repair/reported-drift.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { parseDriftCheck } from "../../core/repair/decide-drift-check.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { publishEndingWaivers } from "../gate/waivers.ts";
import { inTurn } from "../in-turn.ts";
import { askOrganization, compareAll, compareChannels, runDriftCheck } from "./compare.ts";
import { type DriftChecks, HOUR, type Hour, isDue, movedName } from "./read-hour.ts";
import type { RepairInvocation, States } from "./repair.ts";
import { everything } from "./scope.ts";
import type { Followed } from "./while-announced.ts";

const DAY = 24 * HOUR;

/** Compares everything, which includes every requested check, and reports waivers that end soon. */
export async function checkAll(checks: DriftChecks, states: States, invocation: RepairInvocation): Promise<number> {
  const repaired = await inTurn({
    waivers: () => publishEndingWaivers(invocation).then(() => 0),
    comparisons: async () => compareAll({ states, told: await listDrift(invocation.ledger) }, invocation),
  });
  for (const [name] of requested(checks)) await removeDriftCheck(invocation.ledger, name, invocation.now);
  await recordDriftCheck(invocation.ledger, FULL, invocation.now);
  return repaired;
}

/**
 * Compares each channel once after its move has ended: a move that crashed leaves changes that no event reports, and
 * events during a move are attributed to it.
 */
export async function checkMoved({ moved, states }: Hour, invocation: RepairInvocation): Promise<number> {
  if (moved.length === 0) return 0;
  const known = { states, told: await listDrift(invocation.ledger) };
  const covers = ({ image, channel }: ChannelOf) => moved.includes(movedName(image, channel));
  const repaired = await compareChannels(known, { ...everything(invocation), covers }, invocation);
  for (const name of moved) await recordDriftCheck(invocation.ledger, name, invocation.now);
  return repaired;
}

/** Runs checks that events requested soon after a repair, and that were delayed. */
export async function checkRequested(
  checks: DriftChecks,
  states: States,
  invocation: RepairInvocation,
): Promise<Followed> {
  if (requested(checks).length === 0) return { repaired: 0, open: false };
  const known = { states, told: await listDrift(invocation.ledger) };
  const repaired = await inTurn(
    Object.fromEntries(
      requested(checks).map(([name, check]) => [
        name,
        async () => {
          const repaired = await runDriftCheck(check, known, invocation);
          await removeDriftCheck(invocation.ledger, name, invocation.now);
          return repaired;
        },
      ]),
    ),
  );
  return { repaired, open: true };
}

const requested = (checks: DriftChecks) =>
  [...checks].flatMap(([name, { wantedAt }]) => {
    const check = wantedAt === undefined ? undefined : parseDriftCheck(name);
    return check ? [[name, check] as const] : [];
  });

/**
 * Invokes the reader of the organization: daily where its events report changes, otherwise hourly; also in the hour
 * after a channel moved or while work in consumer accounts is pending. A full check compares rings in accounts.
 */
export async function checkOrganization(
  { checks, states, full }: Hour,
  asked: boolean,
  invocation: RepairInvocation,
): Promise<number> {
  const { lookedAt = "", followedAt = lookedAt, wantedAt } = checks.get(ORGANIZATION) ?? {};
  const every = invocation.settings.factory.cloudTrail === "organization" ? DAY : HOUR;
  const moved = [...states.values()].some(({ channels }) =>
    Object.values(channels).some(({ movedAt, changedAt = movedAt }) => changedAt > followedAt),
  );
  const rings = full && hasRings(invocation.settings.factory);
  const due = wantedAt !== undefined || rings || isDue(checks, ORGANIZATION, every, invocation.now);
  if (due || moved) await askOrganization(invocation, { known: !due, ...(rings && { rings: asked ? "all" : "turn" }) });
  return 0;
}

const hasRings = ({ images, consumers }: Factory): boolean =>
  consumers?.mirror === true && Object.values(images).some(({ channels }) => channels.some(({ rollout }) => rollout));
