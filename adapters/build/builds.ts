import * as z from "zod";
import { type BuildInstances, buildInstances } from "../../core/cost/usage.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { buildFailure, trigger } from "../../events/build.ts";
import { artifactId, type BuildArn, baseId, buildArn } from "../../events/ids.ts";
import { absent, get, type Ledger, query } from "../ledger/table.ts";
import { derived, read, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const buildWriter = /* @__PURE__ */ writer("build");
const instancesWriter = /* @__PURE__ */ writer("instances");

const record = z.object({
  image: z.string(),
  build: buildArn,
  status: z.enum(["building", "available", "failed", "cancelled"]),
  triggers: z.array(trigger).min(1),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  parentBuild: buildArn.optional(),
  /** What it started from, as its parameter or tag said before the start; of an image of the factory, none. */
  base: baseId.optional(),
  /** The image's fingerprint at the start; unknown of a build that was started beside the factory. */
  config: z.string().optional(),
  amiId: artifactId.optional(),
  /** Of a container image: its layers as they are pushed and pulled, compressed, as ECR had them when it was built. */
  bytes: z.int().min(1).optional(),
  failure: buildFailure.optional(),
  /** Everything that follows from the outcome has been done: promotion started, image released, event put. */
  settled: z.boolean().optional(),
});

/** What the ledger remembers of one build. */
export type BuildRecord = z.output<typeof record>;

const key = (image: string, build: BuildArn) => keyOf("build", { image, build });

/** @returns false where the build is known already; it is left as it is */
export const recordStart = (ledger: Ledger, build: Omit<BuildRecord, "status">): Promise<boolean> =>
  buildWriter.put(ledger, key(build.image, build.build), { ...build, status: "building" }, absent);

/** What a start says of a build that was found before its start was recorded. */
export const completeStart = (
  ledger: Ledger,
  { image, build, triggers, parentBuild, base, config }: Omit<BuildRecord, "status">,
): Promise<boolean> => buildWriter.set(ledger, key(image, build), { triggers, parentBuild, base, config });

export const buildOf = (image: string, build: BuildArn): Wanted<BuildRecord | undefined> =>
  wanted(key(image, build), record);

export const findBuild = (ledger: Ledger, image: string, build: BuildArn): Promise<BuildRecord | undefined> =>
  read(ledger, buildOf(image, build));

/** All of an image, or of all images, also of those that the config no longer has. */
export const listBuilds = async (ledger: Ledger, image?: string): Promise<BuildRecord[]> =>
  (await query(ledger, below("build", image === undefined ? {} : { image }))).map((item) => record.parse(item));

/** @throws UnknownBuild where the ledger has no such build */
export const knownBuild = (image: string, build: BuildArn): Wanted<BuildRecord> =>
  derived(buildOf(image, build), (found) => {
    if (!found) throw new UnknownBuild(image, build);
    return found;
  });

/** @throws UnknownBuild where the ledger has no such build */
export const readBuild = (ledger: Ledger, image: string, build: BuildArn): Promise<BuildRecord> =>
  read(ledger, knownBuild(image, build));

/** The outcome is written once: an event that comes late does not change it. */
export const recordOutcome = (
  ledger: Ledger,
  { image, build }: Pick<BuildRecord, "image" | "build">,
  outcome: Partial<Pick<BuildRecord, "amiId" | "bytes" | "failure">> &
    Required<Pick<BuildRecord, "status" | "endedAt">>,
): Promise<boolean> =>
  buildWriter.set(ledger, key(image, build), outcome, {
    expression: "#status = :building",
    names: { "#status": "status" },
    values: { ":building": "building" },
  });

export const recordSettled = (ledger: Ledger, { image, build }: Pick<BuildRecord, "image" | "build">) =>
  buildWriter.set(ledger, key(image, build), { settled: true });

/** A build that the ledger does not know: nothing is promoted that was not recorded. */
class UnknownBuild extends Error {
  override readonly name = "UnknownBuild";

  constructor(image: string, build: BuildArn) {
    super(`The ledger knows no build ${build} of image ${image}; only builds that the factory recorded are promoted.`);
  }
}

const keyOfInstances = (build: BuildArn) => keyOf("instances", { build });

/** Image Builder forgets a build's workflows with its image resource; the ledger remembers what it ran on. */
export const recordInstances = (ledger: Ledger, build: BuildArn, instances: BuildInstances): Promise<boolean> =>
  instancesWriter.put(ledger, keyOfInstances(build), instances);

export async function findInstances(ledger: Ledger, build: BuildArn): Promise<BuildInstances | undefined> {
  const item = await get(ledger, keyOfInstances(build));
  return item && buildInstances.parse(item);
}
