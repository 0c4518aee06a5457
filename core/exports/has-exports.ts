import type { Factory } from "../factory/factory-schema.ts";

/** Whether some channel's builds are exported. */
export const hasExports = ({ images }: Pick<Factory, "images">): boolean =>
  Object.values(images).some(({ channels }) => channels.some((channel) => channel.exports));
