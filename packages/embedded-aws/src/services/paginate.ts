import { AwsError } from "../engine/aws-error.ts";

export interface Page<T> {
  readonly items: T[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * One page of a list, with an opaque token for the next.
 * @param token the request's token; one that no page ever gave is refused with `refusal`, the service's own error code.
 */
export function paginate<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
  refusal = "InvalidPaginationTokenException",
): Page<T> {
  const start = token === undefined ? 0 : fromToken(token, refusal);
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? toToken(end) : undefined };
}

const toToken = (position: number): string => Buffer.from(`after:${position}`).toString("base64url");

function fromToken(token: string, refusal: string): number {
  const position = /^after:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (position === undefined) throw new AwsError(refusal, "The pagination token is not valid.", { status: 400 });
  return Number(position);
}
