import { FULL, forgetLook, ORGANIZATION, recordLook } from "../../adapters/repair/looks.ts";
import { listDrift } from "../../adapters/repair/told-drift.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { parseLook } from "../../core/repair/decide-look.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { tellEndingWaivers } from "../gate/waivers.ts";
import { inTurn } from "../in-turn.ts";
import { askOrganization, compareAll, compareChannels, compareLook } from "./compare.ts";
import { HOUR, type Hour, isDue, type Looks, movedName } from "./read-hour.ts";
import type { RepairStep, States } from "./repair.ts";
import { everything } from "./scope.ts";
import type { Followed } from "./while-announced.ts";

const DAY = 24 * HOUR;

/** Compares everything, which includes every requested look, and reports waivers that end soon. */
export async function lookAtAll(looks: Looks, states: States, step: RepairStep): Promise<number> {
  const repaired = await inTurn({
    waivers: () => tellEndingWaivers(step).then(() => 0),
    comparisons: async () => compareAll({ states, told: await listDrift(step.ledger) }, step),
  });
  for (const [name] of wanted(looks)) await forgetLook(step.ledger, name, step.now);
  await recordLook(step.ledger, FULL, step.now);
  return repaired;
}

/**
 * Compares each channel once after its move has ended: a move that crashed leaves changes that no event reports, and
 * events during a move are attributed to it.
 */
export async function lookAtMoved({ moved, states }: Hour, step: RepairStep): Promise<number> {
  if (moved.length === 0) return 0;
  const known = { states, told: await listDrift(step.ledger) };
  const covers = ({ image, channel }: ChannelOf) => moved.includes(movedName(image, channel));
  const repaired = await compareChannels(known, { ...everything(step), covers }, step);
  for (const name of moved) await recordLook(step.ledger, name, step.now);
  return repaired;
}

/** Runs looks that events requested soon after a repair, and that were delayed. */
export async function lookAtWanted(looks: Looks, states: States, step: RepairStep): Promise<Followed> {
  if (wanted(looks).length === 0) return { repaired: 0, open: false };
  const known = { states, told: await listDrift(step.ledger) };
  const repaired = await inTurn(
    Object.fromEntries(
      wanted(looks).map(([name, look]) => [
        name,
        async () => {
          const repaired = await compareLook(look, known, step);
          await forgetLook(step.ledger, name, step.now);
          return repaired;
        },
      ]),
    ),
  );
  return { repaired, open: true };
}

const wanted = (looks: Looks) =>
  [...looks].flatMap(([name, { wantedAt }]) => {
    const look = wantedAt === undefined ? undefined : parseLook(name);
    return look ? [[name, look] as const] : [];
  });

/**
 * Invokes the reader of the organization: daily where its events report changes, otherwise hourly; also in the hour
 * after a channel moved or while work in consumer accounts is pending. A full look compares rings in accounts.
 */
export async function lookAtOrganization(
  { looks, states, full }: Hour,
  asked: boolean,
  step: RepairStep,
): Promise<number> {
  const { lookedAt = "", followedAt = lookedAt, wantedAt } = looks.get(ORGANIZATION) ?? {};
  const every = step.settings.factory.cloudTrail === "organization" ? DAY : HOUR;
  const moved = [...states.values()].some(({ channels }) =>
    Object.values(channels).some(({ movedAt, changedAt = movedAt }) => changedAt > followedAt),
  );
  const rings = full && hasRings(step.settings.factory);
  const due = wantedAt !== undefined || rings || isDue(looks, ORGANIZATION, every, step.now);
  if (due || moved) await askOrganization(step, { known: !due, ...(rings && { rings: asked ? "all" : "turn" }) });
  return 0;
}

const hasRings = ({ images, consumers }: Factory): boolean =>
  consumers?.mirror === true && Object.values(images).some(({ channels }) => channels.some(({ rollout }) => rollout));
