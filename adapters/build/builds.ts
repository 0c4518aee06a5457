import * as z from "zod";
import { type BuildInstances, buildInstances } from "../../core/cost/usage.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { buildFailure, trigger } from "../../events/build.ts";
import { artifactId, type BuildArn, baseId, buildArn } from "../../events/ids.ts";
import { itemRead, type LedgerRead, mapRead, read } from "../ledger/reads.ts";
import { absent, get, type Ledger, query } from "../ledger/table.ts";
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
  /** The value of its base's parameter or tag before the start; none for a parent of the factory. */
  base: baseId.optional(),
  /** The image's fingerprint at the start; unknown for a build started outside the factory. */
  config: z.string().optional(),
  amiId: artifactId.optional(),
  /** The compressed layers of a container image, as ECR reported them when it was built. */
  bytes: z.int().min(1).optional(),
  failure: buildFailure.optional(),
  /** All actions on the outcome are complete: promotion started, image released, event published. */
  settled: z.boolean().optional(),
});

/** The ledger's record of one build. */
export type BuildRecord = z.output<typeof record>;

const key = (image: string, build: BuildArn) => keyOf("build", { image, build });

/** @returns false where the build is already recorded; the record does not change */
export const recordStart = (ledger: Ledger, build: Omit<BuildRecord, "status">): Promise<boolean> =>
  buildWriter.put(ledger, key(build.image, build.build), { ...build, status: "building" }, absent);

/** Adds the start's data to a build that was recorded before its start. */
export const completeStart = (
  ledger: Ledger,
  { image, build, triggers, parentBuild, base, config }: Omit<BuildRecord, "status">,
): Promise<boolean> => buildWriter.set(ledger, key(image, build), { triggers, parentBuild, base, config });

export const buildOf = (image: string, build: BuildArn): LedgerRead<BuildRecord | undefined> =>
  itemRead(key(image, build), record);

export const findBuild = (ledger: Ledger, image: string, build: BuildArn): Promise<BuildRecord | undefined> =>
  read(ledger, buildOf(image, build));

/** All builds of one image, or of all, including images removed from the config. */
export const listBuilds = async (ledger: Ledger, image?: string): Promise<BuildRecord[]> =>
  (await query(ledger, below("build", image === undefined ? {} : { image }))).map((item) => record.parse(item));

/** @throws UnknownBuild where the ledger does not have the build */
export const knownBuild = (image: string, build: BuildArn): LedgerRead<BuildRecord> =>
  mapRead(buildOf(image, build), (found) => {
    if (!found) throw new UnknownBuild(image, build);
    return found;
  });

/** @throws UnknownBuild where the ledger does not have the build */
export const readBuild = (ledger: Ledger, image: string, build: BuildArn): Promise<BuildRecord> =>
  read(ledger, knownBuild(image, build));

/** Writes the outcome once: a late event does not change it. */
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

/** The ledger does not have the build; only recorded builds can be promoted. */
class UnknownBuild extends Error {
  override readonly name = "UnknownBuild";

  constructor(image: string, build: BuildArn) {
    super(`The ledger has no build ${build} of image ${image}; only recorded builds can be promoted.`);
  }
}

const keyOfInstances = (build: BuildArn) => keyOf("instances", { build });

/** Image Builder deletes a build's workflows with its image resource; the ledger keeps its instances. */
export const recordInstances = (ledger: Ledger, build: BuildArn, instances: BuildInstances): Promise<boolean> =>
  instancesWriter.put(ledger, keyOfInstances(build), instances);

export async function findInstances(ledger: Ledger, build: BuildArn): Promise<BuildInstances | undefined> {
  const item = await get(ledger, keyOfInstances(build));
  return item && buildInstances.parse(item);
}
