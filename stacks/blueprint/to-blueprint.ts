import type { Blueprint, BlueprintResource, ResourceOptions } from "../../core/factory/blueprint.ts";
import type { Place } from "../../core/names.ts";
import type { Builds } from "./serve-sst.ts";

/** Omitted from the blueprint: uploads of bundles, and the key with which SST encrypts links (unused here). */
const leftOut = ["aws:s3/bucketObjectv2:BucketObjectv2", "random:index/randomBytes:RandomBytes"];

/** AWS resources, and random values that a deployment generates once and keeps. */
const deployed = /^(aws|random):/;

/** @throws Error naming resources with the same type and name: readers of the blueprint could not distinguish them */
export function toBlueprint(
  { factory, stage, place }: { factory: string; stage: string; place: Place },
  recorded: readonly RecordedResource[],
  builds: Builds,
): Blueprint {
  const kept = recorded.filter(({ type }) => deployed.test(type) && !leftOut.includes(type));
  refuseTwins(kept);
  const names = new Set(kept.map(({ name }) => name));
  return {
    factory,
    stage,
    account: place.account,
    partition: place.partition,
    buildRegion: place.region,
    resources: kept
      .map((resource) => ({ ...toResource(resource, place, builds), ...orderOf(resource, names) }))
      .toSorted((a, b) => compare(a.type, b.type) || compare(a.name, b.name)),
  };
}

function toResource({ type, name, inputs: raw }: RecordedResource, place: Place, builds: Builds): BlueprintResource {
  const { region = place.region, ...rest } = raw;
  if (type !== "aws:lambda/function:Function") return { name, type, region: String(region), inputs: tidyInputs(rest) };
  // The bundle's S3 key depends on its content, so it would change with each line of code.
  const { s3Bucket: _bucket, s3Key: _key, ...inputs } = rest;
  const handler = builds.get(name.replace(/Function$/, ""));
  if (!handler) throw new Error(`The function ${name} was registered without a bundle.`);
  return { name, type, region: String(region), handler, inputs: tidyInputs(inputs) };
}

/** What determines the order of a deployment: the resources that this one depends on, and its options. */
function orderOf({ dependencies, options }: RecordedResource, names: ReadonlySet<string>) {
  const kept = Object.entries(dependencies)
    .map(([input, all]) => [input, [...new Set(all)].filter((name) => names.has(name)).toSorted(compare)] as const)
    .filter(([, some]) => some.length > 0)
    .toSorted(([a], [b]) => compare(a, b));
  return {
    ...(kept.length > 0 && { dependencies: Object.fromEntries(kept) }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function refuseTwins(resources: readonly RecordedResource[]): void {
  const keys = resources.map(({ type, name }) => `${type} ${name}`);
  const twins = keys.filter((key, index) => keys.indexOf(key) < index);
  if (twins.length > 0) throw new Error(`Two resources have the same type and name: ${[...new Set(twins)].join(", ")}`);
}

/** Independent of the locale, which differs between machines. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Inputs that are JSON documents in strings; as objects their differences are readable. */
const documents = ["policy", "assumeRolePolicy", "eventPattern", "definition", "input", "templateBody"];

/** Inputs in a stable, readable form: names sorted, documents parsed and kept in their order. */
const tidyInputs = (inputs: Record<string, unknown>): Record<string, unknown> =>
  tidy(inputs) as Record<string, unknown>;

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, documents.includes(name) ? toDocument(inner) : tidy(inner)]),
  );
}

const toDocument = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);
/** A resource's dependencies and options in Pulumi's engine. */
export interface Registration {
  /** By input, the logical names of the resources that its value depends on; `dependsOn` lists those without an input. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
}

/** A resource as registered with Pulumi's engine. */
export interface RecordedResource extends Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}
/** Pulumi's key of a wrapped value, and its value for secrets (`specialSigKey`, `specialSecretSig` in its SDK). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * The plain value. Pulumi wraps every value that depends on a function's outputs as a secret. The factory's real secrets
 * are placeholders during evaluation, so nothing leaks.
 */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) {
    return unwrapSecrets((value as { value: unknown }).value);
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrapSecrets(inner)]));
}
