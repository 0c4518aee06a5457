import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { medians, type Took } from "../measure/figures.ts";

const PROGRAM = join(import.meta.dirname, "import-bundle.ts");

/** Imports in a fresh Node process without a compile cache. */
async function importOnce(bundle: string): Promise<Took> {
  const env = { PATH: process.env.PATH, AWS_REGION: "eu-west-1", POWERTOOLS_SERVICE_NAME: "bench" };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, bundle], { env });
  return JSON.parse(stdout);
}

/**
 * Imports the bundles in turn, several rounds, so that other load on the machine affects all alike.
 * @returns the medians, in the bundles' order
 */
export async function coldImports(bundles: readonly string[], rounds: number): Promise<Took[]> {
  const took: Took[][] = bundles.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, bundle] of bundles.entries()) took[index]?.push(await importOnce(bundle));
  }
  return took.map(medians);
}
