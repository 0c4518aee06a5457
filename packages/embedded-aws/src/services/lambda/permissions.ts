import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError, type Operations } from "../../engine/operation.ts";
import {
  functionPlace,
  invalidParameterValue,
  type LambdaFunction,
  type PolicyStatement,
  requireFunction,
} from "./state.ts";

export const operations = {
  AddPermission: {
    authorize: ({ FunctionName, Principal, FunctionUrlAuthType }, call) => [
      {
        resources: [functionPlace(FunctionName, call).arn],
        context: {
          ...(Principal !== undefined && { "lambda:Principal": Principal }),
          ...(FunctionUrlAuthType !== undefined && { "lambda:FunctionUrlAuthType": FunctionUrlAuthType }),
        },
      },
    ],
    run(input, call) {
      const fn = requireFunction(call.aws, functionPlace(input.FunctionName, call, input.Qualifier));
      const { StatementId: sid = "" } = input;
      requireRevision(fn, input.RevisionId);
      requireUrlAction(input);
      if (fn.policy.has(sid)) {
        throw new AwsError(
          "ResourceConflictException",
          `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      const statement = toStatement(fn, sid, input, call.aws.partition);
      fn.policy.set(sid, statement);
      fn.policyRevisionId = call.aws.uuid();
      return { Statement: JSON.stringify(statement) };
    },
  },
  RemovePermission: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, StatementId = "", Qualifier, RevisionId }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      requireRevision(fn, RevisionId);
      if (!fn.policy.delete(StatementId)) {
        throw new AwsError("ResourceNotFoundException", `Statement ${StatementId} is not found in resource policy.`);
      }
      fn.policyRevisionId = call.aws.uuid();
    },
  },
  GetPolicy: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, Qualifier }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      const policy = resourcePolicy(fn);
      if (policy) return { Policy: policy, RevisionId: fn.policyRevisionId };
      throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.");
    },
  },
} satisfies Operations<typeof Sdk>;

/** JSON; undefined without permissions. */
export const resourcePolicy = ({ policy }: LambdaFunction): string | undefined =>
  policy.size === 0
    ? undefined
    : JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: [...policy.values()] });

function toStatement(
  fn: LambdaFunction,
  sid: string,
  input: Sdk.AddPermissionCommandInput,
  partition: string,
): PolicyStatement {
  const { Principal = "", Action = "", SourceArn, SourceAccount, PrincipalOrgID } = input;
  const { FunctionUrlAuthType, InvokedViaFunctionUrl } = input;
  const equals = {
    ...(SourceAccount !== undefined && { "AWS:SourceAccount": SourceAccount }),
    ...(PrincipalOrgID !== undefined && { "aws:PrincipalOrgID": PrincipalOrgID }),
    ...(FunctionUrlAuthType !== undefined && { "lambda:FunctionUrlAuthType": FunctionUrlAuthType }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": SourceArn } }),
    ...(InvokedViaFunctionUrl !== undefined && {
      Bool: { "lambda:InvokedViaFunctionUrl": String(InvokedViaFunctionUrl) },
    }),
  };
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: toPrincipal(Principal, partition),
    Action,
    Resource: fn.arn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** Each of the two conditions is valid for one action (service authorization reference, "AWS Lambda"). */
function requireUrlAction({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }: Sdk.AddPermissionCommandInput): void {
  if (FunctionUrlAuthType !== undefined && Action !== "lambda:InvokeFunctionUrl") {
    throw onlyFor("FunctionUrlAuthType", "lambda:InvokeFunctionUrl");
  }
  if (InvokedViaFunctionUrl !== undefined && Action !== "lambda:InvokeFunction") {
    throw onlyFor("InvokedViaFunctionUrl", "lambda:InvokeFunction");
  }
}

const onlyFor = (member: string, action: string): AwsError =>
  invalidParameterValue(`${member} is only supported for ${action} action`);

function toPrincipal(principal: string, partition: string): PolicyStatement["Principal"] {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  if (principal.startsWith("arn:")) return { AWS: principal };
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal };
  throw invalidParameterValue("The provided principal was invalid. Please check the principal and try again.");
}

function requireRevision(fn: LambdaFunction, revision: string | undefined): void {
  if (revision === undefined || revision === fn.policyRevisionId) return;
  throw new AwsError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId for the Lambda function's policy. Call the GetPolicy API to retrieve the latest RevisionId.",
  );
}
