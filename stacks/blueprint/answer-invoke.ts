import type { Place } from "../../core/names.ts";
import { type PolicyArguments, policyDocument } from "./policy-document.ts";

/** What a provider's lookup answers. */
export function answerInvoke(token: string, inputs: Record<string, unknown>, place: Place): Record<string, unknown> {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { id: place.region, name: place.region, region: place.region };
    case "aws:index/getPartition:getPartition":
      return { id: place.partition, partition: place.partition, dnsSuffix: "amazonaws.com" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { id: place.account, accountId: place.account };
    case "aws:iam/getPolicyDocument:getPolicyDocument": {
      const json = policyDocument(inputs as PolicyArguments);
      return { ...inputs, id: "policy", json, minifiedJson: json };
    }
    default:
      throw new Error(`The evaluator does not know the lookup ${token}; teach it in answer-invoke.ts.`);
  }
}
