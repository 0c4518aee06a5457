import { createHash } from "node:crypto";
import type { Trigger } from "../../events/build.ts";
import type { BaseId } from "../../events/ids.ts";
import { baseName } from "../advisories/bases.ts";
import type { Image } from "../factory/image-schema.ts";

type BaseTrigger = Extract<Trigger, { kind: "base" }>;
type PackagesTrigger = Extract<Trigger, { kind: "packages" }>;

/** A digest of an announcement: `watch-packages` writes it to the ledger, and `start-build` looks for it there. */
export const announcementDigest = (
  image: string,
  { build, advisories, others }: Omit<PackagesTrigger, "kind">,
): string =>
  createHash("sha256")
    .update(JSON.stringify([image, build, advisories, others], sorted))
    .digest("hex")
    .slice(0, 40);

/** Sorts keys, because EventBridge may reorder them. */
const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

interface BaseFacts {
  /** What the name resolves to now. */
  readonly published: BaseId | undefined;
  /** What the image's builds started from. */
  readonly bases: readonly (BaseId | undefined)[];
}

/** Whether the trigger names the image's watched base. */
export const isWatchedBase = ({ parent, triggers }: Image, { name }: BaseTrigger): boolean =>
  triggers.base && baseName(parent) === name;

/** Why an event about a base is not confirmed; undefined if it is. */
export function disproveBase({ name, from, to }: BaseTrigger, { published, bases }: BaseFacts): string | undefined {
  if (published !== to) return `${name} names ${published ?? "nothing"}, not ${to}`;
  return bases.includes(from) ? undefined : `no build started from ${from}`;
}

/** The token under which a refusal is stored: one per day and kind, never equal to the token of a genuine reason. */
export const refusalToken = (image: string, kind: Trigger["kind"], day: string): string =>
  createHash("sha256").update(["unproven", image, kind, day].join("\n")).digest("hex").slice(0, 40);
