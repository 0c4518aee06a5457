import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root folder, where `sst.config.ts` lies. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
/** Where SST keeps its own source and the providers of the program. */
export const platform = join(root, ".sst", "platform");
/** Everything that evaluation alone needs, out of a real deployment's way. */
export const scratch = join(root, ".sst", "blueprint");
export const blueprintFile = join(root, "stacks", "blueprint.json");

/** The stage that the blueprint shows. Names do not depend on it: a factory has one deployment. */
export const stage = "production";
