import { EC2Client } from "@aws-sdk/client-ec2";
import { findReferences, readDisuseReport, requestDisuseReport } from "../../adapters/retirement/disuse.ts";
import { describeRetirable, type RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import { requireAmiId } from "../../core/build/build-arn.ts";
import type { ReportFacts } from "../../core/retirement/facts.ts";
import type { ArtifactId } from "../../events/ids.ts";
import type { Step } from "../step.ts";

/** What tells in a region whether anybody uses what builds yield; of one kind, many at once. */
export interface UseLookups {
  /** Those that are gone are left out. */
  readonly describe: (ids: readonly ArtifactId[]) => Promise<ReadonlyMap<string, RetirableAmi>>;
  /** What of the factory's account refers to them, as ARNs. */
  readonly findReferences: (ids: readonly ArtifactId[]) => Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Has it found out who uses one.
   * @param token the same one asks for the same report
   * @param quietSeconds so long nobody must have asked for it, where it is not known who uses it now
   */
  readonly request: (id: ArtifactId, token: string, quietSeconds: number) => Promise<Pick<ReportFacts, "id" | "found">>;
  /** What came of a report that was pending. */
  readonly read: (report: string) => Promise<ReportFacts["found"]>;
}

export type Looking = Pick<Step, "client" | "now" | "settings">;

/** EC2's own answers about AMIs. */
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
