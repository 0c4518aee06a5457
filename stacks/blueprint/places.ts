import { join } from "node:path";

/** SST's folder for its own source and the program's providers. */
export const platformOf = (root: string): string => join(root, ".sst", "platform");
/** Files of the evaluation, separate from those of a real deployment. */
export const scratchOf = (root: string): string => join(root, ".sst", "blueprint");

/** The stage that the blueprint shows. Names do not depend on it: a factory has one deployment. */
export const stage = "production";
