import type { BuildArn, ImageResourceArn } from "../../events/ids.ts";
import type { Leftover } from "./plan-clean-up.ts";

/** What Image Builder keeps of a build beside its AMIs: the build's own image resource, and one for each copy. */
export interface BuilderImages {
  readonly image: string;
  readonly build: BuildArn;
  readonly copies: readonly ImageResourceArn[];
  /** Undefined: somebody may use it still. */
  readonly leftover: Leftover | undefined;
  /** The build's AMI in the build region was removed, or there was none. */
  readonly amiGone: boolean;
  /** When the last of its AMIs was deregistered by its retirement; undefined while there is one. */
  readonly retiredAt: string | undefined;
}

interface ForgottenImage {
  readonly image: string;
  readonly build: BuildArn;
  /** The image resource. */
  readonly resource: ImageResourceArn;
  readonly why: string;
}

interface Times {
  readonly now: Date;
  readonly keepSeconds: number;
  /** For how long a retired build can be taken back. */
  readonly binSeconds: number;
}

/**
 * Image resources that nobody will ask about. Image Builder keeps them for ever, and they count against its quota. A retired
 * build's stay until it cannot be taken back; a leftover's own stays until its AMI is removed.
 */
export function planImageResources(builds: readonly BuilderImages[], { now, keepSeconds, binSeconds }: Times) {
  const isOver = (since: string, seconds: number) => Date.parse(since) + seconds * 1000 <= now.getTime();
  return builds.flatMap(({ image, build, copies, leftover, amiGone, retiredAt }): ForgottenImage[] => {
    const of = (why: string, resources: readonly ImageResourceArn[]) =>
      resources.map((resource) => ({ image, build, resource, why }));
    if (retiredAt !== undefined) {
      return isOver(retiredAt, Math.max(keepSeconds, binSeconds)) ? of("it is retired", [...copies, build]) : [];
    }
    if (!leftover || !isOver(leftover.since, keepSeconds)) return [];
    return of(leftover.why, [...copies, ...(amiGone ? [build] : [])]);
  });
}
/** A version of an image recipe or a container recipe, or a build of a component's version. */
export interface FoundPart {
  readonly arn: string;
  /** Undefined: Image Builder does not say; then it is kept. */
  readonly createdAt: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

interface Asked {
  readonly factory: string;
  readonly now: Date;
  readonly keepSeconds: number;
  readonly parts: readonly FoundPart[];
  /** ARNs by which something refers to such parts, patterns such as `1.x.x` among them. */
  readonly references: readonly string[];
}

/**
 * A build that has just begun may be missing in Image Builder's lists for two minutes (API reference, ListImages), and
 * what it is made of may be replaced meanwhile.
 */
const SETTLED_SECONDS = 3600;

/**
 * Versions that nothing refers to any more. The deployment retains what it replaces and what is removed from the config,
 * because a build under way may need it (`docs/adr/0004-replaced-versions-go.md`). The newest version stays while an older
 * one is in use: its deployment is not complete.
 */
export function planParts({ factory, now, keepSeconds, parts, references }: Asked): FoundPart[] {
  const isOver = (since: string, seconds: number) => Date.parse(since) + seconds * 1000 <= now.getTime();
  const isUsed = (part: FoundPart): boolean => references.some((one) => refersTo(one, part.arn));
  return [...Map.groupBy(parts, ({ arn }) => split(arn)[0]).values()].flatMap((versions) => {
    const isAnyUsed = versions.some(isUsed);
    return versions.filter((part) => {
      const { tags, createdAt } = part;
      if (tags["amint:factory"] !== factory || createdAt === undefined || !isOver(createdAt, keepSeconds)) return false;
      const [successor] = versions
        .flatMap((one) => one.createdAt ?? [])
        .filter((at) => Date.parse(at) > Date.parse(createdAt))
        .sort();
      const isReplaced = successor === undefined ? !isAnyUsed : isOver(successor, SETTLED_SECONDS);
      return isReplaced && !isUsed(part);
    });
  });
}

/**
 * Whether a reference may mean a part: itself, a version without its build, or a pattern. One that is read wrongly is read
 * as meaning every version of the name.
 */
function refersTo(reference: string, arn: string): boolean {
  if (reference === arn || arn.startsWith(`${reference}/`)) return true;
  const [, version = ""] = split(reference);
  return split(reference)[0] === split(arn)[0] && !/^\d+\.\d+\.\d+(\/\d+)?$/.test(version);
}

/** `...:component/acme-smoke` and `1.2.3/1`. */
function split(arn: string): readonly [name: string, version: string] {
  const [kind = "", name = "", ...version] = arn.split("/");
  return [`${kind}/${name}`, version.join("/")];
}
/** An instance that Image Builder started for the factory. */
export interface FoundInstance {
  readonly instanceId: string;
  readonly launchedAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Image Builder says of the image that an instance was started for. */
export type ImageEnd = "ended" | "under way" | "gone";

/** Image Builder's tags on its instances (API reference, CreateInfrastructureConfiguration: reserved in `resourceTags`). */
export const BUILDER_TAG = { key: "CreatedBy", value: "EC2 Image Builder" } as const;

export const BUILDER_IMAGE_TAG = "Ec2ImageBuilderArn";

/** Instances that ran longer than any build takes; whether their builds ended is still to be asked. */
export const oldInstances = (
  instances: readonly FoundInstance[],
  { factory, now, keepSeconds }: { readonly factory: string; readonly now: Date; readonly keepSeconds: number },
): FoundInstance[] =>
  instances.filter(
    ({ tags, launchedAt }) =>
      tags["amint:factory"] === factory &&
      tags[BUILDER_TAG.key] === BUILDER_TAG.value &&
      tags[BUILDER_IMAGE_TAG] !== undefined &&
      Date.parse(launchedAt) + keepSeconds * 1000 <= now.getTime(),
  );

/** Why nobody needs an instance; undefined where its build is under way, or where nobody knows. */
export function whyInstanceLeft(end: ImageEnd | undefined): string | undefined {
  switch (end) {
    case "ended":
      return "Image Builder did not terminate it when its build ended";
    case "gone":
      return "Image Builder does not have the image that it was started for";
    case "under way":
    case undefined:
      return undefined;
  }
}
