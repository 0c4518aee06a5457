import type { ImageCriterion } from "@aws-sdk/client-ec2";

export type AllowedImagesMode = "disabled" | "audit-mode" | "enabled";

export interface AllowedImagesSettings {
  readonly mode: AllowedImagesMode;
  readonly criteria: readonly ImageCriterion[];
}
