import {
  CreateImageUsageReportCommand,
  DescribeImageUsageReportsCommand,
  type EC2Client,
  type ImageUsageReport,
  paginateDescribeImageUsageReportEntries,
} from "@aws-sdk/client-ec2";
import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type AmiId, amiId, buildArn } from "../../events/ids.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/drift-checks.ts";
import { unlessError } from "../unless-error.ts";

const usageWriter = /* @__PURE__ */ writer("usage");

const asked = z.object({
  image: z.string(),
  build: buildArn,
  /** When the reports were requested. */
  askedAt: z.iso.datetime(),
  reports: z.array(z.object({ region: z.string(), amiId, report: z.string() })),
});

/** A request for the usage of a build's AMIs, until it is reported. */
export type AskedUsage = z.output<typeof asked>;

const key = ({ build }: Pick<AskedUsage, "build">) => keyOf("usage", { build });

/** Keeps the first request's reports. */
export async function recordAskedUsage(ledger: Ledger, usage: AskedUsage): Promise<boolean> {
  await announceWork(ledger, "usage", usage.askedAt);
  return usageWriter.put(ledger, key(usage), usage, absent);
}

export const listAskedUsage = async (ledger: Ledger): Promise<AskedUsage[]> =>
  (await query(ledger, below("usage"))).map((item) => asked.parse(item));

export const removeAskedUsage = (ledger: Ledger, usage: AskedUsage): Promise<boolean> =>
  usageWriter.remove(ledger, key(usage));

/** The use of an AMI in one account. */
interface AmiUse {
  readonly account: string;
  readonly instances: number;
  readonly launchTemplates: number;
}

/** EC2 prepares it; it may lack the last day's instances and the last few days' launch templates. */
type UsageReport =
  | { readonly state: "pending" }
  | { readonly state: "available"; readonly uses: readonly AmiUse[] }
  | { readonly state: "missing"; readonly why: string };

/**
 * Requests a report of an AMI's use in all accounts: instances, and the newest twenty versions of launch templates (EC2
 * user guide, "View your AMI usage").
 * @param token the same token gets the same report
 * @returns the report's id
 */
export async function requestUsage(client: EC2Client, ami: AmiId, token: string): Promise<string> {
  const { ReportId } = await client.send(
    new CreateImageUsageReportCommand({
      ImageId: ami,
      ResourceTypes: [{ ResourceType: "ec2:Instance" }, { ResourceType: "ec2:LaunchTemplate" }],
      ClientToken: token,
    }),
  );
  if (!ReportId) throw new Error(`EC2 accepted the request for a usage report of ${ami} but returned no report id.`);
  return ReportId;
}

/** EC2 deletes a report after 30 days, and a report may fail; neither means that the AMI is unused. */
export async function readUsage(client: EC2Client, report: string): Promise<UsageReport> {
  const found = await findReport(client, report);
  if (found?.State === "pending") return { state: "pending" };
  if (found?.State !== "available") {
    return { state: "missing", why: found?.StateReason ?? found?.State ?? "the report no longer exists" };
  }
  const uses = new Map<string, AmiUse>();
  for await (const page of paginateDescribeImageUsageReportEntries({ client }, { ReportIds: [report] })) {
    for (const { AccountId = "", ResourceType, UsageCount = 0 } of page.ImageUsageReportEntries ?? []) {
      const { instances = 0, launchTemplates = 0 } = uses.get(AccountId) ?? {};
      const isInstance = ResourceType === "ec2:Instance";
      uses.set(AccountId, {
        account: AccountId,
        instances: instances + (isInstance ? UsageCount : 0),
        launchTemplates: launchTemplates + (isInstance ? 0 : UsageCount),
      });
    }
  }
  return { state: "available", uses: [...uses.values()] };
}

/** A report as EC2 describes it, if it exists. */
export async function findReport(client: EC2Client, report: string): Promise<ImageUsageReport | undefined> {
  const describe = new DescribeImageUsageReportsCommand({ ReportIds: [report] });
  return (await unlessError(client.send(describe), /\.NotFound$/))?.ImageUsageReports?.[0];
}
