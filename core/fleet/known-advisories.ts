import type { Trigger } from "../../events/build.ts";
import type { Advisory, FixedPackage } from "../advisories/feed.ts";
import type { BuildSystem, SystemAdvisory } from "./judge-affected.ts";

/**
 * The advisories that the factory has heard of, by system: those that are open for an image, and those that were the reason
 * for a build. The latter stay known when nothing is open any more, and say which version fixed them.
 * @param systemOfImage undefined for an image that the config no longer has
 */
export function knownAdvisories(
  open: readonly { readonly image: string; readonly open: readonly Advisory[] }[],
  builds: readonly { readonly image: string; readonly triggers: readonly Trigger[] }[],
  systemOfImage: (image: string) => BuildSystem | undefined,
): SystemAdvisory[] {
  const known = new Map<string, SystemAdvisory>();
  const add = (image: string, advisory: Advisory, isWhole: boolean): void => {
    const system = systemOfImage(image);
    if (!system) return;
    const { name, architecture } = system;
    const key = `${name} ${architecture} ${advisory.id}`;
    const before = known.get(key)?.advisory;
    known.set(key, { name, architecture, advisory: before ? merge(before, advisory, isWhole) : advisory });
  };
  for (const { image, open: advisories } of open) for (const one of advisories) add(image, one, true);
  for (const { image, triggers } of builds) for (const one of triggers.flatMap(advisoriesIn)) add(image, one, false);
  return [...known.values()];
}

/** A trigger tells of an advisory what applied to one image. */
const advisoriesIn = (trigger: Trigger): Advisory[] =>
  trigger.kind === "packages"
    ? trigger.advisories.map(({ id, severity, cves, packages }) => ({
        id,
        severity,
        cves,
        fixes: packages.map(({ name, architecture, fixed }) => ({ name, architecture, version: fixed })),
      }))
    : [];

/** @param isWhole the other says all of its packages that a feed does: module streams, too */
function merge(one: Advisory, other: Advisory, isWhole: boolean): Advisory {
  const nameOf = ({ name, architecture }: FixedPackage) => `${name}.${architecture}`;
  const keyOf = (fix: FixedPackage) => JSON.stringify([nameOf(fix), fix.version, fix.module, fix.on]);
  const has = new Set(one.fixes.map(isWhole ? keyOf : nameOf));
  const more = other.fixes.filter((fix) => !has.has(isWhole ? keyOf(fix) : nameOf(fix)));
  return { ...one, cves: [...new Set([...one.cves, ...other.cves])], fixes: [...one.fixes, ...more] };
}
