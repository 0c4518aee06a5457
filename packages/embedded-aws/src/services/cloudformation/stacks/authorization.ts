import type { Authorization, Call } from "../../../engine/operation.ts";
import { givingRole } from "../../iam/assert-assumable.ts";
import { requestTagContext } from "../../tag-context.ts";
import { validationError } from "../refusals.ts";
import { findStack } from "../state.ts";

interface Asked {
  readonly StackName?: string | undefined;
  readonly RoleARN?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** Authorizes the stack, and the role that CloudFormation should assume. */
export function authorizeStack(call: Call, { StackName = "", RoleARN, Tags = [] }: Asked): Partial<Authorization>[] {
  const { aws, account, region } = call;
  const prefix = `arn:${aws.partition}:cloudformation:${region}:${account}:stack/`;
  // A new stack has no id yet: any of its name matches.
  const arn = StackName.startsWith("arn:")
    ? StackName
    : (findStack(aws, account, region, StackName)?.id ?? `${prefix}${StackName}/*`);
  const tags = Tags.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  return [
    {
      resources: [arn],
      context: { ...requestTagContext(tags), ...(RoleARN && { "cloudformation:RoleArn": RoleARN }) },
    },
    ...givingRole(aws, RoleARN, "cloudformation.amazonaws.com", arn).map((asked) => ({
      ...asked,
      ...(asked.action === "sts:AssumeRole" && {
        refusal: () => validationError(`Role ${RoleARN} is invalid or cannot be assumed`),
      }),
    })),
  ];
}
