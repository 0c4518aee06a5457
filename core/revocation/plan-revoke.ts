import type { BuildArn } from "../../events/ids.ts";

interface Descending {
  readonly image: string;
  readonly build: BuildArn;
  readonly parentBuild?: BuildArn | undefined;
  /** The AMI in the build region. */
  readonly amiId?: string | undefined;
  /** The AMI's ancestors, if EC2 was asked. */
  readonly ancestors?: readonly string[] | undefined;
}

/**
 * All descendants of a build, parents before their children, by the recorded parent or by their AMIs' ancestry.
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
