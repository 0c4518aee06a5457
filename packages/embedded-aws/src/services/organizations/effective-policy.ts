import type * as Sdk from "@aws-sdk/client-organizations";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { policiesAbove } from "./attachments.ts";
import { accountResources, ownOrganization, policyTypeContext } from "./resources.ts";
import { notBuilt, organizationWith, refusal, targetNotFound } from "./state.ts";

export const operations = {
  DescribeEffectivePolicy: {
    authorize: ({ TargetId, PolicyType }, call) =>
      accountResources(call, TargetId ?? call.account, policyTypeContext(PolicyType)),
    run({ PolicyType, TargetId }, call) {
      const organization = ownOrganization(call);
      const target = TargetId ?? call.account;
      if (!organization.accounts.has(target)) throw targetNotFound();
      if (PolicyType !== "DECLARATIVE_POLICY_EC2") throw notBuilt(`an effective policy of type ${PolicyType}`);
      const policy = effectivePolicy(call.aws, target, PolicyType);
      if (!policy) {
        throw refusal("EffectivePolicyNotFoundException", "The account doesn't have an effective policy of this type.");
      }
      return {
        EffectivePolicy: {
          PolicyContent: JSON.stringify(policy),
          LastUpdatedTimestamp: organization.policiesChangedAt,
          TargetId: target,
          PolicyType,
        },
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/**
 * The merged management policies of a type for an account, including the management account:
 * `{ ec2_attributes: { allowed_images_settings: { state: "enabled", ... } } }`. All values are strings or lists of
 * strings. Undefined if there are none.
 */
export function effectivePolicy(
  aws: EmbeddedAws,
  account: string,
  type: "DECLARATIVE_POLICY_EC2",
): Readonly<Record<string, unknown>> | undefined {
  const organization = organizationWith(aws, account);
  const member = organization?.accounts.get(account);
  if (!organization || !member) return undefined;
  const levels = policiesAbove(organization, type, member);
  return inherit(levels.map((policies) => policies.map(({ content }) => content)));
}

/**
 * How management policies are merged from the root down to an account (Organizations user guide, "Inheritance
 * operators": values are assigned, appended or removed; a parent can restrict its children's operators).
 */
const OPERATORS = ["@@assign", "@@append", "@@remove"] as const;

const CONTROL = "@@operators_allowed_for_child_policies";
const CONTROLS: readonly string[] = ["@@all", "@@none", ...OPERATORS];

type Json = Readonly<Record<string, unknown>>;
type Value = string | readonly string[];

interface Node {
  value: Value | undefined;
  readonly children: Map<string, Node>;
  /** Operators that lower policies may use; undefined: all. */
  allowed: readonly string[] | undefined;
  /** Takes effect below the level that sets it. */
  allowedBelow: readonly string[] | undefined;
}

const newNode = (): Node => ({ value: undefined, children: new Map(), allowed: undefined, allowedBelow: undefined });

/**
 * @param levels policies (JSON) by level, from the root to the account.
 * @returns the result; undefined without policies
 */
function inherit(levels: readonly (readonly string[])[]): Json | undefined {
  const root = newNode();
  for (const policies of levels) {
    for (const policy of policies) merge(root, JSON.parse(policy) as Json, true);
    settle(root);
  }
  const result = toJson(root);
  return typeof result === "object" && !Array.isArray(result) ? (result as Json) : undefined;
}

/** The first error in a policy's tree of operators. `where` is its path. */
export function faultOf(policy: unknown, where: string): string | undefined {
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    return `${where} must be an object with ${OPERATORS.join(", ")} or with further keys.`;
  }
  for (const [key, value] of Object.entries(policy)) {
    const at = `${where}.${key}`;
    if (!key.startsWith("@@")) {
      const fault = faultOf(value, at);
      if (fault !== undefined) return fault;
      continue;
    }
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (key !== CONTROL && !OPERATORS.some((one) => one === key)) return `${at} is not an operator.`;
    if (values.some((one) => !["string", "number", "boolean"].includes(typeof one))) return `${at} must be text.`;
    if (key === CONTROL && values.some((one) => !CONTROLS.includes(String(one)))) {
      return `${at} can have ${CONTROLS.join(", ")}.`;
    }
  }
  return undefined;
}

function merge(node: Node, policy: Json, free: boolean): void {
  const may = (operator: string): boolean => free && (node.allowed?.includes(operator) ?? true);
  for (const [key, value] of Object.entries(policy)) {
    if (key === CONTROL) {
      if (free && node.allowed === undefined) node.allowedBelow = permitted(value);
    } else if (key.startsWith("@@")) {
      if (may(key)) node.value = applied(node.value, key, value);
    } else {
      const child = node.children.get(key) ?? newNode();
      node.children.set(key, child);
      // A key that a parent locks also locks everything below it.
      merge(child, value as Json, free && node.allowed?.length !== 0);
    }
  }
}

function settle(node: Node): void {
  node.allowed ??= node.allowedBelow;
  for (const child of node.children.values()) settle(child);
}

function permitted(value: unknown): readonly string[] | undefined {
  const named = listOf(value);
  if (named.includes("@@all")) return undefined;
  return named.filter((one) => one !== "@@none");
}

function applied(current: Value | undefined, operator: string, value: unknown): Value {
  if (operator === "@@assign") return Array.isArray(value) ? value.map(String) : String(value);
  const before = current === undefined ? [] : listOf(current);
  const named = listOf(value);
  if (operator === "@@remove") return before.filter((one) => !named.includes(one));
  return [...before, ...named.filter((one) => !before.includes(one))];
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

function toJson(node: Node): unknown {
  if (node.value !== undefined) return node.value;
  const members = [...node.children].map(([key, child]) => [key, toJson(child)] as const);
  const said = members.filter(([, value]) => value !== undefined);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
