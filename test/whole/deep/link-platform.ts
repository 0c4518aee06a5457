import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isPlatformInstalled } from "../../../stacks/blueprint/install-platform.ts";
import { platformOf } from "../../../stacks/blueprint/places.ts";

/**
 * Gives a copy of the tree SST's platform, if the tree has it. The folder is the copy's own, because evaluation writes its
 * bundles there; what SST installed is linked.
 */
export function linkPlatform(from: string, folder: string): void {
  if (!isPlatformInstalled(from)) return;
  const platform = platformOf(folder);
  mkdirSync(platform, { recursive: true });
  for (const name of readdirSync(platformOf(from))) {
    if (!name.startsWith("amint-evaluator")) symlinkSync(join(platformOf(from), name), join(platform, name));
  }
}
