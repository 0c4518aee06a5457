import type { BuildArn } from "../../events/ids.ts";

interface Descending {
  readonly image: string;
  readonly build: BuildArn;
  readonly parentBuild?: BuildArn | undefined;
  /** In the build region. */
  readonly amiId?: string | undefined;
  /** The AMIs that its own was made from, as far as anybody asked EC2. */
  readonly ancestors?: readonly string[] | undefined;
}

/**
 * The builds that were made from a build, and those made from these, parents before their children: as recorded, or as
 * their AMIs' ancestry says.
 */
export function findDescendants<Build extends Descending>(builds: readonly Build[], of: BuildArn): Build[] {
  const found: Build[] = [];
  const amis = new Map(builds.map((build) => [build.build, build.amiId]));
  const seen = new Set<BuildArn>([of]);
  const ancestors = [of];
  for (let next = ancestors.shift(); next; next = ancestors.shift()) {
    for (const build of builds) {
      const ami = amis.get(next);
      const descends = build.parentBuild === next || (ami !== undefined && build.ancestors?.includes(ami));
      if (!descends || seen.has(build.build)) continue;
      seen.add(build.build);
      found.push(build);
      ancestors.push(build.build);
    }
  }
  return found;
}
