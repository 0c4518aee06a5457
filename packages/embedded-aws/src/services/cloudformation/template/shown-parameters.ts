import type { Parameter } from "@aws-sdk/client-cloudformation";
import type { GivenParameter } from "./parameters.ts";
import type { Template } from "./template.ts";

const HIDDEN = "****";

interface Source {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, GivenParameter>;
}

const isSecret = ({ template }: Source, key: string): boolean =>
  String(template.Parameters[key]?.NoEcho ?? false) === "true";

/** Parameters as they are told; those with NoEcho are not. */
export const shownParameters = (source: Source): Parameter[] =>
  [...source.parameters.values()].map(({ key, value, resolved }) => ({
    ParameterKey: key,
    ParameterValue: isSecret(source, key) ? HIDDEN : value,
    ...(resolved !== undefined && { ResolvedValue: resolved }),
  }));

/** Takes secret parameters' values out of a text. */
export function hiding(source: Source): (text: string) => string {
  const secrets = [...source.parameters.values()].filter(({ key, value }) => value !== "" && isSecret(source, key));
  return (text) =>
    secrets.reduce((shown, { value }) => shown.replaceAll(JSON.stringify(value).slice(1, -1), HIDDEN), text);
}
