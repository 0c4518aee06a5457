import type { Story, StoryEvent, StoryEventKind } from "./plan-story.ts";
import { DAY, type PlannedEvent } from "./timeline.ts";

type Texts = { readonly [Kind in StoryEventKind]: (some: readonly Extract<StoryEvent, { kind: Kind }>[]) => Texts1 };
type Texts1 = Required<Pick<PlannedEvent, "title" | "watch">>;

const listed = new Intl.ListFormat("en-GB");

const imagesOf = (some: readonly StoryEvent[]): string => listed.format(new Set(some.map(({ image }) => image)));

const texts: Texts = {
  "first-build": (some) => ({
    title: "First builds",
    watch: `Builds of ${imagesOf(some)} are requested; a build that passes its tests and its gate enters its channels.`,
  }),
  again: (some) => ({
    title: "A build on request",
    watch: `${imagesOf(some)}: another build is requested, and takes the place of the one before it.`,
  }),
  "failing-component": (some) => ({
    title: "A component fails",
    watch: `${imagesOf(some)}: the build ends with the component and step that failed, and its channels stay.`,
  }),
  "rejected-gate": (some) => ({
    title: "The gate rejects a build",
    watch: `${imagesOf(some)}: the scan finds more than the gate allows, so no channel moves to this build.`,
  }),
  "patch-night": (some) => ({
    title: "Patch night",
    watch: `The schedule starts builds of ${imagesOf(some)}.`,
  }),
  advisory: (some) => ({
    title: some.length === 1 ? "An advisory" : `${some.length} advisories`,
    watch: `${some.map(sayAdvisory).join("; ")}: images with the package are rebuilt, children after their parent.`,
  }),
  "base-update": (some) => ({
    title: "A parent AMI is replaced",
    watch: `A newer AMI is published for ${imagesOf(some)}, which is rebuilt from it.`,
  }),
  rollback: (some) => ({
    title: "A rollback",
    watch: `${some.map(({ image, channel }) => `${image}/${channel}`).join(", ")} goes back to the build before.`,
  }),
  revocation: (some) => ({
    title: "A build is revoked",
    watch: `The build in ${some.map(({ image, channel }) => `${image}/${channel}`).join(", ")} is revoked with all builds made from it; no account can launch them any longer.`,
  }),
};

const sayAdvisory = ({ advisory, fixes }: Extract<StoryEvent, { kind: "advisory" }>): string =>
  `${advisory.id} (${advisory.severity}) fixes ${fixes.name}`;

/** A chapter for each thing that happens; one for several of a kind that follow each other within a day. */
export function chaptersOf({ events }: Pick<Story, "events">): PlannedEvent[] {
  const groups: StoryEvent[][] = [];
  for (const one of events) {
    const last = groups.at(-1);
    if (last?.[0] && last[0].kind === one.kind && one.at - last[0].at < DAY) last.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((some) => {
    const [first] = some;
    if (!first) return [];
    const say = texts[first.kind] as (some: readonly StoryEvent[]) => Texts1;
    return [{ at: first.at, ...say(some) }];
  });
}
