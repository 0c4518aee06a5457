import type { OtherItem, PriceTable, RegionPrices } from "./price-table.ts";

interface Item {
  readonly service: string;
  /** What is counted. `{of}` stands for a line's detail, such as an instance type. */
  readonly unit: string;
  /** How many of them the price is for; default 1. */
  readonly per?: number;
  /** Its name in sentences; default: the unit. */
  readonly what?: string;
  /** Its name below its service's; default: `what`. */
  readonly label?: string;
  readonly price: (regions: PriceTable["regions"], region: string, of: string) => number | undefined;
  /** Why an idle factory has it, where that costs more than a dollar a month. */
  readonly why?: string;
}

const regional =
  (pick: (prices: RegionPrices, of: string) => number | undefined): Item["price"] =>
  (regions, region, of) => {
    const prices = regions[region];
    return prices && pick(prices, of);
  };

const other = (service: string, item: OtherItem, unit: string, more: Partial<Item> = {}): Item => ({
  service,
  unit,
  price: regional((prices) => prices.other?.[item]),
  ...more,
});

const instance = {
  service: "EC2",
  unit: "hour of {of}",
  what: "{of}",
  price: regional((prices, of) => prices.instanceHour[of]),
};

const GIB_MONTH = "GiB-month";
const million = { per: 1e6 };

/** Everything that an estimate prices, in the order in which it is listed. */
export const items = {
  "build-instance": { ...instance, label: "build instance, {of}" },
  "test-instance": { ...instance, label: "test instance, {of}" },
  "canary-instance": { ...instance, label: "canary instance, {of}" },
  volume: { service: "EBS", unit: GIB_MONTH, what: "gp3 volumes", price: regional((prices) => prices.gp3GiBMonth) },
  snapshots: {
    service: "EBS",
    unit: GIB_MONTH,
    what: "snapshots",
    price: regional((prices) => prices.snapshotGiBMonth),
    why: "AMIs of the month's builds in each region, until `retention` ends: consumers run them, and roll back to them",
  },
  repositories: {
    service: "ECR",
    unit: GIB_MONTH,
    what: "container images",
    price: regional((prices) => prices.ecrGiBMonth),
  },
  copies: {
    service: "EC2",
    unit: "GiB copied",
    what: "copies from {of}",
    price: (regions, to, from) => regions[from]?.copyGiBTo[to] ?? regions[from]?.copyGiBTo["*"],
  },
  transitions: {
    service: "Step Functions",
    unit: "state transitions",
    per: 1000,
    price: regional((prices) => prices.thousandTransitions),
  },
  "lambda-requests": {
    service: "Lambda",
    unit: "requests",
    ...million,
    what: "Lambda's requests",
    label: "requests",
    price: regional((prices) => prices.lambda?.millionRequests),
  },
  "lambda-compute": {
    service: "Lambda",
    unit: "GB-seconds on {of}",
    what: "Lambda on {of}",
    label: "GB-seconds on {of}",
    price: regional((prices, of) => prices.lambda?.gbSecond[of as "arm64"]),
  },
  "dynamodb-reads": {
    service: "DynamoDB",
    unit: "read request units",
    ...million,
    what: "DynamoDB's reads",
    label: "reads",
    price: regional((prices) => prices.dynamodb?.millionReads),
  },
  "dynamodb-writes": {
    service: "DynamoDB",
    unit: "write request units",
    ...million,
    what: "DynamoDB's writes",
    label: "writes",
    price: regional((prices) => prices.dynamodb?.millionWrites),
  },
  "ledger-storage": other("DynamoDB", "dynamodbGiBMonth", GIB_MONTH, { what: "ledger" }),
  "ledger-backup": other("DynamoDB", "dynamodbBackupGiBMonth", GIB_MONTH, {
    what: "point-in-time recovery",
  }),
  keys: other("KMS", "key", "key", {
    what: "keys",
    why:
      "one in each region, because AMIs that AWS managed keys encrypt cannot be shared, and one for Slack's secrets, " +
      "which no reader of images may decrypt. Each of a key's first two yearly rotations adds the same again",
  }),
  "key-requests": other("KMS", "keyRequests", "key requests", { per: 10_000 }),
  alarms: other("CloudWatch", "alarm", "alarm", {
    what: "alarms",
    why:
      "each reports a failure that nothing else reports: lost events of a function, an outdated image, failed builds, " +
      "promotions, roll-outs or notices. The first ten of an account are free",
  }),
  metrics: other("CloudWatch", "metric", "custom metric", {
    what: "custom metrics",
    why:
      "each hour: what the alarms of each image and the dashboard show, and how often scheduled functions ran. " +
      "The first ten of an account are free",
  }),
  dashboards: other("CloudWatch", "dashboard", "dashboard", {
    what: "dashboards",
    why: "the factory at a glance. An account's first three with up to 50 metrics each are free, as the example's is",
  }),
  "log-ingestion": other("CloudWatch", "logGiB", "GiB", { what: "logs" }),
  traces: other("X-Ray", "traces", "traces", million),
  events: other("EventBridge", "events", "events", million),
  schedules: other("EventBridge", "schedules", "invocations by schedules", million),
  messages: other("SNS", "messages", "messages published", million),
  parameters: other("Systems Manager", "parameter", "parameter", { what: "shared parameters" }),
  "parameter-calls": other("Systems Manager", "parameterCalls", "parameter calls", { per: 10_000 }),
  "s3-storage": other("S3", "s3GiBMonth", GIB_MONTH, { what: "evidence" }),
  "s3-writes": other("S3", "s3Writes", "writes", { per: 1000 }),
  "s3-reads": other("S3", "s3Reads", "reads", { per: 1000 }),
  "inspector-instances": other("Inspector", "inspectorInstance", "instance-month", { what: "scans of instances" }),
  "inspector-images": other("Inspector", "inspectorImage", "container image", { what: "scans of container images" }),
  "inspector-rescans": other("Inspector", "inspectorRescan", "rescan", { what: "rescans of container images" }),
} as const satisfies Readonly<Record<string, Item>>;

export type CostKind = keyof typeof items;

export const itemOf = (kind: CostKind): Item => items[kind];
