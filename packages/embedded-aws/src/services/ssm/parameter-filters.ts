import type { ParameterStringFilter } from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/operation.ts";
import { latest, type Parameter } from "./state.ts";

/** Whether a parameter passes every filter. @throws InvalidFilterKey, InvalidFilterOption */
export const passes = (parameter: Parameter, filters: readonly ParameterStringFilter[] | undefined): boolean =>
  (filters ?? []).every((filter) => passesOne(parameter, filter));

function passesOne(parameter: Parameter, filter: ParameterStringFilter): boolean {
  const key = filter.Key ?? "";
  const wanted = filter.Values ?? [];
  if (key === "Path") return wanted.some((path) => isUnder(parameter.name, path, filter.Option === "Recursive"));
  const values = valuesOf(parameter, key);
  // A tag name alone tests whether the parameter has the tag.
  if (wanted.length === 0) return values.length > 0;
  return wanted.some((one) => values.some((value) => compare(value, one, filter.Option ?? "Equals")));
}

function valuesOf(parameter: Parameter, key: string): readonly string[] {
  const { type, tier, keyId, dataType } = latest(parameter);
  if (key.startsWith("tag:")) {
    const value = parameter.tags.get(key.slice("tag:".length));
    return value === undefined ? [] : [value];
  }
  switch (key) {
    case "Name":
      return [parameter.name];
    case "Type":
      return [type];
    case "Tier":
      return [tier];
    case "DataType":
      return [dataType];
    case "KeyId":
      return keyId ? [keyId] : [];
    case "Label":
      return parameter.versions.flatMap(({ labels }) => [...labels]);
    default:
      throw new AwsError(
        "InvalidFilterKey",
        `The filter key ${key} is not valid. Valid values: Name, Path, Type, Tier, DataType, KeyId, Label, tag:<key>`,
      );
  }
}

function compare(value: string, wanted: string, option: string): boolean {
  switch (option) {
    case "Equals":
      return value === wanted;
    case "BeginsWith":
      return value.startsWith(wanted);
    case "Contains":
      return value.includes(wanted);
    default:
      throw new AwsError("InvalidFilterOption", `The filter option ${option} is not valid.`);
  }
}

/** Whether a name is below a path: directly, or at any depth. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const root = path.endsWith("/") ? path : `${path}/`;
  if (!name.startsWith(root)) return path === "/" && !name.includes("/");
  return recursive || !name.slice(root.length).includes("/");
}
