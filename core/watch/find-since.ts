import type { ApplicableAdvisory } from "../../events/advisory.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { InstalledPackage } from "../packages/installed-packages.ts";

/** A promoted build, with what was installed in it, by name. */
export interface PromotedBuild {
  readonly build: BuildArn;
  readonly packages: ReadonlyMap<string, readonly InstalledPackage[]>;
}

/**
 * Adds to each package since which of the image's promoted builds it has been there in that version.
 * @param history the promoted builds one after the other, the newest first: the one that the advisories apply to
 */
export const addSince = (
  advisories: readonly ApplicableAdvisory[],
  history: readonly PromotedBuild[],
): ApplicableAdvisory[] =>
  advisories.map((advisory) => ({
    ...advisory,
    packages: advisory.packages.map((one) => {
      const since = firstWith(one, history);
      return since ? { ...one, since } : one;
    }),
  }));

/** The oldest of the newest builds that have it in a row. */
function firstWith(
  { name, architecture, installed }: ApplicableAdvisory["packages"][number],
  history: readonly PromotedBuild[],
): BuildArn | undefined {
  const has = ({ packages }: PromotedBuild) =>
    packages.get(name)?.some((one) => one.architecture === architecture && one.version === installed);
  const end = history.findIndex((promoted) => !has(promoted));
  return (end < 0 ? history : history.slice(0, end)).at(-1)?.build;
}
