import type { ImageState } from "@aws-sdk/client-imagebuilder";

/**
 * Where a build failed ("Find the cause of a failed image build with failure context"). The service returns it in the
 * image's state, but this version of the SDK client does not know it and drops it.
 */
export interface FailureContext {
  readonly imageStatus: string;
  readonly workflowExecutionId?: string;
  readonly workflowArn?: string;
  readonly stepExecutionId?: string;
  readonly failedStep?: string;
  readonly componentFailure?: ComponentFailure;
  readonly distributionFailure?: DistributionFailure;
}

interface ComponentFailure {
  readonly componentArn: string;
  readonly phaseName: string;
  readonly stepName: string;
  readonly action: string;
  /** At most 1024 characters. */
  readonly errorMessage: string;
}

interface DistributionFailure {
  readonly errorMessage: string;
  readonly regionFailures: readonly RegionFailure[];
}

export interface RegionFailure {
  readonly region: string;
  readonly status: "FAILED" | "TIMED_OUT";
  readonly imageConfigurationStep?: string;
  readonly targetAccountId?: string;
  readonly errorMessage: string;
}

export type FailedState = ImageState & { readonly failureContext?: FailureContext };

/** A failed workflow step, for its execution and for the image's state. */
export class WorkflowStepError extends Error {
  override readonly name = "WorkflowStepError";
  readonly code = "WorkflowStepFailed";
  /** AWS's text for the image's `state.reason`; the message by default. */
  readonly reason: string | undefined;
  readonly outputs: unknown;
  readonly componentFailure: ComponentFailure | undefined;
  readonly distributionFailure: DistributionFailure | undefined;

  constructor(
    message: string,
    details: {
      reason?: string;
      outputs?: unknown;
      componentFailure?: ComponentFailure;
      distributionFailure?: DistributionFailure;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.reason = details.reason;
    this.outputs = details.outputs;
    this.componentFailure = details.componentFailure;
    this.distributionFailure = details.distributionFailure;
  }
}

/** Ends a build: nothing after it runs. */
export class BuildFailedError extends Error {
  override readonly name = "BuildFailedError";
  readonly code = "BuildFailed";
  readonly context: Omit<FailureContext, "imageStatus">;

  constructor(reason: string, context: Omit<FailureContext, "imageStatus"> = {}, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.context = context;
  }
}

/** Ends a build that the user cancelled. */
export class BuildCancelledError extends Error {
  override readonly name = "BuildCancelledError";
  readonly code = "BuildCancelled";
}
