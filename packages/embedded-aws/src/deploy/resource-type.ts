import type { GetRoleCommandOutput } from "@aws-sdk/client-iam";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Inputs } from "./inputs.ts";
import type { Attributes } from "./references.ts";

/** Where a resource is, and how to call AWS for it. */
export interface Site {
  readonly aws: EmbeddedAws;
  readonly account: string;
  readonly region: string;
  /** The resource's logical name, for messages. */
  readonly name: string;
  /** The program's folder: sources of functions. */
  readonly root: string;
  /** Functions only. */
  readonly handler: string | undefined;
  /** Calls an API operation as the account. */
  call<Output = unknown>(signingName: string, operation: string, input: object): Promise<Output>;
}

/** A resource as an earlier deployment left it. */
export interface Existing {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
}

/** Creates a resource by AWS's API; answers the attributes that other resources may refer to. */
export type Create = (inputs: Inputs, site: Site) => Promise<Attributes>;
/** Updates an existing resource to new inputs by AWS's API. */
type Update = (inputs: Inputs, site: Site, before: Existing) => Promise<Attributes>;
type Delete = (existing: Existing, site: Site) => Promise<unknown>;

/** How the provider manages the resources of one Pulumi type. */
export interface ResourceType {
  readonly create: Create;
  /** Omitted: each change replaces the resource. */
  readonly update?: Update;
  readonly delete: Delete;
  /** Called for a resource whose inputs did not change. */
  readonly refresh?: (existing: Existing, site: Site) => Promise<Attributes>;
  /** Inputs whose change replaces the resource: `ForceNew` in the provider's schema. */
  readonly replacedBy?: readonly string[];
  /** The input that the provider generates if the program omits it; `name` by default. */
  readonly autoNamed?: string;
}

/** For APIs whose put operation both creates and updates. */
export const put = (type: Omit<ResourceType, "update">): ResourceType => ({ ...type, update: type.create });

/** Tags as most APIs take them. */
export const tagList = (inputs: Inputs): { Key: string; Value: string }[] => toTagList(inputs.textMap("tags") ?? {});

export const toTagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Attributes of a resource whose ARN follows from its name. */
export const known = (id: string, arn: string): Attributes => ({ id, name: id, arn });

/** The operations that change a resource's tags, with their inputs. */
interface Tagging {
  readonly service: string;
  tag(set: Readonly<Record<string, string>>): readonly [operation: string, input: object];
  untag(keys: string[]): readonly [operation: string, input: object];
}

/** Sets new and changed tags, and removes the others. */
export async function retag(inputs: Inputs, before: Existing, site: Site, { service, tag, untag }: Tagging) {
  const was = before.inputs.textMap("tags") ?? {};
  const is = inputs.textMap("tags") ?? {};
  const gone = Object.keys(was).filter((key) => !Object.hasOwn(is, key));
  const set = Object.fromEntries(Object.entries(is).filter(([key, value]) => was[key] !== value));
  if (gone.length > 0) await site.call(service, ...untag(gone));
  if (Object.keys(set).length > 0) await site.call(service, ...tag(set));
}

/** `TagResource` and `UntagResource` of services that take `resourceArn`, and tags as an object. */
export const byResourceArn = (service: string, resourceArn: string | undefined): Tagging => ({
  service,
  tag: (tags) => ["TagResource", { resourceArn, tags }],
  untag: (tagKeys) => ["UntagResource", { resourceArn, tagKeys }],
});

/**
 * Lookups during a deployment: `{{resolve:ssm:<parameter>}}`, as CloudFormation spells it, and
 * `{{resolve:iam-role-id:<role's name>}}`.
 */
const LOOKUP = /\{\{resolve:(ssm|iam-role-id):([\w./+=,@:-]+)\}\}/g;

/** The inputs with every lookup replaced by its current value in the resource's region. */
export async function resolveLookups(inputs: Record<string, unknown>, site: Site): Promise<Record<string, unknown>> {
  const text = JSON.stringify(inputs);
  const found = new Map<string, string>();
  for (const [lookup, kind, name = ""] of text.matchAll(LOOKUP)) {
    if (!found.has(lookup)) found.set(lookup, JSON.stringify(await lookUp(kind, name, site)).slice(1, -1));
  }
  return found.size === 0 ? inputs : JSON.parse(text.replace(LOOKUP, (lookup) => found.get(lookup) ?? lookup));
}

async function lookUp(kind: string | undefined, name: string, site: Site): Promise<string> {
  if (kind === "iam-role-id") {
    return (await site.call<GetRoleCommandOutput>("iam", "GetRole", { RoleName: name })).Role?.RoleId ?? "";
  }
  return (await site.call<GetParameterCommandOutput>("ssm", "GetParameter", { Name: name })).Parameter?.Value ?? "";
}
