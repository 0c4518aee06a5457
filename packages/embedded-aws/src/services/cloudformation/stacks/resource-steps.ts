import { isDeepStrictEqual } from "node:util";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import type { Existing, Made, ResourceContext, ResourceHandler } from "../resources/handler.ts";
import { HANDLERS } from "../resources/handlers.ts";
import { type Stack, type StackResource, type StackSource, tellResource } from "../state.ts";
import { referenceValue } from "../template/parameters.ts";
import { fillDynamicReferences, resolve, type Scope } from "../template/resolve.ts";
import type { Json, ResourceDeclaration } from "../template/template.ts";

/** Duration of creating, updating or deleting a resource. AWS's durations differ by type. */
const STEP_MS = 2_000;

/** A resource that could not be created, updated or deleted; AWS's reason is in its event. */
export interface Failure {
  readonly logicalId: string;
  readonly reason: string;
}

function contextOf(aws: EmbeddedAws, stack: Stack, logicalId: string): ResourceContext {
  const { account, region, principal } = stack;
  return {
    aws,
    account,
    region,
    logicalId,
    uniqueName(longest) {
      const end = `-${aws.hexId(12).toUpperCase()}`;
      return `${stack.name}-${logicalId}`.slice(0, longest - end.length) + end;
    },
    call: (service, operation, input) => aws.call(service, operation, input, { principal, region }),
  };
}

/** A resource's properties as its service receives them. */
export async function propertiesOf(
  aws: EmbeddedAws,
  stack: Stack,
  declared: ResourceDeclaration,
  scope = scopeOf(aws, stack),
): Promise<Json> {
  const resolved = resolve(declared.Properties ?? {}, scope);
  const caller = { principal: stack.principal, region: stack.region };
  return (await fillDynamicReferences(aws, caller, resolved)) as Json;
}

function handlerOf(type: string, properties: Json): ResourceHandler {
  const handler = HANDLERS[type];
  if (!handler) {
    const built = Object.keys(HANDLERS).join(", ");
    throw new AwsError("NotImplemented", `Resource type ${type} is not built in the embedded AWS; built are ${built}`);
  }
  const known = [...handler.required, ...handler.optional];
  const extra = Object.keys(properties).find((name) => !known.includes(name));
  const missing = handler.required.find((name) => properties[name] === undefined);
  const wrong = missing
    ? `#: required key [${missing}] not found`
    : extra && `#: extraneous key [${extra}] is not permitted`;
  if (wrong) throw new AwsError("InvalidRequest", `Properties validation failed for resource with message: [${wrong}]`);
  return handler;
}

/** Creates a resource; on failure, an event states the reason. */
export async function createResource(
  aws: EmbeddedAws,
  stack: Stack,
  logicalId: string,
  declared: ResourceDeclaration,
): Promise<Failure | undefined> {
  const resource: StackResource = {
    logicalId,
    type: declared.Type,
    physicalId: undefined,
    attributes: {},
    properties: {},
    deletionPolicy: declared.DeletionPolicy ?? "Delete",
  };
  tellResource(aws, stack, resource, "CREATE_IN_PROGRESS");
  return attempt(aws, stack, resource, "CREATE_FAILED", async () => {
    resource.properties = await propertiesOf(aws, stack, declared);
    const made = await handlerOf(resource.type, resource.properties).create(
      resource.properties,
      contextOf(aws, stack, logicalId),
    );
    take(resource, made);
    stack.resources.set(logicalId, resource);
    tellResource(aws, stack, resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
    await aws.clock.sleep(STEP_MS);
    tellResource(aws, stack, resource, "CREATE_COMPLETE");
  });
}

/**
 * Updates a resource in place. "replace" if that is not possible, "same" if nothing changes.
 * @param wanted the new declaration
 */
export async function updateResource(
  aws: EmbeddedAws,
  stack: Stack,
  resource: StackResource,
  wanted: () => Promise<Json>,
): Promise<Failure | "replace" | "same" | undefined> {
  const existing = existingOf(resource);
  let ended: "replace" | "same" | undefined;
  const failure = await attempt(aws, stack, resource, "UPDATE_FAILED", async () => {
    const properties = await wanted();
    if (isDeepStrictEqual(properties, resource.properties)) {
      ended = "same";
      return;
    }
    const handler = handlerOf(resource.type, properties);
    const made = await handler.update?.(properties, existing, contextOf(aws, stack, resource.logicalId));
    if (!made) {
      ended = "replace";
      return;
    }
    tellResource(aws, stack, resource, "UPDATE_IN_PROGRESS");
    take(resource, made);
    resource.properties = properties;
    await aws.clock.sleep(STEP_MS);
    tellResource(aws, stack, resource, "UPDATE_COMPLETE");
  });
  return failure ?? ended;
}

/** Deletes a resource, unless it is retained, and removes it from the stack's list if it is the listed one. */
export async function deleteResource(
  aws: EmbeddedAws,
  stack: Stack,
  resource: StackResource,
): Promise<Failure | undefined> {
  const leave = (): void => {
    if (stack.resources.get(resource.logicalId) === resource) stack.resources.delete(resource.logicalId);
  };
  if (resource.deletionPolicy === "Retain" || resource.physicalId === undefined) {
    tellResource(aws, stack, resource, "DELETE_SKIPPED");
    leave();
    return undefined;
  }
  tellResource(aws, stack, resource, "DELETE_IN_PROGRESS");
  return attempt(aws, stack, resource, "DELETE_FAILED", async () => {
    try {
      await handlerOf(resource.type, resource.properties).delete(
        existingOf(resource),
        contextOf(aws, stack, resource.logicalId),
      );
    } catch (refusal) {
      if (!isGone(refusal)) throw refusal;
    }
    await aws.clock.sleep(STEP_MS);
    tellResource(aws, stack, resource, "DELETE_COMPLETE");
    leave();
  });
}

/** The resource was already deleted outside the stack. */
const isGone = (refusal: unknown): boolean =>
  refusal instanceof AwsError && /NotFound|NoSuchEntity|DoesNotExist|UnknownResource/.test(refusal.code);

const existingOf = ({ physicalId = "", attributes, properties }: StackResource): Existing => ({
  physicalId,
  attributes,
  properties,
});

function take(resource: StackResource, { physicalId, attributes = {} }: Made): void {
  resource.physicalId = physicalId;
  resource.attributes = attributes;
}

/** An AWS error becomes an event; any other error is a bug of the embedded AWS, and is thrown. */
async function attempt(
  aws: EmbeddedAws,
  stack: Stack,
  resource: StackResource,
  failed: "CREATE_FAILED" | "UPDATE_FAILED" | "DELETE_FAILED",
  act: () => Promise<void>,
): Promise<Failure | undefined> {
  try {
    await act();
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    const reason = `Resource handler returned message: "${refusal.message}" (RequestToken: ${aws.uuid()}, HandlerErrorCode: ${codeOf(refusal)})`;
    tellResource(aws, stack, resource, failed, reason);
    return { logicalId: resource.logicalId, reason };
  }
}

/** Error codes of the CloudFormation registry's handlers (CLI user guide, "Handler error codes"). */
function codeOf({ code }: AwsError): string {
  if (/AlreadyExists|ResourceExists/.test(code)) return "AlreadyExists";
  if (/AccessDenied|Unauthorized|NotPermitted/.test(code)) return "AccessDenied";
  if (/NotFound|NoSuchEntity|UnknownResource/.test(code)) return "NotFound";
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(code)) return "Throttling";
  return code === "GeneralServiceException" ? code : "InvalidRequest";
}

/** What a stack's template can refer to, including its existing resources. */
export function scopeOf(aws: EmbeddedAws, stack: Stack, { template, parameters }: StackSource = stack.source): Scope {
  const values = new Map<string, unknown>([
    ["AWS::AccountId", stack.account],
    ["AWS::NotificationARNs", []],
    ["AWS::Partition", aws.partition],
    ["AWS::Region", stack.region],
    ["AWS::StackId", stack.id],
    ["AWS::StackName", stack.name],
    ["AWS::URLSuffix", "amazonaws.com"],
  ]);
  for (const [key, one] of parameters) {
    const declared = template.Parameters[key];
    if (declared) values.set(key, referenceValue(declared, one));
  }
  return {
    template,
    values,
    resource(id) {
      const found = stack.resources.get(id);
      return found?.physicalId === undefined ? undefined : { ...found, physicalId: found.physicalId };
    },
  };
}
