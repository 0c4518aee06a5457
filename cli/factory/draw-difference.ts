import type { BlueprintDifference } from "../../core/factory/difference/compare-blueprints.ts";
import type { ImageChange } from "../../core/factory/difference/compare-images.ts";
import type { ResourceAction } from "../../core/factory/difference/compare-resources.ts";
import {
  actionWords,
  describeDetails,
  describeGrant,
  describeResource,
  isDrawn,
} from "../../core/factory/difference/describe-change.ts";
import type { RenamedKey } from "../../core/factory/renamed-keys.ts";
import type { ImageTriggers } from "../build/describe-image.ts";

/** What the next deployment changes. */
export interface Difference extends BlueprintDifference {
  readonly different: boolean;
  readonly buildRegion: string;
  readonly images: readonly (ImageChange & {
    /** What starts its next build; absent for removed images. */
    readonly triggers?: ImageTriggers;
  })[];
  /** Former names of keys that the config uses. */
  readonly renamedKeys: readonly RenamedKey[];
}

const order: readonly ResourceAction[] = ["create", "update", "replace", "delete", "release", "settings"];

/** JSON output: each resource with the wording of the text output. */
export const toJson = ({ resources, ...difference }: Difference) => ({
  ...difference,
  resources: resources.map(({ action, resource: { type, name, region }, inputs }, index) => ({
    action,
    type,
    name,
    region,
    inputs,
    details: resources[index] ? describeDetails(resources[index]) : [],
  })),
});

/** Text output: sections for resources, grants and images, and what a blueprint does not show. */
export function drawDifference({ different, head, resources, grants, images, buildRegion }: Difference): string[] {
  if (!different) return ["The blueprint is the same.", ...NOT_COMPARED];
  return [
    ...(head.length > 0 ? section("The factory", head.map(item)) : []),
    ...order.flatMap((action) => {
      const some = resources.filter((one) => one.action === action && !isDrawn(one));
      const items = some.map((one) => [
        ...item(describeResource(one, buildRegion)),
        ...describeDetails(one).map(detail),
      ]);
      return section(`Resources ${actionWords[action]}`, items);
    }),
    ...section("Grants added", grants.added.map(describeGrant).map(item)),
    ...section("Grants removed", grants.removed.map(describeGrant).map(item)),
    ...section("Images whose next build differs", images.map(drawImage)),
    ...(images.length > 0 ? ["The deployment itself starts no build.", ""] : []),
    ...NOT_COMPARED,
  ];
}

const NOT_COMPARED = ["Not compared: the functions' code and the config in it. Each deployment updates them."];

const item = (text: string): string[] => [`  ${text}`];

const detail = (text: string): string => `      ${text}`;

const section = (title: string, items: readonly (readonly string[])[]): string[] =>
  items.length === 0 ? [] : [`${title} (${items.length})`, ...items.flat(), ""];

function drawImage({ image, kind, reasons, triggers }: Difference["images"][number]): string[] {
  const what = { new: "", recipe: "new recipe: ", parent: "", removed: "" }[kind];
  return [...item(image), ...reasons.map((reason) => detail(`${what}${reason}`)), ...nextBuild(image, triggers)];
}

function nextBuild(image: string, triggers: ImageTriggers | undefined): string[] {
  if (!triggers) return [];
  const { schedule, packages, base, parent } = triggers;
  const [date] = schedule?.dates ?? [];
  const ways = [
    ...(schedule ? [date ? `on schedule (${date.at.toISOString()})` : "on schedule"] : []),
    ...(packages ? ["on an advisory"] : []),
    ...(base ? [`when ${base} changes`] : []),
    ...(parent ? [`when ${parent.image} enters ${parent.channel}`] : []),
    `on request (npx amint build ${image})`,
  ];
  return [detail(`next build: ${ways.join(", ")}`)];
}
