import { type Page, paginate } from "../../engine/paging.ts";

/** One page of a list; 100 entries, unless the request or the service says less. @throws ValidationException for a token that it never gave */
export const pageOf = <T>(
  all: readonly T[],
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
  most = 100,
): Page<T> => paginate(all, nextToken, Math.min(maxResults ?? most, most), "ValidationException");
