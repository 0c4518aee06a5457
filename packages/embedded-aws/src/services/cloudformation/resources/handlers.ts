import { AwsError } from "../../../engine/operation.ts";
import type { Json } from "../template/template.ts";
import { eventsRule } from "./events-rule.ts";
import { differs, pick, type ResourceHandler, text } from "./handler.ts";
import { iamManagedPolicy, iamPolicy, iamRole } from "./iam.ts";
import { kmsAlias, kmsKey } from "./kms.ts";
import { organizationsPolicy, organizationsResourcePolicy } from "./organizations.ts";
import { ramResourceShare } from "./ram-resource-share.ts";
import { cloudformationStackSet } from "./stack-set.ts";

const written = (Name: string, properties: Json): Record<string, unknown> => ({
  Name,
  ...pick(properties, ["Type", "Value", "Tier", "Description", "DataType", "AllowedPattern", "Policies"]),
});

const ssmParameter: ResourceHandler = {
  required: ["Type", "Value"],
  optional: ["AllowedPattern", "DataType", "Description", "Name", "Policies", "Tags", "Tier"],
  async create(properties, context) {
    if (properties.Type === "SecureString") {
      throw new AwsError("ValidationException", "#/Type: SecureString is not a valid enum value");
    }
    const Name = text(properties.Name) ?? `CFN-${context.uniqueName(1000)}`;
    const Tags = Object.entries((properties.Tags ?? {}) as Json).map(([Key, Value]) => ({ Key, Value: String(Value) }));
    await context.call("ssm", "PutParameter", { ...written(Name, properties), ...(Tags.length > 0 && { Tags }) });
    return { physicalId: Name, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async update(properties, { physicalId, properties: before }, context) {
    if (differs(properties, before, ["Name", "Type", "DataType"])) return undefined;
    if (differs(properties, before, ["Tags"])) return undefined;
    await context.call("ssm", "PutParameter", { ...written(physicalId, properties), Overwrite: true });
    return { physicalId, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async delete({ physicalId }, { call }) {
    await call("ssm", "DeleteParameter", { Name: physicalId });
  },
};

/** The supported resource types. */
export const HANDLERS: Readonly<Record<string, ResourceHandler>> = {
  "AWS::CloudFormation::StackSet": cloudformationStackSet,
  "AWS::Events::Rule": eventsRule,
  "AWS::IAM::ManagedPolicy": iamManagedPolicy,
  "AWS::IAM::Policy": iamPolicy,
  "AWS::IAM::Role": iamRole,
  "AWS::KMS::Alias": kmsAlias,
  "AWS::KMS::Key": kmsKey,
  "AWS::Organizations::Policy": organizationsPolicy,
  "AWS::Organizations::ResourcePolicy": organizationsResourcePolicy,
  "AWS::RAM::ResourceShare": ramResourceShare,
  "AWS::SSM::Parameter": ssmParameter,
};
