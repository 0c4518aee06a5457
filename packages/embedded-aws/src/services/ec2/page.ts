import { type Page, paginate } from "../../engine/paging.ts";
import { invalidParameter } from "./refusals.ts";

/** One page of an EC2 list; without `MaxResults` everything is one page. @throws InvalidParameterValue, InvalidPaginationToken */
export function pageOf<T>(
  all: readonly T[],
  input: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
  { min = 5, max = 1000 } = {},
): Page<T> {
  const size = input.MaxResults;
  if (size !== undefined && (size < min || size > max)) {
    throw invalidParameter(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
    );
  }
  return paginate(all, input.NextToken, size ?? Math.max(all.length, 1), "InvalidPaginationToken");
}
