import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Call, ServiceErrors } from "../engine/operation.ts";
import { defineState } from "../engine/state.ts";

/** One operation that is about to be carried out. */
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

/** The end of an execution environment in the middle of an invocation. */
export interface Lifetime {
  /** Requests to AWS that it lives to send. */
  readonly calls: number;
  /** Whether the last of them is still carried out; the function never hears of it either way. */
  readonly carriedOut: boolean;
}

/** What may go wrong, asked wherever it can. */
export interface Interference {
  /** Around an operation: may refuse before it, or after its effect. */
  operation<Output>(asked: AskedOperation, carryOut: () => Promise<Output>): Promise<Output>;
  /** How late an event is delivered, in milliseconds beyond the usual: once for each time that it is, none where it is lost. */
  deliveries(asked: AskedDelivery): readonly number[];
  /** Milliseconds until a function in this thread hears an answer. */
  latency(functionName: string): number;
  /** Undefined: this invocation is left alone. */
  lifetime(functionName: string): Lifetime | undefined;
  /** How an image usage report that is being asked for goes wrong. Undefined: it becomes available. */
  usageReport?(call: Call): "error" | "pending" | undefined;
  /** Whether EBS fails to delete a snapshot of an image that is deregistered. */
  snapshotDeletion?(call: Call): boolean;
}

const interference = defineState("interference", (): { current: Interference | undefined } => ({ current: undefined }));

/** What goes wrong on purpose now; undefined: nothing. */
export const interferenceOf = (aws: EmbeddedAws): Interference | undefined => aws.state(interference, "", "").current;

export const setInterference = (aws: EmbeddedAws, current: Interference | undefined): void => {
  aws.state(interference, "", "").current = current;
};

export const reportFaultOf = (call: Call): "error" | "pending" | undefined =>
  interferenceOf(call.aws)?.usageReport?.(call);

export const snapshotOutage = (call: Call): boolean => interferenceOf(call.aws)?.snapshotDeletion?.(call) ?? false;

/** Nothing goes wrong; a scenario says what does. */
export const undisturbed: Interference = {
  operation: (_asked, carryOut) => carryOut(),
  deliveries: () => [0],
  latency: () => 0,
  lifetime: () => undefined,
};
