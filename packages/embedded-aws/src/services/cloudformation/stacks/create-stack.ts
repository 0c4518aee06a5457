import { isDeepStrictEqual } from "node:util";
import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { UpdateStackCommandInput } from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, Operations } from "../../../engine/operation.ts";
import { type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { findStack, requireStack, type Stack, type StackSource, stacksOf } from "../state.ts";
import { requireCapabilities } from "../template/capabilities.ts";
import { lookUpParameters, parameterValues } from "../template/parameters.ts";
import { parseTemplate, templateText } from "../template/parse-template.ts";
import { requireKnownTypes } from "../template/resource-types.ts";
import { authorizeStack } from "./authorization.ts";
import { begin } from "./begin.ts";
import { runCreate, wantedResources } from "./run-create.ts";
import { runDelete } from "./run-delete.ts";
import { runUpdate } from "./run-update.ts";
import { tellStack } from "./stack-events.ts";

/** Nothing of these is built; leaving one out silently would make another stack than was asked for. */
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

/** What a request asks a stack to be made from; what it leaves out is as before. */
async function sourceOf(
  call: Call,
  input: UpdateStackCommandInput,
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

/** A stack takes no update while something is under way, nor after its creation was taken back. */
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
        throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`, { status: 400 });
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
} satisfies Operations<typeof Sdk>;
