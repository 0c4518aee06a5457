/** First address, as a number, and the prefix length. */
function parse(cidr: string): { readonly first: number; readonly bits: number } {
  const [address = "", length = "32"] = cidr.split("/");
  const bits = Number(length);
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return { first: Math.floor(value / size) * size, bits };
}

/** Whether a block is contained in another. */
export function within(cidr: string, outer: string): boolean {
  const [inside, outside] = [parse(cidr), parse(outer)];
  const size = 2 ** (32 - outside.bits);
  return inside.bits >= outside.bits && Math.floor(inside.first / size) * size === outside.first;
}

export const overlaps = (one: string, other: string): boolean => within(one, other) || within(other, one);
