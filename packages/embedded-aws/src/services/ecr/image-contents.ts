import type { EnhancedImageScanFinding } from "@aws-sdk/client-ecr";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

/** A scanner's finding for a vulnerable package, without the image's location and account, which are added later. */
export type ContentFinding = Omit<
  EnhancedImageScanFinding,
  "awsAccountId" | "findingArn" | "resources" | "firstObservedAt" | "lastObservedAt" | "updatedAt"
>;

/** @param time milliseconds since the epoch: findings can increase over time */
type Contents = (time: number) => readonly ContentFinding[];

/** Images have no real content, so findings are set here, by digest: the same in every repository. */
const contentsState = defineState<Map<string, Contents>>("ecr.contents", () => new Map());

/** Sets a scanner's findings for an image; default: none. */
export function describeContents(aws: EmbeddedAws, digest: string, contents: Contents): void {
  aws.state(contentsState, "", "").set(digest, contents);
}

export const findingsIn = (aws: EmbeddedAws, digest: string): readonly ContentFinding[] =>
  aws.state(contentsState, "", "").get(digest)?.(aws.clock.now()) ?? [];

/** A scan of an image; times in milliseconds since the epoch. */
export type ImageScan = BasicScan | EnhancedScan;

/** ECR's basic scan: runs once, and its findings do not change. */
interface BasicScan {
  readonly kind: "basic";
  readonly startedAt: number;
  completedAt: number | undefined;
  findings: readonly ContentFinding[];
}

/** Amazon Inspector's continuous scan: findings are computed when they are read. */
interface EnhancedScan {
  readonly kind: "enhanced";
  readonly startedAt: number;
  completedAt: number | undefined;
}
