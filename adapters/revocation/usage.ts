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
import { announceWork } from "../repair/looks.ts";

const usageWriter = /* @__PURE__ */ writer("usage");

const asked = z.object({
  image: z.string(),
  build: buildArn,
  /** When EC2 was asked. */
  askedAt: z.iso.datetime(),
  reports: z.array(z.object({ region: z.string(), amiId, report: z.string() })),
});

/** That somebody wants to know who uses a build's AMIs, until people were told. */
export type AskedUsage = z.output<typeof asked>;

const key = ({ build }: Pick<AskedUsage, "build">) => keyOf("usage", { build });

/** The first one's reports count. */
export async function recordAskedUsage(ledger: Ledger, usage: AskedUsage): Promise<boolean> {
  await announceWork(ledger, "usage", usage.askedAt);
  return usageWriter.put(ledger, key(usage), usage, absent);
}

export const listAskedUsage = async (ledger: Ledger): Promise<AskedUsage[]> =>
  (await query(ledger, below("usage"))).map((item) => asked.parse(item));

export const removeAskedUsage = (ledger: Ledger, usage: AskedUsage): Promise<boolean> =>
  usageWriter.remove(ledger, key(usage));

/** What uses an AMI in one account. */
interface AmiUse {
  readonly account: string;
  readonly instances: number;
  readonly launchTemplates: number;
}

/** EC2 prepares it; it may miss the last day's instances and the past few days' launch templates. */
type UsageReport =
  | { readonly state: "pending" }
  | { readonly state: "available"; readonly uses: readonly AmiUse[] }
  | { readonly state: "missing"; readonly why: string };

/**
 * Has EC2 find out who uses an AMI, in all accounts: instances, and the newest twenty versions of launch templates (EC2
 * user guide, "View your AMI usage").
 * @param token the same one asks for the same report
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
  if (!ReportId) throw new Error(`EC2 took the request for a usage report of ${ami} and named no report.`);
  return ReportId;
}

/** A report is deleted after 30 days, and may fail: neither says that nobody uses the AMI. */
export async function readUsage(client: EC2Client, report: string): Promise<UsageReport> {
  const found = await findReport(client, report);
  if (found?.State === "pending") return { state: "pending" };
  if (found?.State !== "available") {
    return { state: "missing", why: found?.StateReason ?? found?.State ?? "the report is gone" };
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

/** A report as EC2 describes it; undefined where there is none. */
export async function findReport(client: EC2Client, report: string): Promise<ImageUsageReport | undefined> {
  try {
    const { ImageUsageReports = [] } = await client.send(new DescribeImageUsageReportsCommand({ ReportIds: [report] }));
    return ImageUsageReports[0];
  } catch (error) {
    if (error instanceof Error && error.name.endsWith(".NotFound")) return undefined;
    throw error;
  }
}
