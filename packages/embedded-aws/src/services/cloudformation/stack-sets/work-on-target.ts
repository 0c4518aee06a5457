import { createHash } from "node:crypto";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { iamOf } from "../../iam/state.ts";
import { findStack, type Stack } from "../state.ts";
import { instanceKey, type StackInstance, type StackSet, type StackSetOperation, type TargetResult } from "./state.ts";

/** Runs an operation in one account and region, and records its outcome in the result and the instance. */
export async function workOnTarget(
  aws: EmbeddedAws,
  set: StackSet,
  operation: StackSetOperation,
  result: TargetResult,
): Promise<void> {
  const instance = set.instances.get(instanceKey(result.account, result.region));
  // Removed in the meantime.
  if (!instance) {
    result.status = "SUCCEEDED";
    return;
  }
  result.status = "RUNNING";
  instance.detailed = "RUNNING";
  instance.lastOperation = operation.id;
  const failure = await attempt(aws, set, operation, instance);
  result.status = failure === undefined ? "SUCCEEDED" : "FAILED";
  result.reason = failure;
  instance.detailed = result.status;
  instance.reason = failure;
  if (operation.action === "DELETE") {
    if (failure === undefined) set.instances.delete(instanceKey(result.account, result.region));
    else instance.status = "INOPERABLE";
  } else {
    instance.status = failure === undefined ? "CURRENT" : "OUTDATED";
  }
}

/** @returns why it failed */
async function attempt(
  aws: EmbeddedAws,
  set: StackSet,
  { action, retain }: StackSetOperation,
  instance: StackInstance,
): Promise<string | undefined> {
  const { account, region } = instance;
  const there = instance.stackId ? findStack(aws, account, region, instance.stackId) : undefined;
  try {
    if (action !== "DELETE") return await bring(aws, set, instance, there);
    return there && !retain ? await remove(aws, there) : undefined;
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    return refusal.message;
  }
}

async function bring(
  aws: EmbeddedAws,
  set: StackSet,
  instance: StackInstance,
  there: Stack | undefined,
): Promise<string | undefined> {
  const { account, region } = instance;
  const caller = { principal: executionRole(aws, account), region };
  const overridden = new Set(instance.overrides.map(({ ParameterKey }) => ParameterKey));
  const input = {
    TemplateBody: set.text,
    Parameters: [...set.parameters.filter(({ ParameterKey }) => !overridden.has(ParameterKey)), ...instance.overrides],
    Capabilities: set.capabilities,
    Tags: set.tags,
  };
  // A stack whose creation failed cannot be updated.
  if (there?.status.startsWith("ROLLBACK")) await remove(aws, there);
  if (there && there.status !== "DELETE_COMPLETE") {
    try {
      await aws.call("cloudformation", "UpdateStack", { StackName: there.id, ...input }, caller);
    } catch (refusal) {
      if (!(refusal instanceof AwsError && refusal.message === "No updates are to be performed.")) throw refusal;
    }
    return outcome(there);
  }
  const StackName = `StackSet-${set.name}-${aws.uuid()}`;
  const { StackId } = await aws.call<{ StackId: string }>(
    "cloudformation",
    "CreateStack",
    { StackName, ...input },
    caller,
  );
  instance.stackId = StackId;
  const stack = findStack(aws, account, region, StackId);
  return stack && outcome(stack);
}

async function remove(aws: EmbeddedAws, stack: Stack): Promise<string | undefined> {
  const caller = { principal: executionRole(aws, stack.account), region: stack.region };
  await aws.call("cloudformation", "DeleteStack", { StackName: stack.id }, caller);
  return outcome(stack);
}

/** @returns why the stack's operation failed, with the failed resource */
async function outcome(stack: Stack): Promise<string | undefined> {
  await stack.running;
  if (["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].includes(stack.status)) return undefined;
  const failed = stack.events.findLast(
    ({ status, physicalId }) => status.endsWith("_FAILED") && physicalId !== stack.id,
  );
  if (!failed) return `Stack ${stack.id} is in ${stack.status}`;
  return `ResourceLogicalId:${failed.logicalId}, ResourceType:${failed.type}, ResourceStatusReason:${failed.reason}`;
}

const policy = (Statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });

/**
 * The principal that creates a stack set's stacks in a member account: a role that StackSets creates there with all
 * permissions (StackSets user guide, "Service-managed permissions": `stacksets-exec-...`).
 */
function executionRole(aws: EmbeddedAws, account: string): Principal {
  const name = `stacksets-exec-${createHash("md5").update(account).digest("hex")}`;
  const arn = `arn:${aws.partition}:iam::${account}:role/${name}`;
  const { roles } = iamOf(aws, account);
  if (!roles.has(name)) {
    roles.set(name, {
      name,
      path: "/",
      arn,
      id: `AROA${aws.hexId(17).toUpperCase()}`,
      created: aws.clock.now(),
      description: "Role created by AWS CloudFormation StackSets",
      maxSessionDuration: 3600,
      trustPolicy: policy({
        Effect: "Allow",
        Principal: { Service: "member.org.stacksets.cloudformation.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      tags: new Map(),
      inline: new Map([["AdministratorAccess", policy({ Effect: "Allow", Action: "*", Resource: "*" })]]),
      attached: new Set(),
      boundary: undefined,
    });
  }
  return rolePrincipal(arn, "AWSCloudFormation");
}
