import { type BuildInstances, buildInstances } from "../../core/cost/instance-runs.ts";
import type { BuildArn } from "../../events/ids.ts";
import { get, type Ledger, ofBuild, put } from "./table.ts";

const key = (build: BuildArn) => ofBuild(build, "INSTANCES");

/** Image Builder forgets a build's workflows with its image resource; the ledger remembers what it ran on. */
export const recordInstances = (ledger: Ledger, build: BuildArn, instances: BuildInstances): Promise<boolean> =>
  put(ledger, key(build), instances);

export async function findInstances(ledger: Ledger, build: BuildArn): Promise<BuildInstances | undefined> {
  const item = await get(ledger, key(build));
  return item && buildInstances.parse(item);
}
