import type { Component, LatestVersionReferences } from "@aws-sdk/client-imagebuilder";
import { compareVersions, matchesVersion, type Place, parseArn } from "./arn.ts";
import { managedComponent } from "./managed-components.ts";

interface Versioned {
  readonly arn?: string | undefined;
  readonly version?: string | undefined;
}

/** The version that an ARN names, or the newest that matches a pattern such as `1.x.x`. */
export function newestFitting<T extends Versioned>(all: ReadonlyMap<string, T>, arn: string): T | undefined {
  const asked = parseArn(arn);
  return [...all.values()]
    .filter((one) => {
      const own = parseArn(one.arn ?? "");
      return own?.name === asked?.name && matchesVersion(own?.version ?? "", asked?.version ?? "");
    })
    .sort((a, b) => compareVersions(a.version ?? "", b.version ?? ""))
    .at(-1);
}

/**
 * Resolves an ARN to a component: a build version, a version (its newest build), or a pattern such as `1.x.x` (the
 * newest match). AWS's own have the account `aws`; other accounts' components are not visible.
 */
export function findComponent(all: ReadonlyMap<string, Component>, arn: string, place: Place): Component | undefined {
  const parts = parseArn(arn);
  if (parts?.kind !== "component" || parts.version === undefined || parts.region !== place.region) return undefined;
  if (parts.account === "aws") return managedComponent(place, parts.name, parts.version);
  if (parts.account !== place.account) return undefined;
  const { version: pattern, build } = parts;
  if (build !== undefined && build !== "x" && !pattern.includes("x")) return all.get(arn);
  let newest: Component | undefined;
  for (const [candidate, component] of all) {
    const { name, version = "" } = parseArn(candidate) ?? {};
    if (name !== parts.name || !matchesVersion(version, pattern)) continue;
    // Later builds of a version come later in the map.
    if (!newest || compareVersions(version, newest.version ?? "") >= 0) newest = component;
  }
  return newest;
}

/** ARNs with wildcards that refer to the newest version, e.g. `image-recipe/web/1.x.x`. */
export function latestVersionReferences(arn = ""): LatestVersionReferences {
  const version = parseArn(arn)?.version ?? "";
  const [major, minor] = version.split(".");
  const base = arn.slice(0, arn.indexOf(`/${version}`));
  return {
    latestVersionArn: `${base}/x.x.x`,
    latestMajorVersionArn: `${base}/${major}.x.x`,
    latestMinorVersionArn: `${base}/${major}.${minor}.x`,
    latestPatchVersionArn: `${base}/${version}`,
  };
}
