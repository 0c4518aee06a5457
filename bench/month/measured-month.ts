import { readFileSync, writeFileSync } from "node:fs";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import type { Blueprint } from "embedded-aws/deploy";
import { readUsage } from "../../adapters/cost/read-usage.ts";
import { openLedger } from "../../cli/command/open-ledger.ts";
import type { CostKind } from "../../core/cost/items.ts";
import { type MeasuredMonth, ownName, scheduledRuns } from "../../core/cost/measured-month.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { promotionName } from "../../core/names.ts";
import type { RunningFactory } from "../../local/boot/boot-factory.ts";
import type { CallCount, Counts } from "./count.ts";

/** The month's use, from which `amint cost --estimate` derives any factory's. */
export const MEASURED = "core/cost/measured-month.json";

/** AWS calls that cost something. */
const billed: Readonly<Record<string, CostKind>> = {
  "dynamodb:GetItem": "dynamodb-reads",
  "dynamodb:BatchGetItem": "dynamodb-reads",
  "dynamodb:Query": "dynamodb-reads",
  "dynamodb:PutItem": "dynamodb-writes",
  "dynamodb:BatchWriteItem": "dynamodb-writes",
  "dynamodb:UpdateItem": "dynamodb-writes",
  "dynamodb:DeleteItem": "dynamodb-writes",
  "events:PutEvents": "events",
  "sns:Publish": "messages",
  "s3:PutObject": "s3-writes",
  "s3:GetObject": "s3-reads",
  "ssm:GetParameter": "parameter-calls",
  "ssm:PutParameter": "parameter-calls",
  "ssm:GetParametersByPath": "parameter-calls",
};

const kindOf = (call: string): CostKind | undefined => (call.startsWith("kms:") ? "key-requests" : billed[call]);

const HOUR = 3_600_000;

interface Measured {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly running: RunningFactory;
  readonly calls: CallCount;
  readonly invocations: Counts;
  readonly transitions: Counts;
  readonly begin: number;
  readonly days: number;
}

export async function measureUse(measured: Measured): Promise<MeasuredMonth> {
  const { factory, blueprint, running, calls, begin, days } = measured;
  const { account, partition, buildRegion } = blueprint;
  const { options } = running;
  const now = begin + days * 24 * HOUR;
  const { usage } = await readUsage(
    openLedger(blueprint, options),
    {
      ec2: (region) => new EC2Client({ ...options, region }),
      ecr: (region) => new ECRClient({ ...options, region }),
      imageBuilder: new ImagebuilderClient(options),
      promotions: new SFNClient(options),
      functions: new LambdaClient(options),
      metrics: new CloudWatchClient(options),
    },
    {
      factory,
      promotionArn: `arn:${partition}:states:${buildRegion}:${account}:stateMachine:${promotionName(factory.name)}`,
      month: { name: "the measured month", start: begin, end: now },
      now: new Date(now),
    },
  );
  const { amis, containers = [], dynamodb } = usage;
  const atHome = amis.filter(({ region }) => region === buildRegion);
  const ages = atHome.map(({ createdAt }) => (now - Date.parse(createdAt)) / (now - begin));
  const ofKind = (wanted: "ami" | "container", stored: number) => {
    const own = usage.builds.filter(({ image }) => factory.images[image]?.kind === wanted);
    const runs = own.flatMap(({ instances }) => instances?.runs ?? []);
    const hours = (of: string): number =>
      sum(runs.map(({ workflow, from, to }) => (workflow === of ? (Date.parse(to) - Date.parse(from)) / HOUR : 0)));
    return {
      images: Object.values(factory.images).filter(({ kind }) => kind === wanted).length,
      builds: own.length,
      buildHours: rounded(hours("build")),
      testHours: rounded(hours("test")),
      stored,
    };
  };
  const pushed = containers.filter(
    ({ region, repository }) => region === buildRegion && repository.endsWith("/builds"),
  );
  return {
    days,
    ami: ofKind("ami", atHome.length),
    container: ofKind("container", pushed.length),
    amiGiB: rounded(sum(atHome.map(({ gib = 0 }) => gib)) / atHome.length),
    storedShare: rounded(sum(ages) / ages.length),
    requestUnits: { "dynamodb-reads": dynamodb?.reads ?? 0, "dynamodb-writes": dynamodb?.writes ?? 0 },
    transitions: named(factory, measured.transitions),
    callers: callersOf(factory, blueprint, calls, measured.invocations),
  };
}

/** Of each role of the factory. Calls of other callers are not the factory's, or free. */
function callersOf(
  factory: Factory,
  { resources }: Blueprint,
  calls: CallCount,
  invocations: Counts,
): MeasuredMonth["callers"] {
  const runs = scheduledRuns(factory.name, resources);
  const invoked = named(factory, invocations);
  const found = calls.byOperation.flatMap(([role, counts]) => {
    const name = ownName(factory.name, role);
    if (name === undefined) return [];
    const own: Partial<Record<CostKind | "invocations" | "scheduled", number>> = {
      ...(invoked[name] !== undefined && { invocations: invoked[name] }),
      ...(runs[name] !== undefined && { scheduled: runs[name] }),
    };
    for (const [call, count] of counts) {
      const kind = kindOf(call);
      if (kind) own[kind] = (own[kind] ?? 0) + count;
    }
    return Object.keys(own).length > 0 ? [[name, own] as const] : [];
  });
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const named = ({ name: factory }: Factory, counts: Counts): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [ownName(factory, name) ?? name, count]));

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

const rounded = (value: number): number => Number(value.toFixed(4));

/** One caller a line, so that a change of the program shows where it changes the bill. */
const textOf = ({ callers, ...rest }: MeasuredMonth): string => {
  const line = ([name, value]: [string, unknown]): string =>
    `${JSON.stringify(name)}: ${JSON.stringify(value)
      .replace(/[:,]/g, "$& ")
      .replace(/^{(.*)}$/, "{ $1 }")}`;
  const indented = (entries: object, by: string): string =>
    Object.entries(entries)
      .map((entry) => by + line(entry))
      .join(",\n");
  return `{\n${indented(rest, "  ")},\n  "callers": {\n${indented(callers, "    ")}\n  }\n}\n`;
};

export const writeMeasured = (month: MeasuredMonth): void => writeFileSync(MEASURED, textOf(month));

/** Whether the file has what was measured. */
export const isRecorded = (month: MeasuredMonth): boolean => readFileSync(MEASURED, "utf8") === textOf(month);
