import { paginate } from "../../engine/paging.ts";

interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** Where a request names no size (API reference, `maxResults`). */
const DEFAULT_PAGE = 100;

/** The refusal of a token that no page gave. */
export const INVALID_TOKEN = "InvalidParameterException";

export function pageOf<T>(all: readonly T[], { maxResults, nextToken }: PageRequest) {
  const page = paginate(all, nextToken, maxResults ?? DEFAULT_PAGE, INVALID_TOKEN);
  return { items: page.items, nextToken: page.next };
}
