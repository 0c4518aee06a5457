import type { BuildArn, ImageResourceArn } from "../../events/ids.ts";
import type { Leftover } from "./plan-clean-up.ts";

/** Image Builder's image resources of a build: the build itself, and one for each copy. */
export interface BuilderImages {
  readonly image: string;
  readonly build: BuildArn;
  readonly copies: readonly ImageResourceArn[];
  /** Undefined: it may still be used. */
  readonly leftover: Leftover | undefined;
  /** The build's AMI in the build region was removed, or never existed. */
  readonly amiGone: boolean;
  /** When retirement deregistered the last of its AMIs; undefined while one exists. */
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
  /** For how long a retired build can be restored. */
  readonly binSeconds: number;
}

/**
 * Image resources that are no longer needed. Image Builder keeps them forever, and they count against its quota. A retired
 * build's are kept while it can be restored; a leftover's own one until its AMI is removed.
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
export interface FoundVersion {
  readonly arn: string;
  /** Undefined if Image Builder does not report it; the version is then kept. */
  readonly createdAt: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

interface Asked {
  readonly factory: string;
  readonly now: Date;
  readonly keepSeconds: number;
  readonly found: readonly FoundVersion[];
  /** ARNs that refer to such versions, including patterns such as `1.x.x`. */
  readonly references: readonly string[];
}

/**
 * A new build may be missing in Image Builder's lists for two minutes (API reference, ListImages), and its recipe may be
 * replaced in the meantime.
 */
const SETTLED_SECONDS = 3600;

/** Whether two versions have the same name. */
export const isSameName = (one: string, other: string): boolean => split(one)[0] === split(other)[0];

/**
 * Versions that are no longer referenced. Deployments retain versions that are replaced or removed from the config, because
 * a build in progress may need them (`docs/adr/0004-replaced-versions-go.md`). The newest version is kept while an older one
 * is in use, because its deployment is not complete.
 */
export function planVersions({ factory, now, keepSeconds, found, references }: Asked): FoundVersion[] {
  const isOver = (since: string, seconds: number) => Date.parse(since) + seconds * 1000 <= now.getTime();
  const isUsed = (version: FoundVersion): boolean => references.some((one) => refersTo(one, version.arn));
  return [...Map.groupBy(found, ({ arn }) => split(arn)[0]).values()].flatMap((versions) => {
    const isAnyUsed = versions.some(isUsed);
    return versions.filter((version) => {
      const { tags, createdAt } = version;
      if (tags["amint:factory"] !== factory || createdAt === undefined || !isOver(createdAt, keepSeconds)) return false;
      const [successor] = versions
        .flatMap((one) => one.createdAt ?? [])
        .filter((at) => Date.parse(at) > Date.parse(createdAt))
        .sort();
      const isReplaced = successor === undefined ? !isAnyUsed : isOver(successor, SETTLED_SECONDS);
      return isReplaced && !isUsed(version);
    });
  });
}

/**
 * Whether a reference may match a version: the version itself, a version without a build number, a build of it, or a pattern. A reference that
 * cannot be parsed matches every version of the name.
 */
function refersTo(reference: string, arn: string): boolean {
  if (reference === arn || arn.startsWith(`${reference}/`) || reference.startsWith(`${arn}/`)) return true;
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

/** Image Builder's state of the image that an instance was started for. */
export type ImageEnd = "ended" | "under way" | "gone";

/** Image Builder's tag on its instances (API reference, CreateInfrastructureConfiguration: reserved in `resourceTags`). */
export const BUILDER_TAG = { key: "CreatedBy", value: "EC2 Image Builder" } as const;

export const BUILDER_IMAGE_TAG = "Ec2ImageBuilderArn";

/** Instances that have run longer than any build takes. Whether their builds have ended must still be checked. */
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

/** Why an instance is not needed; undefined if its build is in progress, or if that is unknown. */
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
