import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { accountPrincipal } from "../engine/principal.ts";
import type { Blueprint, BlueprintResource } from "./blueprint.ts";
import type { Site } from "./creator.ts";
import { CREATORS, WITHOUT_EFFECT } from "./creators.ts";
import { type Deployed, danglingArns } from "./dangling-arns.ts";
import { Inputs } from "./inputs.ts";
import { type Attributes, inDeploymentOrder, substituteReferences } from "./references.ts";

export interface DeployOptions {
  /** Absolute folder of the program: functions' handlers are relative to it. */
  readonly root: string;
  /** Values for `${secret.<name>}`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Told of each resource when it is there. */
  readonly onProgress?: (resource: { readonly type: string; readonly name: string }) => void;
}

/** What was created, by logical name; the last one wins where types share a name. */
export type Deployment = ReadonlyMap<string, Attributes>;

/**
 * Creates every resource of a blueprint by AWS's own API, as its account.
 * @throws Error naming the resource: of an unknown type, with inputs that nobody understands, refused by AWS, or
 *   naming something by ARN that is not there
 */
export async function deploy(aws: EmbeddedAws, blueprint: Blueprint, options: DeployOptions): Promise<Deployment> {
  refuseUnknownTypes(blueprint);
  const created = new Map<string, Attributes>();
  const deployed: Deployed[] = [];
  const arns = new Set<string>();
  for (const resource of inDeploymentOrder(blueprint.resources, Object.keys(CREATORS))) {
    const inputs = substituteReferences(resource, { created, secrets: options.secrets ?? {} });
    const attributes = await create(resource, inputs, siteOf(aws, blueprint, resource, options.root));
    deployed.push({ ...resource, inputs });
    created.set(resource.name, attributes);
    if (attributes.arn !== undefined) arns.add(attributes.arn);
    options.onProgress?.(resource);
  }
  const dangling = danglingArns(deployed, blueprint.account, arns);
  if (dangling.length) throw new Error(`The blueprint names what is not there:\n  ${dangling.join("\n  ")}`);
  return created;
}

function refuseUnknownTypes({ resources }: Blueprint): void {
  const unknown = resources.filter(
    ({ type }) => !Object.hasOwn(CREATORS, type) && !Object.hasOwn(WITHOUT_EFFECT, type),
  );
  if (unknown.length === 0) return;
  throw new Error(unknown.map(({ type, name }) => `the embedded AWS cannot deploy ${type} (${name})`).join("\n"));
}

async function create(resource: BlueprintResource, values: Record<string, unknown>, site: Site): Promise<Attributes> {
  const { type, name } = resource;
  const creator = CREATORS[type];
  if (!creator) return named(values);
  const inputs = new Inputs(values);
  let attributes: Attributes;
  try {
    attributes = await creator(inputs, site);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new Error(`${name} (${type}): ${code === undefined ? "" : `${code}: `}${message}`, { cause });
  }
  const unread = inputs.unread();
  if (unread.length) throw new Error(`${name} (${type}): the embedded AWS does not understand ${unread.join(", ")}`);
  return attributes;
}

/** Of a type without effect: no more than its name is known. */
const named = ({ name }: Record<string, unknown>): Attributes => (typeof name === "string" ? { id: name, name } : {});

function siteOf(aws: EmbeddedAws, { account }: Blueprint, resource: BlueprintResource, root: string): Site {
  const { region, name, handler } = resource;
  const caller = { principal: accountPrincipal(account), region };
  return {
    aws,
    account,
    region,
    name,
    root,
    handler,
    call: (service, operation, input) => aws.call(service, operation, input, caller),
  };
}
