import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import type { Site } from "./resource-type.ts";

/** `{{resolve:ssm:<parameter>}}`, as CloudFormation spells it: what a program looks up while it is deployed. */
const LOOKUP = /\{\{resolve:ssm:([\w./-]+)\}\}/g;

/** The inputs with every lookup replaced by what the parameter says now, in the resource's region. */
export async function resolveLookups(inputs: Record<string, unknown>, site: Site): Promise<Record<string, unknown>> {
  const text = JSON.stringify(inputs);
  const found = new Map<string, string>();
  for (const [lookup, Name] of text.matchAll(LOOKUP)) {
    if (found.has(lookup)) continue;
    const { Parameter } = await site.call<GetParameterCommandOutput>("ssm", "GetParameter", { Name });
    found.set(lookup, JSON.stringify(Parameter?.Value ?? "").slice(1, -1));
  }
  return found.size === 0 ? inputs : JSON.parse(text.replace(LOOKUP, (lookup) => found.get(lookup) ?? lookup));
}
