import type { Authorization, Call } from "../../operation.ts";
import { organizationWith } from "./state.ts";

type Asked = readonly Partial<Authorization>[];

/** The ARN of the account that is asked about; of a foreign one nothing is known, so it is asked by any. */
export const accountResources = ({ aws, account }: Call, id: string | undefined): Asked => {
  const arn = organizationWith(aws, account)?.accounts.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"] }];
};

/** The ARN of a root or unit. */
export const parentResources = ({ aws, account }: Call, id: string | undefined): Asked => {
  const arn = organizationWith(aws, account)?.units.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"] }];
};

/** The ARN of whichever it is. */
export const anyResources = (call: Call, id: string | undefined): Asked =>
  /^\d{12}$/.test(id ?? "") ? accountResources(call, id) : parentResources(call, id);
