import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { type Needs, on } from "./authorization.ts";
import { filtered } from "./filters.ts";
import { invalidValue } from "./refusals.ts";
import { builderState } from "./state.ts";

const vulnerabilityOf = (one: Sdk.ImageScanFinding) => one.packageVulnerabilityDetails?.vulnerabilityId;

const allFindings = (call: Call): Sdk.ImageScanFinding[] =>
  [...call.aws.state(builderState, call.account, call.region).images.values()].flatMap(({ findings }) => findings);

/** Images and pipelines are optional resources of these actions: those in filters are authorized. */
function onFiltered(call: Call, filters: readonly Sdk.Filter[] | undefined): Needs {
  const arns = (filters ?? [])
    .filter(({ name }) => name === "imageBuildVersionArn" || name === "imagePipelineArn")
    .flatMap(({ values }) => values ?? []);
  return arns.length > 0 ? arns.flatMap((arn) => on(call, arn)) : [{ resources: ["*"] }];
}

/** How each aggregation type groups findings, and shows a group. */
const AGGREGATIONS = {
  accountId: {
    key: (one: Sdk.ImageScanFinding) => one.awsAccountId,
    show: (accountId: string, found: Sdk.ImageScanFinding[]): Sdk.ImageScanFindingAggregation => ({
      accountAggregation: { accountId, severityCounts: severityCounts(found) },
    }),
  },
  imageBuildVersionArn: {
    key: (one: Sdk.ImageScanFinding) => one.imageBuildVersionArn,
    show: (imageBuildVersionArn: string, found: Sdk.ImageScanFinding[]): Sdk.ImageScanFindingAggregation => ({
      imageAggregation: { imageBuildVersionArn, severityCounts: severityCounts(found) },
    }),
  },
  imagePipelineArn: {
    key: (one: Sdk.ImageScanFinding) => one.imagePipelineArn,
    show: (imagePipelineArn: string, found: Sdk.ImageScanFinding[]): Sdk.ImageScanFindingAggregation => ({
      imagePipelineAggregation: { imagePipelineArn, severityCounts: severityCounts(found) },
    }),
  },
  vulnerabilityId: {
    key: vulnerabilityOf,
    show: (vulnerabilityId: string, found: Sdk.ImageScanFinding[]): Sdk.ImageScanFindingAggregation => ({
      vulnerabilityIdAggregation: { vulnerabilityId, severityCounts: severityCounts(found) },
    }),
  },
} as const;

const isAggregation = (name: string): name is keyof typeof AGGREGATIONS => Object.hasOwn(AGGREGATIONS, name);

export const operations = {
  ListImageScanFindings: {
    list: "findings",
    authorize: ({ filters }, call) => onFiltered(call, filters),
    run({ filters }, call) {
      const found = filtered(allFindings(call), filters, [
        "imageBuildVersionArn",
        "imagePipelineArn",
        ["vulnerabilityId", vulnerabilityOf],
        "severity",
      ]);
      return { requestId: call.requestId, findings: found };
    },
  },
  /** Counts by account, or by the filter's resources. */
  ListImageScanFindingAggregations: {
    list: "responses",
    authorize: ({ filter }, call) => onFiltered(call, filter && [filter]),
    run({ filter }, call) {
      const aggregationType = filter?.name ?? "accountId";
      if (!isAggregation(aggregationType)) {
        throw invalidValue("filter", `'${aggregationType}' is not one of ${Object.keys(AGGREGATIONS).join(", ")}.`);
      }
      const { key, show } = AGGREGATIONS[aggregationType];
      const groups = Map.groupBy(allFindings(call), (one) => key(one) ?? "");
      const wanted = [...groups].filter(([group]) => !filter?.values?.length || filter.values.includes(group));
      return {
        requestId: call.requestId,
        aggregationType,
        responses: wanted.map(([group, found]) => show(group, found)),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Counts medium and above; `all` counts every finding, including those below (API reference, SeverityCounts). */
export function severityCounts(findings: readonly Sdk.ImageScanFinding[]): Sdk.SeverityCounts {
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  return { all: findings.length, critical: count("CRITICAL"), high: count("HIGH"), medium: count("MEDIUM") };
}
