import { EBSClient } from "@aws-sdk/client-ebs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { Pacing } from "../adapters/pace/pace.ts";
import { decideExport } from "../core/exports/decide-export.ts";
import { buildArn } from "../events/ids.ts";
import { type ClientClass, makeClient } from "./lib/clients.ts";
import type { ExportStep } from "./lib/exports/exports-step.ts";
import { followExport } from "./lib/exports/follow-export.ts";
import { readExportFacts } from "./lib/exports/read-export-facts.ts";
import { lambda } from "./lib/lambda.ts";
import { inTurn } from "./lib/repair/in-turn.ts";

const input = z.union([
  z.object({ scheduledTime: z.iso.datetime() }),
  /** A channel moved, or a build was revoked: there may be something to do. */
  z.object({ image: z.string() }),
  /** By a person, once a failure's cause is away. */
  z.object({ again: buildArn }),
]);

/** It has no operation without input, so that its types take no middleware of everybody's. */
const PacedEbs = EBSClient as unknown as ClientClass<EBSClient & Pacing>;

export const handler = lambda({
  input,
  env: ["EXPORTS_BUCKET", "EXPORTS_KEY_ARN", "EXPORTS_ROLE_NAME", "SIGNING_KEY_ARN"],
  clients: () => ({
    ec2: makeClient(EC2Client, {}),
    ebs: makeClient(PacedEbs, {}),
    s3: makeClient(S3Client, {}),
    kms: makeClient(KMSClient, {}),
  }),
  run: followExports,
});

/**
 * Exports the builds that channels with exports point at, and takes away what was exported of builds that are withdrawn.
 * It looks at all of them each time: an event that got lost, or came twice, changes nothing but when.
 */
export async function followExports(
  asked: z.output<typeof input>,
  step: ExportStep,
): Promise<{ readonly steps: number }> {
  const again = "again" in asked ? asked.again : undefined;
  const facts = await readExportFacts(step, again);
  const acts = [...facts].flatMap(([build, one]): [string, () => Promise<number>][] => {
    const decision = decideExport(one);
    return decision === "leave" ? [] : [[`export of ${build}`, () => followExport(one, decision, step)]];
  });
  return { steps: await inTurn(Object.fromEntries(acts)) };
}
