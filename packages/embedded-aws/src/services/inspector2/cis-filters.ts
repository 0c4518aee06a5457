import type * as Sdk from "@aws-sdk/client-inspector2";
import type { CisCheck } from "./state.ts";

/** True if one of the filters matches, or without filters. */
const any = <Filter>(filters: readonly Filter[] | undefined, test: (filter: Filter) => boolean): boolean =>
  !filters?.length || filters.some(test);

/** String filters. For a list, one match is enough, but no value may be excluded (`NOT_EQUALS`). */
export const passesStrings = (
  filters: readonly (Sdk.CisStringFilter | { comparison: string | undefined; value: string | undefined })[] | undefined,
  found: readonly (string | undefined)[],
): boolean =>
  any(filters, ({ comparison, value = "" }) => {
    if (comparison === "PREFIX") return found.some((one) => one?.startsWith(value));
    return found.includes(value) === (comparison !== "NOT_EQUALS");
  });

export const passesTags = (
  filters: readonly Sdk.TagFilter[] | undefined,
  tags: readonly (readonly [string, readonly string[]])[],
): boolean =>
  any(filters, ({ key, value = "" }) => tags.some(([name, values]) => name === key && values.includes(value)));

export const passesNumbers = (filters: readonly Sdk.CisNumberFilter[] | undefined, found: number): boolean =>
  any(
    filters,
    ({ lowerInclusive: least = Number.NEGATIVE_INFINITY, upperInclusive: most = Number.POSITIVE_INFINITY }) =>
      found >= least && found <= most,
  );

export const passesDates = (filters: readonly Sdk.CisDateFilter[] | undefined, found: Date | undefined): boolean =>
  any(filters, ({ earliestScanStartTime: first, latestScanStartTime: last }) => {
    const time = found?.getTime() ?? 0;
    return time >= (first?.getTime() ?? 0) && time <= (last?.getTime() ?? Number.POSITIVE_INFINITY);
  });

/** Sorts as requested; by default in the order of creation. */
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

/**
 * Checks that the agent could not evaluate, or that do not apply, show as skipped: AWS does not document which is
 * which.
 */
export const findingStatus = ({ status }: CisCheck): Sdk.CisFindingStatus =>
  status === "PASSED" || status === "FAILED" ? status : "SKIPPED";

export function statusCounts(checks: readonly CisCheck[]): Required<Record<keyof Sdk.StatusCounts, number>> {
  const count = (wanted: Sdk.CisFindingStatus): number => checks.filter((one) => findingStatus(one) === wanted).length;
  return { failed: count("FAILED"), skipped: count("SKIPPED"), passed: count("PASSED") };
}
