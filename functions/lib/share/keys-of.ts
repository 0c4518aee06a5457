import type { Settings } from "../settings.ts";

/** The ARN of each region's key, by region; `KEY_ARNS` has them, joined by commas. */
export function keysOf({ settings }: { readonly settings: Settings<"KEY_ARNS"> }): ReadonlyMap<string, string> {
  const arns = settings.env.KEY_ARNS.split(",");
  return new Map(arns.map((arn) => [arn.split(":")[3] ?? "", arn]));
}
