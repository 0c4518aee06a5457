import { AwsError } from "../../engine/aws-error.ts";
import { paginate } from "../../engine/paging.ts";

const LARGEST = 20;

interface Asked {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** One page of a list; 20 at most, as the API reference has it for every list of Organizations. */
export function page<T>(all: readonly T[], { NextToken, MaxResults = LARGEST }: Asked): { items: T[]; next?: string } {
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > LARGEST) {
    throw new AwsError("InvalidInputException", `MaxResults must be between 1 and ${LARGEST}.`);
  }
  const { items, next } = paginate(all, NextToken, MaxResults, "InvalidInputException");
  return next === undefined ? { items } : { items, next };
}
