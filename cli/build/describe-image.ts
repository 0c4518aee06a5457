import { baseName } from "../../core/advisories/bases.ts";
import { imageSystemOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { Blackout, Schedule } from "../../core/factory/schedule-schema.ts";
import { activeBlackout } from "../../core/schedule/blackout.ts";
import { parseExpression } from "../../core/schedule/cron.ts";
import { expressionOf, nextDates } from "../../core/schedule/next-dates.ts";

/** Why and when one image is rebuilt, as `--json` prints it. Durations in seconds, times in UTC. */
export interface ImageTriggers {
  readonly image: string;
  readonly description?: string | undefined;
  readonly schedule?: ScheduleDates;
  readonly packages?: {
    readonly severity: string;
    readonly release?: string;
    /** The parent in the factory: advisories on its packages rebuild the parent instead. */
    readonly addedTo?: string;
  };
  /** The public SSM parameter, or the registry's tag, that is watched. */
  readonly base?: string;
  readonly parent?: { readonly image: string; readonly channel: string };
  readonly minimumInterval: number;
  readonly breaker: { readonly failures: number };
  readonly blackouts: readonly Blackout[];
}

export interface ScheduleDates {
  readonly settings: Schedule;
  /** A rate counts from its deployment, which the config does not know: the dates assume a deployment now. */
  readonly countsFromDeployment: boolean;
  readonly dates: readonly ScheduledDate[];
}

export interface ScheduledDate {
  readonly at: Date;
  /** The blackout that it falls into; the build starts afterwards. */
  readonly blackout?: { readonly reason: string; readonly until: Date };
}

/**
 * An image's triggers by its config, with the next `count` dates at or after `from`.
 * @throws UnknownImage listing the images
 */
export function describeImage(factory: Factory, image: string, from: Date, count: number): ImageTriggers {
  const { description, os, parent, triggers } = requireImage(factory, image);
  const { schedule, packages, base, minimumInterval, breaker } = triggers;
  const release = packages && imageSystemOf(os).releases && { release: packages.release };
  const watched = base ? baseName(parent) : undefined;
  const addedTo = "image" in parent && { addedTo: parent.image };
  return {
    image,
    description,
    ...(schedule && { schedule: scheduleDates(factory, image, schedule, from, count) }),
    ...(packages && { packages: { severity: packages.severity, ...release, ...addedTo } }),
    ...(watched && { base: watched }),
    ...(triggers.parent && "image" in parent && { parent }),
    minimumInterval,
    breaker,
    blackouts: factory.blackouts.filter(({ images }) => images === undefined || images.includes(image)),
  };
}

function scheduleDates(factory: Factory, image: string, settings: Schedule, from: Date, count: number): ScheduleDates {
  const dates = nextDates(settings, from, count).map((at) => {
    const blackout = activeBlackout(factory.blackouts, image, at);
    return { at, ...(blackout && { blackout }) };
  });
  return { settings, countsFromDeployment: parseExpression(expressionOf(settings)).kind === "rate", dates };
}
