import { parseArn } from "./arn.ts";
import { compareVersions, matchesVersion } from "./semantic-version.ts";

interface Versioned {
  readonly arn?: string | undefined;
  readonly version?: string | undefined;
}

/** The version that an ARN names, or the newest that fits a pattern such as `1.x.x`. */
export function newestFitting<T extends Versioned>(all: Iterable<T>, arn: string): T | undefined {
  const asked = parseArn(arn);
  return [...all]
    .filter((one) => {
      const own = parseArn(one.arn ?? "");
      return own?.name === asked?.name && matchesVersion(own?.version ?? "", asked?.version ?? "");
    })
    .sort((a, b) => compareVersions(a.version ?? "", b.version ?? ""))
    .at(-1);
}
