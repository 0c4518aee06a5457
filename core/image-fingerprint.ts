import { createHash } from "node:crypto";
import type { Image } from "./factory/image-schema.ts";

/**
 * What an image is made from and how, as one value that changes with any of it.
 * @param recipe the ARN of the pipeline's recipe, whose version follows from the documents' content
 */
export const imageFingerprint = (image: Image, recipe: string): string =>
  createHash("sha256")
    .update(JSON.stringify([recipe, image], sortKeys))
    .digest("hex")
    .slice(0, 40);

const sortKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
