import type { Authorization, Call } from "../../engine/operation.ts";
import { organizationWith } from "./state.ts";

type Asked = readonly Partial<Authorization>[];
type Context = NonNullable<Authorization["context"]>;

/** The ARN of the account that is asked about; of a foreign one nothing is known, so it is asked by any. */
export const accountResources = ({ aws, account }: Call, id: string | undefined, context: Context = {}): Asked => {
  const arn = organizationWith(aws, account)?.accounts.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"], context }];
};

/** The ARN of a root or unit. */
export const parentResources = ({ aws, account }: Call, id: string | undefined, context: Context = {}): Asked => {
  const arn = organizationWith(aws, account)?.units.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"], context }];
};

/** The ARN of a policy, with its type for conditions. */
export const policyResources = ({ aws, account }: Call, id: string | undefined): Asked => {
  const policy = organizationWith(aws, account)?.policies.get(id ?? "");
  return [{ resources: [policy?.arn ?? "*"], context: policy ? policyTypeContext(policy.type) : {} }];
};

/** The ARN of whichever it is. */
export const anyResources = (call: Call, id: string | undefined, context: Context = {}): Asked => {
  if (/^\d{12}$/.test(id ?? "")) return accountResources(call, id, context);
  return /^p-/.test(id ?? "") ? policyResources(call, id) : parentResources(call, id, context);
};

/** Condition keys of Organizations' own (service authorization reference). */
export const policyTypeContext = (type: string | undefined): Context =>
  type === undefined ? {} : { "organizations:PolicyType": type };

export const servicePrincipalContext = (principal: string | undefined): Context =>
  principal === undefined ? {} : { "organizations:ServicePrincipal": principal };
