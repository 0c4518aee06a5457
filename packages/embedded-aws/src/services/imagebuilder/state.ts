import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ToeDocument } from "component-runner/documents";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { findService } from "../../engine/find-service.ts";
import type { Principal } from "../../engine/principal.ts";
import type { Place } from "./arn.ts";
import type { WorkflowExecution } from "./build/workflows.ts";

/** Image Builder's state in one account and region; keys are ARNs. */
export interface BuilderState {
  readonly components: Map<string, Sdk.Component>;
  /** Of components, including deleted ones: their ARNs are never reused. */
  readonly documents: Map<string, ToeDocument>;
  readonly recipes: Map<string, Sdk.ImageRecipe>;
  readonly containerRecipes: Map<string, Sdk.ContainerRecipe>;
  readonly infrastructures: Map<string, Sdk.InfrastructureConfiguration>;
  readonly distributions: Map<string, Sdk.DistributionConfiguration>;
  readonly pipelines: Map<string, Sdk.ImagePipeline>;
  /** Cancels the timer of a pipeline's next scheduled run. */
  readonly nextRuns: Map<string, () => void>;
  /** In the order of creation, without deleted ones. */
  readonly images: Map<string, ImageRecord>;
  /** The last build number by image version ARN: numbers are never reused, even after a deletion. */
  readonly buildNumbers: Map<string, number>;
  readonly tokens: Map<string, { readonly asked: string; readonly output: unknown }>;
}

export const builderState = defineState<BuilderState>("imagebuilder", () => ({
  components: new Map(),
  documents: new Map(),
  recipes: new Map(),
  containerRecipes: new Map(),
  infrastructures: new Map(),
  distributions: new Map(),
  pipelines: new Map(),
  nextRuns: new Map(),
  images: new Map(),
  buildNumbers: new Map(),
  tokens: new Map(),
}));

/** An image build version, with everything that other operations report about it. */
export interface ImageRecord extends Place {
  /** As GetImage answers it. */
  readonly image: Sdk.Image;
  readonly buildNumber: number;
  /** What its recipe's version filters and parameter referred to; undefined before the build begins. */
  builtFrom?: readonly string[];
  /** In the order they started. */
  readonly workflows: WorkflowExecution[];
  packages: Sdk.ImagePackage[];
  findings: Sdk.ImageScanFinding[];
  /** Aborted by CancelImageCreation. */
  readonly cancellation: AbortController;
}

/** Cancels a pipeline's next scheduled run. */
export function cancelNextRun({ nextRuns }: BuilderState, pipeline: Sdk.ImagePipeline): void {
  nextRuns.get(pipeline.arn ?? "")?.();
  nextRuns.delete(pipeline.arn ?? "");
  delete pipeline.dateNextRun;
}

const TERMINAL_STATES = ["AVAILABLE", "CANCELLED", "FAILED", "DEPRECATED", "DELETED", "DISABLED"] as const;

export const isTerminal = ({ image }: ImageRecord): boolean =>
  (TERMINAL_STATES as readonly string[]).includes(image.state?.status ?? "");

/** A call to another service. Its first use loads a module, so virtual time must wait. */
export async function callService<Output>(
  aws: EmbeddedAws,
  service: string,
  operation: string,
  input: object,
  caller: { readonly principal: Principal; readonly region: string },
): Promise<Output> {
  await aws.clock.hold(findService(aws, service));
  return aws.call<Output>(service, operation, input, caller);
}
