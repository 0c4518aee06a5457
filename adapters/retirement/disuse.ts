import {
  CreateImageUsageReportCommand,
  type EC2Client,
  type ImageReferenceResourceType,
  paginateDescribeImageReferences,
  paginateDescribeImageUsageReportEntries,
} from "@aws-sdk/client-ec2";
import type { ReportFacts } from "../../core/retirement/facts.ts";
import type { AmiId } from "../../events/ids.ts";
import { findReport } from "../revocation/usage.ts";

/** As many as EC2 takes in one question (EC2 API reference, DescribeImageReferences, ImageId.N). */
const MOST = 10;

/** The greatest number of versions that EC2 looks at of each launch template; by itself it looks at the newest ten. */
const MOST_VERSIONS = 10_000;

const kinds: readonly ImageReferenceResourceType[] = [
  "ec2:Instance",
  "ec2:LaunchTemplate",
  "ssm:Parameter",
  "imagebuilder:ImageRecipe",
  "imagebuilder:ContainerRecipe",
];

/**
 * What of this account refers to AMIs, as it is now: instances, for as long as EC2 shows them, launch templates, parameters
 * and recipes (EC2 user guide, "Check which resources are referencing your AMI").
 * @returns the resources' ARNs, by AMI; nothing of those that nothing refers to
 */
export async function findReferences(
  client: EC2Client,
  amis: readonly AmiId[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (let at = 0; at < amis.length; at += MOST) {
    const asked = {
      ImageIds: amis.slice(at, at + MOST),
      ResourceTypes: kinds.map((ResourceType) => ({
        ResourceType,
        ...(ResourceType === "ec2:LaunchTemplate" && {
          ResourceTypeOptions: [{ OptionName: "version-depth" as const, OptionValues: [String(MOST_VERSIONS)] }],
        }),
      })),
    };
    for await (const { ImageReferences = [] } of paginateDescribeImageReferences({ client }, asked)) {
      for (const { ImageId = "", Arn, ResourceType } of ImageReferences) {
        found.set(ImageId, [...(found.get(ImageId) ?? []), Arn ?? `a resource of the kind ${ResourceType}`]);
      }
    }
  }
  return found;
}

/** What EC2 counts in other accounts (EC2 user guide, "View your AMI usage"). */
const COUNTED = ["ec2:Instance", "ec2:LaunchTemplate"] as const;

/** An Auto Scaling group may stay with any version of its launch template; EC2 looks at the newest twenty by itself. */
const ALL_VERSIONS = "10000";

const words: Readonly<Record<string, string>> = {
  "ec2:Instance": "instance(s)",
  "ec2:LaunchTemplate": "launch template(s)",
};

/**
 * Has EC2 find out whether anybody in any account uses an AMI: it may be removed if not.
 * @param token the same one asks for the same report
 * @returns the report's id
 */
export async function requestDisuseReport(client: EC2Client, ami: AmiId, token: string): Promise<string> {
  const { ReportId } = await client.send(
    new CreateImageUsageReportCommand({
      ImageId: ami,
      ResourceTypes: COUNTED.map((ResourceType) => ({
        ResourceType,
        ...(ResourceType === "ec2:LaunchTemplate" && {
          ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: [ALL_VERSIONS] }],
        }),
      })),
      ClientToken: token,
    }),
  );
  if (!ReportId) throw new Error(`EC2 took the request for a usage report of ${ami} and named no report.`);
  return ReportId;
}

/** What a report says; one that is gone, failed, or is not about all accounts and kinds of use says nothing. */
export async function readDisuseReport(client: EC2Client, report: string): Promise<ReportFacts["found"]> {
  const found = await findReport(client, report);
  if (found?.State === "pending") return { state: "pending" };
  if (found?.State !== "available") {
    return { state: "missing", why: found?.StateReason ?? found?.State ?? "the report is gone" };
  }
  const counted = (found.ResourceTypes ?? []).map(({ ResourceType }) => ResourceType);
  const lacking = COUNTED.filter((kind) => !counted.includes(kind));
  if (lacking.length > 0) return { state: "missing", why: `the report does not count ${lacking.join(", ")}` };
  if (found.AccountIds?.length) return { state: "missing", why: "the report is about some accounts only" };
  const users: string[] = [];
  for await (const page of paginateDescribeImageUsageReportEntries({ client }, { ReportIds: [report] })) {
    for (const { AccountId, ResourceType = "", UsageCount } of page.ImageUsageReportEntries ?? []) {
      users.push(`${AccountId} has ${UsageCount} ${words[ResourceType] ?? ResourceType}`);
    }
  }
  return { state: "complete", users: users.slice(0, MOST_KEPT) };
}

/** An item of the ledger holds 400 KB; whoever is beyond uses it no less. */
const MOST_KEPT = 50;
