import { createHash } from "node:crypto";
import type { ResourceType } from "./resource-type.ts";

/** Drawn when it is created, and kept until its keepers change. */
export const randomInteger: ResourceType = {
  async create(inputs, site) {
    const [min, max] = [inputs.number("min") ?? 0, inputs.number("max") ?? 0];
    if (max < min) throw new Error(`max must be at least min, found ${max} and ${min}`);
    inputs.textMap("keepers");
    const drawn = createHash("sha256").update(site.aws.uuid()).digest().readUIntBE(0, 6);
    const result = String(min + (drawn % (max - min + 1)));
    return { id: result, result };
  },
  delete: async () => undefined,
};
