import { join } from "node:path";

/** Where SST keeps its own source and the providers of the program. */
export const platformOf = (root: string): string => join(root, ".sst", "platform");
/** Files that only the evaluation needs, apart from those of a real deployment. */
export const scratchOf = (root: string): string => join(root, ".sst", "blueprint");

/** The stage that the blueprint shows. Names do not depend on it: a factory has one deployment. */
export const stage = "production";
