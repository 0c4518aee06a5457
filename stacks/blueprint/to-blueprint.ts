import type { Place } from "../../core/names.ts";
import type { Blueprint, BlueprintResource } from "./blueprint.ts";
import type { RecordedResource } from "./recorded-resource.ts";
import type { Builds } from "./serve-sst.ts";
import { tidyInputs } from "./tidy-inputs.ts";

/** Belong to a deployment, not to the graph: bundles' uploads, and the key that SST encrypts links with (none here). */
const leftOut = ["aws:s3/bucketObjectv2:BucketObjectv2", "random:index/randomBytes:RandomBytes"];

/** @throws Error naming resources of one type and name, which nothing that reads the blueprint could tell apart */
export function toBlueprint(
  { factory, stage, place }: { factory: string; stage: string; place: Place },
  recorded: readonly RecordedResource[],
  builds: Builds,
): Blueprint {
  const kept = recorded.filter(({ type }) => type.startsWith("aws:") && !leftOut.includes(type));
  refuseTwins(kept);
  return {
    factory,
    stage,
    account: place.account,
    partition: place.partition,
    buildRegion: place.region,
    resources: kept
      .map((resource) => toResource(resource, place, builds))
      .toSorted((a, b) => compare(a.type, b.type) || compare(a.name, b.name)),
  };
}

function toResource({ type, name, inputs: raw }: RecordedResource, place: Place, builds: Builds): BlueprintResource {
  const { region = place.region, ...rest } = raw;
  if (type !== "aws:lambda/function:Function") return { name, type, region: String(region), inputs: tidyInputs(rest) };
  // Where the bundle lies depends on its content, so it would change with each line of code.
  const { s3Bucket: _bucket, s3Key: _key, ...inputs } = rest;
  const handler = builds.get(name.replace(/Function$/, ""));
  if (!handler) throw new Error(`The function ${name} was registered without a bundle.`);
  return { name, type, region: String(region), handler, inputs: tidyInputs(inputs) };
}

function refuseTwins(resources: readonly RecordedResource[]): void {
  const keys = resources.map(({ type, name }) => `${type} ${name}`);
  const twins = keys.filter((key, index) => keys.indexOf(key) < index);
  if (twins.length > 0) throw new Error(`Two resources of one type and name: ${[...new Set(twins)].join(", ")}`);
}

/** Not by locale, which differs between machines. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
