import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Call, ServiceErrors } from "../engine/operation.ts";

/** One operation that is about to run. */
export interface AskedOperation {
  /** Signing name. */
  readonly service: string;
  readonly operation: string;
  readonly errors: ServiceErrors | undefined;
  readonly call: Call;
}

/** An event on its way from a bus to a target. */
export interface AskedDelivery {
  readonly source: string;
  readonly detailType: string;
  readonly region: string;
  readonly targetArn: string;
}

/** The end of an execution environment during an invocation. */
export interface Lifetime {
  /** Requests to AWS that it sends before it ends. */
  readonly calls: number;
  /** Whether the last of them still takes effect; the function gets no answer either way. */
  readonly carriedOut: boolean;
}

/** Hooks that can inject faults. */
export interface Interference {
  /** Around an operation: may fail before it, or after its effect. */
  operation<Output>(asked: AskedOperation, carryOut: () => Promise<Output>): Promise<Output>;
  /** Extra delays of an event's deliveries in milliseconds: one for each delivery, none if the event is lost. */
  deliveries(asked: AskedDelivery): readonly number[];
  /** Milliseconds until a function in this thread receives an answer. */
  latency(functionName: string): number;
  /** Undefined: no fault in this invocation. */
  lifetime(functionName: string): Lifetime | undefined;
  /** How a requested image usage report fails. Undefined: it becomes available. */
  usageReport?(call: Call): "error" | "pending" | undefined;
  /** Whether EBS fails to delete a snapshot of a deregistered image. */
  snapshotDeletion?(call: Call): boolean;
}

const interference = defineState("interference", (): { current: Interference | undefined } => ({ current: undefined }));

/** The injected faults; undefined: none. */
export const interferenceOf = (aws: EmbeddedAws): Interference | undefined => aws.state(interference, "", "").current;

export const setInterference = (aws: EmbeddedAws, current: Interference | undefined): void => {
  aws.state(interference, "", "").current = current;
};

export const reportFaultOf = (call: Call): "error" | "pending" | undefined =>
  interferenceOf(call.aws)?.usageReport?.(call);

export const snapshotOutage = (call: Call): boolean => interferenceOf(call.aws)?.snapshotDeletion?.(call) ?? false;

/** Injects nothing; a test overrides members. */
export const undisturbed: Interference = {
  operation: (_asked, carryOut) => carryOut(),
  deliveries: () => [0],
  latency: () => 0,
  lifetime: () => undefined,
};
