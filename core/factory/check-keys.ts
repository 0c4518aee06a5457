import type { Factory } from "./factory-schema.ts";

/** Given keys of regions that are none of the factory's, and of other regions than they are given for. */
export const checkKeys = ({ keys = {}, regions }: Pick<Factory, "keys" | "regions">): string[] =>
  Object.entries(keys).flatMap(([region, arn]) => {
    const at = `keys.${region}`;
    if (!regions.includes(region)) return [`${at}: expected a region of ${JSON.stringify(regions)}, found "${region}"`];
    const own = arn.split(":")[3];
    return own === region ? [] : [`${at}: expected a key in ${region}, found one in ${own}: "${arn}"`];
  });
