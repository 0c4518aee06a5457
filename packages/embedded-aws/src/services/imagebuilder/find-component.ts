import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Place, parseArn } from "./arn.ts";
import { managedComponent } from "./managed-components.ts";
import { compareVersions, matchesVersion } from "./semantic-version.ts";
import { builderState, type ComponentRecord } from "./state.ts";

/**
 * The component an ARN stands for: a build version, a version (its newest build), or a pattern such as `1.x.x` (the
 * newest that fits). AWS's own belong to account `aws`; other accounts' components are not visible.
 */
export function findComponent(aws: EmbeddedAws, place: Place, arn: string): ComponentRecord | undefined {
  const parts = parseArn(arn);
  if (parts?.kind !== "component" || parts.version === undefined || parts.region !== place.region) return undefined;
  if (parts.account === "aws") return managedComponent(place, parts.name, parts.version);
  if (parts.account !== place.account) return undefined;
  const { version: pattern, build } = parts;
  const { components } = aws.state(builderState, place.account, place.region);
  if (build !== undefined && build !== "x" && !pattern.includes("x")) return components.get(arn);
  let newest: ComponentRecord | undefined;
  for (const [candidate, record] of components) {
    const { name, version = "" } = parseArn(candidate) ?? {};
    if (name !== parts.name || !matchesVersion(version, pattern)) continue;
    // Later builds of one version come later in the map.
    if (!newest || compareVersions(version, newest.component.version ?? "") >= 0) newest = record;
  }
  return newest;
}
