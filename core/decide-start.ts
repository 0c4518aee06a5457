import type { BuildArn } from "../events/ids.ts";
import type { Trigger } from "../events/trigger.ts";
import type { Image } from "./factory/image-schema.ts";
import { isPatchDay } from "./patch-day.ts";

/** What is known about an image when a trigger comes. */
export interface StartSituation {
  readonly image: Image;
  readonly triggers: readonly Trigger[];
  /** A build of this image that is under way. */
  readonly building: boolean;
  /** The build that the parent's channel points at, for an image whose parent is an image of the factory. */
  readonly parentBuild: BuildArn | undefined;
}

export type StartDecision =
  | { readonly kind: "start" }
  /** A build is under way: remember the triggers and start once when it has ended. */
  | { readonly kind: "coalesce" }
  /** One of the schedule's candidate dates that is not patch day: nothing to tell anybody. */
  | { readonly kind: "not-today" }
  | { readonly kind: "suppress"; readonly reason: string };

/** Whether triggers start a build now, later, or not at all. */
export function decideStart({ image, triggers, building, parentBuild }: StartSituation): StartDecision {
  if (triggers.every((trigger) => isOffDay(image, trigger))) return { kind: "not-today" };
  if ("image" in image.parent && !parentBuild) {
    const { image: parent, channel } = image.parent;
    return { kind: "suppress", reason: `its parent ${parent} has no build in channel ${channel} yet` };
  }
  const outdated = triggers.find((trigger) => trigger.kind === "parent" && trigger.parentBuild !== parentBuild);
  if (outdated && triggers.length === 1) {
    return { kind: "suppress", reason: `its parent's channel points at ${parentBuild} by now` };
  }
  return { kind: building ? "coalesce" : "start" };
}

function isOffDay({ triggers: { schedule } }: Image, trigger: Trigger): boolean {
  if (trigger.kind !== "schedule" || schedule?.kind !== "patch-tuesday") return false;
  return !isPatchDay(schedule, new Date(trigger.scheduledTime));
}
