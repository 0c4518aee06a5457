import { oncePer } from "./once-per.ts";
import { membersOf, type Shape } from "./shape.ts";

export type Member = readonly [name: string, member: Shape];

/** Where a REST protocol carries each member of an input or output. */
export interface RestBindings {
  readonly labels: readonly Member[];
  readonly query: readonly (readonly [name: string, member: Shape, field: string])[];
  readonly headers: readonly (readonly [name: string, member: Shape, header: string])[];
  readonly prefixes: readonly (readonly [name: string, prefix: string])[];
  /** The one member that is the whole body. */
  readonly payload: Member | undefined;
  readonly statusCode: string | undefined;
  /** Members that are parts of the body. */
  readonly body: readonly Member[];
}

export const restBindings = oncePer((shape: Shape): RestBindings => {
  const labels: Member[] = [];
  const query: [string, Shape, string][] = [];
  const headers: [string, Shape, string][] = [];
  const prefixes: [string, string][] = [];
  const body: Member[] = [];
  let payload: Member | undefined;
  let statusCode: string | undefined;
  for (const [name, member] of shape.isUnitSchema() ? [] : membersOf(shape)) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) labels.push([name, member]);
    else if (traits.httpQuery) query.push([name, member, traits.httpQuery]);
    else if (traits.httpHeader) headers.push([name, member, traits.httpHeader.toLowerCase()]);
    else if (traits.httpPrefixHeaders) prefixes.push([name, traits.httpPrefixHeaders.toLowerCase()]);
    else if (traits.httpPayload) payload = [name, member];
    else if (traits.httpResponseCode) statusCode = name;
    else body.push([name, member]);
  }
  return { labels, query, headers, prefixes, payload, statusCode, body };
});
