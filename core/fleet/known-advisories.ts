import type { Trigger } from "../../events/build.ts";
import type { Advisory, FixedPackage } from "../advisories/feed.ts";
import type { BuildSystem, SystemAdvisory } from "./judge-affected.ts";

/**
 * The advisories that the factory knows, by system: those open for an image, and those that triggered a build. The latter
 * stay known when they are no longer open, and have the fixed version.
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

/** A trigger has only the part of an advisory that applied to one image. */
const advisoriesIn = (trigger: Trigger): Advisory[] =>
  trigger.kind === "packages"
    ? trigger.advisories.map(({ id, severity, cves, packages }) => ({
        id,
        severity,
        cves,
        fixes: packages.map(({ name, architecture, fixed }) => ({ name, architecture, version: fixed })),
      }))
    : [];

/** @param isWhole `other` comes from a feed and has all its packages, including module streams */
function merge(one: Advisory, other: Advisory, isWhole: boolean): Advisory {
  const nameOf = ({ name, architecture }: FixedPackage) => `${name}.${architecture}`;
  const keyOf = (fix: FixedPackage) => JSON.stringify([nameOf(fix), fix.version, fix.module, fix.on]);
  const has = new Set(one.fixes.map(isWhole ? keyOf : nameOf));
  const more = other.fixes.filter((fix) => !has.has(isWhole ? keyOf(fix) : nameOf(fix)));
  return { ...one, cves: [...new Set([...one.cves, ...other.cves])], fixes: [...one.fixes, ...more] };
}
