import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import {
  deleteComponent,
  deleteImageResource,
  deleteRecipe,
  isUnmarkedResource,
  listBuilderInstances,
  listComponentReferences,
  listComponents,
  listComponentVersions,
  listRecipeReferences,
  listRecipes,
  readImageEnd,
  terminateInstance,
} from "../../adapters/retirement/image-builder-leftovers.ts";
import { readRemoved, recordRemoval } from "../../adapters/retirement/leftovers.ts";
import { listRetirements, type RetiredBuild } from "../../adapters/retirement/retirements.ts";
import {
  BUILDER_IMAGE_TAG,
  type FoundVersion,
  isSameName,
  oldInstances,
  planImageResources,
  planVersions,
  whyInstanceLeft,
} from "../../core/retirement/plan-leftovers.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { RemovedThing } from "../../events/retirement.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { isGone } from "./claim.ts";
import type { BuildOrigin } from "./read-origins.ts";

/** Per run; the rest follows the next day. */
const MOST_RESOURCES = 200;

/**
 * Image resources of fully retired builds and of leftovers, including failed builds, with those of their copies.
 * @returns those that are due; with `early` also those that are not due yet
 */
export async function readImageResources(origins: readonly BuildOrigin[], invocation: Invocation<"PROMOTION_ARN">) {
  const { ledger } = invocation;
  const retired = await listRetirements(ledger);
  const removedOf = await readRemoved(ledger);
  return ({ early }: { readonly early: boolean }) => planResources(origins, { retired, removedOf, early }, invocation);
}

function planResources(
  origins: readonly BuildOrigin[],
  {
    retired,
    removedOf,
    early,
  }: {
    readonly retired: ReadonlyMap<BuildArn, RetiredBuild>;
    readonly removedOf: Awaited<ReturnType<typeof readRemoved>>;
    readonly early: boolean;
  },
  { settings, now }: Invocation<"PROMOTION_ARN">,
) {
  const { leftovers, recycleBin } = settings.factory;
  const { region } = settings.place;
  const amis = removedOf({ kind: "ami", region });
  const containers = removedOf({ kind: "container-image", region });
  const removed = removedOf({ kind: "image-resource", region });
  const builds = origins.map(({ image, build, leftover, artifact, copies }) => ({
    image,
    build,
    // Image Builder creates a container image's copies as part of the build.
    copies: copies.map(({ copy }) => copy).filter((copy) => copy !== build),
    leftover,
    amiGone: early || artifact === undefined || amis.has(artifact) || containers.has(artifact),
    retiredAt: retiredAt(retired.get(build)),
  }));
  const due = planImageResources(builds, {
    now,
    keepSeconds: early ? 0 : leftovers.keep,
    binSeconds: early || !recycleBin.enabled ? 0 : recycleBin.retain,
  });
  return due.filter(({ resource }) => !removed.has(resource)).slice(0, MOST_RESOURCES);
}

/**
 * Deletes those that `mark-leftovers` has tagged as the factory's; the role may delete no others.
 * @param onUnmarked called if any, due or not, has no such tag yet
 * @returns how many
 */
export async function cleanImageResources(
  origins: readonly BuildOrigin[],
  onUnmarked: () => void,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger, settings, client, now } = invocation;
  const { region } = settings.place;
  const { name: factory } = settings.factory;
  const resources = await readImageResources(origins, invocation);
  const due = resources({ early: false });
  const isDue = new Set(due.map(({ resource }) => resource));
  for (const { resource } of resources({ early: true })) {
    if (isDue.has(resource)) continue;
    if (await isUnmarkedResource(client(ImagebuilderClient), resource, { factory })) onUnmarked();
  }
  const deletions = due.map(({ resource, image, build, why }) => [
    resource,
    async () => {
      const was = await deleteImageResource(client(ImagebuilderClient), resource, { factory });
      if (was === "unmarked") onUnmarked();
      if (was === "needed" || was === "unmarked") return 0;
      const thing = { kind: "image-resource" as const, region, id: resource, image, build, why };
      // No notice of resources that were deleted outside the factory.
      await recordRemoval(ledger, thing, now, { told: was === "gone" });
      return was === "deleted" ? 1 : 0;
    },
  ]);
  return inTurn(Object.fromEntries(deletions));
}

function retiredAt(one: RetiredBuild | undefined): string | undefined {
  if (!one || !isGone(one)) return undefined;
  return [...one.regions.values()]
    .flatMap(({ done }) => done?.at ?? [])
    .toSorted()
    .at(-1);
}

/** Per run: more than builds leave behind in a day. */
const MOST_INSTANCES = 20;

/** Terminates build and test instances whose builds ended long ago. @returns how many */
export async function cleanInstances({ settings, client, ledger, now }: Invocation<"PROMOTION_ARN">): Promise<number> {
  const { name: factory, leftovers } = settings.factory;
  const { region } = settings.place;
  const ec2 = client(EC2Client, region);
  const found = await listBuilderInstances(ec2, factory);
  const old = oldInstances(found, { factory, now, keepSeconds: leftovers.instances });
  const ends = old.slice(0, MOST_INSTANCES).map(({ instanceId, tags, launchedAt }) => [
    instanceId,
    async () => {
      const reason = whyInstanceLeft(await readImageEnd(client(ImagebuilderClient), tags[BUILDER_IMAGE_TAG] ?? ""));
      if (!reason) return 0;
      await terminateInstance(ec2, instanceId);
      const why = `${reason}; it ran since ${launchedAt}`;
      await recordRemoval(ledger, { kind: "instance", id: instanceId, region, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(ends));
}

/** Per run; the rest follows the next day. */
const MOST_PARTS = 50;

/**
 * Deletes versions of image recipes and container recipes without a pipeline, image or child that refers to them.
 * @returns how many
 */
export async function cleanRecipes(invocation: Invocation<"PROMOTION_ARN">): Promise<number> {
  const imageBuilder = invocation.client(ImagebuilderClient);
  const found = await listRecipes(imageBuilder);
  if (!isAnyOld(found, invocation)) return 0;
  const due = planVersions({
    ...timesOf(invocation),
    found,
    references: await listRecipeReferences(imageBuilder, found),
  });
  return deleteEach(due, { kind: "recipe", of: (arn) => deleteRecipe(imageBuilder, arn) }, invocation);
}

/** Deletes versions of components that no recipe uses. @returns how many */
export async function cleanComponents(invocation: Invocation<"PROMOTION_ARN">): Promise<number> {
  const imageBuilder = invocation.client(ImagebuilderClient);
  const times = timesOf(invocation);
  // Whose they are costs a call for each, so that is asked last.
  const tags = { "amint:factory": times.factory };
  const versions = (await listComponentVersions(imageBuilder)).map((one) => ({ ...one, tags }));
  if (!isAnyOld(versions, invocation)) return 0;
  const references = await listComponentReferences(imageBuilder);
  const unused = planVersions({ ...times, found: versions, references });
  const asked = versions.filter(({ arn }) => unused.some((one) => isSameName(one.arn, arn)));
  const found = await listComponents(
    imageBuilder,
    asked.map(({ arn }) => arn),
  );
  const due = planVersions({ ...times, found, references });
  return deleteEach(due, { kind: "component", of: (arn) => deleteComponent(imageBuilder, arn) }, invocation);
}

/** Whether any is old enough to list its references. */
const isAnyOld = (found: readonly FoundVersion[], invocation: Invocation<"PROMOTION_ARN">): boolean =>
  planVersions({ ...timesOf(invocation), found, references: [] }).length > 0;

const timesOf = ({ settings, now }: Invocation<"PROMOTION_ARN">) => ({
  factory: settings.factory.name,
  now,
  keepSeconds: settings.factory.leftovers.keep,
});

interface Deletion {
  readonly kind: RemovedThing["kind"];
  readonly of: (arn: string) => Promise<boolean>;
}

function deleteEach(
  due: readonly FoundVersion[],
  { kind, of }: Deletion,
  { ledger, settings, now }: Invocation<"PROMOTION_ARN">,
) {
  const { region } = settings.place;
  const why = "no pipeline, recipe or image uses it";
  const deletions = due.slice(0, MOST_PARTS).map(({ arn }) => [
    arn,
    async () => {
      if (!(await of(arn))) return 0;
      await recordRemoval(ledger, { kind, id: arn, region, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(deletions));
}
