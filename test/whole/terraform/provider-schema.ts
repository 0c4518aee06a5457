/** The part of `terraform providers schema -json` that describes a type's arguments. */
export interface ProviderSchema {
  readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: Block }>>;
}

export interface Block {
  readonly attributes?: Readonly<Record<string, { readonly type?: AttributeType }>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

/** `"string"`, `["list", "string"]`, `["set", ["object", { "from_port": "number" }]]` and the like. */
export type AttributeType =
  | string
  | readonly [kind: string, of: AttributeType | Readonly<Record<string, AttributeType>>];

/** Where `terraform providers schema -json` has the AWS provider's. */
export const AWS_PROVIDER = "registry.terraform.io/hashicorp/aws";

const snakeCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Terraform's type for Pulumi's: `aws:sqs/queue:Queue` is `aws_sqs_queue`; the oldest types of EC2 have no service name.
 * Functions, such as `aws:ec2/getVpc:getVpc`, are data sources.
 * @throws Error naming a type that the provider does not have
 */
export function terraformType(schema: ProviderSchema, pulumiType: string): { type: string; isData: boolean } {
  const [, service = "", noun = ""] = /^aws:(\w+)\/(\w+):/.exec(pulumiType) ?? [];
  const [isData, singular] = noun.startsWith("get") ? [true, noun.slice("getX".length - 1)] : [false, noun];
  const name = snakeCase(singular).replace(/^_/, "");
  const known = isData ? schema.data_source_schemas : schema.resource_schemas;
  const type = [`aws_${service}_${name}`, `aws_${name}`].find((one) => Object.hasOwn(known, one));
  if (!type) throw new Error(`The provider has no type for ${pulumiType}`);
  return { type, isData };
}

/** Arguments with another name in Pulumi. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_cloudformation_stack_set_instance: { stackSetInstanceRegion: "region" },
  aws_cloudwatch_metric_alarm: { name: "alarm_name" },
  aws_lambda_function: { name: "function_name" },
  aws_lambda_permission: { function: "function_name" },
  aws_sns_topic_subscription: { topic: "topic_arn" },
};

/**
 * Terraform's name for an input. Pulumi uses the plural for repeatable blocks. What the provider does not
 * know keeps its name, so that the provider refuses it.
 */
export function argumentName(block: Block, type: string, input: string): string {
  const renamed = RENAMED[type]?.[input];
  if (renamed) return renamed;
  const name = snakeCase(input);
  const isKnown = (one: string): boolean =>
    Object.hasOwn(block.attributes ?? {}, one) || Object.hasOwn(block.block_types ?? {}, one);
  return [name, name.replace(/ies$/, "y"), name.replace(/s$/, "")].find(isKnown) ?? name;
}

/** Terraform's name of an output: `keyId` is `key_id`. */
export const attributeName = snakeCase;
