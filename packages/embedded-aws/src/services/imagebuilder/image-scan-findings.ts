import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Filter, ImageScanFinding, ImageScanFindingAggregation } from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { type Needs, on } from "./authorization.ts";
import { filtered, pageOf } from "./page.ts";
import { invalidValue } from "./refusals.ts";
import { severityCounts } from "./severity-counts.ts";
import { builderState } from "./state.ts";

const FILTERS = {
  imageBuildVersionArn: (one: ImageScanFinding) => one.imageBuildVersionArn,
  imagePipelineArn: (one: ImageScanFinding) => one.imagePipelineArn,
  vulnerabilityId: (one: ImageScanFinding) => one.packageVulnerabilityDetails?.vulnerabilityId,
  severity: (one: ImageScanFinding) => one.severity,
};

const allFindings = (call: Call): ImageScanFinding[] =>
  [...call.aws.state(builderState, call.account, call.region).images.values()].flatMap(({ findings }) => findings);

/** Images and pipelines are optional resources of these actions: where filters name some, they are what is asked for. */
function onFiltered(call: Call, filters: readonly Filter[] | undefined): Needs {
  const arns = (filters ?? [])
    .filter(({ name }) => name === "imageBuildVersionArn" || name === "imagePipelineArn")
    .flatMap(({ values }) => values ?? []);
  return arns.length > 0 ? arns.flatMap((arn) => on(call, arn)) : [{ resources: ["*"] }];
}

/** How each kind of aggregation groups findings, and shows a group. */
const AGGREGATIONS = {
  accountId: {
    key: (one: ImageScanFinding) => one.awsAccountId,
    show: (accountId: string, found: ImageScanFinding[]): ImageScanFindingAggregation => ({
      accountAggregation: { accountId, severityCounts: severityCounts(found) },
    }),
  },
  imageBuildVersionArn: {
    key: FILTERS.imageBuildVersionArn,
    show: (imageBuildVersionArn: string, found: ImageScanFinding[]): ImageScanFindingAggregation => ({
      imageAggregation: { imageBuildVersionArn, severityCounts: severityCounts(found) },
    }),
  },
  imagePipelineArn: {
    key: FILTERS.imagePipelineArn,
    show: (imagePipelineArn: string, found: ImageScanFinding[]): ImageScanFindingAggregation => ({
      imagePipelineAggregation: { imagePipelineArn, severityCounts: severityCounts(found) },
    }),
  },
  vulnerabilityId: {
    key: FILTERS.vulnerabilityId,
    show: (vulnerabilityId: string, found: ImageScanFinding[]): ImageScanFindingAggregation => ({
      vulnerabilityIdAggregation: { vulnerabilityId, severityCounts: severityCounts(found) },
    }),
  },
} as const;

const isAggregation = (name: string): name is keyof typeof AGGREGATIONS => Object.hasOwn(AGGREGATIONS, name);

export const operations = {
  ListImageScanFindings: {
    authorize: ({ filters }, call) => onFiltered(call, filters),
    run(input, call) {
      const { items, nextToken } = pageOf(filtered(allFindings(call), input.filters, FILTERS), input);
      return { requestId: call.requestId, findings: structuredClone(items), nextToken };
    },
  },
  /** Counts per account, or per what the filter names. */
  ListImageScanFindingAggregations: {
    authorize: ({ filter }, call) => onFiltered(call, filter && [filter]),
    run({ filter, nextToken: token }, call) {
      const aggregationType = filter?.name ?? "accountId";
      if (!isAggregation(aggregationType)) {
        throw invalidValue("filter", `'${aggregationType}' is not one of ${Object.keys(AGGREGATIONS).join(", ")}.`);
      }
      const { key, show } = AGGREGATIONS[aggregationType];
      const groups = Map.groupBy(allFindings(call), (one) => key(one) ?? "");
      const wanted = [...groups].filter(([group]) => !filter?.values?.length || filter.values.includes(group));
      const { items, nextToken } = pageOf(wanted, { nextToken: token });
      return {
        requestId: call.requestId,
        aggregationType,
        responses: items.map(([group, found]) => show(group, found)),
        nextToken,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
