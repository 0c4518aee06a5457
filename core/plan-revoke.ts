import type { BuildArn } from "../events/ids.ts";

interface Descending {
  readonly image: string;
  readonly build: BuildArn;
  readonly parentBuild?: BuildArn | undefined;
}

/** The builds that were made from a build, and those made from these, parents before their children. */
export function findDescendants<Build extends Descending>(builds: readonly Build[], of: BuildArn): Build[] {
  const found: Build[] = [];
  const seen = new Set<BuildArn>([of]);
  const ancestors = [of];
  for (let next = ancestors.shift(); next; next = ancestors.shift()) {
    for (const build of builds) {
      if (build.parentBuild !== next || seen.has(build.build)) continue;
      seen.add(build.build);
      found.push(build);
      ancestors.push(build.build);
    }
  }
  return found;
}
