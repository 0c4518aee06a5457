import type * as Sdk from "@aws-sdk/client-service-quotas";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { type KnownQuota, knownQuotas, quotaOf } from "./state.ts";

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
