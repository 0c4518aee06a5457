import type {
  CisDateFilter,
  CisFindingStatus,
  CisNumberFilter,
  CisStringFilter,
  StatusCounts,
  TagFilter,
} from "@aws-sdk/client-inspector2";
import type { CisCheck } from "./state.ts";

/** Passes where one of the filters does, or there is none. */
const any = <Filter>(filters: readonly Filter[] | undefined, test: (filter: Filter) => boolean): boolean =>
  !filters?.length || filters.some(test);

/** An equality of strings; of a list, one of them is enough. What is excluded (`NOT_EQUALS`) must be none of them. */
export const passesStrings = (
  filters: readonly (CisStringFilter | { comparison: string | undefined; value: string | undefined })[] | undefined,
  found: readonly (string | undefined)[],
): boolean =>
  any(filters, ({ comparison, value = "" }) => {
    if (comparison === "PREFIX") return found.some((one) => one?.startsWith(value));
    return found.includes(value) === (comparison !== "NOT_EQUALS");
  });

export const passesTags = (
  filters: readonly TagFilter[] | undefined,
  tags: readonly (readonly [string, readonly string[]])[],
): boolean =>
  any(filters, ({ key, value = "" }) => tags.some(([name, values]) => name === key && values.includes(value)));

export const passesNumbers = (filters: readonly CisNumberFilter[] | undefined, found: number): boolean =>
  any(
    filters,
    ({ lowerInclusive: least = Number.NEGATIVE_INFINITY, upperInclusive: most = Number.POSITIVE_INFINITY }) =>
      found >= least && found <= most,
  );

export const passesDates = (filters: readonly CisDateFilter[] | undefined, found: Date | undefined): boolean =>
  any(filters, ({ earliestScanStartTime: first, latestScanStartTime: last }) => {
    const time = found?.getTime() ?? 0;
    return time >= (first?.getTime() ?? 0) && time <= (last?.getTime() ?? Number.POSITIVE_INFINITY);
  });

/** Sorts as asked; without a wish, as things came to be. */
export function inOrder<T>(
  all: readonly T[],
  by: ((one: T) => string | number | undefined) | undefined,
  order: string | undefined,
): T[] {
  if (!by) return [...all];
  const up = order === "DESC" ? -1 : 1;
  return all.toSorted((a, b) => {
    const [one, other] = [by(a) ?? "", by(b) ?? ""];
    return one === other ? 0 : up * (one < other ? -1 : 1);
  });
}

/** What an agent could not evaluate, or what does not apply, shows as skipped: AWS does not document which is which. */
export const findingStatus = ({ status }: CisCheck): CisFindingStatus =>
  status === "PASSED" || status === "FAILED" ? status : "SKIPPED";

export function statusCounts(checks: readonly CisCheck[]): Required<Record<keyof StatusCounts, number>> {
  const count = (wanted: CisFindingStatus): number => checks.filter((one) => findingStatus(one) === wanted).length;
  return { failed: count("FAILED"), skipped: count("SKIPPED"), passed: count("PASSED") };
}
