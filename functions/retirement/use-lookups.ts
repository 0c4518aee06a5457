import { EC2Client } from "@aws-sdk/client-ec2";
import { findReferences, readDisuseReport, requestDisuseReport } from "../../adapters/retirement/disuse.ts";
import { describeRetirable, type RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import { requireAmiId } from "../../core/build/build-arn.ts";
import type { ReportFacts } from "../../core/retirement/facts.ts";
import type { ArtifactId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** Finds out in a region whether artifacts of one kind are used; takes many at once. */
export interface UseLookups {
  /** Leaves out those that no longer exist. */
  readonly describe: (ids: readonly ArtifactId[]) => Promise<ReadonlyMap<string, RetirableAmi>>;
  /** References to them in the factory's account, as ARNs. */
  readonly findReferences: (ids: readonly ArtifactId[]) => Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Requests a usage report.
   * @param token the same token gets the same report
   * @param quietSeconds for kinds without current usage: how long no pull must have happened
   */
  readonly request: (id: ArtifactId, token: string, quietSeconds: number) => Promise<Pick<ReportFacts, "id" | "found">>;
  /** The result of a report that was pending. */
  readonly read: (report: string) => Promise<ReportFacts["found"]>;
}

export type Looking = Pick<Invocation, "client" | "now" | "settings">;

/** AMIs: EC2 reports their usage. */
export function lookUpAmis(region: string, { client, now }: Looking): UseLookups {
  const ec2 = client(EC2Client, region);
  return {
    describe: (ids) => describeRetirable(ec2, ids.map(requireAmiId), now),
    findReferences: (ids) => findReferences(ec2, ids.map(requireAmiId)),
    request: async (id, token) => ({
      id: await requestDisuseReport(ec2, requireAmiId(id), token),
      found: { state: "pending" },
    }),
    read: (report) => readDisuseReport(ec2, report),
  };
}
