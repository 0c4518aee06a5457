import type { EnhancedImageScanFinding } from "@aws-sdk/client-ecr";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/** What a scanner knows by itself of a vulnerable package; where and whose the image is, is added to it. */
export type ContentFinding = Omit<
  EnhancedImageScanFinding,
  "awsAccountId" | "findingArn" | "resources" | "firstObservedAt" | "lastObservedAt" | "updatedAt"
>;

/** @param time milliseconds since the epoch: what is known of an image grows */
type Contents = (time: number) => readonly ContentFinding[];

/** Images hold nothing real, so what scanners find is said here, by digest: the same in every repository that has it. */
const contentsState = defineState<Map<string, Contents>>("ecr.contents", () => new Map());

/** Says what scanners find in an image; left out, they find nothing. */
export function describeContents(aws: EmbeddedAws, digest: string, contents: Contents): void {
  aws.state(contentsState, "", "").set(digest, contents);
}

export const findingsIn = (aws: EmbeddedAws, digest: string): readonly ContentFinding[] =>
  aws.state(contentsState, "", "").get(digest)?.(aws.clock.now()) ?? [];

/** A scan of an image; times in milliseconds since the epoch. */
export type ImageScan = BasicScan | EnhancedScan;

/** ECR's own scan, once: what it found stays as it was. */
interface BasicScan {
  readonly kind: "basic";
  readonly startedAt: number;
  completedAt: number | undefined;
  findings: readonly ContentFinding[];
}

/** Amazon Inspector's, which goes on: what is found is asked for when somebody looks. */
interface EnhancedScan {
  readonly kind: "enhanced";
  readonly startedAt: number;
  completedAt: number | undefined;
}
