import type { LatestVersionReferences } from "@aws-sdk/client-imagebuilder";

/** ARNs with wildcards that keep pointing at the newest version, e.g. `image-recipe/web/1.x.x`. */
export function latestVersionReferences(arn: string, version: string): LatestVersionReferences {
  const [major, minor] = version.split(".");
  const base = arn.slice(0, arn.indexOf(`/${version}`));
  return {
    latestVersionArn: `${base}/x.x.x`,
    latestMajorVersionArn: `${base}/${major}.x.x`,
    latestMinorVersionArn: `${base}/${major}.${minor}.x`,
    latestPatchVersionArn: `${base}/${version}`,
  };
}
