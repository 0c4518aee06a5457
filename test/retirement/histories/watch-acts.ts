import { type Image, reportsState, type UsageReport } from "embedded-aws/state";
import type { BuildArn } from "../../../events/ids.ts";
import type { Asked, HistoryWorld } from "./history-world.ts";
import type { Life, Made } from "./life.ts";
import { findUser, isProved, isThere } from "./truth.ts";

/** Calls that take an AMI from its users. */
const TAKES: Readonly<Record<string, string>> = {
  DisableImage: "disabled",
  DeregisterImage: "deregistered",
  ModifyImageAttribute: "withdrawn",
};

interface Watched {
  protectedBy: ReadonlyMap<BuildArn, string>;
  /** The call of a run during which an operator acted on a build. */
  readonly turned: Map<BuildArn, number>;
}

/** Maximum number of calls between reading a build's state and acting on it in a region. */
const LOOK_CALLS: Readonly<Record<string, number>> = { withdrawn: 12, disabled: 7, deregistered: 8 };

/** Checks every call that removes an AMI from its users, just before it takes effect. */
export function watchActs(world: HistoryWorld, { made, held, revoked }: Life, calls: () => number) {
  const now: Watched = { protectedBy: new Map(), turned: new Map() };
  const broken = new Set<string>();
  /** When an account other than the factory's could last launch it. */
  const openUntil = new Map<string, number>();
  const reports = new Map<string, UsageReport>();
  const acts = new Map<string, number>();

  /** EC2 deletes its reports after a month. */
  function remember(): void {
    for (const { state } of world.aws.places(reportsState)) {
      for (const report of state.reports.values()) reports.set(report.id, report);
    }
  }

  function judge(one: Made, image: Image, what: string): void {
    acts.set(what, (acts.get(what) ?? 0) + 1);
    const wrong = (why: string) => {
      broken.add(
        `${one.version} is ${what} in ${image.region} at ${new Date(world.clock.now()).toISOString()}: ${why}`,
      );
    };
    // A revoked build is disabled even in use: by the retiring function, if that is restoring it at the moment.
    if (what === "disabled" && revoked.has(one.build)) return;
    const turned = now.turned.get(one.build);
    if (turned !== undefined && calls() - turned <= (LOOK_CALLS[what] ?? 0)) return;
    const heldUntil = held.get(one.build) ?? 0;
    if (heldUntil > world.clock.now()) wrong("it is on hold");
    const kept = now.protectedBy.get(one.build);
    if (kept) wrong(kept);
    if (what === "withdrawn") return;
    const user = findUser(world, image);
    if (user) wrong(user);
    const others = one.images.filter((other) => isThere(world, other));
    if (others.some(({ permissions }) => permissions.size > 0)) wrong("another account can still launch it");
    const closedAt = Math.max(...others.map(({ id }) => openUntil.get(id) ?? 0));
    remember();
    if (!isProved(reports.values(), image, closedAt)) wrong("nothing proves that it is unused");
  }

  function before({ service, operation, input, retiring }: Asked): void {
    if (service !== "ec2") return;
    const one = made.find(({ images }) => images.some(({ id }) => id === input.ImageId));
    const image = one?.images.find(({ id }) => id === input.ImageId);
    if (!one || !image) return;
    const what = TAKES[operation];
    const takes = what !== undefined && !("LaunchPermission" in input && hasAdd(input.LaunchPermission));
    if (retiring && takes) judge(one, image, what);
    // EC2 refuses it for a disabled AMI.
    const shares = operation === "ModifyImageAttribute" && image.state === "available";
    if (shares || operation === "EnableImage" || (operation === "DisableImage" && image.permissions.size > 0)) {
      openUntil.set(image.id, world.clock.now());
    }
  }
  return { before, broken, acts, remember, now };
}

const hasAdd = (change: unknown): boolean => typeof change === "object" && change !== null && "Add" in change;
