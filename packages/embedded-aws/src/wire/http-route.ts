import { membersOf, requiredMembers, type Shape } from "./shape.ts";

/** Where a REST operation listens. */
export interface HttpRoute {
  readonly method: string;
  readonly path: RegExp;
  /** Names of the path's labels, in order. */
  readonly labels: readonly string[];
  /** Query fields that tell this operation from others: `list-type=2`, `policy`. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Fields and headers without which it would be another operation: `uploadId`, `x-amz-copy-source`. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** Whether it acts on a bucket (S3 only: the bucket stands before the path, or in the host). */
  readonly onBucket: boolean;
  readonly status: number;
}

/** From a smithy http trait, e.g. `["GET", "/{Key+}?acl", 200]`. */
export function httpRoute([method, uri, status]: [string, string, number], input: Shape): HttpRoute {
  const [template = "/", query] = uri.split("?");
  const labels: string[] = [];
  const pattern = template.replace(/[.*^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)(\+?)\}/g, (_, label, greedy) => {
    labels.push(label);
    return greedy ? "(.+)" : "([^/]+)";
  });
  const members = input.isStructSchema() ? new Map(membersOf(input)) : new Map<string, Shape>();
  const required = requiredMembers(input).map((name) => members.get(name)?.getMergedTraits());
  return {
    method,
    // A slash at the end changes nothing, except in an object's key.
    path: new RegExp(`^${pattern}${template.endsWith("/") || template.includes("+}") ? "" : "/?"}$`),
    labels,
    query: query === undefined ? [] : [...new URLSearchParams(query)],
    requiredQuery: required.flatMap((traits) => traits?.httpQuery ?? []),
    requiredHeaders: required.flatMap((traits) => traits?.httpHeader?.toLowerCase() ?? []),
    onBucket: Boolean(members.get("Bucket")?.getMergedTraits().httpLabel) && !labels.includes("Bucket"),
    status,
  };
}
