import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { accountPrincipal } from "../engine/principal.ts";
import { openCache } from "../lambda-runtime/bundle-cache.ts";
import { parseProgram } from "../lambda-runtime/bundle-handlers.ts";
import { iamOf } from "../services/iam/state.ts";
import { kmsState } from "../services/kms/state.ts";
import type { Blueprint, BlueprintResource } from "./blueprint.ts";
import {
  type Action,
  dependentsToReplace,
  judgeChange,
  keyOf,
  type Stack,
  type StackResource,
  stackOf,
} from "./change.ts";
import { type Deployed, danglingArns } from "./dangling-arns.ts";
import { Inputs } from "./inputs.ts";
import { type Attributes, inDeploymentOrder, refuseAmbiguousReferences, substituteReferences } from "./references.ts";
import { type Existing, type ResourceType, resolveLookups, type Site } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

export interface DeployOptions {
  /**
   * Absolute folder of the program; functions' handlers are relative to it. `?<query>` is for its `bundle.config.ts`.
   */
  readonly root: string;
  /** Values for `${secret.<name>}`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Called after each resource. */
  readonly onProgress?: (resource: Progress) => void;
}

export interface Progress {
  readonly type: string;
  readonly name: string;
  readonly action: Action;
}

/** The deployed resources' attributes by logical name; if types share a name, the last one wins. */
export type Deployment = ReadonlyMap<string, Attributes>;

/**
 * Deploys a blueprint over what an earlier deployment left in its account and region, by AWS's own API and as that
 * account. The order is Pulumi's: after its dependencies each resource is left alone, created, updated or replaced;
 * replaced and removed resources are deleted at the end. Steps before a failure are kept, and the next deployment
 * continues from there.
 * @throws Error naming the resource: of an unknown type, with unknown inputs, refused by AWS, protected, or naming an
 *   ARN that does not exist; FolderUnusable if functions' bundles cannot be stored
 */
export async function deploy(aws: EmbeddedAws, blueprint: Blueprint, options: DeployOptions): Promise<Deployment> {
  refuseUnknownTypes(blueprint);
  refuseAmbiguousReferences(blueprint.resources);
  const stack = stackOf(aws, blueprint.account, blueprint.buildRegion);
  refuseProtected(stack, blueprint);
  requireCache(blueprint, options);
  const created = new Map<string, Attributes>();
  const run = new Run({ aws, blueprint, options, stack });
  const deployed: Deployed[] = [];
  const arns = new Set([...rolesOfOthers(aws, blueprint.account, stack), ...keysOfOthers(aws, blueprint)]);
  for (const resource of inDeploymentOrder(blueprint.resources, Object.keys(RESOURCE_TYPES))) {
    const inputs = substituteReferences(resource, { created, secrets: options.secrets ?? {} });
    const attributes = await run.bring(resource, inputs);
    deployed.push({ ...resource, inputs });
    created.set(resource.name, attributes);
    if (attributes.arn !== undefined) arns.add(attributes.arn);
  }
  await run.deleteTheRest();
  const dangling = danglingArns(deployed, blueprint.account, arns);
  if (dangling.length) throw new Error(`The blueprint names resources that do not exist:\n  ${dangling.join("\n  ")}`);
  return created;
}

/**
 * Checks that functions' bundles can be stored. Without this check each function would fail when it is invoked.
 * @throws FolderUnusable
 */
export function requireCache({ resources }: Blueprint, { root }: Pick<DeployOptions, "root">): void {
  if (resources.some(({ handler }) => handler !== undefined)) openCache(parseProgram(root).root);
}

/** A program may name keys that existed before the deployment; keys that it creates have no ARN at that point. */
const keysOfOthers = (aws: EmbeddedAws, { account, buildRegion, resources }: Blueprint): string[] =>
  [...new Set([buildRegion, ...resources.map(({ region }) => region)])].flatMap((region) =>
    [...aws.state(kmsState, account, region).keys.values()].map(({ arn }) => arn),
  );

/** A program may name roles that existed before the deployment. */
function rolesOfOthers(aws: EmbeddedAws, account: string, { resources }: Stack): string[] {
  const own = new Set([...resources.values()].map(({ attributes }) => attributes.arn));
  return [...iamOf(aws, account).roles.values()].map(({ arn }) => arn).filter((arn) => !own.has(arn));
}

function refuseUnknownTypes({ resources }: Blueprint): void {
  const unknown = resources.filter(({ type }) => !Object.hasOwn(RESOURCE_TYPES, type));
  if (unknown.length === 0) return;
  throw new Error(unknown.map(({ type, name }) => `the embedded AWS cannot deploy ${type} (${name})`).join("\n"));
}

/** Pulumi's engine deletes no protected resource, and fails before the first step. */
function refuseProtected({ resources }: Stack, blueprint: Blueprint): void {
  const kept = new Set(blueprint.resources.map(keyOf));
  for (const [key, { resource }] of resources) {
    if (resource.options?.protect && !kept.has(key)) throw isProtected(resource);
  }
}

const isProtected = ({ name, type }: BlueprintResource): Error =>
  new Error(`${name} (${type}) cannot be deleted, because it is protected: deploy it once without \`protect\``);

interface Parts {
  readonly aws: EmbeddedAws;
  readonly blueprint: Blueprint;
  readonly options: DeployOptions;
  readonly stack: Stack;
}

/** One deployment in progress. The stack is consistent after each step. */
class Run {
  readonly #aws: EmbeddedAws;
  readonly #blueprint: Blueprint;
  readonly #options: DeployOptions;
  readonly #stack: Stack;
  readonly #deletedFirst = new Set<string>();

  constructor({ aws, blueprint, options, stack }: Parts) {
    this.#aws = aws;
    this.#blueprint = blueprint;
    this.#options = options;
    this.#stack = stack;
  }

  /** Creates, updates or replaces a resource, or leaves it alone. */
  async bring(resource: BlueprintResource, values: Record<string, unknown>): Promise<Attributes> {
    const key = keyOf(resource);
    const inputs = await naming(resource, undefined, () => resolveLookups(values, this.#site(resource)));
    const existing = this.#stack.resources.get(key);
    if (!existing) return this.#create(resource, inputs, this.#deletedFirst.has(key) ? "replace" : "create");
    const change = judgeChange(existing, resource, inputs);
    switch (change.action) {
      case "same":
        return this.#refresh(resource, existing);
      case "update":
        return this.#update(resource, change.inputs, existing);
      case "replace":
        if (change.deleteFirst) {
          const dependents = dependentsToReplace(existing, [...this.#stack.resources.values()]);
          for (const one of [...dependents, existing]) {
            await this.#delete(one);
            this.#deletedFirst.add(keyOf(one.resource));
          }
        } else {
          this.#stack.replaced.push(existing);
        }
        return this.#create(resource, change.inputs, "replace");
    }
  }

  /** Last step: deletes replaced and removed resources, dependents first. */
  async deleteTheRest(): Promise<void> {
    const kept = new Set(this.#blueprint.resources.map(keyOf));
    const gone = [...this.#stack.resources.values()].filter(({ resource }) => !kept.has(keyOf(resource)));
    const doomed = new Map([...gone, ...this.#stack.replaced].map((one) => [one.resource, one]));
    const order = inDeploymentOrder([...doomed.keys()], Object.keys(RESOURCE_TYPES));
    for (const resource of order.toReversed()) {
      const one = doomed.get(resource);
      if (one) await this.#delete(one);
    }
  }

  async #create(
    resource: BlueprintResource,
    values: Record<string, unknown>,
    action: "create" | "replace",
  ): Promise<Attributes> {
    const inputs = new Inputs(values);
    const attributes = await naming(resource, inputs, () => typeOf(resource).create(inputs, this.#site(resource)));
    this.#keep(resource, values, attributes, action);
    return attributes;
  }

  async #update(resource: BlueprintResource, values: Record<string, unknown>, before: StackResource) {
    const { update } = typeOf(resource);
    // Without `update` every change replaces the resource.
    if (!update) throw new Error(`${resource.type} is never updated`);
    const inputs = new Inputs(values);
    const attributes = await naming(resource, inputs, () => update(inputs, this.#site(resource), toExisting(before)));
    this.#keep(resource, values, attributes, "update");
    return attributes;
  }

  async #refresh(resource: BlueprintResource, existing: StackResource): Promise<Attributes> {
    const { inputs } = existing;
    const { refresh } = typeOf(resource);
    const attributes = refresh
      ? await naming(resource, undefined, () => refresh(toExisting(existing), this.#site(resource)))
      : existing.attributes;
    this.#keep(resource, inputs, attributes, "same");
    return attributes;
  }

  async #delete(one: StackResource): Promise<void> {
    const { resource } = one;
    const { protect, retainOnDelete } = resource.options ?? {};
    if (protect) throw isProtected(resource);
    if (!retainOnDelete) {
      const existing = toExisting(one);
      await naming(resource, undefined, () => typeOf(resource).delete(existing, this.#site(resource, one.root)));
    }
    const { resources, replaced } = this.#stack;
    if (resources.get(keyOf(resource)) === one) resources.delete(keyOf(resource));
    this.#stack.replaced = replaced.filter((other) => other !== one);
    this.#done(resource, retainOnDelete ? "retain" : "delete");
  }

  #keep(resource: BlueprintResource, inputs: StackResource["inputs"], attributes: Attributes, action: Action): void {
    this.#stack.resources.set(keyOf(resource), { resource, inputs, attributes, root: this.#options.root });
    this.#done(resource, action);
  }

  #done({ type, name }: BlueprintResource, action: Action): void {
    this.#options.onProgress?.({ type, name, action });
  }

  #site({ region, name, handler }: BlueprintResource, root = this.#options.root): Site {
    const { account } = this.#blueprint;
    const caller = { principal: accountPrincipal(account), region };
    return {
      aws: this.#aws,
      account,
      region,
      name,
      root,
      handler,
      call: (service, operation, input) => this.#aws.call(service, operation, input, caller),
    };
  }
}

const toExisting = ({ inputs, attributes }: StackResource): Existing => ({ inputs: new Inputs(inputs), attributes });

/** Adds the resource's name to a failure; inputs that were not read are a failure, too. */
async function naming<T>(
  { type, name }: BlueprintResource,
  inputs: Inputs | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let answer: T;
  try {
    answer = await work();
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new Error(`${name} (${type}): ${code === undefined ? "" : `${code}: `}${message}`, { cause });
  }
  const unread = inputs?.unread() ?? [];
  if (unread.length) throw new Error(`${name} (${type}): the embedded AWS does not understand ${unread.join(", ")}`);
  return answer;
}

/** A type without effect only has its name. Unknown types were refused before the deployment. */
function typeOf({ type }: BlueprintResource): ResourceType {
  const found = RESOURCE_TYPES[type];
  if (!found) throw new Error(`the embedded AWS cannot deploy ${type}`);
  return found;
}
