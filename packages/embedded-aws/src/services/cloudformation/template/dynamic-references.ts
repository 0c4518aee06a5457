import type { Caller, EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { readParameterAs } from "../../ssm/read-parameters.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { isObject } from "./template.ts";

const REFERENCE = /\{\{resolve:([a-z-]+):([^{}]*)\}\}/g;

/**
 * Properties with `{{resolve:ssm:name:version}}` filled in. Only parameters of the stack's own account and region can be
 * named: a shared one's ARN cannot (Systems Manager user guide, "Working with shared parameters").
 * @throws AwsError ValidationError, NotImplemented for secrets
 */
export async function fillDynamicReferences(aws: EmbeddedAws, caller: Caller, value: unknown): Promise<unknown> {
  if (typeof value === "string") return fill(aws, caller, value);
  if (Array.isArray(value)) return Promise.all(value.map((one) => fillDynamicReferences(aws, caller, one)));
  if (!isObject(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, one] of Object.entries(value)) members.push([key, await fillDynamicReferences(aws, caller, one)]);
  return Object.fromEntries(members);
}

async function fill(aws: EmbeddedAws, caller: Caller, text: string): Promise<string> {
  let filled = text;
  for (const [whole, service, reference = ""] of text.matchAll(REFERENCE)) {
    if (service !== "ssm") throw notBuilt(`the dynamic reference ${whole}`);
    if (reference.startsWith("arn:")) {
      throw validationError(`Incorrect format is used in the following SSM reference: [${reference}]`);
    }
    const { value } = await readParameterAs(aws, caller, reference);
    filled = filled.replace(whole, () => value);
  }
  return filled;
}
