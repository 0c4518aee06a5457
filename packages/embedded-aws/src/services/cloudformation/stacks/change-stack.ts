import { isDeepStrictEqual } from "node:util";
import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { givingRole } from "../../iam/assert-assumable.ts";
import { requestTagContext } from "../../tag-context.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { findStack, requireStack, type Stack, type StackSource, stacksOf, tellStack } from "../state.ts";
import { lookUpParameters, parameterValues } from "../template/parameters.ts";
import { parseTemplate, requireCapabilities, requireKnownTypes, templateText } from "../template/parse-template.ts";
import { runCreate, runDelete, runUpdate, wantedResources } from "./run-stack.ts";

/** Not built. Ignoring one of these would silently create a different stack than requested. */
const NOT_BUILT = ["ResourceTypes", "RollbackConfiguration", "StackPolicyBody", "StackPolicyURL", "TimeoutInMinutes"];

function requireBuilt(operation: string, input: object): void {
  const asked = [...NOT_BUILT, "NotificationARNs", "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL"];
  const found = asked.find((name) => {
    const value = (input as Record<string, unknown>)[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (found) throw notBuilt(`${operation} with ${found}`);
}

const principalOf = (call: Call, roleArn: string | undefined): Principal =>
  roleArn ? rolePrincipal(roleArn, "AWSCloudFormation") : call.principal;

/** The request's template and parameters; omitted ones stay as before. */
async function sourceOf(
  call: Call,
  input: Sdk.UpdateStackCommandInput,
  principal: Principal,
  before?: StackSource,
): Promise<StackSource> {
  const text = input.UsePreviousTemplate && before ? before.text : templateText(input);
  const template = parseTemplate(text);
  requireKnownTypes(template);
  const given = parameterValues(template, input.Parameters ?? [], before?.parameters);
  requireCapabilities(template, input.Capabilities);
  const caller = { principal, region: call.region };
  return {
    text,
    template,
    parameters: await lookUpParameters(call.aws, caller, template, given),
    tags: input.Tags ?? before?.tags ?? [],
    capabilities: input.Capabilities ?? [],
  };
}

/** A stack cannot be updated during another operation, nor after a rolled-back creation. */
const UPDATABLE = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "CREATE_FAILED",
  "IMPORT_COMPLETE",
]);

export const operations = {
  CreateStack: {
    authorize: (input, call) => authorizeStack(call, input),
    async run(input, call) {
      const { aws, account, region } = call;
      requireBuilt("CreateStack", input);
      const name = input.StackName ?? "";
      if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
        throw validationError(
          `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
        );
      }
      if (findStack(aws, account, region, name)) {
        throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
      }
      if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
        throw validationError("You can specify either DisableRollback or OnFailure, but not both.");
      }
      const principal = principalOf(call, input.RoleARN);
      const source = await sourceOf(call, input, principal);
      const stack: Stack = {
        id: `arn:${aws.partition}:cloudformation:${region}:${account}:stack/${name}/${aws.uuid()}`,
        name,
        account,
        region,
        created: aws.clock.now(),
        updated: undefined,
        deleted: undefined,
        source,
        principal,
        roleArn: input.RoleARN,
        disableRollback: input.DisableRollback ?? input.OnFailure === "DO_NOTHING",
        terminationProtection: input.EnableTerminationProtection ?? false,
        status: "CREATE_IN_PROGRESS",
        reason: undefined,
        resources: new Map(),
        outputs: [],
        events: [],
        running: Promise.resolve(),
      };
      wantedResources(aws, stack);
      stacksOf(aws, account, region).set(stack.id, stack);
      tellStack(aws, stack, "CREATE_IN_PROGRESS", "User Initiated");
      begin(aws, stack, async () => {
        await runCreate(aws, stack);
        if (input.OnFailure !== "DELETE" || stack.status !== "ROLLBACK_COMPLETE") return;
        tellStack(aws, stack, "DELETE_IN_PROGRESS");
        await runDelete(aws, stack);
      });
      return { StackId: stack.id };
    },
  },
  UpdateStack: {
    authorize: (input, call) => authorizeStack(call, input),
    async run(input, call) {
      const { aws, account, region } = call;
      requireBuilt("UpdateStack", input);
      const stack = requireStack(aws, account, region, input.StackName);
      if (!UPDATABLE.has(stack.status)) {
        throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
      }
      const before = stack.source;
      const roleArn = input.RoleARN ?? stack.roleArn;
      const principal = principalOf(call, roleArn);
      const source = await sourceOf(call, input, principal, before);
      if (
        isDeepStrictEqual(
          [source.template, [...source.parameters], source.tags],
          [before.template, [...before.parameters], before.tags],
        )
      ) {
        throw validationError("No updates are to be performed.");
      }
      wantedResources(aws, stack, source);
      stack.source = source;
      stack.principal = principal;
      stack.roleArn = roleArn;
      stack.updated = aws.clock.now();
      tellStack(aws, stack, "UPDATE_IN_PROGRESS", "User Initiated");
      begin(aws, stack, () => runUpdate(aws, stack, before));
      return { StackId: stack.id };
    },
  },
  /** Deleting a stack that does not exist, or is deleted, succeeds. */
  DeleteStack: {
    authorize: (input, call) => authorizeStack(call, input),
    run({ StackName = "", RoleARN, RetainResources, DeletionMode }, call) {
      const { aws, account, region } = call;
      if (DeletionMode === "FORCE_DELETE_STACK") throw notBuilt("DeleteStack with DeletionMode FORCE_DELETE_STACK");
      const stack = findStack(aws, account, region, StackName);
      if (!stack || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS") return;
      if (stack.terminationProtection) {
        throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      }
      if (stack.status.endsWith("_IN_PROGRESS")) {
        // AWS would cancel the operation; here it must end first.
        throw notBuilt(`DeleteStack while ${stack.status}`);
      }
      if (RetainResources?.length && stack.status !== "DELETE_FAILED") {
        throw validationError(
          "Invalid operation on stack. RetainResources is only allowed when the stack is in DELETE_FAILED state.",
        );
      }
      const role = RoleARN ?? stack.roleArn;
      stack.principal = role ? rolePrincipal(role, "AWSCloudFormation") : call.principal;
      tellStack(aws, stack, "DELETE_IN_PROGRESS", "User Initiated");
      begin(aws, stack, () => runDelete(aws, stack, RetainResources));
    },
  },
} satisfies Operations<typeof Sdk>;

/** Starts an operation of a stack; its request is answered before. `stack.running` settles at its end. */
function begin(aws: EmbeddedAws, stack: Stack, work: () => Promise<void>): void {
  stack.running = new Promise((resolve, reject) => {
    aws.clock.after(0, async () => {
      try {
        await work();
        resolve();
      } catch (fault) {
        // Fails callers that wait for the stack, and the clock, which ends the run.
        reject(fault);
        throw fault;
      }
    });
  });
  // Usually no caller awaits it.
  stack.running.catch(() => {});
}

interface Asked {
  readonly StackName?: string | undefined;
  readonly RoleARN?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** Authorizes the stack, and the role that CloudFormation should assume. */
export function authorizeStack(call: Call, { StackName = "", RoleARN, Tags = [] }: Asked): Partial<Authorization>[] {
  const { aws, account, region } = call;
  const prefix = `arn:${aws.partition}:cloudformation:${region}:${account}:stack/`;
  // A new stack has no id yet, so its name decides.
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
