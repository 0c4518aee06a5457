import type { PriceTable, RegionPrices } from "./price-table.ts";

/** Equal in all regions of this table, unless they say otherwise; first tiers. */
const everywhere = {
  ecrGiBMonth: 0.1,
  lambda: { millionRequests: 0.2, gbSecond: { arm64: 0.000_013_333_4, x86_64: 0.000_016_666_7 } },
  thousandTransitions: 0.025,
  other: {
    key: 1,
    keyRequests: 0.03,
    alarm: 0.1,
    metric: 0.3,
    dashboard: 3,
    logGiB: 0.5,
    traces: 5,
    events: 1,
    schedules: 1,
    messages: 0.5,
    parameter: 0.05,
    parameterCalls: 0.05,
    dynamodbGiBMonth: 0.25,
    dynamodbBackupGiBMonth: 0.2,
    s3GiBMonth: 0.023,
    s3Writes: 0.005,
    s3Reads: 0.0004,
    inspectorInstance: 1.2528,
    inspectorImage: 0.09,
    inspectorRescan: 0.01,
  },
} as const;

/** North Virginia, Ohio and Oregon have the same prices, except for transfers between the first two. */
const unitedStates: RegionPrices = {
  ...everywhere,
  instanceHour: {
    "t3.micro": 0.0104,
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "t4g.micro": 0.0084,
    "t4g.small": 0.0168,
    "t4g.medium": 0.0336,
    "t4g.large": 0.0672,
    "m5.large": 0.096,
    "m5.xlarge": 0.192,
    "m6i.large": 0.096,
    "m6i.xlarge": 0.192,
    "m7i.large": 0.1008,
    "m7i.xlarge": 0.2016,
    "m6g.large": 0.077,
    "m6g.xlarge": 0.154,
    "m7g.large": 0.0816,
    "m7g.xlarge": 0.1632,
    "c5.large": 0.085,
    "c6i.large": 0.085,
    "c7i.large": 0.08925,
    "c6g.large": 0.068,
    "c7g.large": 0.0725,
  },
  gp3GiBMonth: 0.08,
  snapshotGiBMonth: 0.05,
  copyGiBTo: { "*": 0.02 },
  dynamodb: { millionReads: 0.125, millionWrites: 0.625 },
};

/**
 * AWS's on-demand list prices, entered by hand: no free tier, no discounts, no tax. Regions and types that are missing here
 * have no price, and estimates list them; `amint cost --estimate` uses those of us-east-1 for an unknown region.
 * `amint cost --prices` and `cost.prices` replace the whole table.
 */
export const listPrices: PriceTable = {
  source:
    "AWS's public on-demand list prices, entered by hand and not compared with the Price List API since " +
    "(aws.amazon.com: ec2/pricing/on-demand, ebs/pricing, lambda/pricing, step-functions/pricing, dynamodb/pricing, ecr/pricing, " +
    "s3/pricing, sns/pricing, systems-manager/pricing, xray/pricing, kms/pricing, cloudwatch/pricing, eventbridge/pricing, " +
    "inspector/pricing). Pages of 2024 to 2026 confirm these: KMS keys and requests, custom metrics, dashboards, logs in " +
    "us-east-1, EventBridge, Inspector in eu-west-1. Check all others before you rely on them",
  date: "2025-06-30",
  currency: "USD",
  regions: {
    "us-east-1": { ...unitedStates, copyGiBTo: { "us-east-2": 0.01, "*": 0.02 } },
    "us-east-2": { ...unitedStates, copyGiBTo: { "us-east-1": 0.01, "*": 0.02 } },
    "us-west-2": unitedStates,
    "eu-west-1": {
      ...everywhere,
      instanceHour: {
        "t3.micro": 0.0114,
        "t3.small": 0.0228,
        "t3.medium": 0.0456,
        "t3.large": 0.0912,
        "t4g.micro": 0.0092,
        "t4g.small": 0.0184,
        "t4g.medium": 0.0368,
        "t4g.large": 0.0736,
        "m5.large": 0.107,
        "m5.xlarge": 0.214,
        "m6i.large": 0.107,
        "m6i.xlarge": 0.214,
        "m7i.large": 0.11235,
        "m7i.xlarge": 0.2247,
        "m6g.large": 0.086,
        "m6g.xlarge": 0.172,
        "m7g.large": 0.0911,
        "c5.large": 0.096,
      },
      gp3GiBMonth: 0.088,
      snapshotGiBMonth: 0.05,
      copyGiBTo: { "*": 0.02 },
      dynamodb: { millionReads: 0.1415, millionWrites: 0.705 },
      other: { ...everywhere.other, logGiB: 0.57, dynamodbGiBMonth: 0.283, dynamodbBackupGiBMonth: 0.226 },
    },
    "eu-central-1": {
      ...everywhere,
      instanceHour: {
        "t3.micro": 0.012,
        "t3.small": 0.024,
        "t3.medium": 0.048,
        "t3.large": 0.096,
        "t4g.micro": 0.0096,
        "t4g.small": 0.0192,
        "t4g.medium": 0.0384,
        "t4g.large": 0.0768,
        "m5.large": 0.115,
        "m5.xlarge": 0.23,
        "m6i.large": 0.115,
        "m6i.xlarge": 0.23,
        "m7i.large": 0.12075,
        "m7i.xlarge": 0.2415,
        "m6g.large": 0.092,
        "m6g.xlarge": 0.184,
      },
      gp3GiBMonth: 0.0952,
      snapshotGiBMonth: 0.054,
      copyGiBTo: { "*": 0.02 },
      dynamodb: { millionReads: 0.1525, millionWrites: 0.7625 },
    },
    "eu-west-2": {
      ...everywhere,
      instanceHour: {
        "t3.micro": 0.0118,
        "t3.small": 0.0236,
        "t3.medium": 0.0472,
        "t3.large": 0.0944,
        "m5.large": 0.111,
        "m5.xlarge": 0.222,
        "m6i.large": 0.111,
        "m6i.xlarge": 0.222,
        "m7i.large": 0.11655,
        "m7i.xlarge": 0.2331,
      },
      gp3GiBMonth: 0.0928,
      snapshotGiBMonth: 0.053,
      copyGiBTo: { "*": 0.02 },
    },
  },
};
