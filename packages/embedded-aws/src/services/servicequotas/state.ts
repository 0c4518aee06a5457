import type * as Sdk from "@aws-sdk/client-service-quotas";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";

export interface KnownQuota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** An account's default (AWS General Reference, endpoints and quotas of each service). */
  readonly value: number;
}

/**
 * A placeholder replaces codes that are not published. New accounts often have less concurrency than the documented
 * default.
 */
export const knownQuotas: readonly KnownQuota[] = [
  {
    service: "ec2",
    code: "L-1216C47A",
    name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    // 5 in a new account; more in one that has been used.
    value: 64,
  },
  { service: "ec2", code: "L-00000001", name: "AMIs", value: 50_000 },
  { service: "lambda", code: "L-B99A9384", name: "Concurrent executions", value: 1_000 },
  { service: "imagebuilder", code: "L-00000002", name: "Image pipelines", value: 75 },
];

/** An account's values that differ from the default, by code. */
const quotaState = defineState("service quotas", () => new Map<string, number>());

/** An account's current quota. */
export const quotaOf = (aws: EmbeddedAws, account: string, region: string, code: string): number =>
  aws.state(quotaState, account, region).get(code) ?? knownQuotas.find((one) => one.code === code)?.value ?? 0;

/** Changes an account's quota, like a granted request or a new account's restriction. */
export const setQuota = (aws: EmbeddedAws, account: string, region: string, code: string, value: number): void =>
  void aws.state(quotaState, account, region).set(code, value);

export const operations = {
  ListServiceQuotas: {
    list: "Quotas",
    run: ({ ServiceCode = "" }, call) => ({ Quotas: quotasOf(ServiceCode).map((one) => described(call, one)) }),
  },
  GetServiceQuota: {
    authorize: ({ ServiceCode, QuotaCode }, { aws, account, region }) => [
      { resources: [`arn:${aws.partition}:servicequotas:${region}:${account}:${ServiceCode}/${QuotaCode}`] },
    ],
    run({ ServiceCode = "", QuotaCode }, call) {
      const found = quotasOf(ServiceCode).find(({ code }) => code === QuotaCode);
      if (!found) throw noSuchResource();
      return { Quota: described(call, found) };
    },
  },
} satisfies Operations<typeof Sdk>;

function quotasOf(service: string): readonly KnownQuota[] {
  const quotas = knownQuotas.filter((one) => one.service === service);
  if (quotas.length === 0) throw noSuchResource();
  return quotas;
}

const noSuchResource = (): AwsError =>
  new AwsError("NoSuchResourceException", "The specified resource does not exist.");

function described(call: Call, { service, code, name }: KnownQuota): Sdk.ServiceQuota {
  const { aws, account, region } = call;
  return {
    ServiceCode: service,
    ServiceName: service,
    QuotaArn: `arn:${aws.partition}:servicequotas:${region}:${account}:${service}/${code}`,
    QuotaCode: code,
    QuotaName: name,
    Value: quotaOf(aws, account, region, code),
    Unit: "None",
    Adjustable: true,
    GlobalQuota: false,
  };
}
