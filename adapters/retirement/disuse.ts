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

/** EC2's limit per call (EC2 API reference, DescribeImageReferences, ImageId.N). */
const MOST = 10;

/** EC2's maximum number of versions per launch template; its default is the newest ten. */
const MOST_VERSIONS = 10_000;

const kinds: readonly ImageReferenceResourceType[] = [
  "ec2:Instance",
  "ec2:LaunchTemplate",
  "ssm:Parameter",
  "imagebuilder:ImageRecipe",
  "imagebuilder:ContainerRecipe",
];

/**
 * The resources of this account that refer to AMIs now: instances while EC2 lists them, launch templates, parameters
 * and recipes (EC2 user guide, "Check which resources are referencing your AMI").
 * @returns the resources' ARNs by AMI; AMIs without references are left out
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
        found.set(ImageId, [...(found.get(ImageId) ?? []), Arn ?? `a resource of type ${ResourceType}`]);
      }
    }
  }
  return found;
}

/** What EC2 counts in other accounts (EC2 user guide, "View your AMI usage"). */
const COUNTED = ["ec2:Instance", "ec2:LaunchTemplate"] as const;

/** An Auto Scaling group may use any version of its launch template; EC2's default is the newest twenty. */
const ALL_VERSIONS = "10000";

const words: Readonly<Record<string, string>> = {
  "ec2:Instance": "instance(s)",
  "ec2:LaunchTemplate": "launch template(s)",
};

/**
 * Requests a report of an AMI's use in all accounts, which decides whether it may be removed.
 * @param token the same token gets the same report
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
  if (!ReportId) throw new Error(`EC2 accepted the request for a usage report of ${ami} but returned no report id.`);
  return ReportId;
}

/** Reads a report; one that is missing, failed, or does not cover all accounts and kinds of use proves nothing. */
export async function readDisuseReport(client: EC2Client, report: string): Promise<ReportFacts["found"]> {
  const found = await findReport(client, report);
  if (found?.State === "pending") return { state: "pending" };
  if (found?.State !== "available") {
    return { state: "missing", why: found?.StateReason ?? found?.State ?? "the report no longer exists" };
  }
  const counted = (found.ResourceTypes ?? []).map(({ ResourceType }) => ResourceType);
  const lacking = COUNTED.filter((kind) => !counted.includes(kind));
  if (lacking.length > 0) return { state: "missing", why: `the report does not count ${lacking.join(", ")}` };
  if (found.AccountIds?.length) return { state: "missing", why: "the report covers only some accounts" };
  const users: string[] = [];
  for await (const page of paginateDescribeImageUsageReportEntries({ client }, { ReportIds: [report] })) {
    for (const { AccountId, ResourceType = "", UsageCount } of page.ImageUsageReportEntries ?? []) {
      users.push(`${AccountId} has ${UsageCount} ${words[ResourceType] ?? ResourceType}`);
    }
  }
  return { state: "complete", users: users.slice(0, MOST_KEPT) };
}

/** A ledger item holds 400 KB; one user is enough to count as used. */
const MOST_KEPT = 50;
