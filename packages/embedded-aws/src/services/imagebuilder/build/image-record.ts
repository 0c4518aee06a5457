import type { Image, ImagePackage, ImageScanFinding } from "@aws-sdk/client-imagebuilder";
import type { Place } from "../arn.ts";
import type { WorkflowExecution } from "./workflow-execution.ts";

/** An image build version, with everything that other operations tell about it. */
export interface ImageRecord extends Place {
  /** As GetImage answers it. */
  readonly image: Image;
  readonly buildNumber: number;
  /** In the order they started. */
  readonly workflows: WorkflowExecution[];
  packages: ImagePackage[];
  findings: ImageScanFinding[];
  /** Aborted by CancelImageCreation. */
  readonly cancellation: AbortController;
}

const TERMINAL_STATES = ["AVAILABLE", "CANCELLED", "FAILED", "DEPRECATED", "DELETED", "DISABLED"] as const;

export const isTerminal = ({ image }: ImageRecord): boolean =>
  (TERMINAL_STATES as readonly string[]).includes(image.state?.status ?? "");
