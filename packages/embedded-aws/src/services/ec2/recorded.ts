import type { LaunchPermission, ModifyImageAttributeCommandInput } from "@aws-sdk/client-ec2";
import type { RecordedService } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";

type Members = Readonly<Record<string, unknown>>;

/** EC2 writes a list as `{"items": [...]}` (CloudTrail user guide, examples of StartInstances and CreateTags). */
const writing = { list: (items: readonly unknown[]) => ({ items }) };

/**
 * Operations from the time of the SOAP API are recorded with its names; newer ones as one member `<Operation>Request`
 * with the query API's names, and `<Operation>Response`. Samples are known for ModifyImageAttribute, DeregisterImage,
 * ModifySnapshotAttribute, CreateTags, StartInstances, and, of the newer ones, DeleteLaunchTemplate; the other
 * operations, including those of watermarks, are inferred from these.
 */
export const recorded: RecordedService = {
  eventSource: "ec2.amazonaws.com",
  source: "aws.ec2",
  isRead: (name) => /^(Describe|Get|List)/.test(name),
  requestParameters(name, input) {
    if (!SOAP.has(name)) return { [`${name}Request`]: asSent(input) };
    return written(name, input as Members);
  },
  responseElements(name, output, { requestId }) {
    const { Return, ...answer } = output as Members;
    if (!SOAP.has(name)) return { [`${name}Response`]: { ...asItems(output as Members), requestId } };
    const isPlain = Object.keys(answer).length === 0;
    return { requestId, ...asItems(answer), ...((isPlain || Return !== undefined) && { _return: true }) };
  },
  errorCode: (code) => `${SERVER.test(code) ? "Server" : "Client"}.${code}`,
};

/** EC2 API reference, "Error codes": those that are not the client's fault. */
const SERVER = /^(Insufficient.*Capacity|InternalError|InternalFailure|ServiceUnavailable|Unavailable)$/;

const SOAP: ReadonlySet<string> = new Set([
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "CopyImage",
  "CreateSecurityGroup",
  "CreateTags",
  "DeleteSecurityGroup",
  "DeleteSnapshot",
  "DeleteTags",
  "DeregisterImage",
  "ModifyImageAttribute",
  "ModifySnapshotAttribute",
  "RegisterImage",
  "ResetImageAttribute",
  "RevokeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
  "RunInstances",
  "StartInstances",
  "StopInstances",
  "TerminateInstances",
]);

function written(name: string, input: Members): object {
  switch (name) {
    case "ModifyImageAttribute":
      return modifiedImage(input as unknown as ModifyImageAttributeCommandInput);
    case "ResetImageAttribute":
      return { imageId: input.ImageId, attributeType: input.Attribute };
    default: {
      const { InstanceIds, Resources, Tags, ...rest } = input;
      return {
        ...asItems(rest),
        ...(Array.isArray(InstanceIds) && { instancesSet: itemsOf("instanceId", InstanceIds) }),
        ...(Array.isArray(Resources) && { resourcesSet: itemsOf("resourceId", Resources) }),
        ...(Array.isArray(Tags) && { tagSet: toElements(Tags, writing) }),
      };
    }
  }
}

/** Both forms of a request are recorded as the one with `LaunchPermission`. */
function modifiedImage(input: ModifyImageAttributeCommandInput): object {
  const { ImageId: imageId, LaunchPermission: launchPermission, Description: description } = input;
  if (launchPermission) {
    return { imageId, launchPermission: toElements(launchPermission, writing), attributeType: "launchPermission" };
  }
  const listed: LaunchPermission[] = [
    ...(input.UserIds ?? []).map((UserId) => ({ UserId })),
    ...(input.UserGroups ?? []).map((Group) => ({ Group: Group as "all" })),
    ...(input.OrganizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })),
    ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
  if (listed.length > 0 && input.OperationType) {
    const changed = { [input.OperationType]: toElements(listed, writing) };
    return { imageId, launchPermission: changed, attributeType: "launchPermission" };
  }
  const attributeType = input.Attribute ?? (description ? "description" : "imdsSupport");
  const value = description?.Value ?? input.ImdsSupport?.Value ?? input.Value;
  return { imageId, [attributeType]: { value }, attributeType };
}

const itemsOf = (member: string, values: readonly unknown[]) => ({ items: values.map((one) => ({ [member]: one })) });

const asItems = (value: Members): object => (toElements(value, writing) as object | null) ?? {};

/** Newer operations keep the members' names and lists; a sample of lists is known only for tags. */
const asSent = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
