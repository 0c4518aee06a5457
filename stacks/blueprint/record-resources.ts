import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../../core/names.ts";
import { createdByType } from "./created-by-type.ts";
import { type PolicyArguments, policyDocument } from "./policy-document.ts";
import { type RecordedResource, unwrapSecrets } from "./to-blueprint.ts";

/** Answers for Pulumi's engine. @returns the list that fills with every resource of a provider as it is registered */
export function recordResources(place: Place): readonly RecordedResource[] {
  const recorded: RecordedResource[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: raw, custom }) {
        if (!custom) return { id: undefined, state: {} };
        const inputs = unwrapSecrets(raw) as Record<string, unknown>;
        recorded.push({ type, name, inputs });
        const region = typeof inputs.region === "string" ? inputs.region : place.region;
        const { id, ...outputs } = createdByType(type, { name, inputs, place: { ...place, region } });
        return { id, state: { ...inputs, ...outputs } };
      },
      call: ({ token, inputs }) => answerInvoke(token, inputs, place),
    },
    "amint",
    "production",
    false,
  );
  return recorded;
}

/** What a provider's lookup answers. */
function answerInvoke(token: string, inputs: Record<string, unknown>, place: Place): Record<string, unknown> {
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
