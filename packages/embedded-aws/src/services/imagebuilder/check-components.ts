import type { Component, ComponentConfiguration, Platform } from "@aws-sdk/client-imagebuilder";
import type { Call } from "../../engine/operation.ts";
import { requireArn } from "./check-input.ts";
import { invalidCombination, invalidValue } from "./refusals.ts";
import { findResource } from "./resources.ts";

/** Checks a recipe's components; answers the one platform that they are for, undefined where there are none. */
export function checkComponents(call: Call, asked: readonly ComponentConfiguration[]): Platform | undefined {
  const components = asked.map((one, index) => checkComponent(call, one, index));
  const platform = components[0]?.platform;
  const other = components.find((one) => one.platform !== platform);
  if (other) {
    throw invalidCombination(
      `The components must be for one platform; '${other.arn}' is for ${other.platform}, not ${platform}.`,
    );
  }
  return platform;
}

function checkComponent(call: Call, asked: ComponentConfiguration, index: number): Component {
  const parameter = `components[${index}].componentArn`;
  const { componentArn: arn = "" } = asked;
  requireArn(arn, "component", "build-or-pattern", parameter);
  const found = findResource(call.aws, call, "Component", arn);
  if (!found) throw invalidValue(parameter, `The component '${arn}' does not exist.`);
  const known = (found.parameters ?? []).map(({ name }) => name);
  const unknown = (asked.parameters ?? []).map(({ name }) => name ?? "").filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw invalidCombination(
      `The value supplied for parameter 'components[${index}].parameters' is not valid. The following parameters are not defined in the provided component: ${unknown.join(", ")}`,
    );
  }
  return found;
}
