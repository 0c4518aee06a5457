import { paginate } from "../../engine/paging.ts";
import { invalidValue } from "./refusals.ts";

/** What the list operations take: pages have 1 to 25 entries. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

const LARGEST_PAGE = 25;

export function pageOf<T>(all: readonly T[], request: PageRequest): { items: T[]; nextToken: string | undefined } {
  const size = request.maxResults ?? LARGEST_PAGE;
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw invalidValue("maxResults", `'maxResults' must be between 1 and ${LARGEST_PAGE}.`);
  }
  const page = paginate(all, request.nextToken, size, "InvalidPaginationTokenException");
  return { items: page.items, nextToken: page.next };
}

/** Keeps what fits all filters; a filter name that the operation doesn't know is refused. */
export function filtered<T>(
  all: readonly T[],
  filters: readonly { name?: string | undefined; values?: string[] | undefined }[] | undefined,
  known: Readonly<Record<string, (item: T) => string | readonly string[] | undefined>>,
): T[] {
  const tests = (filters ?? []).map(({ name = "", values = [] }) => {
    const read = known[name];
    if (!read) throw invalidValue("filters", `Filter '${name}' is not one of ${Object.keys(known).join(", ")}.`);
    return (item: T): boolean => {
      const found = read(item);
      return [found ?? []].flat().some((one) => values.includes(one as string));
    };
  });
  return all.filter((item) => tests.every((test) => test(item)));
}
