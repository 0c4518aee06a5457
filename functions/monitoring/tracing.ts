import type { MiddlewareObj } from "@middy/core";
import {
  followRequests,
  newSubsegmentId,
  type OutgoingRequest,
  readTraceHeader,
  type Subsegment,
  sendSubsegment,
  type Trace,
} from "../../adapters/monitoring/x-ray.ts";

/** The traced invocation: an execution environment has one at a time. */
interface Traced {
  readonly trace: Trace;
  readonly daemon: string;
  readonly subsegment: Omit<Subsegment, "end">;
  readonly sent: Promise<void>[];
}

let traced: Traced | undefined;

let cold = true;

let following = false;

/**
 * Traces with X-Ray: each sampled invocation with its service and cold start, its outgoing requests, and its error.
 * Does nothing where Lambda runs no X-Ray daemon (Lambda developer guide, "Using Lambda environment variables").
 * X-Ray's own SDK adds 130 kB to every cold start, and its support ends in February 2027.
 */
export const tracing = (): MiddlewareObj => ({ before: begin, after: () => end(), onError: ({ error }) => end(error) });

function begin(): void {
  const { AWS_XRAY_DAEMON_ADDRESS: daemon, _X_AMZN_TRACE_ID, _HANDLER, POWERTOOLS_SERVICE_NAME } = process.env;
  const trace = readTraceHeader(_X_AMZN_TRACE_ID);
  const annotations = { ColdStart: cold, Service: POWERTOOLS_SERVICE_NAME ?? "amint" };
  cold = false;
  traced = undefined;
  if (!daemon || !trace) return;
  const id = newSubsegmentId();
  const subsegment = { name: `## ${_HANDLER}`, id, parent: trace.parent, start: Date.now(), annotations };
  traced = { trace, daemon, subsegment, sent: [] };
  if (!following) followRequests(add);
  following = true;
}

function add({ host, start, end, error, ...http }: OutgoingRequest): void {
  if (!traced) return;
  const subsegment = { name: host, id: newSubsegmentId(), parent: traced.subsegment.id, start, end, http, error };
  traced.sent.push(sendSubsegment(traced.daemon, traced.trace, subsegment));
}

/** Waits until everything is sent: Lambda freezes the process when the function returns. */
async function end(error?: unknown): Promise<void> {
  if (!traced) return;
  const { daemon, trace, subsegment, sent } = traced;
  traced = undefined;
  await Promise.all([...sent, sendSubsegment(daemon, trace, { ...subsegment, end: Date.now(), error })]);
}
