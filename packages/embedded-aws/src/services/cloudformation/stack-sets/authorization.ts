import type { Authorization, Call } from "../../../engine/operation.ts";
import { organizationWith } from "../../organizations/state.ts";
import { requestTagContext } from "../../tag-context.ts";
import { findStackSet } from "./state.ts";

interface Asked {
  readonly StackSetName?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** The stack set that is asked about; one that is yet to come has no id, so any of its name is meant. */
export function authorizeStackSet(call: Call, { StackSetName = "", Tags = [] }: Asked): Partial<Authorization>[] {
  const { aws, account, region } = call;
  const owner = organizationWith(aws, account)?.managementAccount ?? account;
  const arn = `arn:${aws.partition}:cloudformation:${region}:${owner}:stackset/${StackSetName}:*`;
  const tags = Tags.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  return [
    {
      resources: [findStackSet(aws, owner, region, StackSetName)?.arn ?? arn],
      context: requestTagContext(tags),
    },
  ];
}
