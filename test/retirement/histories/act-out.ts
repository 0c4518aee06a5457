import { type Image, templatesState } from "embedded-aws/state";
import type { BuildArn } from "../../../events/ids.ts";
import { ask, enter, fail, goBack, hold, protect, restore, revoke, shareByHand } from "./do-acts.ts";
import type { Deed, Outage } from "./histories.ts";
import { ACCOUNT, CONSUMERS } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import type { Life, Made } from "./life.ts";
import { findUser, isThere } from "./truth.ts";

/** A launch, or a template for launches to come. */
interface Use {
  /** The factory's own account (-1), or one of those that it shares with. */
  readonly who: number;
  readonly what: "instance" | "template";
}

/** An account starts to use an AMI, if permitted. @returns a function that stops it; undefined if denied */
async function useImage(
  world: HistoryWorld,
  { id, region, permissions, ...image }: Image,
  { who, what }: Use,
): Promise<(() => Promise<void>) | undefined> {
  const account = CONSUMERS[who] ?? ACCOUNT;
  const may = account === ACCOUNT || [...permissions.values()].some(({ value }) => value === account);
  if (!may || image.state !== "available" || !isThere(world, { id, region, permissions, ...image })) return undefined;
  if (what === "instance") {
    const asked = { ImageId: id, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 };
    const { Instances = [] } = (await world.as(account, region, "RunInstances", asked)) as Launched;
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
    return async () => void (await world.as(account, region, "TerminateInstances", { InstanceIds }));
  }
  const named = { LaunchTemplateName: `web-${world.aws.hexId(8)}`, LaunchTemplateData: { ImageId: id } };
  const { LaunchTemplate } = (await world.as(account, region, "CreateLaunchTemplate", named)) as Templated;
  return async () =>
    void world.aws.state(templatesState, account, region).templates.delete(LaunchTemplate.LaunchTemplateId);
}

interface Launched {
  readonly Instances?: readonly { readonly InstanceId: string }[];
}
interface Templated {
  readonly LaunchTemplate: { readonly LaunchTemplateId: string };
}

/** A history's facts that its operators need. */
interface Stage {
  readonly world: HistoryWorld;
  readonly life: Life;
  /** Since when an AMI is used, in milliseconds since the epoch. */
  readonly usedSince: Map<string, number>;
  readonly count: (what: string) => void;
  readonly deny: (denial: Omit<Outage, "from">) => void;
  /** Ends the current run. */
  readonly kill: () => void;
  /** Schedules something a number of days later. */
  readonly later: (days: number, happen: () => Promise<unknown>) => void;
}

/** An operator acts on a build. @param request the id of the request */
export async function actOut(deed: Deed, one: Made, request: string, stage: Stage): Promise<void> {
  const { world, life, later } = stage;
  const refusable = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      stage.count(`${what} done`);
    } catch (error) {
      if (!(error instanceof Error) || !REFUSALS.has(error.name)) throw error;
      stage.count(`${what} refused`);
    }
  };
  const putBack = (build: BuildArn) => refusable("restore", () => restore(world, life, build, request));
  switch (deed.kind) {
    case "use":
      return use(deed, one, stage);
    case "share":
      return refusable(deed.kind, () => shareByHand(world, one.images[deed.region], deed.who));
    case "rollback":
      return refusable(deed.kind, () => goBack(world, one, request));
    case "promote":
      world.promoting.add(one.build);
      later(deed.soaks, async () => {
        if (world.promoting.delete(one.build)) await refusable(deed.kind, () => enter(world, one));
      });
      return;
    case "hold":
      return hold(world, life, one, deed.lasts);
    case "fail":
      return fail(world, life, one);
    case "ask": {
      const answer = await ask(world, life, one, deed.lasts);
      return later(deed.lasts, answer);
    }
    case "protect":
      return protect(world, one.images[deed.region], deed.cooldown);
    case "deny":
      return stage.deny(deed.denial);
    case "kill":
      return stage.kill();
    case "revoke":
      if (deed.restoredAfter !== undefined) later(deed.restoredAfter, () => putBack(one.build));
      return refusable(deed.kind, () => revoke(world, life, one));
    case "restore":
      return putBack(one.build);
  }
}

async function use(deed: Extract<Deed, { kind: "use" }>, one: Made, stage: Stage): Promise<void> {
  const { world, usedSince } = stage;
  const image = one.images[deed.region];
  const end = image && (await useImage(world, image, deed));
  if (!end) return;
  stage.count(`use by ${CONSUMERS[deed.who] ? "others" : "the factory"}`);
  if (!usedSince.has(image.id)) usedSince.set(image.id, world.clock.now());
  stage.later(deed.lasts, async () => {
    await end();
    if (!findUser(world, image)) usedSince.delete(image.id);
  });
}

/** The error that operators get when retirement or a revocation was faster. */
const REFUSALS: ReadonlySet<string> = new Set([
  "InvalidAMIID.Unavailable",
  "InvalidAMIID.NotFound",
  "RollbackRefused",
  "NotRevoked",
  "NotRestored",
  "BuildDeregistered",
  "BuildRevoked",
  "BuildRetired",
  "RetirementUnderWay",
  "RevokedMeanwhile",
]);
