import type { EC2Client } from "@aws-sdk/client-ec2";
import type { FleetBuild, FleetPlace } from "../../core/fleet/facts.ts";
import { combinedToken } from "../../core/trigger-token.ts";
import type { BuildArn } from "../../events/ids.ts";
import { requestDisuseReport } from "../disuse-reports.ts";

/** A report misses the last day of instances anyway. */
const RECENT_MS = 24 * 3_600_000;

export interface Asked {
  /** AMIs that EC2 reports on from now on. */
  readonly count: number;
  /** Those that it prepares a report on already, or has one of the last day. */
  readonly spared: number;
  readonly refused: readonly { readonly build: BuildArn; readonly region: string; readonly why: string }[];
}

/**
 * Asks EC2 who uses each AMI, where it has no recent report and prepares none: it prepares one an AMI at a time (EC2 user
 * guide, "Amazon EC2 AMI quotas"). Regions are asked beside each other, AMIs in turn. An AMI that EC2 could not be asked
 * about otherwise is tried, too, so that its refusal is said.
 */
export async function askReports(
  builds: readonly FleetBuild[],
  { ec2, now }: { readonly ec2: (region: string) => EC2Client; readonly now: Date },
): Promise<Asked> {
  const all = builds.flatMap(({ build, places }) => places.map((place) => ({ build, place })));
  const due = all.filter(({ place }) => isDue(place, now));
  const byRegion = Map.groupBy(due, ({ place }) => place.region);
  const refused = await Promise.all(
    [...byRegion].map(async ([region, some]) => {
      const failures: Asked["refused"][number][] = [];
      for (const { build, place } of some) {
        try {
          await requestDisuseReport(
            ec2(region),
            place.amiId,
            combinedToken(["fleet", build, region, now.toISOString()]),
          );
        } catch (failure) {
          failures.push({ build, region, why: failure instanceof Error ? failure.message : String(failure) });
        }
      }
      return failures;
    }),
  );
  return { count: due.length - refused.flat().length, spared: all.length - due.length, refused: refused.flat() };
}

const isDue = ({ known, pendingSince }: FleetPlace, now: Date): boolean =>
  pendingSince === undefined && (known.state === "unknown" || now.getTime() - Date.parse(known.asOf) > RECENT_MS);
