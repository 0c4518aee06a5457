import { AwsError } from "../../engine/aws-error.ts";
import { paginate } from "../../engine/paging.ts";

const LARGEST = 500;

interface Asked {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** One page of a list: 500 at most (RAM API reference). @throws InvalidMaxResultsException, InvalidNextTokenException */
export function page<T>(all: readonly T[], { nextToken, maxResults = LARGEST }: Asked): { items: T[]; next?: string } {
  if (maxResults < 1 || maxResults > LARGEST) {
    throw new AwsError("InvalidMaxResultsException", `maxResults must be between 1 and ${LARGEST}, not ${maxResults}.`);
  }
  const { items, next } = paginate(all, nextToken, maxResults, "InvalidNextTokenException");
  return next === undefined ? { items } : { items, next };
}
