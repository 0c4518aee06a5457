/** How the first of two stands to the second: older, the same, newer. */
export type Order = -1 | 0 | 1;

/** Numbers, or texts by their character codes: the versions' ASCII sorts as C's `strcmp` sorts it. */
export function order<T extends number | string>(a: T, b: T): Order {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Runs of digits as numbers of any length (a date and time in one overflows nothing); no digits are 0. */
export function orderDigits(a: string, b: string): Order {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return order(left.length, right.length) || order(left, right);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/, "");
